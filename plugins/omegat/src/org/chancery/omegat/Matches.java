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
 * The matches of a project, as TMX files in its folder `tm/chancery`, from where OmegaT takes them
 * into its Fuzzy Matches pane.
 *
 * OmegaT scores them anew, by the words alone. Those that must not be taken as they are lie in a
 * folder whose name takes points from what they get there: else a reversed meaning would look good.
 */
final class Matches {
    private static final String FILE = "matches.tmx";

    private Matches() {
    }

    /** Writes the files anew, and lets OmegaT look again at the current segment. */
    static void write(final IProject project, Memory memory, Settings settings) throws IOException, InterruptedException {
        String from = settings.source(project.getProjectProperties().getSourceLanguage());
        String into = settings.target(project.getProjectProperties().getTargetLanguage());
        Set<String> fit = new LinkedHashSet<String>();
        Set<String> guarded = new LinkedHashSet<String>();
        for (SourceTextEntry entry : project.getAllEntries()) {
            if (!Plugin.isOpen(project)) {
                return;
            }
            for (Match match : memory.lookup(entry.getSrcText(), from, into, settings.threshold, settings.limit)) {
                if (match.draftOf == null) {
                    (match.isFit() ? fit : guarded).add(unit(project, match));
                }
            }
        }
        // What gets 100 must come out below the floor.
        Path penalised = folder(project).resolve("penalty-" + (101 - settings.guardedBelow));
        write(project, guarded, penalised.resolve(FILE));
        write(project, fit, folder(project).resolve(FILE));
        SwingUtilities.invokeLater(new Runnable() {
            public void run() {
                if (Core.getProject() == project && Core.getEditor().getCurrentEntry() != null) {
                    CoreEvents.fireEntryActivated(Core.getEditor().getCurrentEntry());
                }
            }
        });
    }

    /** Writes a file, as a whole or not at all, and waits until OmegaT has read it. */
    private static void write(IProject project, Set<String> units, Path file) throws IOException, InterruptedException {
        String source = project.getProjectProperties().getSourceLanguage().getLanguage();
        StringBuilder tmx = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<tmx version=\"1.4\"><header");
        tmx.append(" creationtool=\"chancery\" creationtoolversion=\"1\" segtype=\"sentence\" o-tmf=\"chancery\"");
        tmx.append(" adminlang=\"en\" srclang=\"").append(source).append("\" datatype=\"plaintext\"/><body>\n");
        for (String unit : units) {
            tmx.append(unit);
        }
        tmx.append("</body></tmx>\n");
        synchronized (Matches.class) {
            if (!Plugin.isOpen(project)) {
                return;
            }
            Files.createDirectories(file.getParent());
            Path part = Files.createTempFile(file.getParent(), "matches", ".part");
            Files.write(part, tmx.toString().getBytes(StandardCharsets.UTF_8));
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        }
        String key = file.toFile().getPath();
        for (int tries = 0; tries < 100 && Plugin.isOpen(project) && !project.getTransMemories().containsKey(key); tries++) {
            Thread.sleep(100);
        }
    }

    /** Takes a folder away: what is in it may be confidential. */
    static synchronized void remove(File folder) {
        File[] files = folder.listFiles();
        if (files != null) {
            for (File file : files) {
                remove(file);
            }
        }
        folder.delete();
    }

    private static String unit(IProject project, Match match) {
        String source = project.getProjectProperties().getSourceLanguage().getLanguage();
        String target = project.getProjectProperties().getTargetLanguage().getLanguage();
        return "<tu>" + variant(source, match.source) + variant(target, match.target) + "</tu>\n";
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
