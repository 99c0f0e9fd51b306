// Looks up a sentence in a memory, and finds its terms, from Groovy or Java through JNA:
//
//     groovy -cp /usr/share/java/jna.jar lookup.groovy libchancery_c.so ministry.chancery "La séance est levée." glossary.tbx
//
// With a number of times behind it, it looks the sentence up as often and prints how many
// nanoseconds the quickest tenth of the lookups took at most, all texts copied.

import com.sun.jna.IntegerType
import com.sun.jna.Library
import com.sun.jna.Native
import com.sun.jna.Pointer
import com.sun.jna.ptr.LongByReference
import groovy.transform.CompileStatic

@CompileStatic
class Size extends IntegerType {
    Size() { this(0) }

    Size(long value) { super(Native.SIZE_T_SIZE, value, true) }
}

@CompileStatic
interface Chancery extends Library {
    int chancery_abi_version()
    int chancery_open(byte[] path, Size pathLength, byte[] author, Size authorLength, int flags, LongByReference memory, LongByReference error)
    int chancery_lookup(long memory, byte[] text, Size textLength, byte[] source, Size sourceLength, byte[] target, Size targetLength, Pointer options, LongByReference matches, LongByReference error)
    Size chancery_matches_count(long matches)
    double chancery_match_rank_score(long matches, Size index)
    Pointer chancery_match_source(long matches, Size index, LongByReference length)
    Pointer chancery_match_suggestion(long matches, Size index, LongByReference length)
    int chancery_termbase_new(LongByReference termbase, LongByReference error)
    int chancery_termbase_glossary(long termbase, byte[] path, Size pathLength, LongByReference rejected, LongByReference error)
    int chancery_terms(long termbase, byte[] text, Size textLength, byte[] source, Size sourceLength, byte[] target, Size targetLength, int flags, LongByReference hits, LongByReference error)
    Size chancery_hits_count(long hits)
    Pointer chancery_hit_term(long hits, Size index, LongByReference length)
    Size chancery_hit_translations(long hits, Size index)
    Pointer chancery_hit_translation(long hits, Size index, Size translation, LongByReference length)
    Pointer chancery_error_message(long error, LongByReference length)
    int chancery_close(long handle)
}

@CompileStatic
class Lookup {
    final Chancery library
    final LongByReference error = new LongByReference()

    Lookup(String file) {
        library = (Chancery) Native.load(file, Chancery)
        if (library.chancery_abi_version() != 1) throw new IOException("the library is of another version")
    }

    void check(int status) {
        if (status == 0) return
        def length = new LongByReference()
        def message = text(library.chancery_error_message(error.value, length), length)
        library.chancery_close(error.value)
        throw new IOException(message)
    }

    static String text(Pointer place, LongByReference length) {
        place == null ? null : new String(place.getByteArray(0, (int) length.value), "UTF-8")
    }

    static byte[] bytes(String text) { text.getBytes("UTF-8") }

    static Size size(byte[] bytes) { new Size(bytes.length) }

    long open(String name) {
        def memory = new LongByReference()
        byte[] path = bytes(name), none = new byte[0]
        check(library.chancery_open(path, size(path), none, size(none), 0, memory, error))
        memory.value
    }

    /** Rank, source and suggestion of each match. */
    List<List> lookup(long memory, String sentence) {
        byte[] query = bytes(sentence), fr = bytes("fr"), en = bytes("en")
        def made = new LongByReference()
        check(library.chancery_lookup(memory, query, size(query), fr, size(fr), en, size(en), null, made, error))
        long matches = made.value
        def length = new LongByReference()
        List<List> out = []
        long count = library.chancery_matches_count(matches).longValue()
        for (long i = 0; i < count; i++) {
            def index = new Size(i)
            List match = []
            match.add(library.chancery_match_rank_score(matches, index))
            match.add(text(library.chancery_match_source(matches, index, length), length))
            match.add(text(library.chancery_match_suggestion(matches, index, length), length))
            out.add(match)
        }
        library.chancery_close(matches)
        out
    }

    /** Each term with what to write for it. */
    Map<String, List<String>> terms(String glossary, String sentence) {
        byte[] path = bytes(glossary), query = bytes(sentence), fr = bytes("fr"), en = bytes("en")
        def made = new LongByReference(), length = new LongByReference()
        check(library.chancery_termbase_new(made, error))
        long termbase = made.value
        check(library.chancery_termbase_glossary(termbase, path, size(path), null, error))
        check(library.chancery_terms(termbase, query, size(query), fr, size(fr), en, size(en), 0, made, error))
        long hits = made.value
        Map<String, List<String>> out = [:]
        long count = library.chancery_hits_count(hits).longValue()
        for (long i = 0; i < count; i++) {
            def index = new Size(i)
            List<String> translations = []
            long choices = library.chancery_hit_translations(hits, index).longValue()
            for (long j = 0; j < choices; j++) {
                translations.add(text(library.chancery_hit_translation(hits, index, new Size(j), length), length))
            }
            out.put(text(library.chancery_hit_term(hits, index, length), length), translations)
        }
        library.chancery_close(hits)
        library.chancery_close(termbase)
        out
    }

    /** After as many lookups to warm up, how long those of the quickest tenth took at most. */
    long time(long memory, String sentence, int times) {
        long[] took = new long[times]
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < times; i++) {
                long start = System.nanoTime()
                lookup(memory, sentence)
                took[i] = System.nanoTime() - start
            }
        }
        Arrays.sort(took)
        took[times.intdiv(10)]
    }
}

def out = new PrintStream(System.out, true, "UTF-8")
try {
    def lookup = new Lookup(args[0])
    long memory = lookup.open(args[1])
    lookup.lookup(memory, args[2]).each { match -> match.each { out.println(it) } }
    lookup.terms(args[3], args[2]).each { term, translations -> out.println("$term: ${translations.join(' or ')}") }
    if (args.length > 4) out.println("quickest tenth: ${lookup.time(memory, args[2], args[4] as int)} ns")
    lookup.library.chancery_close(memory)
} catch (IOException failed) {
    System.err.println("lookup: ${failed.message}")
    System.exit(2)
}
