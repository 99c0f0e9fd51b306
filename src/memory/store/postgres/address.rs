//! The address of a memory on a server.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use tokio_postgres::Config;

use crate::memory::MemoryError;
use crate::memory::address::without_password;
use crate::memory::store::Result;

/// The schema of a memory whose address names none.
const SCHEMA: &str = "chancery";

/// Where a memory is: a server, a database, and a schema in it.
#[derive(Clone)]
pub(crate) struct Address {
    pub(super) config: Config,
    pub(super) schema: String,
    /// The address as errors name it, without the password.
    pub(super) shown: PathBuf,
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Address").field(&self.shown).finish()
    }
}

impl Address {
    /// Reads `postgres://user@host/database?schema=ministry`. The password may be in it or in the
    /// environment, as `PGPASSWORD`.
    pub(crate) fn parse(text: &str) -> Result<Address> {
        let shown = PathBuf::from(without_password(text));
        let refused = |what: String| MemoryError::NotAMemory { path: shown.clone(), what };
        let (base, query) = text.split_once('?').unwrap_or((text, ""));
        let mut schema = SCHEMA;
        let mut others = Vec::new();
        for option in query.split('&').filter(|option| !option.is_empty()) {
            match option.strip_prefix("schema=") {
                Some(name) => schema = name,
                None => others.push(option),
            }
        }
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if schema.is_empty() || schema.len() > 63 || !schema.chars().all(plain) {
            let what = "the name of a schema has small letters a–z, digits and `_` only, and 63 of \
                        them at most";
            return Err(refused(what.to_owned()));
        }
        let rest = format!("{base}?{}", others.join("&"));
        let mut config: Config = rest
            .trim_end_matches('?')
            .parse()
            .map_err(|error: tokio_postgres::Error| refused(format!("its address: {error}")))?;
        if config.get_password().is_none()
            && let Ok(password) = std::env::var("PGPASSWORD")
        {
            config.password(password);
        }
        if config.get_hosts().is_empty() {
            config.host("localhost");
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(Duration::from_secs(10));
        }
        config.keepalives_idle(Duration::from_secs(30)).application_name("chancery");
        Ok(Address { config, schema: schema.to_owned(), shown })
    }

    /// The address of another server, which is asked for as the same role if it names none.
    pub(super) fn beside(text: &str, other: &Address) -> Result<Address> {
        let mut address = Address::parse(text)?;
        if address.config.get_user().is_none()
            && let Some(user) = other.config.get_user()
        {
            address.config.user(user);
        }
        if let Some(password) = other.config.get_password() {
            address.config.password(password);
        }
        Ok(address)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_a_schema_and_hides_its_password() {
        let address =
            Address::parse("postgres://ana:se@cret@db.example/tm?schema=unog&sslmode=require")
                .unwrap();
        assert_eq!(address.schema, "unog");
        let shown = address.shown.display().to_string();
        assert_eq!(shown, "postgres://ana@db.example/tm?schema=unog&sslmode=require");
        assert!(!format!("{address:?}").contains("cret"));
        assert_eq!(Address::parse("postgresql://db.example").unwrap().schema, SCHEMA);
    }

    #[test]
    fn what_is_no_address_is_refused_with_a_reason() {
        for (text, wanted) in [
            ("postgres://db/tm?schema=Unog\"", "small letters"),
            ("postgres://db/tm?schema=", "small letters"),
            ("postgres://db:port/tm", "its address"),
            ("postgres://db/tm?colour=red", "its address"),
        ] {
            let error = Address::parse(text).unwrap_err().to_string();
            assert!(error.contains(wanted), "{error}");
        }
    }
}
