//! The roles of `postgres/roles.sql`: each may do what it is for, and is refused the rest.

use std::path::Path;

use chancery::memory::{Memory, MemoryError, Operation};
use chancery::{Lang, Unit};

use super::cluster::Cluster;

#[test]
fn each_role_may_do_what_it_is_for() {
    let Some(cluster) = Cluster::shared() else { return };
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("postgres/roles.sql");
    let owner = Memory::create(cluster.address_in("postgres", "guild")).unwrap();
    let unit = |number: u32| {
        let (french, english) = (format!("Le point {number} est clos."), format!("Item {number}."));
        Unit::pair((Lang::FR, french.as_str()), (Lang::EN, english.as_str()))
    };
    let revision = owner.add([unit(1)]).unwrap().revision.unwrap();
    cluster.script(&script, "guild");
    // It may be run again, after an update or for another memory.
    cluster.script(&script, "guild");
    let memory = |role: &str| {
        let user = format!("guild_user_{role}");
        let grant = format!("CREATE ROLE {user} LOGIN; GRANT guild_{role} TO {user}");
        cluster.sql("postgres", &grant);
        Memory::open(cluster.address_of(&user, "postgres", "guild")).unwrap()
    };
    let refused = |error: MemoryError| {
        assert!(matches!(error, MemoryError::Refused { .. }), "{error:?}");
        assert!(error.to_string().contains("permission denied"), "{error}");
    };
    let concept = |memory: &Memory, text: &str| {
        let change = [("c1".to_owned(), Some(text.to_owned()))];
        memory.put_concepts(Operation::Change, "", change)
    };

    let reader = memory("reader");
    assert_eq!(reader.lookup("Le point 1 est clos.").run().unwrap().len(), 1);
    refused(reader.add([unit(2)]).unwrap_err());

    let translator = memory("translator");
    let added = translator.add([unit(2)]).unwrap().revision.unwrap();
    translator.undo(added).unwrap();
    translator.undo(revision).unwrap();
    refused(concept(&translator, "x").unwrap_err());
    refused(translator.purge(revision).run().unwrap_err());

    let terminologist = memory("terminologist");
    concept(&terminologist, "x").unwrap();
    concept(&terminologist, "y").unwrap();
    refused(terminologist.add([unit(3)]).unwrap_err());

    let administrator = memory("administrator");
    administrator.add([unit(4)]).unwrap();
    concept(&administrator, "z").unwrap();
    administrator.purge(revision).run().unwrap();
    owner.verify().unwrap();
}

/// Units of a collection are there for the members of its role only, however they are asked for.
#[test]
fn collections_are_seen_by_their_members_only() {
    let Some(cluster) = Cluster::shared() else { return };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("postgres");
    let owner = Memory::create(cluster.address_in("postgres", "court")).unwrap();
    let unit = |french: &str| Unit::pair((Lang::FR, french), (Lang::EN, "It is so decided."));
    let import = |memory: &Memory, origin: &str, units: Vec<Unit>| {
        let units = units.into_iter().map(Ok::<_, std::convert::Infallible>);
        memory.import(origin).run(units).unwrap().revision.unwrap()
    };
    import(&owner, "open.tmx", vec![unit("La séance est ouverte au public.")]);
    import(&owner, "sealed.tmx", vec![unit("La séance est secrète."), unit("Le huis clos.")]);
    for script in ["roles.sql", "collections.sql", "roles.sql", "collections.sql"] {
        cluster.script(&folder.join(script), "court");
    }
    cluster.sql(
        "postgres",
        "CREATE ROLE court_judges;
         CREATE ROLE court_clerk LOGIN; GRANT court_translator TO court_clerk;
         CREATE ROLE court_judge LOGIN; GRANT court_reader, court_judges TO court_judge;
         INSERT INTO court.collection SELECT first, last, 'court_judges' FROM court.added
         JOIN court.revision ON revision.id = added.revision WHERE origin = 'sealed.tmx'",
    );
    let as_role = |role| Memory::open(cluster.address_of(role, "postgres", "court")).unwrap();
    let seen = |memory: &Memory| {
        let query = "secrète".parse().unwrap();
        (
            memory.lookup("La séance est secrète.").threshold(30.0).run().unwrap().len(),
            memory.concordance(&query).run().unwrap().lines.len(),
            memory.units().unwrap().count(),
        )
    };
    let (clerk, judge) = (as_role("court_clerk"), as_role("court_judge"));
    assert_eq!(seen(&judge), (2, 1, 3));
    assert_eq!(seen(&owner), (2, 1, 3));
    assert_eq!(seen(&clerk), (1, 0, 1));

    // What is not seen is no duplicate, and stays what it is.
    import(&clerk, "again.tmx", vec![unit("Le huis clos.")]);
    assert_eq!(seen(&clerk).2, 2);
    assert_eq!(seen(&judge).2, 4);
    // Its past is not seen either.
    let sealed = owner.lookup("La séance est secrète.").run().unwrap()[0].id();
    let revision = owner.revision().unwrap().unwrap();
    owner.remove([sealed]).unwrap();
    assert!(judge.unit_at(sealed, revision).unwrap().is_some());
    assert!(clerk.unit_at(sealed, revision).unwrap().is_none());
    owner.verify().unwrap();

    // On shards too: who does not see all does not fill them, for what he fills would lack the rest.
    owner.undo(owner.revision().unwrap().unwrap()).unwrap();
    owner.add_shard(&cluster.address_in("postgres", "court_shard")).unwrap();
    cluster.script(&folder.join("roles.sql"), "court_shard");
    cluster.sql(
        "postgres",
        "GRANT court_shard_translator TO court_clerk; GRANT court_shard_reader TO court_judge;
         UPDATE court_shard.part SET revision = 0",
    );
    let (clerk, judge) = (as_role("court_clerk"), as_role("court_judge"));
    import(&clerk, "more.tmx", vec![unit("La séance est levée au public.")]);
    let refused = clerk.lookup("La séance est secrète.").run().unwrap_err();
    assert!(refused.to_string().contains("who owns the memory"), "{refused}");
    assert_eq!(owner.lookup("La séance est secrète.").run().unwrap().len(), 1);
    assert_eq!(judge.lookup("La séance est secrète.").run().unwrap().len(), 1);
    assert_eq!(clerk.lookup("La séance est levée au public.").run().unwrap().len(), 2);
}
