//! Killed at any instant, and where writing fails: the memory is as it was after a revision.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use chancery::memory::{Memory, MemoryError, Revision};

use super::worker::{Worker, act, random};

/// What the memory in the file should be, made by doing the same in RAM.
struct Replica(Memory);

impl Replica {
    /// Catches up with a file whose revisions up to `acknowledged` were reported as done.
    fn follow(&self, path: &Path, acknowledged: u64) -> u64 {
        let found = match Memory::open(path) {
            Err(MemoryError::Missing { .. }) => {
                assert_eq!(acknowledged, 0);
                return 0;
            }
            opened => opened.unwrap(),
        };
        found.verify().unwrap();
        let newest = number(&found);
        assert!(
            newest == acknowledged || newest == acknowledged + 1,
            "{acknowledged} were acknowledged and {newest} are there"
        );
        while number(&self.0) < newest {
            act(&self.0).unwrap();
        }
        let pairs = found.units().unwrap().zip(self.0.units().unwrap());
        for (found, wanted) in pairs {
            assert_eq!(found.unwrap(), wanted.unwrap());
        }
        assert_eq!(found.len().unwrap(), self.0.len().unwrap());
        let told = |revision: &Revision| {
            let operation = (revision.operation(), revision.origin().to_owned());
            (
                revision.id(),
                operation,
                revision.counts(),
                revision.undoes(),
                revision.is_reversible(),
            )
        };
        let journal =
            |memory: &Memory| -> Vec<_> { memory.history().unwrap().iter().map(told).collect() };
        assert_eq!(journal(&found), journal(&self.0));
        let query = "Le point 17 de l’ordre du jour est examiné.";
        let look = |memory: &Memory| -> Vec<_> {
            let found = memory.lookup(query).run().unwrap();
            found.iter().map(|found| (found.id(), found.rank_score())).collect()
        };
        assert_eq!(look(&found), look(&self.0));
        newest
    }
}

fn number(memory: &Memory) -> u64 {
    memory.revision().unwrap().map_or(0, |revision| revision.number())
}

/// The revision of the last line that acknowledges one.
fn acknowledged(lines: &[String]) -> Option<u64> {
    let revisions = lines.iter().filter_map(|line| line.strip_prefix("revision "));
    revisions.filter_map(|revision| revision.parse().ok()).next_back()
}

/// How many kills: few by default, as many as `CHANCERY_KILLS` says.
fn kills() -> u64 {
    std::env::var("CHANCERY_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(60)
}

#[test]
fn a_kill_at_any_instant_leaves_a_whole_memory() {
    let folder = tempfile::tempdir().unwrap();
    let mut random = random(kills());
    let (mut known, mut file, mut revisions) = (0, 0, 0);
    let mut replica = Replica(Memory::new());
    for _ in 0..kills() {
        // A new file at times, so that kills fall into its making too.
        if random(10) == 0 {
            (known, file) = (0, file + 1);
            replica = Replica(Memory::new());
        }
        let path = folder.path().join(format!("{file}.chancery"));
        let mut worker = Worker::start("act", &path);
        worker.hear("begin").unwrap();
        std::thread::sleep(Duration::from_micros(random(60_000)));
        worker.kill();
        let done = acknowledged(&worker.rest()).unwrap_or(known);
        revisions += done - known;
        known = replica.follow(&path, done);
    }
    eprintln!("{} kills, {revisions} revisions acknowledged", kills());
    assert!(revisions > 0);
}

/// Runs a worker by a command under which writing fails at times, and compares afterwards.
fn fails_well(command: Command) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("m.chancery");
    let mut worker = Worker::start_by(command, "fail", &path);
    worker.hear("begin").unwrap();
    let lines = worker.rest();
    let errors: Vec<_> = lines.iter().filter(|line| line.starts_with("error ")).collect();
    assert!(!errors.is_empty(), "nothing failed: {lines:?}");
    for error in &errors {
        let advice = ["try again", "restore", "move it to a local disk"];
        assert!(advice.iter().any(|advice| error.contains(advice)), "{error}");
    }
    eprintln!("{} failures, the first: {}", errors.len(), errors[0]);
    Replica(Memory::new()).follow(&path, acknowledged(&lines).unwrap_or(0));
}

#[test]
fn a_file_that_may_not_grow_is_kept_whole() {
    for limit in [200, 400, 800, 1600] {
        let mut limited = Command::new("sh");
        // Without the trap the system would end the process.
        let script = format!("trap '' XFSZ; ulimit -f {limit}; exec \"$0\" \"$@\"");
        limited.arg("-c").arg(script).arg(std::env::current_exe().unwrap());
        fails_well(limited);
    }
}

/// Every system call that writes fails now and then, where `strace` is there to make it fail.
#[cfg(target_os = "linux")]
#[test]
fn failing_calls_lose_nothing() {
    let there = Command::new("strace").arg("true").output();
    if !there.is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: strace is not there, or may not be used");
        return;
    }
    for inject in [
        "fsync,fdatasync:error=EIO:when=9+7",
        "pwrite64:error=EIO:when=40+31",
        "pwrite64:error=ENOSPC:when=50+37",
        "ftruncate:error=EIO:when=2+3",
    ] {
        let mut traced = Command::new("strace");
        traced.args(["-f", "-qq", "-o", "/dev/null", "-e"]).arg(format!("inject={inject}"));
        traced.arg(std::env::current_exe().unwrap());
        eprintln!("{inject}");
        fails_well(traced);
    }
}
