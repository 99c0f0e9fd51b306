//! Connections to a server, handed out one at a time.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::task::{Context, Poll, Waker};

use futures_util::TryStreamExt;
use futures_util::future::try_join;
use tokio::runtime::{Builder, Runtime};
use tokio_postgres::binary_copy::BinaryCopyInWriter;
use tokio_postgres::config::SslMode;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, NoTls, Row, Statement};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::address::Address;
use super::fault::{fault, is_away};
use crate::memory::MemoryError;
use crate::memory::store::Result;

/// What the server or the line to it reports.
pub(super) type Outcome<T> = std::result::Result<T, tokio_postgres::Error>;

/// The values of a statement.
pub(super) type Values<'v> = &'v [&'v (dyn ToSql + Sync)];

/// The oldest server whose functions are used.
const OLDEST_SERVER: u32 = 14;

/// What a search may take of the server's memory before it has to forget which rows of a page it
/// wants, and looks at all: some 50 bytes for each page that has one. The server's own setting, if
/// that is more.
const WORK_MEM: &str = "64MB";

/// A connection. What goes on in it goes on in the thread that asks, while it asks.
pub(super) struct Session {
    client: Client,
    statements: RefCell<HashMap<Box<str>, Statement>>,
    /// None only while it is dropped.
    runtime: Option<Runtime>,
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("client", &self.client).finish_non_exhaustive()
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // Closes the line. Waiting for a runtime is not allowed within another one.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Session {
    pub(super) fn connect(address: &Address) -> Result<Session> {
        let failed = |cause: std::io::Error| MemoryError::Store {
            path: address.shown.clone(),
            cause: Box::new(cause),
        };
        let runtime = Builder::new_current_thread().enable_all().build().map_err(failed)?;
        let connect = async {
            let parameters = |name: Option<&str>| name.unwrap_or_default().to_owned();
            if address.config.get_ssl_mode() == SslMode::Disable {
                let (client, line) = address.config.connect(NoTls).await?;
                let told =
                    ["server_encoding", "server_version"].map(|p| parameters(line.parameter(p)));
                tokio::spawn(line);
                return Ok((client, told));
            }
            let (client, line) = address.config.connect(tls()).await?;
            let told = ["server_encoding", "server_version"].map(|p| parameters(line.parameter(p)));
            tokio::spawn(line);
            Ok((client, told))
        };
        let (client, [encoding, version]) =
            runtime.block_on(connect).map_err(fault(&address.shown))?;
        let session = Session { client, statements: RefCell::default(), runtime: Some(runtime) };
        let unsuitable =
            |what: String| Err(MemoryError::Unsuitable { path: address.shown.clone(), what });
        if encoding != "UTF8" {
            return unsuitable(format!(
                "its database has the encoding {encoding}; make one with ENCODING 'UTF8' TEMPLATE \
                 template0"
            ));
        }
        let major = version.split(['.', ' ', 'd', 'b', 'r']).next().and_then(|v| v.parse().ok());
        if major.is_some_and(|major: u32| major < OLDEST_SERVER) {
            return unsuitable(format!(
                "its server is PostgreSQL {version}; version {OLDEST_SERVER} is the oldest that will do"
            ));
        }
        // Statements are short and many: plans are kept, and neither compiled nor run in parallel.
        // A change must be on the disk when its commit returns, whatever the server's default.
        let settings = format!(
            "SET search_path = \"{}\"; SET jit = off; SET max_parallel_workers_per_gather = 0;
             SET plan_cache_mode = force_generic_plan; SET client_min_messages = warning;
             SELECT set_config('synchronous_commit', 'on', false)
             WHERE current_setting('synchronous_commit') = 'off';
             SELECT set_config('work_mem', '{WORK_MEM}', false)
             WHERE pg_size_bytes(current_setting('work_mem')) < pg_size_bytes('{WORK_MEM}')",
            address.schema
        );
        session.batch(&settings).map_err(fault(&address.shown))?;
        Ok(session)
    }

    fn wait<T>(&self, what: impl Future<Output = T>) -> T {
        let runtime = self.runtime.as_ref().expect("it is taken only when the session is dropped");
        runtime.block_on(what)
    }

    /// Runs statements without values.
    pub(super) fn batch(&self, sql: &str) -> Outcome<()> {
        self.wait(self.client.batch_execute(sql))
    }

    async fn statement(&self, sql: &str) -> Outcome<Statement> {
        if let Some(known) = self.statements.borrow().get(sql) {
            return Ok(known.clone());
        }
        let statement = self.client.prepare(sql).await?;
        self.statements.borrow_mut().insert(sql.into(), statement.clone());
        Ok(statement)
    }

    pub(super) fn query(&self, sql: &'static str, values: Values<'_>) -> Outcome<Vec<Row>> {
        self.wait(async {
            let statement = self.statement(sql).await?;
            self.client.query(&statement, values).await
        })
    }

    pub(super) fn first(&self, sql: &'static str, values: Values<'_>) -> Outcome<Option<Row>> {
        Ok(self.query(sql, values)?.into_iter().next())
    }

    /// Whether policies of row-level security hold for this role and table: some rows may not be
    /// seen, and none can be copied into it.
    pub(super) fn is_guarded(&self, table: &str) -> Outcome<bool> {
        let row = self.first("SELECT row_security_active($1::text::regclass)", &[&table])?;
        Ok(row.is_some_and(|row| row.get(0)))
    }

    /// Asks without waiting for the answer, so that other servers can be asked meanwhile. `values`
    /// are of a statement that was prepared before, or is now.
    pub(super) fn ask<'q>(&'q self, sql: &str, values: Values<'q>) -> Outcome<Asked<'q>> {
        self.wait(async {
            let statement = self.statement(sql).await?;
            let rows = async move { self.client.query(&statement, values).await };
            let mut rows: Pin<Box<dyn Future<Output = Outcome<Vec<Row>>> + 'q>> = Box::pin(rows);
            // The first look at it hands the question over, and the line sends it in its turn.
            let early = match rows.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
                Poll::Ready(rows) => Some(rows),
                Poll::Pending => None,
            };
            tokio::task::yield_now().await;
            Ok(Asked { session: self, rows, early })
        })
    }

    pub(super) fn execute(&self, sql: &'static str, values: Values<'_>) -> Outcome<u64> {
        self.wait(async {
            let statement = self.statement(sql).await?;
            self.client.execute(&statement, values).await
        })
    }

    /// Visits rows as they come, however many there are.
    pub(super) fn each(
        &self,
        sql: &'static str,
        values: Values<'_>,
        mut visit: impl FnMut(Row) -> Outcome<()>,
    ) -> Outcome<()> {
        self.wait(async {
            let statement = self.statement(sql).await?;
            let rows = self.client.query_raw(&statement, values.iter().copied()).await?;
            let mut rows = pin!(rows);
            while let Some(row) = rows.try_next().await? {
                visit(row)?;
            }
            Ok(())
        })
    }

    /// Begins a transaction and asks something within it, in one message.
    pub(super) fn begin(&self, begin: &str, sql: &'static str) -> Outcome<Vec<Row>> {
        self.wait(async {
            let statement = self.statement(sql).await?;
            let begun = self.client.batch_execute(begin);
            let asked = self.client.query(&statement, &[]);
            // Both are sent before an answer is waited for.
            Ok(try_join(begun, asked).await?.1)
        })
    }

    /// Copies rows into a table: the fast way. `sql` is `COPY … FROM STDIN BINARY`.
    pub(super) fn copy<'r, const N: usize>(
        &self,
        sql: &'static str,
        types: &[Type; N],
        rows: impl Iterator<Item = [Box<dyn ToSql + Sync + 'r>; N]>,
    ) -> Outcome<u64> {
        self.wait(async {
            let statement = self.statement(sql).await?;
            let sink = self.client.copy_in(&statement).await?;
            let mut writer = pin!(BinaryCopyInWriter::new(sink, types));
            for row in rows {
                writer.as_mut().write_raw(row.iter().map(|value| &**value as &dyn ToSql)).await?;
            }
            writer.finish().await
        })
    }
}

