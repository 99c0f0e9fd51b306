// Segments texts with OmegaT, by the rules that it finds in place of its own, and compares the breaks
// with those of another list: segment.groovy (LANG TEXT SENTENCES)...
//
// A text has one paragraph a line; the sentences stand one a line. A break is known by how many
// characters that are not white space stand before it.
import org.omegat.core.segmentation.SRX
import org.omegat.core.segmentation.Segmenter
import org.omegat.util.Language

def solid = { String text -> text.replaceAll('[\\s\\p{Z}\u200b]+', '').length() }

def breaks = { List<String> sentences ->
    int at = 0
    sentences.collect { at += solid(it) } as Set
}

def segmenter = new Segmenter()
segmenter.setSRX(SRX.default)
int same = 0, either = 0
args.toList().collate(3).each { lang, text, sentences ->
    def language = new Language(lang)
    def theirs = []
    new File(text).eachLine('UTF-8') { line ->
        if (line.trim()) theirs.addAll(segmenter.segment(language, line, [], []))
    }
    def ours = new File(sentences).readLines('UTF-8')
    def (a, b) = [breaks(ours.findAll { it.trim() }), breaks(theirs.findAll { it.trim() })]
    // A break that all paragraphs have would flatter: only those inside paragraphs count.
    int at = 0
    def ends = [] as Set
    new File(text).eachLine('UTF-8') { ends << (at += solid(it)) }
    a.removeAll(ends)
    b.removeAll(ends)
    println "$text: ${a.size()} breaks, OmegaT ${b.size()}, both ${a.intersect(b).size()}"
    same += a.intersect(b).size()
    either += (a + b).size()
    if (System.getenv('CHANCERY_SHOW')) {
        def all = new File(text).getText('UTF-8').replaceAll('[\\s\\p{Z}\u200b]+', '')
        ((a + b) - a.intersect(b)).sort().each { println((it in a ? '  ours   ' : '  theirs ') + all[Math.max(0, it - 30)..<it] + ' | ' + all[it..<Math.min(all.length(), it + 20)]) }
    }
}
println String.format(Locale.ROOT, 'the same breaks: %d of %d, %.2f %%', same, either, 100.0 * same / either)
System.exit(same * 100 >= either * 99 ? 0 : 1)
