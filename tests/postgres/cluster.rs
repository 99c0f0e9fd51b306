//! PostgreSQL clusters that tests start for themselves, on loopback, and that end with the tests.

use std::io::Write;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// A cluster in a folder of its own. A shell watches over its server: when the tests end, however
/// they end, it stops the server by its process id and removes the folder.
#[derive(Debug)]
pub(crate) struct Cluster {
    programs: PathBuf,
    folder: PathBuf,
    port: u16,
    shell: Option<Child>,
}

/// How a server is stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    /// It ends its connections and writes everything.
    Fast,
    /// At once, as in a crash: it recovers when it is started again.
    Crash,
}

impl Cluster {
    /// The cluster that tests share; none where PostgreSQL is not installed.
    pub(crate) fn shared() -> Option<&'static Cluster> {
        static SHARED: OnceLock<Option<Cluster>> = OnceLock::new();
        SHARED.get_or_init(|| Cluster::new("C.UTF-8")).as_ref()
    }

    /// A new cluster, of this locale; none where PostgreSQL is not installed.
    pub(crate) fn new(locale: &str) -> Option<Cluster> {
        let Some(programs) = programs() else {
            eprintln!("skipped: PostgreSQL (the Debian package postgresql) is not installed");
            assert!(std::env::var_os("CI").is_none(), "PostgreSQL is needed where CI is set");
            return None;
        };
        let folder = tempfile::Builder::new().prefix("chancery-pg-").tempdir().unwrap().keep();
        if let Some((user, group)) = other_user() {
            std::os::unix::fs::chown(&folder, Some(user), Some(group)).unwrap();
        }
        let made = command(&programs.join("initdb"))
            .args(["--no-sync", "--auth=trust", "--username=chancery", "--encoding=UTF8"])
            .arg(format!("--locale={locale}"))
            .arg("--pgdata")
            .arg(folder.join("data"))
            .output()
            .unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        // The port is free when it is looked for; it is unlikely that it is taken until it is used.
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut cluster = Cluster { programs, folder, port, shell: None };
        cluster.start();
        Some(cluster)
    }

    /// A new cluster that other machines, and all but the superuser, reach by encrypted lines only,
    /// and the certificate of who vouches for it; none where PostgreSQL or OpenSSL is not installed.
    pub(crate) fn encrypted() -> Option<(Cluster, PathBuf)> {
        if Command::new("openssl").arg("version").output().is_err() {
            eprintln!("skipped: OpenSSL (the Debian package openssl) is not installed");
            assert!(std::env::var_os("CI").is_none(), "OpenSSL is needed where CI is set");
            return None;
        }
        let mut cluster = Cluster::new("C.UTF-8")?;
        let authority = cluster.folder.join("authority.pem");
        let script = "set -e; cd \"$1\"
            openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj '/CN=Tests of Chancery' \
                -keyout authority.key -out authority.pem
            openssl req -newkey rsa:2048 -nodes -subj /CN=localhost -keyout data/server.key -out csr
            echo subjectAltName=IP:127.0.0.1 >extensions
            openssl x509 -req -in csr -CA authority.pem -CAkey authority.key -CAcreateserial \
                -days 2 -extfile extensions -out data/server.crt
            chmod 600 data/server.key
            echo 'ssl = on' >>data/postgresql.conf
            printf '%s\\n' 'host all chancery 127.0.0.1/32 trust' \
                'hostssl all all 127.0.0.1/32 trust' >data/pg_hba.conf";
        let made = command(Path::new("sh"))
            .args(["-c", script, "sh"])
            .arg(&cluster.folder)
            .output()
            .unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        cluster.stop(Stop::Fast);
        cluster.start();
        Some((cluster, authority))
    }

    /// Starts the server, and waits until it answers.
    pub(crate) fn start(&mut self) {
        // What is read is the way to stop; a process that ended without a word closes the line.
        let script = r#"
            "$1" -D "$2/data" -p "$3" -k "$2" -c listen_addresses=127.0.0.1 -c max_connections=200 \
                -c shared_buffers=64MB -c logging_collector=off >>"$2/log" 2>&1 &
            server=$!
            read how
            case "$how" in crash) kill -QUIT $server ;; *) kill -INT $server ;; esac
            wait $server
            [ -n "$how" ] || rm -rf "$2"
        "#;
        let shell = command(Path::new("sh"))
            .args(["-c", script, "sh"])
            .arg(self.programs.join("postgres"))
            .arg(&self.folder)
            .arg(self.port.to_string())
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        self.shell = Some(shell);
        let start = Instant::now();
        while self.try_sql("postgres", "SELECT 1").is_err() {
            assert!(start.elapsed() < Duration::from_secs(60), "{}", self.log());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Stops the server; its folder stays.
    pub(crate) fn stop(&mut self, how: Stop) {
        let mut shell = self.shell.take().unwrap();
        let word: &[u8] = if how == Stop::Crash { b"crash\n" } else { b"fast\n" };
        shell.stdin.take().unwrap().write_all(word).unwrap();
        shell.wait().unwrap();
    }

    /// The address of a memory in a schema of its own.
    pub(crate) fn address(&self) -> String {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let schema = format!("memory_{}", COUNT.fetch_add(1, Ordering::Relaxed));
        self.address_in("postgres", &schema)
    }

    pub(crate) fn address_in(&self, database: &str, schema: &str) -> String {
        self.address_of("chancery", database, schema)
    }

    pub(crate) fn address_of(&self, role: &str, database: &str, schema: &str) -> String {
        let port = self.port;
        format!("postgres://{role}@127.0.0.1:{port}/{database}?schema={schema}&sslmode=disable")
    }

    /// Runs statements, as the superuser.
    pub(crate) fn sql(&self, database: &str, sql: &str) -> String {
        self.try_sql(database, sql).unwrap()
    }

    /// Runs a script, as the superuser.
    pub(crate) fn script(&self, script: &Path, schema: &str) {
        let out = Command::new(self.programs.join("psql"))
            .args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-U", "chancery"])
            .args(["-p", &self.port.to_string(), "-d", "postgres", "-v"])
            .arg(format!("schema={schema}"))
            .arg("-f")
            .arg(script)
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&out.stderr);
        assert!(out.status.success() && told.is_empty(), "{told}");
    }

    fn try_sql(&self, database: &str, sql: &str) -> Result<String, String> {
        let out = Command::new(self.programs.join("psql"))
            .args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1"])
            .args(["-U", "chancery", "-p", &self.port.to_string(), "-d", database, "-c", sql])
            .output()
            .unwrap();
        match out.status.success() {
            true => Ok(String::from_utf8(out.stdout).unwrap().trim_end().to_owned()),
            false => Err(String::from_utf8_lossy(&out.stderr).into_owned()),
        }
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        match self.shell.take() {
            Some(mut shell) => {
                drop(shell.stdin.take());
                let _ = shell.wait();
            }
            None => drop(std::fs::remove_dir_all(&self.folder)),
        }
    }
}

