//! A process that changes a memory until it is stopped.
//!
//! What it does next depends on the number of the newest revision and on the units alone. So
//! whoever knows how many revisions there are can do the same in RAM and compare.

use std::convert::Infallible;
use std::io::{BufRead, BufReader, Write};
use std::num::NonZeroUsize;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use chancery::memory::{AddReport, DuplicatePolicy, Memory, MemoryError, RevisionId};
use chancery::{Lang, Unit};

const PATH: &str = "CHANCERY_WORKER_PATH";
const TASK: &str = "CHANCERY_WORKER_TASK";

/// Numbers that look random, the same for the same start.
pub(crate) fn random(mut state: u64) -> impl FnMut(u64) -> u64 {
    move |below| {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % below
    }
}

pub(crate) fn unit(number: u64) -> Unit {
    Unit::pair(
        (Lang::FR, format!("Le point {number} de l’ordre du jour est examiné.")),
        (Lang::EN, format!("Item {number} of the agenda is considered.")),
    )
}

/// Makes the next revision.
pub(crate) fn act(memory: &Memory) -> Result<RevisionId, MemoryError> {
    let newest = memory.revision()?.map_or(0, RevisionId::number);
    let mut random = random(newest);
    let import = |origin: &str, policy, units: Vec<Unit>| {
        let units = units.into_iter().map(Ok::<Unit, Infallible>);
        // Sometimes with the index beside it.
        let threads = NonZeroUsize::new(1 + (newest % 3) as usize).unwrap();
        memory.import(origin).duplicates(policy).threads(threads).run(units)
    };
    let full = memory.len()? > 1500;
    let done = match random(11) {
        _ if full => {
            let ids: Vec<_> =
                memory.units()?.map(|unit| unit.map(|(id, _)| id)).collect::<Result<_, _>>()?;
            memory.remove(ids.into_iter().step_by(2))?
        }
        0 | 1 => memory.add([unit(random(400))])?.revision,
        2 => {
            let units = (0..random(300)).map(|_| unit(random(400))).collect();
            import("all.tmx", DuplicatePolicy::KeepAll, units)?.revision
        }
        3 => {
            let units = (0..random(300)).map(|_| unit(random(400)));
            let units = units.map(|mut unit| {
                unit.metadata.set_property("x-document", format!("A/{newest}"));
                unit
            });
            import("over.tmx", DuplicatePolicy::Overwrite, units.collect())?.revision
        }
        4 => match memory.units()?.nth(random(200) as usize).transpose()? {
            Some((id, _)) => memory.replace(id, unit(1000 + newest))?,
            None => None,
        },
        5 => {
            let ids = memory.units()?.take(random(50) as usize).map(|unit| unit.map(|(id, _)| id));
            let ids: Vec<_> = ids.collect::<Result<_, _>>()?;
            memory.remove(ids)?
        }
        8 => {
            let maintain = memory.maintain();
            match random(5) {
                0 => maintain.dedupe()?.revision,
                1 => maintain.reverse(&[Lang::FR, Lang::EN][random(2) as usize])?.revision,
                2 => maintain.strip_codes()?.revision,
                3 => maintain.set_property("x-status", Some(&newest.to_string()))?.revision,
                _ => maintain.anonymise([("ordre", "plan"), ("agenda", "plan")])?.revision,
            }
        }
        9 => {
            let other = Memory::new();
            other.add((0..random(100)).map(|_| unit(random(400))))?;
            memory.import("other").duplicates(DuplicatePolicy::ByContext).merge(&other)?.revision
        }
        6 if newest > 40 => memory.purge(RevisionId::new(newest - 30)).run()?.revision,
        _ => match memory.revision()? {
            Some(newest) => match memory.undo(newest) {
                Err(MemoryError::Purged { .. }) => None,
                undone => Some(undone?),
            },
            None => None,
        },
    };
    match done {
        Some(revision) => Ok(revision),
        None => {
            let AddReport { revision, .. } = memory.add([unit(2000 + newest)])?;
            Ok(revision.expect("a unit that was never there is added"))
        }
    }
}

