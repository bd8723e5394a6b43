//! TLS to PostgreSQL: who is let in, who is refused, and what is said about it.

#![expect(clippy::unwrap_used, reason = "a test's helpers fail the test as the test does")]

use bursar_db::{DatabaseUrl, Tx, params};
use bursar_fault::Fault;
use bursar_testkit::{Cluster, Setup, open, open_bare};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

bursar_db::statements! {
    ENCRYPTED = "SELECT CAST(COUNT(*) AS BIGINT) FROM pg_stat_ssl WHERE pid = pg_backend_pid() AND ssl";
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

fn authority(name: &str) -> (String, Issuer<'static, KeyPair>) {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.distinguished_name.push(rcgen::DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().unwrap();
    let pem = params.self_signed(&key).unwrap().pem();
    (pem, Issuer::new(params, key))
}

/// Whether the server saw TLS, or the fault with its causes.
async fn encrypted(cluster: &Cluster, host: &str, options: &str) -> Result<bool, String> {
    let url = cluster.url().replace("127.0.0.1", host);
    let url: DatabaseUrl = format!("{url}/postgres?{options}").parse()?;
    let cx = open_bare(url).map_err(|fault| fault.chain())?;
    cx.read(async |tx: &mut Tx| {
        let seen: i64 = tx.query_one(&ENCRYPTED, params![], |row| row.get(0)).await?;
        Ok::<bool, Fault>(seen == 1)
    })
    .await
    .map_err(|fault| fault.chain())
}

fn refused(outcome: &Result<bool, String>, words: &[&str]) {
    let text = outcome.as_ref().expect_err("this must be refused");
    for word in words {
        assert!(text.contains(word), "{word:?} is missing in: {text}");
    }
}

#[test]
fn the_mode_decides_how_much_is_checked_and_a_refusal_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let (root, issuer) = authority("our root");
    let (stranger, _) = authority("another root");
    let (root, stranger) = (file("root.pem", &root), file("stranger.pem", &stranger));
    let key = KeyPair::generate().unwrap();
    let server =
        CertificateParams::new(vec!["localhost".to_owned()]).unwrap().signed_by(&key, &issuer).unwrap();
    let cluster = Cluster::start_with_tls(&server.pem(), &key.serialize_pem());
    runtime().block_on(async {
        let of = async |host: &str, options: &str| encrypted(&cluster, host, options).await;
        let full = format!("sslmode=verify-full&sslrootcert={root}");
        assert_eq!(of("localhost", &full).await, Ok(true));
        refused(&of("127.0.0.1", &full).await, &["not made for", "127.0.0.1", "verify-ca"]);
        let wrong_root = format!("sslmode=verify-full&sslrootcert={stranger}");
        refused(&of("localhost", &wrong_root).await, &["no root that is trusted", "sslrootcert"]);
        refused(&of("localhost", "sslmode=verify-full").await, &["sslrootcert"]);
        refused(&of("localhost", "sslmode=verify-ca&sslrootcert=system").await, &["sslrootcert"]);

        assert_eq!(of("127.0.0.1", &format!("sslmode=verify-ca&sslrootcert={root}")).await, Ok(true));
        assert_eq!(of("127.0.0.1", "sslmode=require").await, Ok(true));
        let named = format!("sslmode=require&sslrootcert={stranger}");
        refused(&of("localhost", &named).await, &["no root that is trusted"]);
        assert_eq!(of("127.0.0.1", "sslmode=prefer").await, Ok(true));
        assert_eq!(of("127.0.0.1", "sslmode=disable").await, Ok(false));

        let empty = file("empty.pem", "no certificate here\n");
        refused(
            &of("localhost", &format!("sslmode=verify-full&sslrootcert={empty}")).await,
            &["sslrootcert", "empty.pem", "holds no certificate"],
        );
        let missing = "sslmode=verify-full&sslrootcert=/nowhere/root.pem";
        refused(&of("localhost", missing).await, &["sslrootcert", "/nowhere/root.pem"]);
        refused(&of("localhost", "sslmode=always").await, &["sslmode=always", "verify-full"]);
    });
}

#[test]
fn a_self_signed_certificate_is_its_own_root() {
    let folder = tempfile::tempdir().unwrap();
    // As `openssl req -x509` makes it: a certificate authority that serves itself.
    let mut params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().unwrap();
    let certificate = params.self_signed(&key).unwrap();
    let root = folder.path().join("server.pem");
    std::fs::write(&root, certificate.pem()).unwrap();
    let cluster = Cluster::start_with_tls(&certificate.pem(), &key.serialize_pem());
    runtime().block_on(async {
        let options = format!("sslmode=verify-full&sslrootcert={}", root.display());
        assert_eq!(encrypted(&cluster, "localhost", &options).await, Ok(true));
        refused(&encrypted(&cluster, "127.0.0.1", &options).await, &["not made for", "127.0.0.1"]);
    });
}

#[test]
fn a_server_without_tls_is_refused_where_tls_is_asked_for() {
    runtime().block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = async {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = [0; 8];
            stream.read_exact(&mut request).await.unwrap();
            stream.write_all(b"N").await.unwrap();
        };
        let client = async {
            let url: DatabaseUrl = format!("postgres://me@{address}/x?sslmode=require").parse().unwrap();
            let cx = open_bare(url).unwrap();
            let read = cx.read(async |_: &mut Tx| Ok::<bool, Fault>(true)).await;
            refused(&read.map_err(|fault| fault.chain()), &["offers no TLS", "ssl = on", "sslmode=prefer"]);
        };
        tokio::join!(server, client);
    });
}

#[test]
fn the_test_server_itself_is_reached_without_tls() {
    let url = DatabaseUrl::Postgres(bursar_testkit::fresh_database());
    runtime().block_on(async {
        let cx = open(url, Setup::new(Vec::new())).await;
        assert!(cx.read(async |_: &mut Tx| Ok::<bool, Fault>(true)).await.unwrap());
    });
}

/// The text that a question gives.
async fn said(tx: &mut Tx, question: &str) -> Result<String, Fault> {
    let mut found = tx.query_text(question, params![], |row| row.get::<String>(0)).await?;
    found.pop().ok_or_else(|| Fault::new("the question has no answer"))
}

#[test]
fn a_server_on_the_same_machine_is_reached_over_its_socket() {
    let url = bursar_testkit::fresh_database();
    runtime().block_on(async {
        let cx = open(DatabaseUrl::Postgres(url.clone()), Setup::new(Vec::new())).await;
        let place = async |tx: &mut Tx| {
            let place =
                "SELECT current_setting('unix_socket_directories') || '&port=' || current_setting('port')";
            said(tx, place).await
        };
        let (place, name) = (cx.read(place).await.unwrap(), url.rsplit('/').next().unwrap());
        // TLS that is asked for keeps nobody from a socket, which has none.
        for tls in ["", "&sslmode=require"] {
            let address = format!("postgres://postgres@/{name}?host={place}{tls}");
            let near = open_bare(address.parse().unwrap()).unwrap();
            let way = async |tx: &mut Tx| {
                said(tx, "SELECT COALESCE(CAST(inet_server_addr() AS TEXT), 'socket')").await
            };
            assert_eq!(near.read(way).await.unwrap(), "socket");
        }
    });
}