/// Where the programs are: in the path, or where Debian keeps them; the newest.
fn programs() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut debian: Vec<PathBuf> = debian.map(|version| version.path().join("bin")).collect();
    debian.sort_by_key(|folder| {
        let version = folder.parent().and_then(Path::file_name).and_then(|v| v.to_str());
        std::cmp::Reverse(version.and_then(|v| v.parse::<u32>().ok()))
    });
    folders.extend(debian);
    let whole = |folder: &PathBuf| {
        ["initdb", "postgres", "psql"].iter().all(|name| folder.join(name).is_file())
    };
    folders.into_iter().find(whole)
}

/// The user and group to run servers as: they refuse to run as root.
fn other_user() -> Option<(u32, u32)> {
    let number = |flag: &str, user: &[&str]| {
        let out = Command::new("id").arg(flag).args(user).output().unwrap();
        String::from_utf8_lossy(&out.stdout).trim().parse().ok()
    };
    (number("-u", &[]) == Some(0)).then(|| {
        let of = |flag| number(flag, &["postgres"]).expect("the package makes a user postgres");
        (of("-u"), of("-g"))
    })
}

fn command(program: &Path) -> Command {
    use std::os::unix::process::CommandExt;
    let mut command = Command::new(program);
    command.current_dir("/");
    if let Some((user, group)) = other_user() {
        command.uid(user).gid(group);
    }
    command
}
