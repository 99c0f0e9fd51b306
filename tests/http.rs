//! The server, asked as clients ask it: over a connection, byte by byte.

mod access;
mod alignment;
mod amagama;
mod api;
mod bad_input;
mod browser;
mod page;

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use chancery::http::{Access, HttpError, Server, ServerLimits, Stopper};
use chancery::memory::Memory;
use chancery::{Lang, Unit};
use serde_json::Value;

/// A server that runs until it is dropped.
struct Running {
    address: SocketAddr,
    stopper: Stopper,
    thread: Option<JoinHandle<Result<(), HttpError>>>,
    log: Arc<Mutex<Vec<String>>>,
}

/// Some sentences; the second differs from the first in its meaning, the third in a number.
fn memory() -> Memory {
    let memory = Memory::new();
    let pairs = [
        ("La séance est levée à 18 heures.", "The meeting rose at 6 p.m."),
        (
            "Les deux Parties s’engagent à publier les résultats de l’enquête.",
            "Both Parties undertake to publish the results of the investigation.",
        ),
        ("La contribution s’élève à 1 250 euros.", "The contribution amounts to 1,250 euros."),
        ("Voir le document A/RES/76/1.", "See document A/RES/76/1."),
        ("La séance est suspendue.", "The meeting is suspended."),
    ];
    let units = pairs.map(|(fr, en)| Unit::pair((Lang::FR, fr), (Lang::EN, en)));
    memory.add(units).expect("they are taken");
    memory
}

impl Running {
    fn new() -> Running {
        Running::with(|server| server)
    }

    fn with(set: impl FnOnce(Server) -> Server) -> Running {
        Running::of(set(Server::new("ministry", memory())))
    }

    fn limited(limits: ServerLimits) -> Running {
        Running::with(|server| server.limits(limits))
    }

    fn guarded(access: Access) -> Running {
        Running::with(|server| server.access(access))
    }

    fn of(server: Server) -> Running {
        let log = Arc::new(Mutex::new(Vec::new()));
        let lines = Arc::clone(&log);
        let bound = server
            .log(move |line| lines.lock().expect("the log").push(line.to_owned()))
            .bind("127.0.0.1:0".parse().expect("an address"))
            .expect("a free port");
        let (address, stopper) = (bound.address(), bound.stopper());
        let thread = Some(std::thread::spawn(move || bound.run()));
        Running { address, stopper, thread, log }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).expect("it listens");
        stream.set_read_timeout(Some(Duration::from_secs(60))).expect("a time limit");
        stream
    }

    /// Sends bytes, and gives what comes back until the connection ends.
    fn raw(&self, request: impl AsRef<[u8]>) -> String {
        let mut stream = self.connect();
        // The server may have heard enough before all is sent, and may break off then.
        let _ = stream.write_all(request.as_ref());
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    }

    fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut request = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\n");
        if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host")) {
            request += &format!("Host: {}\r\n", self.address);
        }
        for (name, value) in headers {
            request += &format!("{name}: {value}\r\n");
        }
        request += &format!("Content-Length: {}\r\n\r\n{body}", body.len());
        Answer::parse(&self.raw(request))
    }

    fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], "")
    }

    fn post(&self, path: &str, body: Value) -> Answer {
        self.send("POST", path, &[("Content-Type", "application/json")], &body.to_string())
    }

    fn logged(&self) -> String {
        self.log.lock().expect("the log").join("\n")
    }

    /// Asks for what is in the memory, which shows that it still serves.
    fn still_serves(&self) {
        let answer = self.get("/tmserver/fr/en/unit/La%20s%C3%A9ance%20est%20suspendue.");
        assert_eq!(answer.json()[0]["quality"], 100.0, "{answer:?}");
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stopper.stop();
        let ended = self.thread.take().map(JoinHandle::join);
        if !std::thread::panicking() {
            assert!(matches!(ended, Some(Ok(Ok(())))), "{ended:?}");
        }
    }
}

/// What came back.
#[derive(Debug)]
struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Answer {
    fn parse(raw: &str) -> Answer {
        let (head, body) = raw.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{raw:?}"));
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
        Answer {
            status: status.unwrap_or_else(|| panic!("{raw:?}")),
            head: head.to_ascii_lowercase(),
            body: body.to_owned(),
        }
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }

    /// The body of an answer that says yes.
    fn json(&self) -> Value {
        assert_eq!(self.status, 200, "{self:?}");
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The status and the code of an answer that says no.
    fn refused(&self) -> (u16, String) {
        let body: Value = serde_json::from_str(&self.body).unwrap_or_default();
        let code = body["error"]["code"].as_str().unwrap_or_else(|| panic!("{self:?}"));
        (self.status, code.to_owned())
    }
}

#[test]
fn it_stops_when_told_and_finishes_what_is_open() {
    let running = Running::new();
    let mut open = running.connect();
    let body = r#"{"text":"La séance est suspendue."}"#;
    let head = format!(
        "POST /api/lookup HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n",
        running.address,
        body.len()
    );
    open.write_all(head.as_bytes()).unwrap();
    // The server has the head once it is at work on the request; then it is told to stop.
    std::thread::sleep(Duration::from_millis(200));
    running.stopper.stop();
    std::thread::sleep(Duration::from_millis(200));
    open.write_all(body.as_bytes()).unwrap();
    let mut answer = String::new();
    open.read_to_string(&mut answer).unwrap();
    assert!(Answer::parse(&answer).json()["matches"][0]["score"] == 100.0, "{answer}");
    assert!(TcpStream::connect(running.address).is_err());
}

#[test]
fn the_log_tells_of_each_request_without_its_text() {
    let running = Running::new();
    running.get("/tmserver/fr/en/unit/Un%20secret%20d%E2%80%99%C3%89tat.?min_similarity=50");
    running.post("/api/lookup", serde_json::json!({"text": "Un secret d’État."}));
    running.get("/a/secret/address");
    let logged = running.logged();
    assert!(!logged.contains("secret"), "{logged}");
    let lines: Vec<Value> =
        logged.lines().map(|line| serde_json::from_str(line).expect("an object")).collect();
    let routes: Vec<&str> = lines.iter().map(|line| line["route"].as_str().unwrap()).collect();
    assert_eq!(routes, ["amagama unit", "/api/lookup", "other"]);
    assert!(lines.iter().all(|line| line["ms"].is_number() && line["time"].is_string()));

    let running = Running::with(|server| server.log_text(true));
    running.get("/tmserver/fr/en/unit/secret");
    assert!(running.logged().contains("/tmserver/fr/en/unit/secret"));
}
