package org.chancery.omegat;

import com.sun.jna.IntegerType;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import com.sun.jna.ptr.LongByReference;
import java.util.Arrays;
import java.util.List;

/** The functions of chancery.h that are used here; see there. */
public interface Library extends com.sun.jna.Library {
    int ABI_VERSION = 1;

    /** A size_t. */
    final class Size extends IntegerType {
        private static final long serialVersionUID = 1;

        public Size() {
            this(0);
        }

        public Size(long value) {
            super(Native.SIZE_T_SIZE, value, true);
        }
    }

    /** What a lookup is asked for. */
    final class Options extends Structure {
        public Size size;
        public double threshold;
        public Size limit;
        public double guard = 84;
        public long milliseconds;

        public Options(double threshold, long limit) {
            this.threshold = threshold;
            this.limit = new Size(limit);
            this.size = new Size(size());
        }

        @Override
        protected List<String> getFieldOrder() {
            return Arrays.asList("size", "threshold", "limit", "guard", "milliseconds");
        }
    }

    int chancery_abi_version();

    int chancery_open(byte[] path, Size pathLength, byte[] author, Size authorLength, int flags, LongByReference memory, LongByReference error);

    int chancery_close(long handle);

    int chancery_save(long memory, LongByReference error);

    Pointer chancery_error_message(long error, LongByReference length);

    int chancery_lookup(long memory, byte[] text, Size textLength, byte[] source, Size sourceLength, byte[] target, Size targetLength, Options options, LongByReference matches, LongByReference error);

    Size chancery_matches_count(long matches);

    double chancery_match_rank_score(long matches, Size index);

    double chancery_match_limit(long matches, Size index);

    long chancery_match_unit(long matches, Size index);

    Pointer chancery_match_source(long matches, Size index, LongByReference length);

    Pointer chancery_match_target(long matches, Size index, LongByReference length);

    Pointer chancery_match_suggestion(long matches, Size index, LongByReference length);

    Pointer chancery_match_property(long matches, Size index, byte[] kind, Size kindLength, LongByReference length);

    Size chancery_match_differences(long matches, Size index);

    Pointer chancery_difference_words(long matches, Size index, Size difference, LongByReference length);

    int chancery_concordance(long memory, byte[] query, Size queryLength, byte[] source, Size sourceLength, byte[] target, Size targetLength, int flags, Size limit, LongByReference lines, LongByReference error);

    Size chancery_lines_count(long lines);

    long chancery_lines_units(long lines);

    int chancery_lines_complete(long lines);

    Pointer chancery_line_text(long lines, Size index, LongByReference length);

    Pointer chancery_line_translation(long lines, Size index, LongByReference length);

    Pointer chancery_line_document(long lines, Size index, LongByReference length);

    Size chancery_line_places(long lines, Size index);

    int chancery_line_place(long lines, Size index, Size place, LongByReference begin, LongByReference end);

    int chancery_termbase_new(LongByReference termbase, LongByReference error);

    int chancery_termbase_memory(long termbase, long memory, LongByReference error);

    int chancery_termbase_glossary(long termbase, byte[] path, Size pathLength, LongByReference rejected, LongByReference error);

    int chancery_terms(long termbase, byte[] text, Size textLength, byte[] source, Size sourceLength, byte[] target, Size targetLength, int flags, LongByReference hits, LongByReference error);

    Size chancery_hits_count(long hits);

    int chancery_hit_in_text(long hits, Size index, LongByReference begin, LongByReference end);

    Pointer chancery_hit_term(long hits, Size index, LongByReference length);

    Pointer chancery_hit_status(long hits, Size index, LongByReference length);

    Size chancery_hit_translations(long hits, Size index);

    Pointer chancery_hit_translation(long hits, Size index, Size translation, LongByReference length);

    int chancery_unit_new(LongByReference unit, LongByReference error);

    int chancery_unit_segment(long unit, byte[] lang, Size langLength, byte[] text, Size textLength, LongByReference error);

    int chancery_unit_property(long unit, byte[] kind, Size kindLength, byte[] value, Size valueLength, LongByReference error);

    int chancery_add(long memory, long unit, LongByReference revision, LongByReference error);

    int chancery_replace(long memory, long number, long unit, LongByReference revision, LongByReference error);

    int chancery_remove(long memory, long number, LongByReference revision, LongByReference error);
}
