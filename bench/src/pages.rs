//! The admin's pages over a large business, asked for as browsers ask: over HTTP, on connections that stay open.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bursar_context::Cx;
use bursar_db::Engine;
use bursar_fault::Fault;
use bursar_time::Stopwatch;
use bursar_web::Resource;
use futures_util::future::{join, try_join_all};
use http_body_util::{BodyExt as _, Empty};
use hyper::body::Bytes;
use hyper::client::conn::http1::{self, SendRequest};
use hyper::{Request, StatusCode, header};
use hyper_util::rt::TokioIo;
use serde::Serialize;
use tokio::net::TcpStream;

use crate::memory;

/// How far into a list the reader goes on.
const PAGES_DEEP: usize = 3;
/// Different customers, names and numbers that are asked for.
const VARIETY: i64 = 997;

/// The figures; a documented contract of `bursar bench pages --json`.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// `sqlite` or `postgres`.
    pub engine: &'static str,
    /// How large the business is.
    pub customers: i64,
    /// Connections at once.
    pub connections: usize,
    /// Whether answers were compressed.
    pub is_compressed: bool,
    /// By kind of page.
    pub pages: Vec<Kind>,
    /// First pages of all lists together.
    pub list_pages_per_second: f64,
    /// The same reads without making a page of them.
    pub floor_lists_per_second: f64,
    /// The first divided by the second.
    pub ratio_to_floor: f64,
    /// Most resident memory of server and readers together.
    pub peak_rss_mb: u64,
}

/// The figures of one kind of page.
#[derive(Debug, Clone, Serialize)]
pub struct Kind {
    /// Which.
    pub page: String,
    /// Different addresses of it.
    pub addresses: usize,
    /// How many were asked for.
    pub requests: usize,
    /// Answers in a second.
    pub per_second: f64,
    /// Half of the answers came within this many milliseconds.
    pub p50_ms: f64,
    /// 99 of 100 came within this.
    pub p99_ms: f64,
    /// The slowest.
    pub max_ms: f64,
    /// The mean size of an answer.
    pub bytes: u64,
}

/// The server that is measured, and what is asked of it.
pub struct Site {
    /// Where it listens.
    pub address: SocketAddr,
    /// The session of who may see everything.
    pub cookie: String,
    /// Its lists.
    pub lists: Vec<Arc<Resource>>,
    /// The highest number of a customer; all below are there.
    pub customers: i64,
}

/// How it is asked.
#[derive(Debug, Clone, Copy)]
pub struct Load {
    /// Connections at once.
    pub connections: usize,
    /// Requests for each kind of page.
    pub requests: usize,
    /// Ask for compressed answers, as browsers do where no proxy compresses.
    pub is_compressed: bool,
}

/// Asks for every list through every lens, in every order, some pages deep; for searches; for customers; for the
/// dashboard.
///
/// # Errors
/// When a page is not answered with 200: a mistake has no speed.
pub async fn measure(cx: &Cx, site: &Site, load: Load) -> Result<Report, Fault> {
    memory::reset_peak();
    let mut pages = Vec::new();
    for list in &site.lists {
        let addresses = addresses_of(site, list).await?;
        pages.push(ask(site, load, list.paths().list, &addresses).await?);
    }
    for (name, addresses) in searches(site) {
        pages.push(ask(site, load, name, &addresses).await?);
    }
    let customers: Vec<String> = some(site.customers).map(|id| format!("/admin/customers/{id}")).collect();
    pages.push(ask(site, load, "a customer", &customers).await?);
    pages.push(ask(site, load, "the dashboard", &["/admin".to_owned()]).await?);
    let firsts: Vec<String> = site.lists.iter().map(|list| list.paths().list.to_owned()).collect();
    let all = Load { requests: load.requests * 5, ..load };
    let lists = ask(site, all, "first pages of all lists", &firsts).await?;
    let floor = read_only(cx, site, all).await?;
    let per_second = lists.per_second;
    pages.push(lists);
    Ok(Report {
        engine: match cx.db().engine() {
            Engine::Sqlite => "sqlite",
            Engine::Postgres => "postgres",
        },
        customers: site.customers,
        connections: load.connections,
        is_compressed: load.is_compressed,
        pages,
        list_pages_per_second: per_second,
        floor_lists_per_second: floor,
        ratio_to_floor: per_second / floor,
        peak_rss_mb: memory::peak_resident_mb(),
    })
}

/// Numbers spread evenly over all there are.
fn some(highest: i64) -> impl Iterator<Item = i64> {
    (0..VARIETY).map(move |n| 1 + n * highest / VARIETY)
}

/// Every lens and order of a list, each with the pages that follow.
async fn addresses_of(site: &Site, list: &Resource) -> Result<Vec<String>, Fault> {
    let (mut reader, connection) = connect(site.address).await?;
    let walk = async {
        let mut found = Vec::new();
        for query in list.queries() {
            let mut next = Some(format!("{}?{query}", list.paths().json));
            for _ in 0..PAGES_DEEP {
                let Some(address) = next.take() else { break };
                let answer = get(&mut reader, site, &address, false).await?;
                let body: serde_json::Value = serde_json::from_slice(&answer)
                    .map_err(|error| Fault::wrap(format!("reading {address}"), error))?;
                next = body["next"].as_str().map(str::to_owned);
                found.push(address.replacen(list.paths().json, list.paths().list, 1));
            }
        }
        drop(reader);
        Ok::<_, Fault>(found)
    };
    join(walk, connection).await.0
}

