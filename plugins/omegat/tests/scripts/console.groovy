// Runs inside an OmegaT without a window, after the project was translated: says where JNA is from,
// what the plugin finds with it, and what becomes of it when the memory vanishes. (Without a window
// OmegaT tells plug-ins of no project.)
import org.omegat.core.Core
import org.omegat.filters2.master.PluginUtils

if (eventType.toString() != 'COMPILE') return
def loader = PluginUtils.@pluginsClassLoader
def jna = loader.loadClass('com.sun.jna.Native')
def memory = loader.loadClass('org.chancery.omegat.Plugin').memory()
def text = Core.project.allEntries[0].srcText
def found = memory.lookup(text, 'fr', 'en', 70d, 5L)
def dump = new File(System.getenv('CHANCERY_DUMP'))
dump.append("JNA from ${jna.protectionDomain.codeSource.location}\nsuggested: ${found[0].suggestion}\n", 'UTF-8')

def file = new File(System.getenv('CHANCERY_MEMORY'))
file.parentFile.listFiles().findAll { it.name.startsWith(file.name) }.each { it.directory ? it.deleteDir() : it.delete() }
try {
    memory.draft('project/note.txt/1', 'note.txt', 'fr', text, 'en', 'Lost.')
    dump.append("the draft was kept\n", 'UTF-8')
} catch (IOException failed) {
    dump.append("vanished: ${failed.message}\n", 'UTF-8')
}
