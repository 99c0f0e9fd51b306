//! Packed files of the data set.

use std::process::Command;

use chancery::{Lang, Unit};

use crate::data::data;

/// The text of a packed file of the data set. Where there is no program to unpack it, a check says
/// that it is skipped and succeeds, except on a machine with `CI` set.
pub(crate) fn unpacked(name: &str) -> Option<String> {
    let path = data(name)?;
    match Command::new("xz").arg("-dc").arg(path).output() {
        Ok(output) => {
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            Some(String::from_utf8(output.stdout).expect("the data set is UTF-8"))
        }
        Err(cause) => {
            assert!(std::env::var_os("CI").is_none(), "xz is missing: {cause}");
            eprintln!("skipped: there is no xz to unpack {name} with");
            None
        }
    }
}

/// The French and English units of the data set, and sentences that are not among them.
pub(crate) fn units_and_queries() -> Option<(Vec<Unit>, Vec<String>)> {
    let (units, queries) = (unpacked("tm/fr-en.tsv.xz")?, data("tm/queries.tsv")?);
    let queries = std::fs::read_to_string(queries).unwrap();
    let pairs = |text: &'_ str| -> Vec<(String, String)> {
        let pairs = text.lines().filter_map(|line| line.split_once('\t'));
        pairs.map(|(one, other)| (one.to_owned(), other.to_owned())).collect()
    };
    let unit = |(fr, en): (String, String)| Unit::pair((Lang::FR, &*fr), (Lang::EN, &*en));
    let units = pairs(&units).into_iter().map(unit).collect();
    Some((units, pairs(&queries).into_iter().map(|(source, _)| source).collect()))
}
