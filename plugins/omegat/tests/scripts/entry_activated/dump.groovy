// Runs inside OmegaT at every segment that is entered: writes down what the panes say, translates
// the second segment, and ends OmegaT after the last.
import java.awt.image.BufferedImage
import javax.imageio.ImageIO
import javax.swing.SwingUtilities
import org.omegat.core.Core
import org.omegat.core.CoreEvents

def entered = newEntry
def dump = new File(System.getenv('CHANCERY_DUMP'))
Thread.start {
    sleep 5000
    SwingUtilities.invokeAndWait {
        // Another activation of the same segment may have been quicker.
        def mark = "=== ${entered.entryNum()}\n"
        if (dump.exists() && dump.getText('UTF-8').contains(mark)) return
        dump.append("${mark}--- matches\n${Core.matcher.text}\n--- suggestion\n${Core.machineTranslatePane.text}\n", 'UTF-8')
        if (entered.entryNum() == 2) Core.editor.replaceEditText('Neither Party undertakes to publish the results.')
        if (entered.entryNum() < Core.project.allEntries.size()) {
            Core.editor.gotoEntry(entered.entryNum() + 1)
        } else {
            if (System.getenv('CHANCERY_PICTURE')) {
                def frame = Core.mainWindow.applicationFrame
                def image = new BufferedImage(frame.width, frame.height, BufferedImage.TYPE_INT_RGB)
                frame.paint(image.createGraphics())
                ImageIO.write(image, 'png', new File(System.getenv('CHANCERY_PICTURE')))
            }
            org.omegat.gui.main.ProjectUICommands.projectClose()
            Thread.start {
                sleep 4000
                SwingUtilities.invokeAndWait { CoreEvents.fireApplicationShutdown() }
                System.exit(0)
            }
        }
    }
}
