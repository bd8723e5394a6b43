//! A private PostgreSQL cluster on a loopback port.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};

/// A running cluster; it stops when this process ends, however it ends.
#[derive(Debug)]
pub struct Cluster {
    url: String,
    /// Waits on its standard input, which closes with this process, then stops the server and removes its folder.
    _keeper: Option<Child>,
}

static DATABASES: AtomicU64 = AtomicU64::new(1);

/// The address of a new, empty database.
pub fn fresh_database() -> String {
    crate::cluster().create_database()
}

impl Cluster {
    /// Uses the server named by `BURSAR_TEST_POSTGRES` (`postgres://user@host:port`), or starts one.
    ///
    /// # Panics
    /// When PostgreSQL's programs are not installed or do not start: a test that needs them must fail, not pass.
    pub fn start() -> Self {
        match std::env::var("BURSAR_TEST_POSTGRES") {
            Ok(url) if !url.is_empty() => Self { url: url.trim_end_matches('/').to_owned(), _keeper: None },
            _ => Self::start_private(None),
        }
    }

    /// Starts a server that offers TLS with this certificate and key (PEM).
    pub fn start_with_tls(certificate: &str, key: &str) -> Self {
        Self::start_private(Some((certificate, key)))
    }

    /// The address without a database name.
    pub fn url(&self) -> &str {
        &self.url
    }

    fn start_private(tls: Option<(&str, &str)>) -> Self {
        let programs = find_programs();
        let folder =
            tempfile::Builder::new().prefix("bursar-pg-").tempdir().expect("a folder for the cluster");
        let folder = folder.keep();
        let port = free_port();
        let script = KEEPER
            .replace("{bin}", &programs.display().to_string())
            .replace("{dir}", &folder.display().to_string())
            .replace("{port}", &port.to_string());
        if let Some((certificate, key)) = tls {
            for (name, text) in [("server.crt", certificate), ("server.key", key)] {
                std::fs::write(folder.join(name), text).expect("the certificate can be written");
            }
        }
        let path = folder.join("keeper.sh");
        std::fs::File::create(&path)
            .and_then(|mut f| f.write_all(script.as_bytes()))
            .expect("the keeper's script can be written");
        let mut keeper = Command::new("bash")
            .arg(&path)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .expect("bash is installed");
        let mut line = String::new();
        let output = keeper.stdout.take().expect("the keeper's output is piped");
        std::io::BufRead::read_line(&mut std::io::BufReader::new(output), &mut line)
            .expect("the keeper answers");
        assert_eq!(line.trim(), "ready", "PostgreSQL did not start; see {}", folder.join("log").display());
        Self { url: format!("postgres://postgres@127.0.0.1:{port}"), _keeper: Some(keeper) }
    }

    fn create_database(&self) -> String {
        let name = format!("t_{}_{}", std::process::id(), DATABASES.fetch_add(1, Ordering::Relaxed));
        let admin = format!("{}/postgres", self.url);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        std::thread::scope(|threads| {
            // A thread of its own: the caller may already be inside a runtime.
            threads
                .spawn(|| {
                    runtime.block_on(async {
                        let command = format!("CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0");
                        bursar_db_admin(&admin, &command).await;
                    });
                })
                .join()
                .expect("the database can be created");
        });
        format!("{}/{name}", self.url)
    }
}

async fn bursar_db_admin(url: &str, command: &str) {
    let (client, connection) =
        tokio_postgres::connect(url, tokio_postgres::NoTls).await.expect("the test server answers");
    let mut connection = Box::pin(connection);
    tokio::select! {
        done = client.batch_execute(command) => done.expect("the command runs"),
        ended = &mut connection => ended.expect("the connection holds"),
    }
}

fn find_programs() -> PathBuf {
    let mut found: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path().join("bin"))
        .filter(|bin| bin.join("initdb").exists())
        .collect();
    found.sort();
    if let Some(newest) = found.pop() {
        return newest;
    }
    let on_path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&on_path)
        .find(|bin| has_server(bin))
        .expect("PostgreSQL's server programs are needed for the tests: apt-get install postgresql")
}

fn has_server(bin: &Path) -> bool {
    bin.join("initdb").exists() && bin.join("postgres").exists()
}

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a loopback port is free");
    listener.local_addr().expect("it has an address").port()
}

/// The server refuses to run as root, so root starts it as `postgres` (or `nobody`). No durability: it is thrown away.
const KEEPER: &str = r#"
dir='{dir}'; bin='{bin}'; data="$dir/data"
as() { if [ "$(id -u)" = 0 ]; then runuser -u "$user" -- "$@"; else "$@"; fi; }
user=postgres; id postgres >/dev/null 2>&1 || user=nobody
mkdir -p "$data"; chmod 755 "$dir"; [ "$(id -u)" = 0 ] && chown "$user" "$dir" "$data"
cd "$dir"
as "$bin/initdb" -D "$data" -U postgres -A trust -E UTF8 --no-sync >"$dir/log" 2>&1 || { echo failed; exit 1; }
ssl=off
if [ -f "$dir/server.key" ]; then
  ssl=on; install -m 600 "$dir/server.crt" "$dir/server.key" "$data"
  [ "$(id -u)" = 0 ] && chown "$user" "$data/server.crt" "$data/server.key"
fi
as "$bin/postgres" -D "$data" -h 127.0.0.1 -p {port} -k "$dir" -c fsync=off -c synchronous_commit=off \
  -c full_page_writes=off -c max_connections=400 -c ssl=$ssl -c shared_buffers=128MB >>"$dir/log" 2>&1 &
for _ in $(seq 1 200); do "$bin/pg_isready" -q -h 127.0.0.1 -p {port} && break; sleep 0.05; done
"$bin/pg_isready" -q -h 127.0.0.1 -p {port} || { echo failed; exit 1; }
echo ready
read -r _
as "$bin/pg_ctl" -D "$data" stop -m immediate >/dev/null 2>&1
rm -rf "$dir"
"#;
