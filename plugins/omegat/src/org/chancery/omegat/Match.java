package org.chancery.omegat;

import java.util.List;

/** A match of a memory. */
final class Match {
    final double rank;
    /** Whether its meaning differs from the text's: never to be taken unread. */
    final boolean limited;
    final long unit;
    final String source;
    final String target;
    final String suggestion;
    final List<String> differences;
    /** Which segment of which project it is the draft of; null if it is none. */
    final String draftOf;

    Match(double rank, boolean limited, long unit, String source, String target, String suggestion, List<String> differences, String draftOf) {
        this.rank = rank;
        this.limited = limited;
        this.unit = unit;
        this.source = source;
        this.target = target;
        this.suggestion = suggestion;
        this.differences = differences;
        this.draftOf = draftOf;
    }

    /** Whether it is the draft of the segment with this key. */
    boolean isDraftOf(String key) {
        return draftOf != null && draftOf.equals(key);
    }

    /**
     * Whether its translation may be taken as it is: it says the same as the text, without a number
     * that would have to be carried over.
     */
    boolean isFit() {
        return !limited && suggestion.equals(target);
    }
}
