package org.chancery.omegat;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.LongByReference;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.chancery.omegat.Library.Size;
import org.omegat.util.Log;

/** An open memory. Every method may be called from any thread. */
final class Memory {
    /** The property that says which segment a unit is the draft of. */
    static final String DRAFT_OF = "x-draft-of";

    private static final int IN_TARGET = 1;

    private final Library library;
    private final long handle;
    private final long termbase;

    Memory(Settings settings) throws IOException {
        library = Native.load(settings.library, Library.class);
        if (library.chancery_abi_version() != Library.ABI_VERSION) {
            throw new IOException(settings.library + " is of another version than this plugin; take both from one release");
        }
        byte[] path = bytes(settings.memory);
        byte[] author = bytes(settings.author);
        LongByReference memory = new LongByReference();
        LongByReference error = new LongByReference();
        check(library.chancery_open(path, size(path), author, size(author), 0, memory, error), error);
        handle = memory.getValue();
        try {
            termbase = termbase(settings.glossary);
        } catch (IOException failed) {
            library.chancery_close(handle);
            throw failed;
        }
    }

    private long termbase(String glossary) throws IOException {
        LongByReference made = new LongByReference();
        LongByReference error = new LongByReference();
        check(library.chancery_termbase_new(made, error), error);
        long termbase = made.getValue();
        try {
            check(library.chancery_termbase_memory(termbase, handle, error), error);
            if (!glossary.isEmpty()) {
                byte[] path = bytes(glossary);
                LongByReference rejected = new LongByReference();
                check(library.chancery_termbase_glossary(termbase, path, size(path), rejected, error), error);
                if (rejected.getValue() > 0) {
                    Log.log("Chancery: " + rejected.getValue() + " entries of " + glossary + " could not be read; `chancery terms find` names them");
                }
            }
            return termbase;
        } catch (IOException failed) {
            library.chancery_close(termbase);
            throw failed;
        }
    }

    /** The matches of a text that have a rank, the best first. */
    List<Match> lookup(String text, String source, String target, double threshold, long limit) throws IOException {
        byte[] query = bytes(text);
        byte[] from = bytes(source);
        byte[] into = bytes(target);
        LongByReference matches = new LongByReference();
        LongByReference error = new LongByReference();
        check(library.chancery_lookup(handle, query, size(query), from, size(from), into, size(into), new Library.Options(threshold, limit), matches, error), error);
        long found = matches.getValue();
        try {
            List<Match> out = new ArrayList<Match>();
            long count = library.chancery_matches_count(found).longValue();
            for (long index = 0; index < count; index++) {
                out.add(match(found, new Size(index)));
            }
            return out;
        } finally {
            library.chancery_close(found);
        }
    }

    private Match match(long found, Size index) {
        LongByReference length = new LongByReference();
        List<String> differences = new ArrayList<String>();
        long count = library.chancery_match_differences(found, index).longValue();
        for (long nth = 0; nth < count; nth++) {
            differences.add(text(library.chancery_difference_words(found, index, new Size(nth), length), length));
        }
        byte[] kind = bytes(DRAFT_OF);
        return new Match(
                library.chancery_match_rank_score(found, index),
                !Double.isNaN(library.chancery_match_limit(found, index)),
                library.chancery_match_unit(found, index),
                text(library.chancery_match_source(found, index, length), length),
                text(library.chancery_match_target(found, index, length), length),
                text(library.chancery_match_suggestion(found, index, length), length),
                differences,
                text(library.chancery_match_property(found, index, kind, size(kind), length), length));
    }

    /** The terms of a text, in its order. */
    List<Term> terms(String text, String source, String target) throws IOException {
        byte[] given = bytes(text);
        byte[] from = bytes(source);
        byte[] into = bytes(target);
        LongByReference made = new LongByReference();
        LongByReference error = new LongByReference();
        check(library.chancery_terms(termbase, given, size(given), from, size(from), into, size(into), 0, made, error), error);
        long hits = made.getValue();
        try {
            List<Term> out = new ArrayList<Term>();
            LongByReference length = new LongByReference();
            LongByReference begin = new LongByReference();
            LongByReference end = new LongByReference();
            long count = library.chancery_hits_count(hits).longValue();
            for (long nth = 0; nth < count; nth++) {
                Size index = new Size(nth);
                List<String> translations = new ArrayList<String>();
                long choices = library.chancery_hit_translations(hits, index).longValue();
                for (long choice = 0; choice < choices; choice++) {
                    translations.add(text(library.chancery_hit_translation(hits, index, new Size(choice), length), length));
                }
                check(library.chancery_hit_in_text(hits, index, begin, end));
                out.add(new Term(
                        piece(given, begin.getValue(), end.getValue()),
                        text(library.chancery_hit_term(hits, index, length), length),
                        text(library.chancery_hit_status(hits, index, length), length),
                        translations));
            }
            return out;
        } finally {
            library.chancery_close(hits);
        }
    }

