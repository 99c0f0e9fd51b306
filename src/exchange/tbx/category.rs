//! The data categories of the public modules: where each may stand, and what it may say.

use super::TbxDialect;

/// Where in a concept something is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Level {
    Concept,
    Language,
    Term,
}

/// A module of TBX version 3: a set of data categories.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Module {
    Min,
    Basic,
    Linguist,
}

/// A data category.
#[derive(Debug)]
pub(super) struct Category {
    /// The value of `type`, and the local name of the tag in style DCT.
    pub(super) name: &'static str,
    /// The element that has it in style DCA.
    pub(super) element: &'static str,
    pub(super) module: Module,
    levels: &'static [Level],
    /// What it may say; empty for any text.
    values: &'static [&'static str],
}

impl Category {
    pub(super) fn allowed_at(&self, level: Level) -> bool {
        self.levels.contains(&level)
    }

    pub(super) fn allows(&self, value: &str) -> bool {
        self.values.is_empty() || self.values.contains(&value)
    }

    /// Whether the dialect has it.
    pub(super) fn is_in(&self, dialect: TbxDialect) -> bool {
        match dialect {
            TbxDialect::Private | TbxDialect::V2 => true,
            TbxDialect::Core => false,
            // The module lists it, the integrated schema of the dialect does not.
            TbxDialect::Min if self.name == "externalCrossReference" => false,
            TbxDialect::Min | TbxDialect::MinDct => self.module == Module::Min,
            TbxDialect::Basic | TbxDialect::BasicDct => self.module != Module::Linguist,
        }
    }

    /// The prefix of its tag in style DCT.
    pub(super) fn prefix(&self) -> &'static str {
        match self.module {
            Module::Min => "min",
            Module::Basic => "basic",
            Module::Linguist => "ling",
        }
    }
}

/// The category of this name.
pub(super) fn by_name(name: &str) -> Option<&'static Category> {
    CATEGORIES.iter().find(|category| category.name == name)
}

const CONCEPT: &[Level] = &[Level::Concept];
const TERM: &[Level] = &[Level::Term];
const NOT_LANGUAGE: &[Level] = &[Level::Concept, Level::Term];
const NOT_TERM: &[Level] = &[Level::Concept, Level::Language];
const ALL: &[Level] = &[Level::Concept, Level::Language, Level::Term];

macro_rules! categories {
    ($($module:ident $element:ident $name:ident $levels:ident [$($value:literal)*];)*) => {
        /// ISO 30042:2019, as the descriptions of the modules (TBXMD) of the dialects give them.
        static CATEGORIES: &[Category] = &[$(Category {
            name: stringify!($name),
            element: stringify!($element),
            module: Module::$module,
            levels: $levels,
            values: &[$($value),*],
        }),*];
    };
}

categories! {
    Min termNote administrativeStatus TERM ["admittedTerm-admn-sts" "deprecatedTerm-admn-sts"
        "supersededTerm-admn-sts" "preferredTerm-admn-sts"];
    Min admin customerSubset NOT_LANGUAGE [];
    Min xref externalCrossReference ALL [];
    Min termNote partOfSpeech TERM ["adjective" "noun" "other" "verb" "adverb"];
    Min descrip subjectField CONCEPT [];
    Basic descrip context TERM [];
    Basic ref crossReference NOT_LANGUAGE [];
    Basic descrip definition NOT_TERM [];
    Basic termNote geographicalUsage TERM [];
    Basic termNote grammaticalGender TERM ["masculine" "feminine" "neuter" "other"];
    Basic admin projectSubset NOT_LANGUAGE [];
    Basic transacNote responsibility ALL [];
    Basic admin source ALL [];
    Basic termNote termLocation TERM ["checkBox" "comboBox" "comboBoxElement" "dialogBox"
        "groupBox" "informativeMessage" "interactiveMessage" "menuItem" "progressBar" "pushButton"
        "radioButton" "slider" "spinBox" "tab" "tableText" "textBox" "toolTip" "user-definedType"];
    Basic termNote termType TERM ["fullForm" "acronym" "abbreviation" "shortForm" "variant"
        "phrase"];
    Basic transac transactionType ALL ["origination" "modification"];
    Basic xref xGraphic NOT_TERM [];
    Linguist admin reading TERM [];
    Linguist adminNote readingNote TERM [];
    Linguist termNote grammaticalNumber TERM [];
    Linguist termNote register TERM [];
    Linguist termNote transferComment TERM [];
}
