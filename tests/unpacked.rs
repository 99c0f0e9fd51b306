//! Packed files of the data set.

use std::process::Command;

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
