//! Where the data for corpus checks is.

use std::path::{Path, PathBuf};

/// A file or folder of the data set that checks run against, or nothing where it is not installed.
///
/// The data lies beside the checkout, in `../shared/data`, or where `CHANCERY_DATA` says. Where
/// there is none, a check says that it is skipped and succeeds, except on a machine with `CI` set:
/// there `CHANCERY_DATA_OPTIONAL` must allow it.
pub(crate) fn data(name: &str) -> Option<PathBuf> {
    let root = std::env::var_os("CHANCERY_DATA").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data"),
        PathBuf::from,
    );
    let path = root.join(name);
    if path.exists() {
        return Some(path);
    }
    assert!(
        std::env::var_os("CI").is_none() || std::env::var_os("CHANCERY_DATA_OPTIONAL").is_some(),
        "{} is missing; set CHANCERY_DATA, or CHANCERY_DATA_OPTIONAL to go without",
        path.display()
    );
    eprintln!("skipped: {} is not there", path.display());
    None
}
