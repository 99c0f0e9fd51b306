package org.chancery.omegat;

import java.util.ArrayList;
import java.util.List;

/** A concordance. */
final class Lines {
    final List<Line> lines = new ArrayList<Line>();
    /** How many units have the words, and whether these are all. */
    final long units;
    final boolean complete;

    Lines(long units, boolean complete) {
        this.units = units;
        this.complete = complete;
    }

    /** A segment that has the words. */
    static final class Line {
        /** The text, cut before and behind every place that has the words: every second piece does. */
        final List<String> pieces;
        final String translation;
        /** Null if that is not known. */
        final String document;

        Line(List<String> pieces, String translation, String document) {
            this.pieces = pieces;
            this.translation = translation;
            this.document = document;
        }
    }
}
