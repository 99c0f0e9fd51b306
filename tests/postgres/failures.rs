//! What goes wrong with a server: typed errors that say what to do, and nothing half done.

use std::time::Duration;

use chancery::memory::{Memory, MemoryError};
use chancery::{Lang, Unit};

use super::cluster::{Cluster, Stop};

fn unit(number: u32) -> Unit {
    let pair = [format!("Le point {number} est examiné."), format!("Item {number} is considered.")];
    let [french, english] = pair.each_ref().map(String::as_str);
    Unit::pair((Lang::FR, french), (Lang::EN, english))
}

#[test]
fn what_is_not_there_is_missing_and_what_is_is_not_made_again() {
    let Some(cluster) = Cluster::shared() else { return };
    let address = cluster.address();
    let error = Memory::open(&address).unwrap_err();
    assert!(matches!(error, MemoryError::Missing { .. }), "{error}");
    Memory::create(&address).unwrap().add([unit(1)]).unwrap();
    let error = Memory::create(&address).unwrap_err();
    assert!(matches!(error, MemoryError::Exists { .. }), "{error}");
    assert_eq!(Memory::open(&address).unwrap().len().unwrap(), 1);
    let error = Memory::open(cluster.address_in("no_such_database", "a")).unwrap_err();
    assert!(matches!(error, MemoryError::Missing { .. }), "{error}");
}

/// Of several that make the same memory at once one does, and the others find it there.
#[test]
fn a_memory_is_made_once() {
    let Some(cluster) = Cluster::shared() else { return };
    let address = cluster.address();
    let made = std::thread::scope(|scope| {
        let makers = [(); 4].map(|()| scope.spawn(|| Memory::create(&address)));
        makers.map(|maker| maker.join().unwrap())
    });
    assert_eq!(made.iter().filter(|made| made.is_ok()).count(), 1);
    for error in made.into_iter().filter_map(Result::err) {
        assert!(matches!(error, MemoryError::Exists { .. }), "{error}");
    }
}

#[test]
fn a_newer_format_is_refused() {
    let Some(cluster) = Cluster::shared() else { return };
    let address = cluster.address_in("postgres", "newer");
    Memory::create(&address).unwrap();
    cluster.sql("postgres", "UPDATE newer.memory SET format = 9");
    let error = Memory::open(&address).unwrap_err();
    assert!(matches!(error, MemoryError::NewerFormat { found: 9, .. }), "{error}");
}

#[test]
fn a_database_of_another_encoding_is_refused() {
    let Some(cluster) = Cluster::shared() else { return };
    let make = "CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0";
    cluster.sql("postgres", make);
    let error = Memory::create(cluster.address_in("latin", "a")).unwrap_err();
    assert!(matches!(error, MemoryError::Unsuitable { .. }), "{error}");
    assert!(error.to_string().contains("LATIN1") && error.to_string().contains("UTF8"), "{error}");
}

/// The server is never asked what a letter is: where it knows none but those of English the
/// answers are the same.
#[test]
fn the_collation_of_the_database_does_not_matter() {
    let Some(cluster) = Cluster::shared() else { return };
    cluster.sql("postgres", "CREATE DATABASE plain ENCODING 'UTF8' LOCALE 'C' TEMPLATE template0");
    let memory = Memory::create(cluster.address_in("plain", "a")).unwrap();
    let pairs = [("L’Événement déjà annoncé", "Объявленное событие"), ("Évidemment", "Разумеется")];
    let pairs = pairs.map(|(french, russian)| Unit::pair((Lang::FR, french), (Lang::RU, russian)));
    memory.add(pairs).unwrap();
    let look = |text: &str, from: Lang, to: Lang| {
        memory.lookup(text).source(from).target(to).threshold(50.0).run().unwrap().len()
    };
    assert_eq!(look("l’événement déjà annoncé", Lang::FR, Lang::RU), 1);
    assert_eq!(look("ОБЪЯВЛЕННОЕ СОБЫТИЕ", Lang::RU, Lang::FR), 1);
    assert_eq!(look("Autrement dit", Lang::FR, Lang::RU), 0);
    memory.verify().unwrap();
}

#[test]
fn a_role_without_rights_is_refused() {
    let Some(cluster) = Cluster::shared() else { return };
    let address = cluster.address_in("postgres", "guarded");
    Memory::create(&address).unwrap().add([unit(1)]).unwrap();
    cluster.sql("postgres", "CREATE ROLE stranger LOGIN");
    let stranger = |schema: &str| cluster.address_of("stranger", "postgres", schema);
    for error in [
        Memory::open(stranger("guarded")).unwrap_err(),
        Memory::create(stranger("of_a_stranger")).unwrap_err(),
        Memory::open(cluster.address_of("nobody_at_all", "postgres", "guarded")).unwrap_err(),
    ] {
        assert!(matches!(error, MemoryError::Refused { .. }), "{error:?}");
        assert!(error.to_string().contains("administrator"), "{error}");
    }
}

#[test]
fn who_waits_in_vain_is_told_for_whom() {
    let Some(cluster) = Cluster::shared() else { return };
    let address = cluster.address();
    let memory = Memory::create(&address).unwrap();
    let impatient = Memory::builder().patience(Duration::from_millis(50)).open(&address).unwrap();
    let mut told = None;
    let units = std::iter::once_with(|| {
        told = Some(impatient.add([unit(2)]).unwrap_err());
        Ok::<_, chancery::memory::Rejection>(unit(1))
    });
    memory.import("a.tmx").run(units).unwrap();
    let error = told.unwrap();
    assert!(matches!(error, MemoryError::Busy { .. }), "{error}");
    assert!(error.to_string().contains("import a.tmx"), "{error}");
}

/// The server crashes in the middle of an import: nothing of it is there, the memory goes on when
/// the server is back, and the same import then adds each unit once.
#[test]
fn a_server_that_restarts_leaves_nothing_half_done() {
    let Some(mut cluster) = Cluster::new("C.UTF-8") else { return };
    let address = cluster.address();
    let memory = Memory::create(&address).unwrap();
    memory.add([unit(0)]).unwrap();
    let look = || Ok::<_, MemoryError>(memory.lookup("Le point 0 est examiné.").run()?.len());
    assert_eq!(look().unwrap(), 1);
    for how in [Stop::Crash, Stop::Fast] {
        let units = (1..40_000).map(|number| {
            if number == 30_000 {
                cluster.stop(how);
            }
            Ok::<_, chancery::memory::Rejection>(unit(number))
        });
        let error = memory.import("a.tmx").run(units).unwrap_err();
        assert!(matches!(error, MemoryError::Unreachable { .. }), "{error:?}");
        let error = look().unwrap_err();
        assert!(matches!(error, MemoryError::Unreachable { .. }), "{error:?}");
        cluster.start();
        assert_eq!(memory.len().unwrap(), 1);
        assert_eq!(look().unwrap(), 1);
    }
    let units = || (1..2000).map(|number| Ok::<_, chancery::memory::Rejection>(unit(number)));
    assert_eq!(memory.import("a.tmx").run(units()).unwrap().added, 1999);
    assert_eq!(memory.import("a.tmx").run(units()).unwrap().duplicates, 1999);
    assert_eq!(memory.history().unwrap().len(), 2);
    memory.verify().unwrap();
}
