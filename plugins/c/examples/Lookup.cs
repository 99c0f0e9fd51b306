// Looks up a sentence in a memory, checks what is suggested, and finds terms, from C#, as a plug-in
// for Trados or memoQ would:
//
//     mcs Lookup.cs
//     LD_LIBRARY_PATH=../../../target/release mono Lookup.exe ministry.chancery "La séance est levée." glossary.tbx

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
    [DllImport(Library)] public static extern int chancery_termbase_new(out ulong termbase, out ulong error);
    [DllImport(Library)] public static extern int chancery_termbase_glossary(ulong termbase, byte[] path, UIntPtr pathLength, out ulong rejected, out ulong error);
    [DllImport(Library)] public static extern int chancery_terms(ulong termbase, byte[] text, UIntPtr textLength, byte[] source, UIntPtr sourceLength, byte[] target, UIntPtr targetLength, uint flags, out ulong hits, out ulong error);
    [DllImport(Library)] public static extern UIntPtr chancery_hits_count(ulong hits);
    [DllImport(Library)] public static extern IntPtr chancery_hit_term(ulong hits, UIntPtr index, out UIntPtr length);
    [DllImport(Library)] public static extern UIntPtr chancery_hit_translations(ulong hits, UIntPtr index);
    [DllImport(Library)] public static extern IntPtr chancery_hit_translation(ulong hits, UIntPtr index, UIntPtr translation, out UIntPtr length);
    [DllImport(Library)] public static extern int chancery_check(ulong termbase, byte[] text, UIntPtr textLength, byte[] translation, UIntPtr translationLength, byte[] source, UIntPtr sourceLength, byte[] target, UIntPtr targetLength, out ulong findings, out ulong error);
    [DllImport(Library)] public static extern UIntPtr chancery_findings_count(ulong findings);
    [DllImport(Library)] public static extern IntPtr chancery_finding_words(ulong findings, UIntPtr index, out UIntPtr length);
    [DllImport(Library)] public static extern int chancery_concordance(ulong memory, byte[] query, UIntPtr queryLength, byte[] source, UIntPtr sourceLength, byte[] target, UIntPtr targetLength, uint flags, UIntPtr limit, out ulong lines, out ulong error);
    [DllImport(Library)] public static extern UIntPtr chancery_lines_count(ulong lines);
    [DllImport(Library)] public static extern IntPtr chancery_line_text(ulong lines, UIntPtr index, out UIntPtr length);
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

    static byte[] Bytes(string text) { return Encoding.UTF8.GetBytes(text); }

    static readonly byte[] None = new byte[0], Fr = Bytes("fr"), En = Bytes("en");

    static void Matches(ulong memory, ulong terms, byte[] query)
    {
        ulong matches, findings, error;
        UIntPtr length;
        var options = new Native.Options { Size = (UIntPtr)Marshal.SizeOf(typeof(Native.Options)), Threshold = 50, Limit = (UIntPtr)3, Guard = 84 };
        Check(Native.chancery_lookup(memory, query, Length(query), Fr, Length(Fr), En, Length(En), ref options, out matches, out error), error);
        for (ulong i = 0; i < (ulong)Native.chancery_matches_count(matches); i++)
        {
            Console.WriteLine(Native.chancery_match_rank_score(matches, (UIntPtr)i));
            Console.WriteLine(Text(Native.chancery_match_source(matches, (UIntPtr)i, out length), length));
            var suggestion = Text(Native.chancery_match_suggestion(matches, (UIntPtr)i, out length), length);
            Console.WriteLine(suggestion);
            var target = Bytes(suggestion);
            Check(Native.chancery_check(terms, query, Length(query), target, Length(target), Fr, Length(Fr), En, Length(En), out findings, out error), error);
            for (ulong j = 0; j < (ulong)Native.chancery_findings_count(findings); j++)
                Console.WriteLine("! " + Text(Native.chancery_finding_words(findings, (UIntPtr)j, out length), length));
            Native.chancery_close(findings);
        }
        Native.chancery_close(matches);
    }

    static void Terms(ulong memory, ulong terms, byte[] query)
    {
        ulong hits, lines, error;
        UIntPtr length;
        Check(Native.chancery_terms(terms, query, Length(query), Fr, Length(Fr), En, Length(En), 0, out hits, out error), error);
        for (ulong i = 0; i < (ulong)Native.chancery_hits_count(hits); i++)
        {
            var term = Text(Native.chancery_hit_term(hits, (UIntPtr)i, out length), length);
            for (ulong j = 0; j < (ulong)Native.chancery_hit_translations(hits, (UIntPtr)i); j++)
                Console.WriteLine(term + ": " + Text(Native.chancery_hit_translation(hits, (UIntPtr)i, (UIntPtr)j, out length), length));
            var asked = Bytes("\"" + term + "\"");
            Check(Native.chancery_concordance(memory, asked, Length(asked), Fr, Length(Fr), En, Length(En), 0, (UIntPtr)50, out lines, out error), error);
            for (ulong j = 0; j < (ulong)Native.chancery_lines_count(lines); j++)
                Console.WriteLine("  " + Text(Native.chancery_line_text(lines, (UIntPtr)j, out length), length));
            Native.chancery_close(lines);
        }
        Native.chancery_close(hits);
    }

    static int Main(string[] arguments)
    {
        Console.OutputEncoding = new UTF8Encoding(false);
        if (Native.chancery_abi_version() != 1) return 2;
        byte[] path = Bytes(arguments[0]), query = Bytes(arguments[1]), glossary = Bytes(arguments[2]);
        ulong memory, terms, rejected, error;
        try
        {
            Check(Native.chancery_open(path, Length(path), None, UIntPtr.Zero, 0, out memory, out error), error);
            Check(Native.chancery_termbase_new(out terms, out error), error);
            Check(Native.chancery_termbase_glossary(terms, glossary, Length(glossary), out rejected, out error), error);
            Matches(memory, terms, query);
            Terms(memory, terms, query);
            Native.chancery_close(terms);
            Native.chancery_close(memory);
            return 0;
        }
        catch (InvalidOperationException failed)
        {
            Console.Error.WriteLine("lookup: " + failed.Message);
            return 2;
        }
    }
}
