// Looks up a sentence in a memory, from C#, as a plug-in for Trados or memoQ would:
//
//     mcs Lookup.cs && LD_LIBRARY_PATH=../../../target/release mono Lookup.exe ministry.chancery "La séance est levée."

using System;
using System.Runtime.InteropServices;
using System.Text;

static class Native
{
    const string Library = "chancery_c";

    [DllImport(Library)] public static extern uint chancery_abi_version();
    [DllImport(Library)] public static extern int chancery_open(byte[] path, UIntPtr pathLength, byte[] author, UIntPtr authorLength, uint flags, out ulong memory, out ulong error);
    [DllImport(Library)] public static extern int chancery_lookup(ulong memory, byte[] text, UIntPtr textLength, byte[] source, UIntPtr sourceLength, byte[] target, UIntPtr targetLength, ref Options options, out ulong matches, out ulong error);
    [DllImport(Library)] public static extern UIntPtr chancery_matches_count(ulong matches);
    [DllImport(Library)] public static extern double chancery_match_rank_score(ulong matches, UIntPtr index);
    [DllImport(Library)] public static extern IntPtr chancery_match_source(ulong matches, UIntPtr index, out UIntPtr length);
    [DllImport(Library)] public static extern IntPtr chancery_match_suggestion(ulong matches, UIntPtr index, out UIntPtr length);
    [DllImport(Library)] public static extern IntPtr chancery_error_message(ulong error, out UIntPtr length);
    [DllImport(Library)] public static extern int chancery_close(ulong handle);

    [StructLayout(LayoutKind.Sequential)]
    public struct Options
    {
        public UIntPtr Size;
        public double Threshold;
        public UIntPtr Limit;
        public double Guard;
        public ulong Milliseconds;
    }
}

static class Lookup
{
    static string Text(IntPtr place, UIntPtr length)
    {
        var bytes = new byte[(int)length];
        if (bytes.Length > 0) Marshal.Copy(place, bytes, 0, bytes.Length);
        return Encoding.UTF8.GetString(bytes);
    }

    static UIntPtr Length(byte[] bytes) { return (UIntPtr)bytes.Length; }

    static void Check(int status, ulong error)
    {
        if (status == 0) return;
        UIntPtr length;
        var message = Text(Native.chancery_error_message(error, out length), length);
        Native.chancery_close(error);
        throw new InvalidOperationException(message);
    }

    static int Main(string[] arguments)
    {
        Console.OutputEncoding = new UTF8Encoding(false);
        if (Native.chancery_abi_version() != 1) return 2;
        byte[] path = Encoding.UTF8.GetBytes(arguments[0]), query = Encoding.UTF8.GetBytes(arguments[1]);
        byte[] none = new byte[0], fr = Encoding.UTF8.GetBytes("fr"), en = Encoding.UTF8.GetBytes("en");
        ulong memory, matches, error;
        try
        {
            Check(Native.chancery_open(path, Length(path), none, UIntPtr.Zero, 0, out memory, out error), error);
            var options = new Native.Options { Size = (UIntPtr)Marshal.SizeOf(typeof(Native.Options)), Threshold = 50, Limit = (UIntPtr)3, Guard = 84 };
            Check(Native.chancery_lookup(memory, query, Length(query), fr, Length(fr), en, Length(en), ref options, out matches, out error), error);
            for (ulong i = 0; i < (ulong)Native.chancery_matches_count(matches); i++)
            {
                UIntPtr length;
                Console.WriteLine(Native.chancery_match_rank_score(matches, (UIntPtr)i));
                Console.WriteLine(Text(Native.chancery_match_source(matches, (UIntPtr)i, out length), length));
                Console.WriteLine(Text(Native.chancery_match_suggestion(matches, (UIntPtr)i, out length), length));
            }
            Native.chancery_close(matches);
            Native.chancery_close(memory);
            return 0;
        }
        catch (InvalidOperationException error_)
        {
            Console.Error.WriteLine("lookup: " + error_.Message);
            return 2;
        }
    }
}
