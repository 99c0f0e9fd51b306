package org.chancery.omegat;

import java.util.List;
import org.omegat.core.machinetranslators.BaseTranslate;
import org.omegat.util.Language;

/**
 * The suggestion for a segment, in the machine-translation pane.
 *
 * The pane inserts what this gives as it is; score and differences are therefore told in the name,
 * which OmegaT asks for right after, on the same thread.
 */
public class Suggestions extends BaseTranslate {
    private static final String NAME = "Chancery";
    /** Of the class, not the object: BaseTranslate asks for the name before the object is made. */
    private static final ThreadLocal<String> TOLD = new ThreadLocal<String>();

    @Override
    public String getName() {
        String name = TOLD.get();
        return name == null ? NAME : name;
    }

    @Override
    protected String getPreferenceName() {
        return "allow_chancery";
    }

    @Override
    protected String translate(Language source, Language target, String text) throws Exception {
        TOLD.remove();
        Memory memory = Plugin.memory();
        if (memory == null) {
            return null;
        }
        Settings settings = Plugin.settings();
        String own = Plugin.currentKey();
        Match best = null;
        for (Match match : memory.lookup(text, settings.source(source), settings.target(target), settings.threshold, settings.limit)) {
            // What was typed into this very segment is no news.
            if (!match.isDraftOf(own)) {
                best = match;
                break;
            }
        }
        if (best == null) {
            return null;
        }
        StringBuilder name = new StringBuilder(NAME).append(' ').append((int) Math.floor(best.rank)).append(" %");
        for (String difference : best.differences) {
            name.append(" · ").append(difference);
        }
        TOLD.set(name.toString());
        return best.suggestion;
    }
}
