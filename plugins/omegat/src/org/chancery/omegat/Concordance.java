package org.chancery.omegat;

import java.awt.BorderLayout;
import java.awt.event.ActionEvent;
import java.awt.event.ActionListener;
import java.awt.event.KeyEvent;
import javax.swing.JCheckBox;
import javax.swing.JComponent;
import javax.swing.JDialog;
import javax.swing.JEditorPane;
import javax.swing.JMenu;
import javax.swing.JMenuItem;
import javax.swing.JPanel;
import javax.swing.JPopupMenu;
import javax.swing.JScrollPane;
import javax.swing.JTextField;
import javax.swing.KeyStroke;
import javax.swing.SwingUtilities;
import javax.swing.text.JTextComponent;
import org.omegat.core.Core;
import org.omegat.core.data.IProject;
import org.omegat.gui.editor.IPopupMenuConstructor;
import org.omegat.gui.editor.SegmentBuilder;

/** A window with the segments of the memory that have the words which are selected. */
final class Concordance {
    private static final String NAME = "Chancery: Concordance";
    private static final int LIMIT = 100;

    private final JDialog window = new JDialog(Core.getMainWindow().getApplicationFrame(), NAME, false);
    private final JTextField query = new JTextField();
    private final JCheckBox inTarget = new JCheckBox("in the translations");
    private final JEditorPane found = new JEditorPane("text/html", "");
    private static Concordance shown;

    /** Puts it into the Tools menu and the menu of the editor. */
    static void register() {
        JMenu tools = Core.getMainWindow().getMainMenu().getToolsMenu();
        JMenuItem item = new JMenuItem(NAME);
        item.addActionListener(new ActionListener() {
            public void actionPerformed(ActionEvent event) {
                show(Core.getEditor().getSelectedText(), false);
            }
        });
        item.setAccelerator(KeyStroke.getKeyStroke("ctrl shift K"));
        tools.addSeparator();
        tools.add(item);
        Core.getEditor().registerPopupMenuConstructors(750, new IPopupMenuConstructor() {
            public void addItems(JPopupMenu menu, JTextComponent editor, int position, boolean inEntry, final boolean inTranslation, SegmentBuilder segment) {
                final String selected = editor.getSelectedText();
                if (selected == null) {
                    return;
                }
                JMenuItem item = new JMenuItem(NAME);
                item.addActionListener(new ActionListener() {
                    public void actionPerformed(ActionEvent event) {
                        show(selected, inTranslation);
                    }
                });
                menu.add(item);
                menu.addSeparator();
            }
        });
    }

    /** Shows the window, and what it finds of the words; null leaves it as it is. */
    private static void show(String words, boolean inTarget) {
        if (shown == null) {
            shown = new Concordance();
        }
        if (words != null && !words.trim().isEmpty()) {
            shown.inTarget.setSelected(inTarget);
            shown.query.setText(phrase(words));
            shown.ask();
        }
        shown.window.setVisible(true);
    }

    /** Words one after the other, as a query; the selection may have quotation marks of its own. */
    static String phrase(String words) {
        return "\"" + words.replaceAll("[\"«»“”„]", " ").trim() + "\"";
    }

    private Concordance() {
        ActionListener ask = new ActionListener() {
            public void actionPerformed(ActionEvent event) {
                ask();
            }
        };
        query.addActionListener(ask);
        query.setToolTipText("word, \"words in this order\", begin*, =exact, NOT word");
        inTarget.addActionListener(ask);
        found.setEditable(false);
        JPanel top = new JPanel(new BorderLayout(6, 6));
        top.add(query, BorderLayout.CENTER);
        top.add(inTarget, BorderLayout.EAST);
        window.add(top, BorderLayout.NORTH);
        window.add(new JScrollPane(found), BorderLayout.CENTER);
        window.setSize(760, 420);
        window.getRootPane().registerKeyboardAction(new ActionListener() {
            public void actionPerformed(ActionEvent event) {
                window.setVisible(false);
            }
        }, KeyStroke.getKeyStroke(KeyEvent.VK_ESCAPE, 0), JComponent.WHEN_IN_FOCUSED_WINDOW);
    }

    private void ask() {
        final IProject project = Core.getProject();
        final String asked = query.getText().trim();
        if (asked.isEmpty() || !project.isProjectLoaded()) {
            return;
        }
        final boolean other = inTarget.isSelected();
        found.setText("<html>…");
        Plugin.run(new Plugin.Work() {
            public void run(Memory memory) {
                String text;
                try {
                    Settings settings = Plugin.settings();
                    String source = settings.source(project.getProjectProperties().getSourceLanguage());
                    String target = settings.target(project.getProjectProperties().getTargetLanguage());
                    text = html(memory.concordance(asked, source, target, other, LIMIT));
                } catch (Exception error) {
                    text = "<html>" + escaped(error.getMessage());
                }
                final String answer = text;
                SwingUtilities.invokeLater(new Runnable() {
                    public void run() {
                        // What was asked meanwhile has its own answer.
                        if (asked.equals(query.getText().trim()) && other == inTarget.isSelected()) {
                            found.setText(answer);
                            found.setCaretPosition(0);
                        }
                    }
                });
            }
        });
    }

    private static String html(Lines lines) {
        StringBuilder out = new StringBuilder("<html><p>");
        out.append(lines.lines.size()).append(" of ").append(lines.units).append(lines.complete ? "" : " or more").append("</p><table cellpadding=4>");
        for (Lines.Line line : lines.lines) {
            out.append("<tr valign=top><td width='50%'>");
            boolean marked = false;
            for (String piece : line.pieces) {
                out.append(marked ? "<b>" : "").append(escaped(piece)).append(marked ? "</b>" : "");
                marked = !marked;
            }
            out.append("</td><td width='50%'>").append(escaped(line.translation));
            if (line.document != null) {
                out.append("<br><i>").append(escaped(line.document)).append("</i>");
            }
            out.append("</td></tr>");
        }
        return out.append("</table>").toString();
    }

    private static String escaped(String text) {
        return String.valueOf(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
