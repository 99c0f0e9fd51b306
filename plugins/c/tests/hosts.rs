//! The examples, run by what they are written for.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const TMX: &str = r#"<tmx version="1.4"><header srclang="fr"/><body>
<tu><tuv xml:lang="fr"><seg>La contribution s’élève à 1 250 euros.</seg></tuv>
<tuv xml:lang="en"><seg>The contribution amounts to 1,250 euros.</seg></tuv></tu>
<tu><tuv xml:lang="fr"><seg>La séance est levée.</seg></tuv>
<tuv xml:lang="en"><seg>The meeting rose.</seg></tuv></tu></body></tmx>"#;

const GLOSSARY: &str = "concept,fr,en\n\
    c,contribution,assessed contribution\n";

const QUERY: &str = "La contribution s’élève à 1 375 euros.";
const SUGGESTED: &str = "The contribution amounts to 1,375 euros.";

/// Where the libraries are: beside this test.
fn libraries() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    test.parent().unwrap().to_owned()
}

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// A folder with a memory in it.
fn scratch() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("m.tmx"), TMX).unwrap();
    std::fs::write(folder.path().join("terms.csv"), GLOSSARY).unwrap();
    folder
}

/// The arguments of every example, and what each prints of them.
fn asked(command: &mut Command, folder: &Path, memory: &str) -> Output {
    run(command.arg(folder.join(memory)).arg(QUERY).arg(folder.join("terms.csv")))
}

fn is_right(output: &Output) {
    let out = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{output:?}");
    assert!(out.contains(SUGGESTED), "{out}");
    assert!(out.contains("contribution: assessed contribution"), "{out}");
}

fn is_missing(output: &Output) {
    assert!(!output.status.success(), "{output:?}");
    assert!(
        String::from_utf8_lossy(&output.stderr).contains("there is no such memory"),
        "{output:?}"
    );
}

/// Whether a program is there; where there must be all, none may be missing.
fn has(program: &str) -> bool {
    let there = Command::new(program).arg("--version").output().is_ok();
    assert!(there || std::env::var_os("CI").is_none(), "{program} is not installed");
    if !there {
        eprintln!("skipped: {program} is not installed");
    }
    there
}

/// The same for a file.
fn is_there(path: &str) -> bool {
    let there = Path::new(path).exists();
    assert!(there || std::env::var_os("CI").is_none(), "{path} is not installed");
    if !there {
        eprintln!("skipped: {path} is not installed");
    }
    there
}

fn run(command: &mut Command) -> Output {
    command.env("LD_LIBRARY_PATH", libraries());
    command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"))
}

fn succeeds(command: &mut Command) -> String {
    let output = run(command);
    assert!(output.status.success(), "{command:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

fn compile(folder: &Path, example: &str, static_library: bool) -> PathBuf {
    let program = folder.join(example).with_extension("");
    let mut command = Command::new("gcc");
    command.args(["-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic", "-g", "-o"]);
    command.arg(&program).arg("-I").arg(here("")).arg(here("examples").join(example));
    match static_library {
        // What the Rust library needs of the system.
        true => command.arg(libraries().join("libchancery_c.a")).args(["-lm", "-lpthread", "-ldl"]),
        false => command.arg("-L").arg(libraries()).arg("-lchancery_c"),
    };
    succeeds(&mut command);
    program
}

#[test]
fn from_c_without_a_leak() {
    if !has("gcc") || !has("valgrind") {
        return;
    }
    let folder = scratch();
    let program = compile(folder.path(), "lookup.c", false);
    let valgrind = |memory: &str| {
        let mut command = Command::new("valgrind");
        command.args(["-q", "--error-exitcode=9", "--leak-check=full", "--num-callers=6"]);
        // What the library keeps for the next call is pointed to by its middle, which counts as
        // possibly lost.
        command.args(["--show-leak-kinds=definite,indirect"]);
        command.args(["--errors-for-leak-kinds=definite,indirect"]);
        asked(command.arg(&program), folder.path(), memory)
    };
    let output = valgrind("m.tmx");
    is_right(&output);
    let out = String::from_utf8(output.stdout).unwrap();
    assert!(out.contains("· number: 1 375, stored 1 250"), "{out}");
    assert!(out.contains("! ") && out.contains("(in 1 units)"), "{out}");
    let output = valgrind("none.tmx");
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    is_missing(&output);
}

#[test]
fn from_c_linked_statically() {
    if !has("gcc") {
        return;
    }
    let folder = scratch();
    let program = compile(folder.path(), "lookup.c", true);
    is_right(&asked(&mut Command::new(program), folder.path(), "m.tmx"));
}

#[test]
fn from_python() {
    if !has("python3") {
        return;
    }
    let folder = scratch();
    let lookup = |memory: &str| {
        let mut command = Command::new("python3");
        command.env("PYTHONIOENCODING", "utf-8").arg(here("examples/lookup.py"));
        asked(command.arg(libraries().join("libchancery_c.so")), folder.path(), memory)
    };
    let output = lookup("m.tmx");
    is_right(&output);
    let out = String::from_utf8_lossy(&output.stdout);
    assert!(out.contains("revision 2") && out.contains("\n! "), "{out}");
    is_missing(&lookup("none.tmx"));
}

#[test]
fn from_c_sharp() {
    if !has("mcs") || !has("mono") {
        return;
    }
    let folder = scratch();
    let program = folder.path().join("Lookup.exe");
    succeeds(
        Command::new("mcs")
            .arg(format!("-out:{}", program.display()))
            .arg(here("examples/Lookup.cs")),
    );
    let lookup = |memory| asked(Command::new("mono").arg(&program), folder.path(), memory);
    let output = lookup("m.tmx");
    is_right(&output);
    assert!(String::from_utf8_lossy(&output.stdout).contains("\n! "), "{output:?}");
    is_missing(&lookup("none.tmx"));
}

#[test]
fn from_groovy() {
    const JNA: &str = "/usr/share/java/jna.jar";
    if !has("groovy") || !has("gcc") || !is_there(JNA) {
        return;
    }
    let folder = scratch();
    let lookup = |memory, times: &[&str]| {
        let mut command = Command::new("groovy");
        command.args(["-cp", JNA]).arg(here("examples/lookup.groovy"));
        command.arg(libraries().join("libchancery_c.so"));
        command.arg(folder.path().join(memory)).arg(QUERY).arg(folder.path().join("terms.csv"));
        run(command.args(times))
    };
    is_missing(&lookup("none.tmx", &[]));
    let output = lookup("m.tmx", &["2000"]);
    is_right(&output);
    let program = compile(folder.path(), "timing.c", false);
    let timed =
        succeeds(Command::new(program).arg(folder.path().join("m.tmx")).args([QUERY, "2000"]));
    let nanoseconds = |out: &str| -> f64 {
        let (_, time) = out.rsplit_once("quickest tenth: ").expect("it was timed");
        time.trim().trim_end_matches(" ns").parse().unwrap()
    };
    let (own, through) =
        (nanoseconds(&timed), nanoseconds(&String::from_utf8_lossy(&output.stdout)));
    // Said, not judged: how long things take here depends on what else is done.
    eprintln!("a lookup: {:.1} µs, through JNA {:.1} µs", own / 1e3, through / 1e3);
}
