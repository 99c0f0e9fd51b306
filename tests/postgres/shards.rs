//! A memory that is searched by several servers.

use chancery::memory::{Memory, MemoryError, RevisionId};
use chancery::{Lang, Unit};
use proptest::collection::vec;
use proptest::prelude::*;

use super::cluster::{Cluster, Stop};
use super::search::{compare, fill, text, unit};

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, ..ProptestConfig::default() })]

    /// One server, two, three: the answers are those of a memory in RAM, which are those of brute
    /// force.
    #[test]
    fn three_shards_find_what_a_scan_finds(
        units in vec(unit(), 2..60),
        queries in vec(text(), 1..3),
    ) {
        let Some(cluster) = Cluster::shared() else { return Ok(()) };
        let (server, ram) = (Memory::create(cluster.address()).unwrap(), Memory::new());
        let (before, after) = units.split_at(units.len() / 2);
        // The first shard is there before any unit, the others come to units and changes.
        server.add_shard(&cluster.address()).unwrap();
        fill(&server, before);
        fill(&ram, before);
        server.add_shard(&cluster.address()).unwrap();
        compare(&server, &ram, &queries);
        server.add_shard(&cluster.address()).unwrap();
        fill(&server, after);
        fill(&ram, after);
        compare(&server, &ram, &queries);
        server.verify().unwrap();
        let newest = server.revision().unwrap();
        prop_assert!(server.shards().unwrap().iter().all(|shard| shard.revision == newest));
    }
}

fn numbered(number: u32) -> Unit {
    let (french, english) = (format!("Le point {number} est examiné."), format!("Item {number}."));
    Unit::pair((Lang::FR, french.as_str()), (Lang::EN, english.as_str()))
}

/// While a shard is away an answer is an error, or partial if that was asked for, and units are
/// added as ever; when it is back nothing is missing.
#[test]
fn a_shard_that_is_away_is_told_and_catches_up() {
    let (Some(shared), Some(mut other)) = (Cluster::shared(), Cluster::new("C.UTF-8")) else {
        return;
    };
    let memory = Memory::create(shared.address()).unwrap();
    memory.add((0..200).map(numbered)).unwrap();
    memory.add_shard(&shared.address()).unwrap();
    memory.add_shard(&other.address()).unwrap();
    let look =
        |partial| memory.lookup("Le point 7 est examiné.").limit(500).partial(partial).findings();
    let all = look(false).unwrap();
    assert!(all.complete && all.matches.len() == 200 && all.missing.is_empty());

    other.stop(Stop::Crash);
    let error = look(false).unwrap_err();
    assert!(matches!(error, MemoryError::Unreachable { .. }), "{error}");
    let some = look(true).unwrap();
    assert!(!some.complete && (1..200).contains(&some.matches.len()));
    assert_eq!(some.missing.len(), 1);
    memory.add((200..300).map(numbered)).unwrap();
    memory.undo(RevisionId::new(2)).unwrap();
    memory.add((300..350).map(numbered)).unwrap();
    let shards = memory.shards().unwrap();
    assert!(shards[0].is_there && !shards[1].is_there);
    assert_eq!(shards[0].revision, memory.revision().unwrap());

    other.start();
    let found = look(false).unwrap();
    assert!(found.complete && found.matches.len() == 250);
    assert!(memory.shards().unwrap()[1].revision < memory.revision().unwrap());
    // The next change takes it along.
    memory.add([numbered(350)]).unwrap();
    assert_eq!(memory.shards().unwrap()[1].revision, memory.revision().unwrap());
    assert_eq!(look(false).unwrap().matches.len(), 251);
}

/// A shard whose tables are lost is made anew from the units.
#[test]
fn a_shard_that_lost_everything_is_made_anew() {
    let Some(cluster) = Cluster::shared() else { return };
    let memory = Memory::create(cluster.address()).unwrap();
    memory.add((0..50).map(numbered)).unwrap();
    memory.add_shard(&cluster.address_in("postgres", "lost")).unwrap();
    let losses = [
        "DELETE FROM lost.signature; UPDATE lost.part SET revision = 0",
        // Made by the rules of an older version.
        "ALTER TABLE lost.signature ALTER bits TYPE bit(128) USING bits::bit(128);
         UPDATE lost.part SET signed = '2'",
    ];
    for loss in losses {
        cluster.sql("postgres", loss);
        let found = memory.lookup("Le point 7 est examiné.").limit(500).run().unwrap();
        assert_eq!(found.len(), 50);
        assert_eq!(cluster.sql("postgres", "SELECT count(*) FROM lost.signature"), "100");
    }
}

#[test]
fn what_is_in_use_is_not_made_a_shard() {
    let Some(cluster) = Cluster::shared() else { return };
    let (one, other) = (cluster.address(), cluster.address());
    let memory = Memory::create(&one).unwrap();
    Memory::create(&other).unwrap();
    for address in [&one, &other] {
        let error = memory.add_shard(address).unwrap_err();
        assert!(matches!(error, MemoryError::Exists { .. }), "{error}");
    }
    assert!(memory.shards().unwrap().is_empty());
}
