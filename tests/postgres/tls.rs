//! Encrypted lines, to a server with a certificate.

use std::path::Path;
use std::process::{Command, Output};

use super::cluster::Cluster;

/// A program of its own, for what it trusts is read from its environment once.
fn chancery(authority: Option<&Path>, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_chancery"));
    command.args(arguments).env_remove("SSL_CERT_FILE").env_remove("SSL_CERT_DIR");
    command.envs(authority.map(|file| ("SSL_CERT_FILE", file)));
    command.output().unwrap()
}

#[test]
fn lines_are_encrypted_and_servers_must_be_trusted() {
    let Some((cluster, authority)) = Cluster::encrypted() else { return };
    cluster.sql("postgres", "CREATE ROLE ana LOGIN; GRANT CREATE ON DATABASE postgres TO ana");
    let plain = cluster.address_of("ana", "postgres", "tls");
    let encrypted = plain.replace("sslmode=disable", "sslmode=require");
    let folder = tempfile::tempdir().unwrap();
    let units = folder.path().join("units.tsv");
    std::fs::write(&units, "La séance est levée.\tThe meeting rose.\n").unwrap();
    let units = units.to_str().unwrap();

    let done = chancery(Some(&authority), &["import", &encrypted, units]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    assert_eq!(cluster.sql("postgres", "SELECT count(*) FROM tls.unit"), "1");
    let found = chancery(Some(&authority), &["lookup", &encrypted, "La séance est levée."]);
    assert!(String::from_utf8_lossy(&found.stdout).contains("The meeting rose."));

    // Nobody vouches for the server.
    let refused = chancery(None, &["lookup", &encrypted, "La séance est levée."]);
    assert_eq!(refused.status.code(), Some(2));
    let told = String::from_utf8_lossy(&refused.stderr);
    assert!(told.contains("certificate"), "{told}");

    // The server does not let this role in by a plain line.
    let refused = chancery(Some(&authority), &["lookup", &plain, "La séance est levée."]);
    assert_eq!(refused.status.code(), Some(2));
    let told = String::from_utf8_lossy(&refused.stderr);
    assert!(told.contains("pg_hba.conf"), "{told}");
}