fn say(line: &str) {
    // The harness may be in the middle of a line of its own.
    let mut out = std::io::stdout().lock();
    let _ = write!(out, "\n{line}\n").and_then(|()| out.flush());
}

fn open(path: &Path) -> Result<Memory, MemoryError> {
    match Memory::open(path) {
        Err(MemoryError::Missing { .. }) => Memory::create(path),
        opened => opened,
    }
}

#[test]
#[ignore = "other tests run it in a process of its own"]
fn worker() {
    let (Some(path), Ok(task)) = (std::env::var_os(PATH), std::env::var(TASK)) else { return };
    let path = Path::new(&path);
    say("begin");
    match task.as_str() {
        // Changes the memory until killed, and says of every change that it is made.
        "act" => {
            let memory = open(path).unwrap();
            for round in 0.. {
                say(&format!("revision {}", act(&memory).unwrap()));
                // The index is made in between, so that kills fall into that too.
                if round % 2 == 1 {
                    memory.lookup("Le point 17 est examiné.").run().unwrap();
                }
            }
        }
        // The same where writing fails at times.
        "fail" => {
            let (mut failures, mut memory) = (0, None);
            for _ in 0..200 {
                let acted = match &memory {
                    Some(memory) => act(memory),
                    None => open(path).and_then(|opened| act(memory.insert(opened))),
                };
                match acted {
                    Ok(revision) => say(&format!("revision {revision}")),
                    Err(error) => {
                        say(&format!("error {error}"));
                        failures += 1;
                        if failures > 10 {
                            return;
                        }
                    }
                }
            }
        }
        // Adds many units, a few at a time.
        "add" => {
            let memory = open(path).unwrap();
            for start in (0..10_000).step_by(10) {
                let report = memory.add((start..start + 10).map(unit)).unwrap();
                say(&format!("revision {}", report.revision.unwrap()));
            }
        }
        // Holds the memory for a while.
        "hold" => {
            let memory = open(path).unwrap();
            let slowly = (0..1000).map(|nth| {
                if nth == 1 {
                    say("holding");
                }
                if nth > 0 {
                    std::thread::sleep(std::time::Duration::from_millis(10));
                }
                Ok::<Unit, Infallible>(unit(nth))
            });
            memory.import("slow.tmx").run(slowly).unwrap();
        }
        other => panic!("no such task: {other}"),
    }
}

/// A worker in a process of its own, which ends with this value.
pub(crate) struct Worker {
    child: Child,
    lines: std::io::Lines<BufReader<ChildStdout>>,
}

impl Worker {
    pub(crate) fn start(task: &str, path: &Path) -> Worker {
        Worker::start_by(Command::new(std::env::current_exe().unwrap()), task, path)
    }

    /// Starts it by a command that takes the arguments of the test binary.
    pub(crate) fn start_by(mut command: Command, task: &str, path: &Path) -> Worker {
        let mut child = command
            .args(["memory::worker::worker", "--exact", "--ignored", "--nocapture"])
            .arg("--test-threads=1")
            .env(PATH, path)
            .env(TASK, task)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Worker { child, lines }
    }

    /// The next line that begins with this word, without it; none when the worker has ended.
    pub(crate) fn hear(&mut self, word: &str) -> Option<String> {
        loop {
            let line = self.lines.next()?.ok()?;
            if let Some(rest) = line.strip_prefix(word) {
                return Some(rest.trim().to_owned());
            }
        }
    }

    /// All the lines that are left.
    pub(crate) fn rest(&mut self) -> Vec<String> {
        self.lines.by_ref().map_while(Result::ok).collect()
    }

    /// Kills it as `kill -9` does.
    pub(crate) fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.kill();
    }
}