    /** The segments that have certain words, the newest first. */
    Lines concordance(String query, String source, String target, boolean inTarget, long limit) throws IOException {
        byte[] given = bytes(query);
        byte[] from = bytes(source);
        byte[] into = bytes(target);
        LongByReference made = new LongByReference();
        LongByReference error = new LongByReference();
        check(library.chancery_concordance(handle, given, size(given), from, size(from), into, size(into), inTarget ? IN_TARGET : 0, new Size(limit), made, error), error);
        long lines = made.getValue();
        try {
            Lines out = new Lines(library.chancery_lines_units(lines), library.chancery_lines_complete(lines) != 0);
            LongByReference length = new LongByReference();
            LongByReference begin = new LongByReference();
            LongByReference end = new LongByReference();
            long count = library.chancery_lines_count(lines).longValue();
            for (long nth = 0; nth < count; nth++) {
                Size index = new Size(nth);
                byte[] text = bytes(text(library.chancery_line_text(lines, index, length), length));
                List<String> pieces = new ArrayList<String>();
                long at = 0;
                long places = library.chancery_line_places(lines, index).longValue();
                for (long place = 0; place < places; place++) {
                    check(library.chancery_line_place(lines, index, new Size(place), begin, end));
                    pieces.add(piece(text, at, begin.getValue()));
                    pieces.add(piece(text, begin.getValue(), end.getValue()));
                    at = end.getValue();
                }
                pieces.add(piece(text, at, text.length));
                out.lines.add(new Lines.Line(
                        pieces,
                        text(library.chancery_line_translation(lines, index, length), length),
                        text(library.chancery_line_document(lines, index, length), length)));
            }
            return out;
        } finally {
            library.chancery_close(lines);
        }
    }

    /** Keeps a draft of a segment, in the place of the one there is; an empty one takes it away. */
    void draft(String key, String document, String source, String text, String target, String translation) throws IOException {
        Match held = null;
        // All units of this very source, however many segments repeat it. Drafts give up points.
        for (Match match : lookup(text, source, target, 90, Integer.MAX_VALUE)) {
            if (match.isDraftOf(key)) {
                held = match;
            }
        }
        if (held != null && held.target.equals(translation)) {
            return;
        }
        LongByReference error = new LongByReference();
        if (translation.isEmpty()) {
            if (held != null) {
                check(library.chancery_remove(handle, held.unit, null, error), error);
            }
            return;
        }
        LongByReference made = new LongByReference();
        check(library.chancery_unit_new(made, error), error);
        long unit = made.getValue();
        try {
            String[][] segments = {{source, text}, {target, translation}};
            for (String[] segment : segments) {
                byte[] lang = bytes(segment[0]);
                byte[] content = bytes(segment[1]);
                check(library.chancery_unit_segment(unit, lang, size(lang), content, size(content), error), error);
            }
            String[][] properties = {{"x-status", "draft"}, {"x-document", document}, {DRAFT_OF, key}};
            for (String[] property : properties) {
                byte[] kind = bytes(property[0]);
                byte[] value = bytes(property[1]);
                check(library.chancery_unit_property(unit, kind, size(kind), value, size(value), error), error);
            }
            if (held == null) {
                check(library.chancery_add(handle, unit, null, error), error);
            } else {
                check(library.chancery_replace(handle, held.unit, unit, null, error), error);
            }
        } finally {
            library.chancery_close(unit);
        }
    }

    /** Writes a memory that is a TMX file; a store has every change already. */
    void save() throws IOException {
        LongByReference error = new LongByReference();
        check(library.chancery_save(handle, error), error);
    }

    /** Says that a place was asked for that there is none of. */
    private static void check(int status) {
        if (status != 0) {
            throw new IllegalStateException("chancery: status " + status);
        }
    }

    private void check(int status, LongByReference error) throws IOException {
        if (status == 0) {
            return;
        }
        LongByReference length = new LongByReference();
        String message = text(library.chancery_error_message(error.getValue(), length), length);
        library.chancery_close(error.getValue());
        throw new IOException("Chancery: " + message);
    }

    private static String text(Pointer place, LongByReference length) {
        return place == null ? null : new String(place.getByteArray(0, (int) length.getValue()), StandardCharsets.UTF_8);
    }

    private static String piece(byte[] text, long begin, long end) {
        return new String(Arrays.copyOfRange(text, (int) begin, (int) end), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Size size(byte[] bytes) {
        return new Size(bytes.length);
    }
}
