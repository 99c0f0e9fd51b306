//! A word looked for in any of its forms.

use std::sync::LazyLock;

use crate::memory::index::Sought;
use crate::similarity::{Atom, Class, PreparedToken, Preparer, Tier};
use crate::{Lang, Segment};

/// Forms of one word that have different stems, and stand for each other: words of grammar, and
/// the irregular verbs of resolutions and notes.
const FORMS: [(&str, &[&[&str]]); 2] = [
    (
        "fr",
        &[
            &["le", "la", "les", "l'"],
            &["de", "d'", "du", "des"],
            &["à", "au", "aux"],
            &["un", "une"],
            &["se", "s'"],
            &["que", "qu'"],
            &["ne", "n'"],
            &["ce", "cet", "cette", "ces", "c'"],
            &["son", "sa", "ses"],
            &["leur", "leurs"],
            &["tout", "toute", "tous", "toutes"],
            &["jusque", "jusqu'"],
            &["est", "sont", "être", "était", "étaient"],
            &["a", "ont", "avoir", "ayant", "avait", "avaient"],
            &[
                "prendre", "prend", "prennent", "prenne", "pris", "prise", "prenant", "prit",
                "prirent",
            ],
            &["mettre", "met", "mettent", "mis", "mise", "mettant", "mirent"],
            &["faire", "fait", "font", "fasse", "fassent", "faisant", "fera", "feront", "fit"],
            &[
                "tenir",
                "tient",
                "tiennent",
                "tenu",
                "tenant",
                "tienne",
                "tiendra",
                "tiendront",
                "tint",
            ],
            &["venir", "vient", "viennent", "venu", "venant", "vienne", "viendra"],
            &["convenir", "convient", "conviennent", "convenu", "convenant", "convienne"],
            &["devenir", "devient", "deviennent", "devenu", "devenant", "devienne", "deviendra"],
            &["maintenir", "maintient", "maintiennent", "maintenu", "maintenant", "maintienne"],
            &["obtenir", "obtient", "obtiennent", "obtenu", "obtenant", "obtienne"],
            &["recevoir", "reçoit", "reçoivent", "reçu", "recevant", "reçoive", "recevra"],
            &[
                "devoir",
                "doit",
                "doivent",
                "dû",
                "devra",
                "devront",
                "devrait",
                "devraient",
                "devant",
            ],
            &[
                "pouvoir", "peut", "peuvent", "pu", "pourra", "pourront", "pourrait", "puisse",
                "puissent",
            ],
            &["vouloir", "veut", "veulent", "voulu", "voudra", "veuille", "veuillent"],
            &["savoir", "sait", "savent", "su", "saura", "saurait", "sauraient", "sache"],
            &["voir", "voit", "voient", "vu", "verra", "voyant"],
            &[
                "reconnaître",
                "reconnaît",
                "reconnaissent",
                "reconnu",
                "reconnaissant",
                "reconnaisse",
            ],
            &["permettre", "permet", "permettent", "permis", "permettant"],
            &["soumettre", "soumet", "soumettent", "soumis", "soumettant"],
            &["transmettre", "transmet", "transmettent", "transmis", "transmettant"],
            &["entreprendre", "entreprend", "entreprennent", "entrepris", "entreprenant"],
            &["conclure", "conclut", "concluent", "conclu", "concluant", "conclue"],
            &["souscrire", "souscrit", "souscrivent", "souscrivant", "souscrive"],
            &["poursuivre", "poursuit", "poursuivent", "poursuivi", "poursuivant", "poursuive"],
            &["requérir", "requiert", "requièrent", "requis", "requérant"],
            &["entendre", "entend", "entendent", "entendu", "entendant"],
            &["rendre", "rend", "rendent", "rendu", "rendant"],
            &["offrir", "offre", "offrent", "offert", "offrant"],
            &["joindre", "joint", "joignent", "joignant", "joigne"],
            &["lire", "lit", "lisent", "lu", "lisant"],
            &["dire", "dit", "disent", "disant", "dise"],
        ],
    ),
    ("en", &[&["a", "an"], &["is", "are", "be", "was", "were"], &["has", "have", "had"]]),
];

/// A word, to be found in any of its forms: those of its stem, and those of irregular words.
#[derive(Clone, Debug)]
pub(in crate::memory) struct Word {
    atom: Atom,
    /// All forms of it, where they have several stems.
    forms: &'static [Atom],
}

impl Word {
    pub(in crate::memory) fn new(atom: Atom, lang: &Lang) -> Word {
        Word { forms: forms(lang, &atom), atom }
    }

    pub(super) fn atom(&self) -> &Atom {
        &self.atom
    }

    pub(super) fn class(&self) -> Class {
        self.atom.class
    }

    /// Whether a token is a form of it: numbers only of the same value.
    pub(in crate::memory) fn is_like(&self, atom: &Atom) -> bool {
        is_form(&self.atom, atom) || self.forms.iter().any(|form| is_form(form, atom))
    }

    /// Whether a token is the word itself, in either case.
    pub(super) fn is(&self, atom: &Atom) -> bool {
        self.atom.tiers[Tier::Key as usize] == atom.tiers[Tier::Key as usize]
    }

    /// What the index has of its forms.
    pub(in crate::memory) fn sought(&self) -> Vec<Sought> {
        let forms = self.forms.iter().chain([&self.atom]);
        let mut sought: Vec<Sought> = forms.map(|form| Sought::of(form, tier_of(form))).collect();
        sought.sort_unstable();
        sought.dedup();
        sought
    }
}

/// Whether two tokens are forms of one word, as far as stems tell.
fn is_form(one: &Atom, other: &Atom) -> bool {
    let tier = tier_of(one) as usize;
    one.tiers[tier] == other.tiers[tier]
}

/// At which tier the forms of a word are alike.
fn tier_of(atom: &Atom) -> Tier {
    match atom.class {
        Class::Content => Tier::Stem,
        _ => Tier::Key,
    }
}

/// The forms of a word that has several stems.
fn forms(lang: &Lang, of: &Atom) -> &'static [Atom] {
    let families = FAMILIES.iter().filter(|family| family.tag == lang.primary());
    let family = families
        .map(|family| &family.forms)
        .find(|forms| forms.iter().any(|form| is_form(form, of)));
    family.map_or(&[], Vec::as_slice)
}

/// The forms of one word, prepared.
struct Family {
    tag: &'static str,
    forms: Vec<Atom>,
}

/// [`FORMS`], prepared.
static FAMILIES: LazyLock<Vec<Family>> = LazyLock::new(|| {
    let mut families = Vec::new();
    for (tag, of_language) in FORMS {
        let preparer = Preparer::new(&Lang::from_written(tag));
        let atom = |form: &&str| {
            // An elided word is one only before another.
            let text = if form.ends_with('\'') { format!("{form}a") } else { (*form).to_owned() };
            let prepared = preparer.prepare(&Segment::from(text));
            prepared.tokens().first().map(PreparedToken::atom)
        };
        for forms in of_language {
            families.push(Family { tag, forms: forms.iter().filter_map(atom).collect() });
        }
    }
    families
});
