//! Where the data for corpus checks is.

use std::path::{Path, PathBuf};
use std::process::Command;

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
