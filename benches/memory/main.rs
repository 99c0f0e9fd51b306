//! A TMX file into store and index together, against the bare event loop of quick-xml over the
//! same file; then one unit after another, durable and findable.
//!
//! `CHANCERY_BENCH_TMX` names the file; without it one of a million units is made. The import runs
//! in a process of its own, so that its peak of memory is its own.

use std::hint::black_box;
use std::io::{BufReader, BufWriter};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::time::Instant;

use chancery::exchange::{Header, TmxWriter};
use chancery::memory::Memory;
use chancery::tasks::{FileImport, OpenMemory};
use chancery::{Lang, Unit};
use quick_xml::events::Event;

const CHILD: &str = "CHANCERY_BENCH_CHILD";
const UNITS: usize = 1_000_000;
const SINGLE: u32 = 200;

fn main() {
    if let Some(folder) = std::env::var_os(CHILD) {
        return import(Path::new(&folder));
    }
    let folder = tempfile::tempdir().expect("a folder");
    let file = file(folder.path());
    let bytes = std::fs::metadata(&file).expect("the file is there").len();

    let mut best = f64::INFINITY;
    for _ in 0..3 {
        let begin = Instant::now();
        black_box(bare(&file));
        best = best.min(begin.elapsed().as_secs_f64());
    }
    let bare_rate = bytes as f64 / 1e6 / best;
    println!("{:.0} MB; bare event loop {bare_rate:.0} MB/s", bytes as f64 / 1e6);

    let itself = std::env::current_exe().expect("this program has a path");
    let begin = Instant::now();
    let run = std::process::Command::new(itself).env(CHILD, folder.path()).status();
    assert!(run.is_ok_and(|status| status.success()));
    let rate = bytes as f64 / 1e6 / begin.elapsed().as_secs_f64();
    println!("import {rate:.0} MB/s, {:.1} % of the bare loop", 100.0 * rate / bare_rate);

    let memory = Memory::open(folder.path().join("m")).expect("opened");
    let mut times: Vec<f64> = (0..SINGLE)
        .map(|number| {
            let french = format!("Le dossier numéro {number} est renvoyé au secrétariat.");
            let english = format!("File number {number} is returned to the secretariat.");
            let begin = Instant::now();
            memory
                .add([Unit::pair((Lang::FR, french.as_str()), (Lang::EN, english.as_str()))])
                .expect("added");
            let found = memory.lookup(&french).limit(1).run().expect("looked up");
            let time = begin.elapsed();
            assert_eq!(found[0].target().text(), english);
            time.as_secs_f64() * 1000.0
        })
        .collect();
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times[((times.len() - 1) as f64 * share).round() as usize];
    println!("one unit durable and found: median {:.1} ms, p95 {:.1} ms", at(0.5), at(0.95));
}

/// Imports the file, and says what it took.
fn import(folder: &Path) {
    let begin = Instant::now();
    let memory = OpenMemory::open_or_create(folder.join("m")).expect("made");
    let three = NonZeroUsize::new(3).expect("three is not zero");
    let report = FileImport::new().threads(three).run(&memory, file(folder)).expect("imported");
    let stored = begin.elapsed().as_secs_f64();
    let stats = memory.memory().index_stats().expect("an index");
    let all = begin.elapsed().as_secs_f64();
    let units = report.counts.read as f64;
    println!(
        "{}; in {stored:.1} s, with an index of {} MB in {all:.1} s: {:.0} units/s; {}",
        report.counts,
        stats.bytes / 1_000_000,
        units / all,
        peak(),
    );
}

/// The peak of memory and the processor time of this process, where Linux tells.
fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = |name: &str| status.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // After the name in brackets: the user and the system time are the 12th and the 13th field, in
    // hundredths of a second.
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    let ticks: u64 = fields.skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
    let seconds = ticks as f64 / 100.0;
    let resident = line("VmHWM:").unwrap_or("of unknown size");
    format!("{seconds:.1} s of processor time, peak {resident} resident")
}

fn file(folder: &Path) -> PathBuf {
    if let Some(path) = std::env::var_os("CHANCERY_BENCH_TMX") {
        return path.into();
    }
    let path = folder.join("made.tmx");
    if !path.exists() {
        let out = BufWriter::new(std::fs::File::create(&path).expect("created"));
        let mut writer = TmxWriter::new(out, &Header::new(&Lang::FR)).expect("written");
        let mut random = Random(7);
        for _ in 0..UNITS {
            writer.write(&unit(&mut random)).expect("written");
        }
        writer.finish().expect("written");
    }
    path
}

fn bare(path: &Path) -> usize {
    let file = std::fs::File::open(path).expect("the file is there");
    let mut reader = quick_xml::Reader::from_reader(BufReader::with_capacity(1 << 16, file));
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

/// A generator that gives the same numbers everywhere (SplitMix64).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ mixed >> 31) % bound
    }
}

/// Words of a vocabulary of 60,000, as often as Zipf's law says, 384 bytes a unit.
fn unit(random: &mut Random) -> Unit {
    let french = sentence(random, ["é", "ons", "tion", "", "eur", "s", "ment", "ée"]);
    let english = sentence(random, ["ed", "ing", "tion", "", "er", "s", "ly", "ity"]);
    Unit::pair((Lang::FR, french.as_str()), (Lang::EN, english.as_str()))
}

fn sentence(random: &mut Random, endings: [&str; 8]) -> String {
    const SYLLABLES: [&str; 16] = [
        "con", "ré", "ta", "ver", "mi", "lo", "per", "sa", "tri", "nou", "bel", "den", "ga", "for",
        "pu", "ci",
    ];
    let mut text = String::new();
    for word in 0..10 + random.below(14) {
        // A rank r with a probability of about 1/r.
        let share = random.below(1 << 20) as f64 / f64::from(1 << 20);
        let rank = 60_000_f64.powf(share) as usize;
        if word > 0 {
            text.push_str(if rank % 11 == 3 { ", " } else { " " });
        }
        let mut rest = rank;
        while rest > 0 {
            text.push_str(SYLLABLES[rest % 16]);
            rest /= 16;
        }
        text.push_str(endings[rank % 8]);
    }
    text.push('.');
    text
}
