//! A collection of concepts.

use std::collections::{HashMap, HashSet, VecDeque};

use super::{Concept, RelationKind, Term};
use crate::Lang;

/// A collection of concepts, held in memory.
///
/// Concepts keep the order they were added in and are found by their id. Files write strange ids
/// and sometimes the same twice: [`add`](Termbase::add) keeps both concepts, and
/// [`get`](Termbase::get) gives the first.
///
/// ```
/// use chancery::Lang;
/// use chancery::term::{Concept, Term, Termbase};
///
/// let mut base = Termbase::new();
/// let mut council = Concept::new("un.security-council");
/// council.add(Lang::FR, Term::new("Conseil de sécurité"));
/// base.add(council);
/// assert_eq!(base.len(), 1);
/// assert_eq!(base.terms(&Lang::FR).count(), 1);
/// assert!(base.get("un.security-council").is_some());
/// ```
#[derive(Clone, Debug, Default)]
pub struct Termbase {
    concepts: Vec<Concept>,
    /// Where the first concept of an id stands.
    by_id: HashMap<String, usize>,
}

/// Where a term stands in a [`Termbase`]: valid until a concept is removed or changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TermRef {
    /// The number of the concept, from 0.
    pub concept: u32,
    /// The number of the language within the concept, from 0.
    pub language: u32,
    /// The number of the term within the language, from 0.
    pub term: u32,
}

impl Termbase {
    /// A termbase without concepts.
    pub fn new() -> Termbase {
        Termbase::default()
    }

    /// Adds a concept at the end.
    pub fn add(&mut self, concept: Concept) {
        self.by_id.entry(concept.id.clone()).or_insert(self.concepts.len());
        self.concepts.push(concept);
    }

    /// Adds a concept, or puts it in the place of the one with the same id, which is given back.
    pub fn set(&mut self, concept: Concept) -> Option<Concept> {
        match self.by_id.get(&concept.id) {
            Some(&at) => Some(std::mem::replace(&mut self.concepts[at], concept)),
            None => {
                self.add(concept);
                None
            }
        }
    }

    /// Takes the first concept of this id out. Cost: proportional to the number of concepts.
    pub fn remove(&mut self, id: &str) -> Option<Concept> {
        let removed = self.concepts.remove(self.by_id.remove(id)?);
        self.by_id.clear();
        for (at, concept) in self.concepts.iter().enumerate() {
            self.by_id.entry(concept.id.clone()).or_insert(at);
        }
        Some(removed)
    }

    /// Moves the terms, notes, sources and relations of the concept `from` into the concept
    /// `into`, terms that it has already left out, and removes `from`. Relations of other
    /// concepts that led to `from` lead to `into`.
    ///
    /// # Errors
    ///
    /// If there is no concept of one of these ids, or both are the same.
    pub fn merge(&mut self, into: &str, from: &str) -> Result<(), MergeError> {
        for id in [into, from] {
            if !self.by_id.contains_key(id) {
                return Err(MergeError::Missing { id: id.to_owned() });
            }
        }
        if into == from {
            return Err(MergeError::Same { id: into.to_owned() });
        }
        let Some(source) = self.remove(from) else { return Ok(()) };
        for relation in self.concepts.iter_mut().flat_map(|concept| &mut concept.relations) {
            if relation.target == from {
                relation.target = into.to_owned();
            }
        }
        let Some(target) = self.get_mut(into) else { return Ok(()) };
        for mut section in source.languages {
            let known = target.languages.iter_mut().find(|known| known.lang == section.lang);
            match known {
                Some(known) => {
                    let texts: HashSet<String> =
                        known.terms.iter().map(|term| term.text.clone()).collect();
                    section.terms.retain(|term| !texts.contains(&term.text));
                    known.terms.append(&mut section.terms);
                    known.notes.append(&mut section.notes);
                    known.extra.append(&mut section.extra);
                    known.definition = known.definition.take().or(section.definition);
                }
                None => target.languages.push(section),
            }
        }
        target.definition = target.definition.take().or(source.definition);
        target.institution = target.institution.take().or(source.institution);
        extend_new(&mut target.domains, source.domains);
        extend_new(&mut target.sources, source.sources);
        extend_new(&mut target.notes, source.notes);
        extend_new(&mut target.images, source.images);
        extend_new(&mut target.relations, source.relations);
        target.relations.retain(|relation| relation.target != into);
        target.extra.extend(source.extra);
        Ok(())
    }

    /// The first concept of this id.
    pub fn get(&self, id: &str) -> Option<&Concept> {
        self.by_id.get(id).map(|&at| &self.concepts[at])
    }

    /// The first concept of this id, to change it. Its id must stay what it is: use
    /// [`remove`](Termbase::remove) and [`add`](Termbase::add) to change that.
    pub fn get_mut(&mut self, id: &str) -> Option<&mut Concept> {
        self.by_id.get(id).map(|&at| &mut self.concepts[at])
    }

    /// The concepts, in order.
    pub fn concepts(&self) -> &[Concept] {
        &self.concepts
    }

    /// The concepts themselves, in order.
    pub fn into_concepts(self) -> Vec<Concept> {
        self.concepts
    }

