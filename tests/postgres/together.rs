//! Many clients at once, while servers crash and come back.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use chancery::memory::{Memory, MemoryError};
use chancery::{Lang, Unit};

use super::cluster::{Cluster, Stop};

const CLIENTS: usize = 20;

/// For how long, in seconds, unless the environment says otherwise.
const SECONDS: u64 = 6;

fn source(client: usize, number: usize) -> String {
    format!("Le client {client} ajoute le point numéro {number} à l’ordre du jour.")
}

/// Clients add and look up while the server of the memory and one of its shards crash and start
/// again. What was acknowledged is there, once; nothing is there twice; the journal has each
/// revision that was acknowledged, and fits the units.
#[test]
fn nothing_acknowledged_is_lost_and_nothing_is_twice() {
    let clusters = [(); 2].map(|()| Cluster::new("C.UTF-8"));
    let [Some(mut server), Some(mut other)] = clusters else { return };
    let seconds = std::env::var("CHANCERY_TOGETHER_SECONDS").ok();
    let seconds = seconds.map_or(SECONDS, |seconds| seconds.parse().unwrap());
    let address = server.address();
    let memory = Memory::create(&address).unwrap();
    memory.add_shard(&server.address()).unwrap();
    memory.add_shard(&other.address()).unwrap();
    drop(memory);

    let acknowledged = Mutex::new(HashMap::new());
    let (failures, lookups) = (Mutex::new(Vec::new()), Mutex::new(0));
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for client in 0..CLIENTS {
            let (address, acknowledged, failures, lookups, stop) =
                (&address, &acknowledged, &failures, &lookups, &stop);
            scope.spawn(move || {
                let mut options = Memory::builder();
                options.author(format!("client {client}")).patience(Duration::from_secs(60));
                let memory = options.open(address).unwrap();
                let mut number = 0;
                while !stop.load(Ordering::Relaxed) {
                    let (french, english) = (source(client, number), format!("{client} {number}"));
                    let unit =
                        Unit::pair((Lang::FR, french.as_str()), (Lang::EN, english.as_str()));
                    match memory.add([unit]) {
                        Ok(report) => {
                            let revision = report.revision.unwrap();
                            acknowledged.lock().unwrap().insert(french.clone(), revision);
                            match memory.lookup(&french).threshold(99.0).limit(1).run() {
                                Ok(found) => {
                                    assert_eq!(found[0].target().text(), english);
                                    *lookups.lock().unwrap() += 1;
                                }
                                Err(error) => failures.lock().unwrap().push(error),
                            }
                        }
                        // It is not repeated: the next is another one.
                        Err(error) => failures.lock().unwrap().push(error),
                    }
                    number += 1;
                }
            });
        }
        let begin = Instant::now();
        std::thread::sleep(Duration::from_secs(seconds) / 4);
        server.stop(Stop::Crash);
        server.start();
        std::thread::sleep(Duration::from_secs(seconds) / 4);
        other.stop(Stop::Crash);
        std::thread::sleep(Duration::from_secs(1));
        other.start();
        std::thread::sleep(Duration::from_secs(seconds).saturating_sub(begin.elapsed()));
        stop.store(true, Ordering::Relaxed);
    });

    let (acknowledged, failures) =
        (acknowledged.into_inner().unwrap(), failures.into_inner().unwrap());
    eprintln!(
        "{} added, {} of them looked up, {} calls failed",
        acknowledged.len(),
        lookups.into_inner().unwrap(),
        failures.len()
    );
    for error in &failures {
        let away = matches!(error, MemoryError::Unreachable { .. } | MemoryError::Uncertain { .. });
        assert!(away, "{error:?}");
    }
    let memory = Memory::open(&address).unwrap();
    memory.verify().unwrap();
    let mut held: HashMap<String, u32> = HashMap::new();
    for unit in memory.units().unwrap() {
        *held.entry(unit.unwrap().1.variants[0].segment.text().into_owned()).or_default() += 1;
    }
    assert!(held.values().all(|&times| times == 1));
    let history = memory.history().unwrap();
    assert_eq!(history.len(), held.len(), "each revision added one unit");
    let ids: Vec<u64> = history.iter().map(|revision| revision.id().number()).collect();
    assert!(ids.iter().rev().copied().eq(1..=ids.len() as u64), "no revision is missing");
    // All are there; some are looked up too, which takes long among so many that are alike.
    let step = acknowledged.len().div_ceil(500);
    for (number, (source, revision)) in acknowledged.iter().enumerate() {
        assert!(held.contains_key(source), "{source} was acknowledged and is not there");
        let client = source.split(' ').nth(2).unwrap();
        let entry = &history[history.len() - revision.number() as usize];
        assert_eq!(entry.author(), format!("client {client}"));
        if number.is_multiple_of(step) {
            let found = memory.lookup(source).threshold(99.0).limit(5).run().unwrap();
            assert!(found.iter().any(|found| found.source().text() == *source));
        }
    }
}
