//! What the terms of a termbase say of the words of two languages.

use super::Termbase;
use crate::Lang;
use crate::lexicon::Lexicon;

impl Termbase {
    /// Word-translation probabilities learnt from the terms of two languages, every term of a
    /// concept with every other, whatever its status: a name that is ruled out is still found in
    /// old texts.
    ///
    /// ```
    /// use chancery::Lang;
    /// use chancery::term::{Concept, Term, Termbase};
    ///
    /// let mut base = Termbase::new();
    /// let mut concept = Concept::new("un.security-council");
    /// concept.add(Lang::FR, Term::new("Conseil de sécurité"));
    /// concept.add(Lang::EN, Term::new("Security Council"));
    /// base.add(concept);
    /// let lexicon = base.lexicon(&Lang::FR, &Lang::EN);
    /// assert!(lexicon.probability("conseil", "council") > 0.2);
    /// ```
    pub fn lexicon(&self, source: &Lang, target: &Lang) -> Lexicon {
        let mut builder = Lexicon::builder(source.clone(), target.clone());
        for concept in self.concepts() {
            for one in concept.terms(source) {
                for other in concept.terms(target) {
                    builder.term(&one.text, &other.text);
                }
            }
        }
        builder.learn()
    }
}
