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
