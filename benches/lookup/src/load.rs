//! `chancery serve` under load: clients that type, then clients that do not wait.

use std::error::Error;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::random::Random;

/// How many clients ask, each over a connection of its own.
const CLIENTS: usize = 50;
/// Milliseconds between an answer and the next question of someone who types: at least, and how
/// many more at most.
const TYPING: (u64, u64) = (500, 1_000);
/// When the memory of the server is looked at first: what it needs for its work is there then.
const SETTLED: Duration = Duration::from_secs(10);

/// Asks a server that is started for it these queries, best 5 at 70, for so many seconds each way.
pub fn run(
    program: &str,
    store: &str,
    queries: &[(usize, String)],
    seconds: u64,
) -> Result<(), Box<dyn Error>> {
    let server = Server::start(program, store)?;
    let bodies: Vec<String> = queries.iter().map(|(_, text)| body(text)).collect();
    // The index is read, and the answers are right, before anything is measured.
    let mut client = Client::connect(&server.address)?;
    for body in bodies.iter().take(200) {
        client.ask(body)?;
    }
    server.rest()?;
    println!(
        "| clients | requests | errors | a second | p50 ms | p95 ms | p99 ms | max ms | processor ms \
         a request | memory after 10 s | in the end |\n|---|---|---|---|---|---|---|---|---|---|---|"
    );
    let mut failed = 0;
    for (name, pause) in [("who type", Some(TYPING)), ("without a pause", None)] {
        let time = Duration::from_secs(seconds);
        let (before, start, stop) = (server.processor()?, Instant::now(), AtomicBool::new(false));
        let (answers, settled) = thread::scope(|scope| {
            let clients: Vec<_> = (0..CLIENTS)
                .map(|number| {
                    let (server, bodies, stop) = (&server, &bodies, &stop);
                    scope.spawn(move || Client::work(server, bodies, number, pause, stop))
                })
                .collect();
            thread::sleep(SETTLED.min(time));
            let settled = server.heap();
            thread::sleep(time.saturating_sub(SETTLED));
            stop.store(true, Ordering::Relaxed);
            let answers: Vec<_> = clients
                .into_iter()
                .map(|client| client.join().unwrap_or((Vec::new(), 1)))
                .collect();
            (answers, settled)
        });
        let took = start.elapsed().as_secs_f64();
        let mut times = Vec::new();
        let mut errors = 0;
        for (of_one, wrong) in answers {
            times.extend(of_one);
            errors += wrong;
        }
        times.sort_unstable();
        let at = |share: f64| {
            let place = (times.len().saturating_sub(1) as f64 * share).round() as usize;
            times.get(place).copied().unwrap_or_default().as_secs_f64() * 1000.0
        };
        let count = times.len().max(1) as f64;
        println!(
            "| {CLIENTS} {name} | {} | {errors} | {:.0} | {:.2} | {:.1} | {:.1} | {:.0} | {:.2} | {} MB | {} MB |",
            times.len(),
            count / took,
            at(0.5),
            at(0.95),
            at(0.99),
            at(1.0),
            (server.processor()? - before).as_secs_f64() * 1000.0 / count,
            settled? / 1024,
            server.heap()? / 1024,
        );
        failed += errors;
    }
    match failed {
        0 => Ok(()),
        _ => Err(format!("{failed} requests were not answered").into()),
    }
}

