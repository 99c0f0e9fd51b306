//! The header says what the code does.

use std::collections::BTreeMap;

const HEADER: &str = include_str!("../chancery.h");
const SOURCES: [&str; 8] = [
    include_str!("../src/change.rs"),
    include_str!("../src/check.rs"),
    include_str!("../src/concordance.rs"),
    include_str!("../src/lookup.rs"),
    include_str!("../src/memory.rs"),
    include_str!("../src/phrase.rs"),
    include_str!("../src/status.rs"),
    include_str!("../src/terms.rs"),
];

/// What a function takes and gives: the types, in the words of C.
type Functions = BTreeMap<String, Vec<String>>;

/// The functions of the header.
fn declared() -> Functions {
    let mut code = String::new();
    for (nth, part) in HEADER.split("/*").enumerate() {
        code += if nth == 0 { part } else { part.split_once("*/").expect("a comment ends").1 };
    }
    let prototypes = code.split(';').filter_map(|statement| {
        let (before, parameters) = statement.trim().rsplit('\n').next()?.split_once('(')?;
        let (gives, name) = split_name(before);
        let parameters = parameters.trim_end_matches(')');
        let mut types = vec![gives];
        if parameters != "void" {
            types.extend(parameters.split(',').map(|parameter| split_name(parameter).0));
        }
        Some((name, types.iter().map(|each| plain(each)).collect()))
    });
    prototypes.collect()
}

/// A type and the name that follows it.
fn split_name(declaration: &str) -> (String, String) {
    let declaration = declaration.trim();
    let at = declaration.rfind(|c: char| !c.is_alphanumeric() && c != '_').expect("a type") + 1;
    (declaration[..at].trim().to_owned(), declaration[at..].to_owned())
}

/// A type without the names that only say what it is for.
fn plain(declared: &str) -> String {
    let mut plain = declared.to_owned();
    let handles = ["memory", "matches", "phrases", "lines", "termbase", "hits", "findings"];
    for handle in handles.into_iter().chain(["unit", "error"]) {
        plain = plain.replace(&format!("chancery_{handle}"), "uint64_t");
    }
    plain.replace("chancery_status", "int32_t")
}

/// The functions of the code.
fn defined() -> Functions {
    let in_c = |rust: &str| {
        let c = match rust.trim() {
            "u32" => "uint32_t",
            "i32" | "Status" => "int32_t",
            "u64" => "uint64_t",
            "usize" => "size_t",
            "f64" => "double",
            "*mut u64" => "uint64_t *",
            "*mut usize" => "size_t *",
            "*const c_char" => "const char *",
            "*const LookupOptions" => "const chancery_lookup_options *",
            other => panic!("a type without a word in C: {other}"),
        };
        c.to_owned()
    };
    let mut functions = Functions::new();
    for source in SOURCES {
        for function in source.split("extern \"C\" fn ").skip(1) {
            let (name, rest) = function.split_once('(').expect("parameters");
            let (parameters, rest) = rest.split_once(')').expect("their end");
            let gives = rest.split_once("-> ").expect("a type").1.split(" {").next().unwrap();
            let types = parameters.split(',').map(str::trim).filter(|each| !each.is_empty());
            let types = types.map(|each| in_c(each.split_once(": ").expect("a type").1));
            let types: Vec<String> = std::iter::once(in_c(gives)).chain(types).collect();
            match name {
                "$name" => {
                    let (_, uses) = source.split_once("\ntexts! {").expect("its use");
                    let names = uses.split('}').next().unwrap().lines();
                    for name in names.filter_map(|line| line.trim().split_once(':')) {
                        functions.insert(name.0.to_owned(), types.clone());
                    }
                }
                _ => _ = functions.insert(name.to_owned(), types),
            }
        }
    }
    functions
}

#[test]
fn every_function_is_declared_as_it_is_defined() {
    let (declared, defined) = (declared(), defined());
    assert!(defined.len() >= 20, "{defined:#?}");
    assert_eq!(declared, defined);
}

#[test]
fn every_constant_has_its_value() {
    let mut constants = BTreeMap::new();
    for line in HEADER.lines().filter_map(|line| line.strip_prefix("#define ")) {
        if let Some((name, value)) = line.split_once(' ') {
            constants.insert(name.to_owned(), value.to_owned());
        }
    }
    let mut coded = BTreeMap::new();
    for line in SOURCES.iter().flat_map(|source| source.lines()) {
        let constant = line.strip_prefix("pub const ").and_then(|line| line.split_once(" = "));
        if let Some((name, value)) = constant {
            let name = name.split(':').next().unwrap().to_owned();
            coded.insert(name, value.trim_end_matches(';').to_owned());
        }
    }
    assert_eq!(constants, coded);
}

#[test]
fn the_options_are_laid_out_alike() {
    let (_, rest) = HEADER.split_once("typedef struct chancery_lookup_options {").unwrap();
    let fields: Vec<&str> = rest.split('}').next().unwrap().lines().map(str::trim).collect();
    let fields: Vec<&str> = fields.into_iter().filter(|line| line.ends_with(';')).collect();
    let coded = ["size_t size;", "double threshold;", "size_t limit;", "double guard;"];
    assert_eq!(fields[..4], coded);
    assert_eq!(fields[4..], ["uint64_t milliseconds;"]);
    assert_eq!(size_of::<chancery_c::LookupOptions>(), 2 * size_of::<usize>() + 24);
}
