package org.chancery.omegat;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.LongByReference;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.chancery.omegat.Library.Size;

/** An open memory. Every method may be called from any thread. */
final class Memory {
    /** The property that says which segment a unit is the draft of. */
    static final String DRAFT_OF = "x-draft-of";

    private final Library library;
    private final long handle;

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
    }

    /** The matches of a text, the best first: five of rank 70 and above. */
    List<Match> lookup(String text, String source, String target) throws IOException {
        byte[] query = bytes(text);
        byte[] from = bytes(source);
        byte[] into = bytes(target);
        LongByReference matches = new LongByReference();
        LongByReference error = new LongByReference();
        check(library.chancery_lookup(handle, query, size(query), from, size(from), into, size(into), null, matches, error), error);
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

    /** Keeps a draft of a segment, in the place of the one there is; an empty one takes it away. */
    void draft(String key, String document, String source, String text, String target, String translation) throws IOException {
        Match held = null;
        for (Match match : lookup(text, source, target)) {
            if (key.equals(match.draftOf)) {
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

    void close() {
        library.chancery_close(handle);
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

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Size size(byte[] bytes) {
        return new Size(bytes.length);
    }
}
