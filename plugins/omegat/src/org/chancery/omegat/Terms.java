package org.chancery.omegat;

import java.lang.reflect.Constructor;
import java.util.ArrayList;
import java.util.List;
import org.omegat.core.glossaries.IGlossary;
import org.omegat.gui.glossary.GlossaryEntry;
import org.omegat.util.Language;

/** The terms of a segment, in the glossary pane. */
final class Terms implements IGlossary {
    @Override
    public List<GlossaryEntry> search(Language source, Language target, String text) throws Exception {
        List<GlossaryEntry> entries = new ArrayList<GlossaryEntry>();
        Memory memory = Plugin.memory();
        if (memory == null) {
            return entries;
        }
        Settings settings = Plugin.settings();
        for (Term term : memory.terms(text, settings.source(source), settings.target(target))) {
            StringBuilder comment = new StringBuilder("Chancery");
            if (!term.term.equals(term.text)) {
                comment.append(": ").append(term.term);
            }
            if (!term.status.isEmpty()) {
                comment.append(", ").append(term.status);
            }
            for (String translation : term.translations) {
                // As the text has it: OmegaT looks for the very words in the segment again.
                entries.add(entry(term.text, translation, comment.toString()));
            }
        }
        return entries;
    }

    /** From OmegaT 4.3 on an entry is told where it is from. */
    private static GlossaryEntry entry(String source, String target, String comment) throws ReflectiveOperationException {
        try {
            Constructor<GlossaryEntry> old = GlossaryEntry.class.getConstructor(String.class, String.class, String.class, boolean.class);
            return old.newInstance(source, target, comment, false);
        } catch (NoSuchMethodException later) {
            return GlossaryEntry.class.getConstructor(String.class, String.class, String.class, boolean.class, String.class)
                    .newInstance(source, target, comment, false, "Chancery");
        }
    }
}
