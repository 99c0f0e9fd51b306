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
    /** The segment that the translator is in, and the folder of the matches of its project. */
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

    private static void projectChanged(IProjectEventListener.PROJECT_CHANGE_TYPE change) {
        final IProject project = Core.getProject();
        switch (change) {
            case LOAD:
                current = null;
                folder = Matches.folder(project).toFile();
                run(new Work() {
                    public void run(Memory memory) throws Exception {
                        Matches.write(project, memory);
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
        final String source = project.getProjectProperties().getSourceLanguage().getLanguageCode();
        final String target = project.getProjectProperties().getTargetLanguage().getLanguageCode();
        final String document = entry.getKey().file;
        final String key = project.getProjectProperties().getProjectName() + "/" + document + "/" + entry.entryNum();
        run(new Work() {
            public void run(Memory memory) throws Exception {
                if (settings.drafts) {
                    memory.draft(key, document, source, entry.getSrcText(), target, translation);
                }
            }
        });
    }

    private static void removeMatches() {
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

    private interface Work {
        void run(Memory memory) throws Exception;
    }

    private static void run(final Work work) {
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
