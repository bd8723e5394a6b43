//! Listening, TLS, HTTP, and doing what the faults say.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::ext::ReasonPhrase;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};
use tokio_rustls::TlsAcceptor;

use crate::faults::{Fault, Faults};
use crate::message::{Asked, Reply};
use crate::{Identity, Pretend, control};

/// A fake that listens. It stops, with everything under way, when this is dropped.
#[derive(Debug)]
pub struct FakeServer {
    address: SocketAddr,
    identity: Identity,
    faults: Faults,
    listening: JoinHandle<()>,
}

impl FakeServer {
    /// Listens on a free loopback port with a certificate of its own.
    pub async fn start(fake: Arc<dyn Pretend>) -> io::Result<Self> {
        Self::listen(SocketAddr::from(([127, 0, 0, 1], 0)), Identity::fresh(), fake).await
    }

    /// Listens where it is told.
    pub async fn listen(address: SocketAddr, identity: Identity, fake: Arc<dyn Pretend>) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let acceptor = TlsAcceptor::from(identity.server_config()?);
        let faults = Faults::default();
        let desk = Desk { fake, faults: faults.clone() };
        #[expect(clippy::disallowed_methods, reason = "a fake is a process of its own in all but name")]
        let listening = tokio::spawn(accept(listener, acceptor, desk));
        Ok(Self { address, identity, faults, listening })
    }

    /// Its address as callers write it: `https://127.0.0.1:port`.
    pub fn url(&self) -> String {
        format!("https://{}", self.address)
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its certificate.
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// What goes wrong.
    pub fn faults(&self) -> &Faults {
        &self.faults
    }
}

impl Drop for FakeServer {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

#[derive(Clone)]
struct Desk {
    fake: Arc<dyn Pretend>,
    faults: Faults,
}

async fn accept(listener: TcpListener, acceptor: TlsAcceptor, desk: Desk) {
    // Dropped with this task, and every connection with it.
    let mut connections = JoinSet::new();
    loop {
        // A connection that could not be taken (too many open files) is the caller's to make again.
        let Ok((stream, _)) = listener.accept().await else { continue };
        while connections.try_join_next().is_some() {}
        if desk.faults.refuses() {
            continue;
        }
        connections.spawn(serve(stream, acceptor.clone(), desk.clone()));
    }
}

async fn serve(stream: TcpStream, acceptor: TlsAcceptor, desk: Desk) {
    // A caller who does not trust the certificate goes away here; that is the caller's to say.
    let Ok(stream) = acceptor.accept(stream).await else { return };
    let service = service_fn(move |request| answer(request, desk.clone()));
    let connection = http1::Builder::new()
        // A fault that refuses the next connection needs the next request to make one.
        .keep_alive(false)
        .serve_connection(TokioIo::new(stream), service);
    // It ends with an error whenever a fault breaks it, on purpose.
    drop(connection.await);
}

async fn answer(request: Request<Incoming>, desk: Desk) -> Result<Response<Full<Bytes>>, io::Error> {
    let broken = || Err(io::Error::other("a fault breaks the connection"));
    let asked = read(request).await?;
    if let Some(reply) = control::answer(&asked, &desk.faults) {
        return write(reply);
    }
    wait(desk.faults.latency()).await;
    match desk.faults.draw(desk.fake.changes(&asked)) {
        Some(Fault::Refuse | Fault::LoseBefore) => broken(),
        Some(Fault::RateLimit) => write(desk.fake.too_often()),
        Some(Fault::Fail) => write(Reply::text(503, "Service Unavailable")),
        Some(Fault::LoseAfter) => {
            desk.fake.answer(&asked);
            broken()
        }
        Some(Fault::Garble) => {
            desk.fake.answer(&asked);
            write(Reply::text(200, "<html><body>It works!</body></html>"))
        }
        Some(Fault::Stall) => {
            desk.fake.answer(&asked);
            std::future::pending().await
        }
        None => write(desk.fake.answer(&asked)),
    }
}

#[expect(clippy::disallowed_methods, reason = "a slow vendor is what is being pretended")]
async fn wait(latency: Duration) {
    if !latency.is_zero() {
        tokio::time::sleep(latency).await;
    }
}

async fn read(request: Request<Incoming>) -> Result<Asked, io::Error> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.map_err(io::Error::other)?.to_bytes().to_vec();
    let query = head.uri.query().unwrap_or_default();
    Ok(Asked {
        method: head.method.to_string(),
        path: head.uri.path().to_owned(),
        query: url::form_urlencoded::parse(query.as_bytes()).into_owned().collect(),
        headers: head
            .headers
            .iter()
            .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect(),
        body,
    })
}

fn write(reply: Reply) -> Result<Response<Full<Bytes>>, io::Error> {
    let mut response = Response::new(Full::new(Bytes::from(reply.body)));
    *response.status_mut() = StatusCode::from_u16(reply.status).map_err(io::Error::other)?;
    if let Some(reason) = reply.reason {
        let phrase = ReasonPhrase::try_from(reason.into_bytes()).map_err(io::Error::other)?;
        response.extensions_mut().insert(phrase);
    }
    for (name, value) in reply.headers {
        response.headers_mut().append(name, value.parse().map_err(io::Error::other)?);
    }
    Ok(response)
}