    /// The number of concepts.
    pub fn len(&self) -> usize {
        self.concepts.len()
    }

    /// Whether there is no concept.
    pub fn is_empty(&self) -> bool {
        self.concepts.is_empty()
    }

    /// The terms of a language, its varieties and the language it is a variety of, with the place
    /// they stand at, in order.
    pub fn terms<'t>(&'t self, lang: &'t Lang) -> impl Iterator<Item = (TermRef, &'t Term)> {
        self.concepts.iter().enumerate().flat_map(move |(concept, entry)| {
            let sections = entry.languages.iter().enumerate();
            sections.filter(|(_, section)| section.serves(lang)).flat_map(
                move |(language, section)| {
                    section.terms.iter().enumerate().map(move |(term, entry)| {
                        let at = TermRef {
                            concept: concept as u32,
                            language: language as u32,
                            term: term as u32,
                        };
                        (at, entry)
                    })
                },
            )
        })
    }

    /// The term at a place, with its concept.
    ///
    /// # Panics
    ///
    /// If the place is not one of this termbase.
    pub fn term(&self, at: TermRef) -> (&Concept, &Term) {
        let concept = &self.concepts[at.concept as usize];
        (concept, &concept.languages[at.language as usize].terms[at.term as usize])
    }

    /// The concepts that relations of one kind lead to from a concept, directly or over others,
    /// nearest first. Each comes once, the concept itself never: circles end. Ids without a
    /// concept are left out.
    pub fn follow(&self, id: &str, kind: &RelationKind) -> Vec<&Concept> {
        let mut seen = HashSet::from([id]);
        let mut queue = VecDeque::from_iter(self.get(id));
        let mut found = Vec::new();
        while let Some(concept) = queue.pop_front() {
            for relation in concept.relations.iter().filter(|relation| relation.kind == *kind) {
                if let Some(next) = self.get(&relation.target)
                    && seen.insert(&next.id)
                {
                    found.push(next);
                    queue.push_back(next);
                }
            }
        }
        found
    }
}

impl FromIterator<Concept> for Termbase {
    fn from_iter<I: IntoIterator<Item = Concept>>(concepts: I) -> Termbase {
        let mut base = Termbase::new();
        base.extend(concepts);
        base
    }
}

impl Extend<Concept> for Termbase {
    fn extend<I: IntoIterator<Item = Concept>>(&mut self, concepts: I) {
        concepts.into_iter().for_each(|concept| self.add(concept));
    }
}

fn extend_new<T: PartialEq>(list: &mut Vec<T>, more: Vec<T>) {
    for item in more {
        if !list.contains(&item) {
            list.push(item);
        }
    }
}

/// Why two concepts could not become one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MergeError {
    /// There is no concept of this id.
    #[error("there is no concept `{id}`; look the id up in the termbase")]
    Missing {
        /// The id.
        id: String,
    },
    /// Both are the same concept.
    #[error("`{id}` can not be merged into itself; name two concepts")]
    Same {
        /// The id.
        id: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::term::Relation;

    fn concept(id: &str, broader: &[&str]) -> Concept {
        let relation = |target: &&str| Relation {
            kind: RelationKind::Broader,
            target: (*target).to_owned(),
            label: String::new(),
        };
        Concept { relations: broader.iter().map(relation).collect(), ..Concept::new(id) }
    }

    #[test]
    fn relations_in_a_circle_end() {
        let base = Termbase::from_iter([
            concept("a", &["b", "a", "nowhere"]),
            concept("b", &["c", "a"]),
            concept("c", &["a"]),
        ]);
        let ids: Vec<_> =
            base.follow("a", &RelationKind::Broader).iter().map(|found| &*found.id).collect();
        assert_eq!(ids, ["b", "c"]);
    }

    #[test]
    fn an_id_that_comes_twice_keeps_both_concepts() {
        let mut base = Termbase::from_iter([concept("a", &[]), concept("a", &["b"])]);
        assert_eq!(base.len(), 2);
        assert!(base.get("a").unwrap().relations.is_empty());
        base.remove("a");
        assert_eq!(base.get("a").unwrap().relations.len(), 1);
    }

    #[test]
    fn merging_moves_terms_and_redirects_relations() {
        let mut base =
            Termbase::from_iter([concept("a", &["b"]), concept("b", &["c"]), concept("c", &["b"])]);
        for (id, texts) in [("a", ["x", "y"]), ("b", ["y", "z"])] {
            for text in texts {
                base.get_mut(id).unwrap().add(Lang::FR, Term::new(text));
            }
        }
        base.merge("a", "b").unwrap();
        let merged = base.get("a").unwrap();
        let texts: Vec<_> = merged.terms(&Lang::FR).map(|term| &*term.text).collect();
        assert_eq!(texts, ["x", "y", "z"]);
        assert_eq!(merged.relations, concept("a", &["c"]).relations);
        assert_eq!(base.get("c").unwrap().relations[0].target, "a");
        assert!(base.merge("a", "a").is_err());
        assert!(base.merge("a", "b").is_err());
    }
}
