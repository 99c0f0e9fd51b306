//! Bad input: a clear error, status 2, and nothing lost or half written.

use super::{Shell, sample};

/// Runs a command that can not be done, and gives what it says.
fn refused(shell: &Shell, arguments: &[&str]) -> String {
    let done = shell.run(arguments);
    assert_eq!((done.status, done.out.as_str()), (2, ""), "{done:#?}");
    done.err
}

#[test]
fn files_that_are_no_text_are_named() {
    let shell = Shell::new();
    let en = sample("communique.en.txt");
    shell.write("empty.txt", "");
    shell.write("blank.txt", " \n\t\n");
    shell.write("binary.txt", [0x7f, b'E', b'L', b'F', 0, 0, 1, 0, 0, 0]);
    shell.write("latin1.txt", b"Le d\xe9l\xe9gu\xe9 est arriv\xe9.");
    for (file, says) in [
        ("missing.txt", "no such file"),
        (".", "directory"),
        ("empty.txt", "no text"),
        ("blank.txt", "no text"),
        ("binary.txt", "binary"),
        ("latin1.txt", "iconv"),
    ] {
        for arguments in [vec!["segment", file], vec!["align", file, &en, "-o", "x.tmx"]] {
            let err = refused(&shell, &arguments);
            assert!(err.contains(file) && err.contains(says), "{file}: {err}");
        }
    }
    assert!(!shell.path("x.tmx").exists());
}

#[test]
fn utf16_is_read_with_and_without_a_mark() {
    let shell = Shell::new();
    let text = "Le délégué est arrivé. La séance est ouverte.";
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut big = vec![0xfe, 0xff];
    big.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
    for bytes in [little, big] {
        shell.write("x.txt", bytes);
        let out = shell.output(["segment", "x.txt"]);
        assert_eq!(out, "Le délégué est arrivé.\nLa séance est ouverte.\n");
    }
}

#[test]
fn what_was_there_before_survives_a_failure() {
    let shell = Shell::new();
    shell.write("x.tmx", "precious");
    let before = shell.files();
    let (fr, en) = (sample("communique.fr.txt"), sample("communique.en.txt"));
    refused(&shell, &["align", &fr, "missing.txt", "-o", "x.tmx"]);
    refused(&shell, &["align", &fr, &en, "-o", "x.doc"]);
    refused(&shell, &["align", &fr, &en, "--source", "f r", "-o", "x.tmx"]);
    refused(&shell, &["align", &fr, &en, "-o", "no/such/folder/x.tmx"]);
    assert_eq!(shell.files(), before);
    assert_eq!(shell.read("x.tmx"), "precious");
}

#[test]
fn a_language_tag_that_is_none_is_refused_with_what_to_write() {
    let err = refused(&Shell::new(), &["segment", &sample("comment.fr.txt"), "--lang", "fr en"]);
    assert!(err.contains("fr en"), "{err}");
}

#[test]
fn a_cut_off_tmx_names_the_line() {
    let shell = Shell::new();
    let (fr, en) = (sample("comment.fr.txt"), sample("comment.en.txt"));
    shell.output(["align", &fr, &en, "-o", "x.tmx"]);
    let whole = shell.read("x.tmx");
    let cut: String = whole.chars().take(whole.chars().count() / 2).collect();
    shell.write("cut.tmx", &cut);
    let last = cut.lines().count();
    let err = refused(&shell, &["lookup", "cut.tmx", "Les ministres"]);
    let line: usize = err.split(':').nth(2).unwrap().parse().unwrap();
    assert!(err.contains("cut.tmx") && (last..=last + 1).contains(&line), "{last}: {err}");
    refused(&shell, &["import", "new.tmx", "cut.tmx"]);
    assert!(!shell.path("new.tmx").exists());
}
