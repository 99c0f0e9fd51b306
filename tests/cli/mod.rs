//! The command line, run as a person runs it: the contract of its output and exit status.

mod align;
mod bad_input;
mod check;
mod concordance;
mod memory;
mod phrase;
#[cfg(feature = "http")]
mod serve;
#[cfg(all(feature = "spreadsheet", feature = "sqlite"))]
mod table;
mod terms;
mod translate;

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// Runs the binary in a folder of its own.
struct Shell {
    folder: tempfile::TempDir,
}

/// What a command did.
#[derive(Debug)]
struct Done {
    status: i32,
    out: String,
    err: String,
}

impl Shell {
    fn new() -> Shell {
        Shell { folder: tempfile::tempdir().expect("a scratch folder") }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, content).expect("a file in the scratch folder");
        path
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// The names of the files in the folder, in order.
    fn files(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder.path()).expect("the scratch folder");
        let mut names: Vec<String> = entries
            .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    fn run<A: AsRef<std::ffi::OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Done {
        self.run_with_input(arguments, "")
    }

    fn run_with_input<A: AsRef<std::ffi::OsStr>>(
        &self,
        arguments: impl IntoIterator<Item = A>,
        input: &str,
    ) -> Done {
        use std::io::Write;
        let mut child = Command::new(env!("CARGO_BIN_EXE_chancery"))
            .args(arguments)
            .current_dir(self.folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary runs");
        // The command may end without reading its input.
        let _ = child.stdin.take().expect("a pipe").write_all(input.as_bytes());
        let Output { status, stdout, stderr } = child.wait_with_output().expect("the binary ends");
        Done {
            status: status.code().expect("an exit status"),
            out: String::from_utf8(stdout).expect("UTF-8"),
            err: String::from_utf8_lossy(&stderr).into_owned(),
        }
    }

    /// Runs a command that must succeed, and gives its standard output.
    fn output<A: AsRef<std::ffi::OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> String {
        let done = self.run(arguments);
        assert_eq!(done.status, 0, "{done:#?}");
        done.out
    }
}

/// A sample text of this project.
fn sample(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/texts").join(name);
    path.to_str().expect("a path in UTF-8").to_owned()
}