/// `chancery serve` on a port of this machine; it ends with this.
struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start(program: &str, store: &str) -> Result<Server, Box<dyn Error>> {
        let mut child = Command::new(program)
            .args(["serve", store, "--listen", "127.0.0.1:0"])
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|cause| format!("{program}: {cause}"))?;
        let mut said = BufReader::new(child.stderr.take().ok_or("no pipe")?);
        let mut server = Server { child, address: String::new() };
        let mut line = String::new();
        while server.address.is_empty() {
            line.clear();
            if said.read_line(&mut line)? == 0 {
                return Err("the server ended before it listened".into());
            }
            if let Some((_, rest)) = line.split_once("http://") {
                server.address = rest.split('/').next().unwrap_or_default().to_owned();
            }
        }
        // Whatever it says later must find a reader.
        thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()));
        Ok(server)
    }

    /// Waits until it has done what it does at its start.
    fn rest(&self) -> Result<(), Box<dyn Error>> {
        loop {
            let before = self.processor()?;
            thread::sleep(Duration::from_secs(1));
            if self.processor()? - before < Duration::from_millis(50) {
                return Ok(());
            }
        }
    }

    /// Kilobytes it holds that are not those of a file.
    fn heap(&self) -> Result<u64, Box<dyn Error>> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:"));
        let number = line.and_then(|line| line.split_whitespace().next()).ok_or("no RssAnon")?;
        Ok(number.parse()?)
    }

    /// The time it has had of processors, which is counted in hundredths of a second.
    fn processor(&self) -> Result<Duration, Box<dyn Error>> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        let fields = stat.rsplit(") ").next().unwrap_or_default().split(' ');
        let ticks = fields.skip(11).take(2).map(str::parse::<u64>).sum::<Result<u64, _>>()?;
        Ok(Duration::from_millis(ticks * 10))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A connection that is kept open.
struct Client {
    stream: BufReader<TcpStream>,
    host: String,
}

impl Client {
    fn connect(address: &str) -> std::io::Result<Client> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(60)))?;
        Ok(Client { stream: BufReader::new(stream), host: address.to_owned() })
    }

    /// Asks until it is told to stop: how long each answer took, and how many were none.
    fn work(
        server: &Server,
        bodies: &[String],
        number: usize,
        pause: Option<(u64, u64)>,
        stop: &AtomicBool,
    ) -> (Vec<Duration>, usize) {
        let (mut times, mut errors, mut random) = (Vec::new(), 0, Random(number as u64));
        let mut wait = |first: bool| {
            if let Some((least, more)) = pause {
                // Nobody begins at the same moment as the others.
                let least = if first { 0 } else { least };
                thread::sleep(Duration::from_millis(least + random.below(more as usize) as u64));
            }
        };
        let Ok(mut client) = Client::connect(&server.address) else { return (times, 1) };
        wait(true);
        for body in bodies.iter().cycle().skip(number * 37) {
            if stop.load(Ordering::Relaxed) {
                break;
            }
            let start = Instant::now();
            match client.ask(body) {
                Ok(()) => times.push(start.elapsed()),
                Err(_) => {
                    errors += 1;
                    match Client::connect(&server.address) {
                        Ok(another) => client = another,
                        Err(_) => break,
                    }
                }
            }
            wait(false);
        }
        (times, errors)
    }

    fn ask(&mut self, body: &str) -> Result<(), Box<dyn Error>> {
        let request = format!(
            "POST /api/lookup HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n{body}",
            self.host,
            body.len()
        );
        self.stream.get_mut().write_all(request.as_bytes())?;
        let (mut line, mut length) = (String::new(), 0);
        self.stream.read_line(&mut line)?;
        let right = line.starts_with("HTTP/1.1 200 ");
        while line != "\r\n" {
            line.clear();
            if self.stream.read_line(&mut line)? == 0 {
                return Err("it broke off".into());
            }
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse()?;
            }
        }
        let mut answer = vec![0; length];
        self.stream.read_exact(&mut answer)?;
        // It is the last field: a lookup that was cut short counts as an error.
        match right && answer.ends_with(b"\"complete\":true}") {
            true => Ok(()),
            false => Err(String::from_utf8_lossy(&answer).into()),
        }
    }
}

fn body(text: &str) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        match c {
            '"' | '\\' => escaped.extend(['\\', c]),
            c if c < ' ' => escaped += &format!("\\u{:04x}", u32::from(c)),
            c => escaped.push(c),
        }
    }
    format!("{{\"text\":\"{escaped}\",\"threshold\":70,\"limit\":5}}")
}
