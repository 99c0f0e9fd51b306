//! TMX: reading against the bare event loop of quick-xml over the same bytes, writing, and the
//! memory that reading takes.
//!
//! `CHANCERY_BENCH_TMX` names a TMX file to read; without it one is made. The rounds alternate, so
//! that a busy machine slows all alike; the fastest round of each counts.

use std::hint::black_box;
use std::io::{Cursor, Read};
use std::time::{Duration, Instant};

use chancery::exchange::{Header, TmxReader, TmxWriter};
use chancery::unit::{Attribute, Code, CodeContent, CodeKind, Part};
use chancery::{Lang, Segment, Unit};
use quick_xml::events::Event;

const ROUNDS: usize = 7;

const MEMORY: &str = "CHANCERY_BENCH_MEMORY";

fn main() {
    if let Ok(size) = std::env::var(MEMORY) {
        return memory(size.parse().expect("a number of bytes"));
    }
    let file = match std::env::var_os("CHANCERY_BENCH_TMX") {
        Some(path) => std::fs::read(path).expect("the file is there"),
        None => made(100_000),
    };
    let units: Vec<Unit> = TmxReader::new(file.as_slice())
        .and_then(|mut reader| reader.units().collect())
        .expect("the file is whole");
    let megabytes = file.len() as f64 / 1e6;
    println!("{megabytes:.1} MB, {} units", units.len());

    let mut best = [Duration::MAX; 4];
    for _ in 0..ROUNDS {
        for (best, task) in best.iter_mut().zip([bare, refilled, owned]) {
            *best = (*best).min(timed(|| task(&file)));
        }
        best[3] = best[3].min(timed(|| written(&units)));
    }
    let names = ["bare event loop", "units, memory reused", "units, owned", "writing"];
    for (name, time) in names.iter().zip(best) {
        let rate = megabytes / time.as_secs_f64();
        let ratio = best[0].as_secs_f64() / time.as_secs_f64();
        println!("{name:<22} {rate:>7.0} MB/s  {:>4.0} % of the bare loop", ratio * 100.0);
    }
    // In processes of their own, so that nothing else is counted.
    for size in ["10000000", "1000000000"] {
        let itself = std::env::current_exe().expect("this program has a path");
        let run = std::process::Command::new(itself).env(MEMORY, size).status();
        assert!(run.is_ok_and(|status| status.success()));
    }
}

fn timed(task: impl FnOnce() -> usize) -> Duration {
    let begin = Instant::now();
    black_box(task());
    begin.elapsed()
}

fn bare(file: &[u8]) -> usize {
    let mut reader = quick_xml::Reader::from_reader(file);
    let mut buffer = Vec::new();
    let mut events = 0;
    loop {
        match reader.read_event_into(&mut buffer).expect("well-formed") {
            Event::Eof => return events,
            event => events += black_box(&event).len(),
        }
        buffer.clear();
    }
}

fn refilled(file: &[u8]) -> usize {
    let mut reader = TmxReader::new(file).expect("TMX");
    let mut unit = Unit::new();
    let mut count = 0;
    while reader.read_unit(&mut unit).expect("whole") {
        count += black_box(&unit).variants.len();
    }
    count
}

fn owned(file: &[u8]) -> usize {
    let mut reader = TmxReader::new(file).expect("TMX");
    reader.units().map(|unit| black_box(unit.expect("whole")).variants.len()).sum()
}

fn written(units: &[Unit]) -> usize {
    let mut writer = TmxWriter::new(Vec::new(), &Header::new(&Lang::FR)).expect("written");
    for unit in units {
        writer.write(unit).expect("written");
    }
    writer.finish().expect("written").len()
}

/// A memory as tools write them: ids, dates, a property or two, a code in every sixth segment.
fn made(count: usize) -> Vec<u8> {
    let mut writer = TmxWriter::new(Vec::new(), &Header::new(&Lang::FR)).expect("written");
    for number in 0..count {
        writer.write(&unit(number)).expect("written");
    }
    writer.finish().expect("written")
}

fn unit(number: usize) -> Unit {
    let words = 4 + number * 7919 % 23;
    let text = |words: usize, list: [&str; 8]| {
        let mut text = format!("{number}. ");
        for word in 0..words {
            text.push_str(list[(word * 5 + number) % 8]);
            text.push(' ');
        }
        text.push_str("(A/68/908).");
        text
    };
    let french =
        ["l’Assemblée", "décide", "d’examiner", "à", "sa", "prochaine", "séance", "plénière"];
    let english = ["the", "Assembly", "decides", "to", "consider", "at", "its", "next"];
    let mut unit = Unit::pair(
        (Lang::FR, segment(number, text(words, french))),
        (Lang::EN, segment(number, text(words, english))),
    );
    unit.metadata.set_attribute("tuid", number.to_string());
    unit.metadata.set_attribute("creationdate", "20140115T093000Z");
    unit.metadata.set_attribute("creationid", "translator");
    unit.metadata.set_property("x-document", "A/68/908");
    unit
}

fn segment(number: usize, text: String) -> Segment {
    if !number.is_multiple_of(6) {
        return text.into();
    }
    Segment::new([
        Part::Code(Code {
            kind: CodeKind::Standalone,
            element: "ph".into(),
            wraps: false,
            attributes: vec![Attribute::new("x", "1")],
            content: vec![CodeContent::Native("<br/>".to_owned())],
        }),
        Part::Text(text),
    ])
}

/// The most memory the process has held, in kilobytes; None where the system does not tell.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// Reads a file of a size that is made while it is read, and says what memory the process took.
fn memory(size: usize) {
    let reader = TmxReader::new(Endless::new(size)).expect("TMX");
    let units = reader.into_units().filter(|unit| unit.is_ok()).count();
    let peak = peak().map_or("unknown".to_owned(), |peak| format!("{peak} kB"));
    println!("{} MB, {units} units: at most {peak} in memory", size / 1_000_000);
}

/// A file of about a size, made while it is read.
struct Endless {
    left: usize,
    number: usize,
    chunk: Cursor<Vec<u8>>,
    ended: bool,
}

impl Endless {
    fn new(size: usize) -> Endless {
        let head = b"<tmx version=\"1.4\"><header srclang=\"fr\"/><body>".to_vec();
        Endless { left: size, number: 0, chunk: Cursor::new(head), ended: false }
    }
}

impl Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.chunk.read(buffer)?;
        if count > 0 || self.ended {
            return Ok(count);
        }
        if self.left == 0 {
            self.ended = true;
            self.chunk = Cursor::new(b"</body></tmx>".to_vec());
        } else {
            let file = String::from_utf8(made_one(self.number)).expect("UTF-8");
            self.number += 1;
            self.left = self.left.saturating_sub(file.len());
            self.chunk = Cursor::new(file.into_bytes());
        }
        self.read(buffer)
    }
}

fn made_one(number: usize) -> Vec<u8> {
    let mut writer = TmxWriter::new(Vec::new(), &Header::new(&Lang::FR)).expect("written");
    writer.write(&unit(number)).expect("written");
    let file = writer.finish().expect("written");
    let text = std::str::from_utf8(&file).expect("UTF-8");
    let begin = text.find("<tu ").expect("a unit");
    let end = text.find("</tu>").expect("a unit") + "</tu>".len();
    file[begin..end].to_vec()
}
