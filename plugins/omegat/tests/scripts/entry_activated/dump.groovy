// Runs inside OmegaT. From the first segment on it walks through the project by itself: writes down
// what the panes say, looks into the concordance, translates, changes its mind, and ends OmegaT.
import java.awt.Rectangle
import java.awt.Robot
import java.awt.Window
import javax.imageio.ImageIO
import javax.swing.JEditorPane
import javax.swing.JMenuItem
import javax.swing.SwingUtilities
import org.omegat.core.Core
import org.omegat.core.CoreEvents

// Every segment that is entered runs this again.
if (System.setProperty('chancery.test', 'runs')) return
dump = new File(System.getenv('CHANCERY_DUMP'))

def ui(Closure work) {
    def result = null
    SwingUtilities.invokeAndWait { result = work() }
    result
}

def until(Closure done) {
    for (int tries = 0; tries < 150 && !ui(done); tries++) sleep 200
}

def write(String heading, String text) {
    dump.append("$heading\n$text\n", 'UTF-8')
}

/** Goes to a segment, which keeps what was typed into the one before. */
def enter(int number) {
    ui { Core.editor.gotoEntry(number) }
    until { Core.editor.currentEntry?.entryNum() == number }
    sleep 1000
}

def type(int number, String text) {
    enter(number)
    ui { Core.editor.replaceEditText(text) }
}

/** All components of a kind in a window. */
def within(container, Class kind) {
    container.components.collectMany { (kind.isInstance(it) ? [it] : []) + (it.respondsTo('getComponents') ? within(it, kind) : []) }
}

def concordance() {
    ui {
        def editor = Core.editor.@editor
        int at = editor.text.indexOf('contribution')
        editor.select(at, at + 'contribution'.length())
        // Without a window manager no pane has the focus, and OmegaT knows of no selection then.
        Core.editor.@dockableSelected = true
        def tools = Core.mainWindow.mainMenu.toolsMenu.menuComponents
        tools.find { it instanceof JMenuItem && it.text.contains('Concordance') }.doClick()
    }
    def window = { Window.windows.find { it.visible && it.metaClass.respondsTo(it, 'getTitle') && it.title?.contains('Concordance') } }
    def said = {
        def pane = window() ? within(window(), JEditorPane)[0] : null
        pane ? pane.document.getText(0, pane.document.length) : ''
    }
    until { said().contains(' of ') }
    write('--- concordance', ui { said() })
    picture('concordance') { window().setLocation(250, 330) }
    ui { window().dispose() }
}

def picture(String name, Closure before = {}) {
    if (!System.getenv('CHANCERY_PICTURES')) return
    ui(before)
    sleep 1500
    def frame = ui { Core.mainWindow.applicationFrame.bounds }
    def image = new Robot().createScreenCapture(new Rectangle(frame))
    ImageIO.write(image, 'png', new File(System.getenv('CHANCERY_PICTURES'), "${name}.png"))
}

Thread.start {
    try {
        ui {
            Window.windows.findAll { it.visible && it != Core.mainWindow.applicationFrame }.each { it.visible = false }
            Core.mainWindow.applicationFrame.setBounds(0, 0, 1280, 760)
            // Its pane is folded away at first.
            def desktop = Core.mainWindow.@desktop
            desktop.setAutoHide(desktop.context.getDockableByKey('MACHINE_TRANSLATE'), false)
        }
        def folder = new File(Core.project.projectProperties.TMRoot, 'chancery')
        for (int number in 1..Core.project.allEntries.size()) {
            enter(number)
            until { Core.machineTranslatePane.text.contains('Chancery') && Core.glossary.text.contains('Chancery') && Core.matcher.text.contains('matches') }
            write("=== $number", '')
            write('--- matches', ui { Core.matcher.text })
            write('--- suggestion', ui { Core.machineTranslatePane.text })
            write('--- terms', ui { Core.glossary.text })
            if (number == 1) {
                picture('window')
                concordance()
            }
        }
        write('=== drafts', folder.exists() ? 'matches are there' : '')
        // Two segments say the same: each has a draft of its own.
        type(2, 'Neither Party undertakes to publish.')
        type(3, 'The meeting was adjourned at six sharp.')
        type(4, 'The meeting was adjourned at six sharp.')
        // The second thought takes the place of the first; nothing takes the place of a draft that is emptied.
        type(2, 'Neither Party undertakes to publish the results.')
        type(1, 'To be withdrawn.')
        enter(2)
        type(1, '')
        enter(2)
        write('--- own', ui { Core.machineTranslatePane.text })
        ui { org.omegat.gui.main.ProjectUICommands.projectClose() }
        until { !Core.project.isProjectLoaded() }
        until { !folder.exists() }
        write('--- closed', folder.exists() ? 'matches are left' : 'nothing is left')
    } catch (Throwable failed) {
        write('--- failed', failed.toString() + '\n' + failed.stackTrace.take(12).join('\n'))
    }
    ui { CoreEvents.fireApplicationShutdown() }
    System.exit(0)
}