/// A question that was asked.
pub(super) struct Asked<'q> {
    session: &'q Session,
    rows: Pin<Box<dyn Future<Output = Outcome<Vec<Row>>> + 'q>>,
    early: Option<Outcome<Vec<Row>>>,
}

impl Asked<'_> {
    /// Waits for the answer.
    pub(super) fn answer(self) -> Outcome<Vec<Row>> {
        match self.early {
            Some(rows) => rows,
            None => self.session.wait(self.rows),
        }
    }
}

/// Connections to one server that may be used again.
#[derive(Debug)]
pub(super) struct Pool {
    address: Address,
    idle: Mutex<Vec<Session>>,
}

/// How many connections are kept when nobody uses them.
const IDLE: usize = 8;

impl Pool {
    pub(super) fn new(address: Address) -> Arc<Pool> {
        Arc::new(Pool { address, idle: Mutex::default() })
    }

    pub(super) fn address(&self) -> &Address {
        &self.address
    }

    /// A connection in which `begin` succeeded. Those that turn out to be of a server that went
    /// away meanwhile are given up: then it is tried on a new one.
    pub(super) fn lease<T>(
        self: &Arc<Self>,
        begin: impl Fn(&Session) -> Result<Outcome<T>>,
    ) -> Result<(Lease, T)> {
        loop {
            let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let used = idle.is_some();
            let session = match idle {
                Some(session) => session,
                None => Session::connect(&self.address)?,
            };
            // Dropped on an error, it is given back only if it can be used again.
            let lease = Lease { pool: Arc::clone(self), session: Some(session) };
            match begin(lease.session())? {
                Ok(begun) => return Ok((lease, begun)),
                Err(error) if used && is_away(&error) => {}
                Err(error) => return Err(fault(&self.address.shown)(error)),
            }
        }
    }
}

/// A connection for a while, within a transaction. That is rolled back, if it is not committed, and
/// the connection given back when this is dropped.
#[derive(Debug)]
pub(super) struct Lease {
    pool: Arc<Pool>,
    session: Option<Session>,
}

impl Lease {
    pub(super) fn session(&self) -> &Session {
        self.session.as_ref().expect("it is taken only when the lease is dropped")
    }

    pub(super) fn address(&self) -> &Address {
        &self.pool.address
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let Some(session) = self.session.take() else { return };
        if session.client.is_closed() || session.batch("ROLLBACK").is_err() {
            return;
        }
        let mut idle = self.pool.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < IDLE {
            idle.push(session);
        }
    }
}

/// Trusts what the system trusts (`SSL_CERT_FILE` adds to that); read once.
fn tls() -> MakeRustlsConnect {
    static CONFIG: OnceLock<Arc<rustls::ClientConfig>> = OnceLock::new();
    let config = CONFIG.get_or_init(|| {
        let mut roots = rustls::RootCertStore::empty();
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("the provider has the default versions of TLS")
            .with_root_certificates(roots)
            .with_no_client_auth();
        Arc::new(config)
    });
    MakeRustlsConnect::new(rustls::ClientConfig::clone(config))
}
