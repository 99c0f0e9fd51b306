package org.chancery.omegat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashSet;
import java.util.Set;
import javax.swing.SwingUtilities;
import org.omegat.core.Core;
import org.omegat.core.CoreEvents;
import org.omegat.core.data.IProject;
import org.omegat.core.data.SourceTextEntry;

/**
 * The matches of a project, as a TMX file in its folder `tm/chancery`, from where OmegaT takes them
 * into its Fuzzy Matches pane.
 *
 * OmegaT scores them anew, by the words alone. Matches whose meaning differs are therefore not
 * among them: there they would look like good ones.
 */
final class Matches {
    private static final String FILE = "matches.tmx";

    private Matches() {
    }

    /** Writes the file anew, and lets OmegaT look again at the current segment. */
    static void write(final IProject project, Memory memory) throws IOException, InterruptedException {
        String source = project.getProjectProperties().getSourceLanguage().getLanguage();
        String target = project.getProjectProperties().getTargetLanguage().getLanguage();
        String from = project.getProjectProperties().getSourceLanguage().getLanguageCode();
        String into = project.getProjectProperties().getTargetLanguage().getLanguageCode();
        Set<String> units = new LinkedHashSet<String>();
        for (SourceTextEntry entry : project.getAllEntries()) {
            for (Match match : memory.lookup(entry.getSrcText(), from, into)) {
                if (!match.limited && match.draftOf == null) {
                    units.add("<tu>" + variant(source, match.source) + variant(target, match.target) + "</tu>\n");
                }
            }
        }
        StringBuilder tmx = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<tmx version=\"1.4\"><header");
        tmx.append(" creationtool=\"chancery\" creationtoolversion=\"1\" segtype=\"sentence\" o-tmf=\"chancery\"");
        tmx.append(" adminlang=\"en\" srclang=\"").append(source).append("\" datatype=\"plaintext\"/><body>\n");
        for (String unit : units) {
            tmx.append(unit);
        }
        tmx.append("</body></tmx>\n");
        Path folder = folder(project);
        Files.createDirectories(folder);
        // As a whole or not at all: OmegaT reads it as soon as it is there.
        Path part = Files.createTempFile(folder, "matches", ".part");
        Files.write(part, tmx.toString().getBytes(StandardCharsets.UTF_8));
        Path file = folder.resolve(FILE);
        Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        String key = file.toFile().getPath();
        for (int tries = 0; tries < 100 && !project.getTransMemories().containsKey(key); tries++) {
            Thread.sleep(100);
        }
        SwingUtilities.invokeLater(new Runnable() {
            public void run() {
                if (Core.getProject() == project && Core.getEditor().getCurrentEntry() != null) {
                    CoreEvents.fireEntryActivated(Core.getEditor().getCurrentEntry());
                }
            }
        });
    }

    /** Takes the folder away: what is in it may be confidential. */
    static void remove(File folder) {
        File[] files = folder.listFiles();
        if (files != null) {
            for (File file : files) {
                file.delete();
            }
        }
        folder.delete();
    }

    static Path folder(IProject project) {
        return new File(project.getProjectProperties().getTMRoot(), "chancery").toPath();
    }

    private static String variant(String lang, String text) {
        StringBuilder out = new StringBuilder("<tuv xml:lang=\"").append(lang).append("\"><seg>");
        for (char c : text.toCharArray()) {
            switch (c) {
                case '&': out.append("&amp;"); break;
                case '<': out.append("&lt;"); break;
                case '>': out.append("&gt;"); break;
                // Other control characters can not stand in XML.
                default: if (c >= ' ' || c == '\t' || c == '\n' || c == '\r') out.append(c);
            }
        }
        return out.append("</seg></tuv>").toString();
    }
}
