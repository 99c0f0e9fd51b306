package org.chancery.omegat;

import java.util.List;

/** A term that a text has. */
final class Term {
    /** As the text has it, and as the termbase has it. */
    final String text;
    final String term;
    /** Its status in a word, or nothing. */
    final String status;
    /** What to write for it: one, or several to choose from. */
    final List<String> translations;

    Term(String text, String term, String status, List<String> translations) {
        this.text = text;
        this.term = term;
        this.status = status;
        this.translations = translations;
    }
}
