//! `serve`, from the first line to the signal that ends it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use super::Shell;

const TMX: &str = r#"<tmx version="1.4"><header srclang="fr"/><body><tu>
<tuv xml:lang="fr"><seg>Oui.</seg></tuv><tuv xml:lang="en"><seg>Yes.</seg></tuv>
</tu></body></tmx>"#;

/// Starts it on a free port, and gives its address.
fn serve(shell: &Shell, arguments: &[&str]) -> (Child, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_chancery"))
        .args(["serve", "--listen", "127.0.0.1:0"])
        .args(arguments)
        .current_dir(shell.folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    let mut err = BufReader::new(child.stderr.take().expect("a pipe"));
    let address = loop {
        let mut line = String::new();
        assert!(err.read_line(&mut line).expect("text") > 0, "it ended before it listened");
        if let Some((_, rest)) = line.split_once("http://") {
            break rest.split('/').next().unwrap_or_default().to_owned();
        }
    };
    // The pipe is kept open, or its last word would fail.
    child.stderr = Some(err.into_inner());
    (child, address)
}

fn ask(address: &str, method: &str, path: &str, headers: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("it listens");
    let length = body.len();
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{headers}\
         Content-Length: {length}\r\n\r\n{body}"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[cfg(unix)]
fn end(mut child: Child) -> String {
    let id = child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    let mut out = String::new();
    child.stdout.take().unwrap().read_to_string(&mut out).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    out
}

#[cfg(unix)]
#[test]
fn what_a_client_adds_is_in_the_memory_after_the_end() {
    let shell = Shell::new();
    shell.write("first.tmx", TMX);
    shell.output(["import", "m.chancery", "first.tmx"]);
    shell.write("tokens", "# for the team\nread 0123456789abcdef\nwrite fedcba9876543210\n");
    let (child, address) =
        serve(&shell, &["m.chancery", "--tokens", "tokens", "--author", "weblate", "--log"]);
    let token = "Authorization: Bearer fedcba9876543210\r\n";
    let answer = ask(&address, "GET", "/tmserver/fr/en/unit/Oui.", token, "");
    assert!(answer.contains(r#""quality":100.0"#), "{answer}");
    let none = ask(&address, "GET", "/tmserver/fr/en/unit/Oui.", "", "");
    assert!(none.starts_with("HTTP/1.1 401 ") && !none.contains("Yes"), "{none}");
    ask(&address, "PUT", "/tmserver/fr/en/unit/Non.", token, r#"{"target": "No."}"#);
    let log = end(child);
    assert_eq!(log.lines().count(), 3, "{log}");
    assert!(!log.contains("Oui") && !log.contains("fedcba"), "{log}");
    assert!(shell.output(["lookup", "m.chancery", "Non."]).contains("No."));
    assert!(shell.output(["history", "m.chancery"]).contains("weblate"));
}

#[cfg(unix)]
#[test]
fn a_file_is_served_for_reading_only() {
    let shell = Shell::new();
    shell.write("first.tmx", TMX);
    let (child, address) = serve(&shell, &["first.tmx"]);
    let answer = ask(&address, "GET", "/api/v1/fr/en/unit/Oui.", "", "");
    assert!(answer.contains("Yes."), "{answer}");
    let refused = ask(&address, "PUT", "/api/v1/fr/en/unit/Non.", "", r#"{"target": "No."}"#);
    assert!(refused.contains("read-only"), "{refused}");
    end(child);
    assert_eq!(shell.read("first.tmx"), TMX);
}

#[test]
fn what_can_not_be_served_is_said() {
    let shell = Shell::new();
    shell.write("first.tmx", TMX);
    shell.write("weak", "read short\n");
    shell.write("wrong", "all 0123456789abcdef\n");
    shell.write("none", "# nothing\n");
    for (arguments, says) in [
        (&["no.chancery"][..], "no such memory"),
        (&["first.tmx", "--listen", "0.0.0.0:0"], "give tokens"),
        (&["first.tmx", "--listen", "here"], "--listen"),
        (&["first.tmx", "--tokens", "weak"], "weak: line 1: a token needs"),
        (&["first.tmx", "--tokens", "wrong"], "wrong: line 1: write `read TOKEN`"),
        (&["first.tmx", "--tokens", "none"], "there is no token"),
        (&["first.tmx", "--guarded-below", "99"], "--guarded-below"),
    ] {
        let done = shell.run(["serve"].iter().chain(arguments));
        assert_eq!(done.status, 2, "{done:?}");
        assert!(done.err.contains(says), "{done:?}");
        assert!(!done.err.contains("0123456789abcdef"), "{done:?}");
    }
}
