//! The examples, run by what they are written for.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const TMX: &str = r#"<tmx version="1.4"><header srclang="fr"/><body>
<tu><tuv xml:lang="fr"><seg>La contribution s’élève à 1 250 euros.</seg></tuv>
<tuv xml:lang="en"><seg>The contribution amounts to 1,250 euros.</seg></tuv></tu>
<tu><tuv xml:lang="fr"><seg>La séance est levée.</seg></tuv>
<tuv xml:lang="en"><seg>The meeting rose.</seg></tuv></tu></body></tmx>"#;

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
    folder
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

fn run(command: &mut Command) -> Output {
    command.env("LD_LIBRARY_PATH", libraries());
    command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"))
}

fn succeeds(command: &mut Command) -> String {
    let output = run(command);
    assert!(output.status.success(), "{command:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

fn compile(folder: &Path, static_library: bool) -> PathBuf {
    let program = folder.join("lookup");
    let mut command = Command::new("gcc");
    command.args(["-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic", "-g", "-o"]);
    command.arg(&program).arg("-I").arg(here("")).arg(here("examples/lookup.c"));
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
    let program = compile(folder.path(), false);
    let valgrind = |memory: &str| {
        let mut command = Command::new("valgrind");
        command.args(["-q", "--error-exitcode=9", "--leak-check=full", "--num-callers=6"]);
        // What the library keeps for the next call is pointed to by its middle, which counts as
        // possibly lost.
        command.args(["--show-leak-kinds=definite,indirect"]);
        command.args(["--errors-for-leak-kinds=definite,indirect"]);
        command.arg(&program).arg(folder.path().join(memory)).arg(QUERY);
        run(&mut command)
    };
    let output = valgrind("m.tmx");
    assert!(output.status.success(), "{output:?}");
    let out = String::from_utf8(output.stdout).unwrap();
    assert!(out.contains(SUGGESTED) && out.contains("number: 1 375, stored 1 250"), "{out}");
    let output = valgrind("none.tmx");
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stderr).contains("there is no such memory"));
}

#[test]
fn from_c_linked_statically() {
    if !has("gcc") {
        return;
    }
    let folder = scratch();
    let program = compile(folder.path(), true);
    let out = succeeds(Command::new(program).arg(folder.path().join("m.tmx")).arg(QUERY));
    assert!(out.contains(SUGGESTED), "{out}");
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
        command.arg(libraries().join("libchancery_c.so"));
        run(command.arg(folder.path().join(memory)).arg(QUERY))
    };
    let output = lookup("m.tmx");
    let out = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && out.contains(SUGGESTED), "{output:?}");
    assert!(out.contains("revision 2"), "{out}");
    let output = lookup("none.tmx");
    assert!(String::from_utf8_lossy(&output.stderr).contains("there is no such memory"));
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
    let lookup = |memory: &str| {
        run(Command::new("mono").arg(&program).arg(folder.path().join(memory)).arg(QUERY))
    };
    let output = lookup("m.tmx");
    let out = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && out.contains(SUGGESTED), "{output:?}");
    let output = lookup("none.tmx");
    assert!(String::from_utf8_lossy(&output.stderr).contains("there is no such memory"));
}