/// What somebody looks for: a customer by e-mail and by name, an invoice by number, anything everywhere.
fn searches(site: &Site) -> BTreeMap<&'static str, Vec<String>> {
    let customers = || some(site.customers);
    let invoices = || some(site.customers * 9);
    BTreeMap::from([
        (
            "search customers by e-mail",
            customers().map(|id| format!("/admin/customers?search=c{id}%40example.com")).collect(),
        ),
        (
            "search customers by name",
            customers().map(|id| format!("/admin/customers?search=able+{id}")).collect(),
        ),
        ("search invoices by number", invoices().map(|id| format!("/admin/invoices?search={id}")).collect()),
        ("search everything", customers().map(|id| format!("/admin/search?q=able+{id}")).collect()),
    ])
}

/// Asks for the addresses in turn, on all connections at once, after asking each once so that caches are as they are in
/// the middle of a day.
async fn ask(site: &Site, load: Load, page: &str, addresses: &[String]) -> Result<Kind, Fault> {
    let mut micros = Vec::with_capacity(load.requests);
    let mut bytes = 0;
    run(site, load, addresses, addresses.len()).await?;
    let watch = Stopwatch::start();
    for (took, size) in run(site, load, addresses, load.requests).await? {
        micros.push(took);
        bytes += size;
    }
    let seconds = watch.elapsed_seconds();
    micros.sort_unstable();
    let at = |percent: usize| micros[(micros.len() * percent / 100).min(micros.len() - 1)] as f64 / 1_000.0;
    Ok(Kind {
        page: page.to_owned(),
        addresses: addresses.len(),
        requests: micros.len(),
        per_second: micros.len() as f64 / seconds,
        p50_ms: at(50),
        p99_ms: at(99),
        max_ms: at(100),
        bytes: bytes / micros.len() as u64,
    })
}

/// Microseconds and bytes of each answer.
async fn run(
    site: &Site,
    load: Load,
    addresses: &[String],
    requests: usize,
) -> Result<Vec<(i64, u64)>, Fault> {
    let next = AtomicUsize::new(0);
    let readers = (0..load.connections).map(|_| async {
        let (mut reader, connection) = connect(site.address).await?;
        let work = async {
            let mut taken = Vec::new();
            loop {
                let n = next.fetch_add(1, Ordering::Relaxed);
                if n >= requests {
                    break;
                }
                let watch = Stopwatch::start();
                let body =
                    get(&mut reader, site, &addresses[n % addresses.len()], load.is_compressed).await?;
                taken.push((watch.elapsed_micros(), body.len() as u64));
            }
            drop(reader);
            Ok::<_, Fault>(taken)
        };
        join(work, connection).await.0
    });
    Ok(try_join_all(readers).await?.into_iter().flatten().collect())
}

/// A connection, and what moves its bytes until its reader is dropped.
async fn connect(
    address: SocketAddr,
) -> Result<(SendRequest<Empty<Bytes>>, impl Future<Output = ()>), Fault> {
    let stream = TcpStream::connect(address).await.map_err(|error| Fault::wrap("connecting", error))?;
    stream.set_nodelay(true).map_err(|error| Fault::wrap("connecting", error))?;
    let (reader, connection) =
        http1::handshake(TokioIo::new(stream)).await.map_err(|error| Fault::wrap("speaking HTTP", error))?;
    // What goes wrong here goes wrong for the request too, and is told there.
    Ok((reader, async { connection.await.unwrap_or_default() }))
}

async fn get(
    reader: &mut SendRequest<Empty<Bytes>>,
    site: &Site,
    address: &str,
    is_compressed: bool,
) -> Result<Bytes, Fault> {
    let failed = |error| Fault::wrap(format!("asking for {address}"), error);
    let mut request = Request::get(address)
        .header(header::HOST, site.address.to_string())
        .header(header::ACCEPT, if address.contains(".json") { "application/json" } else { "text/html" })
        .header(header::COOKIE, &site.cookie);
    if is_compressed {
        request = request.header(header::ACCEPT_ENCODING, "gzip");
    }
    let request = request.body(Empty::new()).map_err(|error| Fault::wrap("making a request", error))?;
    reader.ready().await.map_err(failed)?;
    let response = reader.send_request(request).await.map_err(failed)?;
    let status = response.status();
    let body = response.into_body().collect().await.map_err(failed)?.to_bytes();
    if status != StatusCode::OK {
        return Err(Fault::new(format!("{address} answered {status}")));
    }
    Ok(body)
}

/// What the lists read, as often and as many at once, without HTTP and without pages.
async fn read_only(cx: &Cx, site: &Site, load: Load) -> Result<f64, Fault> {
    let next = AtomicUsize::new(0);
    let watch = Stopwatch::start();
    try_join_all((0..load.connections).map(|_| async {
        loop {
            let n = next.fetch_add(1, Ordering::Relaxed);
            if n >= load.requests {
                return Ok::<_, Fault>(());
            }
            let list = &site.lists[n % site.lists.len()];
            list.read(cx, "").await.map_err(|_| Fault::new(format!("{} cannot be read", list.key())))?;
        }
    }))
    .await?;
    Ok(load.requests as f64 / watch.elapsed_seconds())
}
