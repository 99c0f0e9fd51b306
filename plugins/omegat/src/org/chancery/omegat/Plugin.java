package org.chancery.omegat;

import java.io.File;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.omegat.core.Core;
import org.omegat.core.CoreEvents;
import org.omegat.core.data.IProject;
import org.omegat.core.data.SourceTextEntry;
import org.omegat.core.data.TMXEntry;
import org.omegat.core.events.IApplicationEventListener;
import org.omegat.core.events.IEntryEventListener;
import org.omegat.core.events.IProjectEventListener;
import org.omegat.util.Language;
import org.omegat.util.Log;

/** What OmegaT loads. All work is done on a thread of its own: the window never waits for it. */
public final class Plugin {
    private static final ExecutorService WORK = Executors.newSingleThreadExecutor(new ThreadFactory() {
        public Thread newThread(Runnable work) {
            Thread thread = new Thread(work, "chancery");
            thread.setDaemon(true);
            return thread;
        }
    });
    private static Memory memory;
    private static Settings settings;
    /** Why the memory can not be had: said once, not at every segment. */
    private static boolean failed;
    /** The project that is open, the segment that the translator is in, and the folder of matches. */
    private static volatile IProject opened;
    private static volatile SourceTextEntry current;
    private static volatile File folder;

    private Plugin() {
    }

    /** Called by OmegaT. */
    public static void loadPlugins() {
        Core.registerMachineTranslationClass(Suggestions.class);
        CoreEvents.registerProjectChangeListener(new IProjectEventListener() {
            public void onProjectChanged(PROJECT_CHANGE_TYPE change) {
                projectChanged(change);
            }
        });
        CoreEvents.registerEntryEventListener(new IEntryEventListener() {
            public void onNewFile(String file) {
            }

            public void onEntryActivated(SourceTextEntry entry) {
                SourceTextEntry left = current;
                current = entry;
                if (left != null && left != entry) {
                    draft(left);
                }
            }
        });
        CoreEvents.registerApplicationEventListener(new IApplicationEventListener() {
            public void onApplicationStartup() {
                Core.getGlossaryManager().addGlossaryProvider(new Terms());
                Concordance.register();
            }

            public void onApplicationShutdown() {
                end();
            }
        });
    }

    /** Called by OmegaT. */
    public static void unloadPlugins() {
        end();
    }

    /** The memory, opened when it is first asked for; null if it can not be had. */
    static synchronized Memory memory() {
        if (memory == null && !failed) {
            try {
                settings = Settings.read();
                memory = new Memory(settings);
            } catch (IOException | LinkageError error) {
                failed = true;
                Log.log(error);
            }
        }
        return memory;
    }

    /** What the memory was opened by; asked for after it. */
    static synchronized Settings settings() {
        return settings;
    }

    static boolean isOpen(IProject project) {
        return project == opened;
    }

    /** What the draft of the segment is known by that the translator is in; null if there is none. */
    static String currentKey() {
        SourceTextEntry entry = current;
        return entry == null ? null : key(Core.getProject(), entry);
    }

    private static String key(IProject project, SourceTextEntry entry) {
        return project.getProjectProperties().getProjectName() + "/" + entry.getKey().file + "/" + entry.entryNum();
    }

    private static void projectChanged(IProjectEventListener.PROJECT_CHANGE_TYPE change) {
        final IProject project = Core.getProject();
        switch (change) {
            case LOAD:
                current = null;
                opened = project;
                folder = Matches.folder(project).toFile();
                run(new Work() {
                    public void run(Memory memory) throws Exception {
                        Matches.write(project, memory, settings());
                    }
                });
                break;
            case SAVE:
                if (current != null) {
                    draft(current);
                }
                break;
            case CLOSE:
                if (current != null) {
                    draft(current);
                }
                current = null;
                removeMatches();
                break;
            default:
        }
    }

    /** Keeps what the translator made of a segment. */
    private static void draft(final SourceTextEntry entry) {
        IProject project = Core.getProject();
        if (!project.isProjectLoaded()) {
            return;
        }
        TMXEntry made = project.getTranslationInfo(entry);
        final String translation = made == null || made.translation == null ? "" : made.translation;
        final Language source = project.getProjectProperties().getSourceLanguage();
        final Language target = project.getProjectProperties().getTargetLanguage();
        final String key = key(project, entry);
        run(new Work() {
            public void run(Memory memory) throws Exception {
                Settings settings = settings();
                if (settings.drafts) {
                    memory.draft(key, entry.getKey().file, settings.source(source), entry.getSrcText(), settings.target(target), translation);
                }
            }
        });
    }

    private static void removeMatches() {
        // First, so that nothing is written there any more.
        opened = null;
        File old = folder;
        folder = null;
        if (old != null) {
            Matches.remove(old);
        }
    }

    /** Finishes what is to be kept, and takes away what is not. */
    private static void end() {
        removeMatches();
        run(new Work() {
            public void run(Memory memory) throws Exception {
                memory.save();
            }
        });
        WORK.shutdown();
        try {
            WORK.awaitTermination(10, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Work with the memory. */
    interface Work {
        void run(Memory memory) throws Exception;
    }

    /** Does work on the thread for it, unless there is no memory; what fails is logged. */
    static void run(final Work work) {
        if (WORK.isShutdown()) {
            return;
        }
        WORK.execute(new Runnable() {
            public void run() {
                Memory memory = memory();
                if (memory == null) {
                    return;
                }
                try {
                    work.run(memory);
                } catch (Exception | LinkageError error) {
                    Log.log(error);
                }
            }
        });
    }
}
