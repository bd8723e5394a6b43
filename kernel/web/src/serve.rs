//! The server: accepts connections, protects itself from slow clients, ends without cutting anybody off.

use std::future::Future;
use std::time::Duration;

use axum::Router;
use bursar_fault::Fault;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tower_http::add_extension::AddExtension;

use crate::client::PeerAddress;
use crate::punctual::Punctual;

/// How long a client may take to send the head of a request.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// How long open requests may go on after the signal to stop.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(20);
/// The largest head of a request.
const HEAD_LIMIT_BYTES: usize = 32 * 1024;

/// Serves until `shutdown` is ready; then takes no more connections and lets the open requests finish. Every request
/// knows the peer it came from.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    shutdown: impl Future<Output = ()>,
) -> Result<(), Fault> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT).max_buf_size(HEAD_LIMIT_BYTES);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(Some(HEAD_TIMEOUT))
        .max_concurrent_streams(100);
    let graceful = GracefulShutdown::new();
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        let (stream, peer) = tokio::select! {
            () = &mut shutdown => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => (stream, PeerAddress(peer.ip())),
                Err(error) if is_the_clients(&error) => continue,
                Err(error) => {
                    // Mostly no file descriptors left: waiting lets some come back, ending would not.
                    tracing::error!("cannot accept connections: {error}");
                    pause().await;
                    continue;
                }
            },
        };
        // Answers are small; waiting to fill a packet only adds delay. Without it everything still works.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!("TCP_NODELAY: {error}");
        }
        let service = TowerToHyperService::new(AddExtension::new(router.clone(), peer));
        let stream = TokioIo::new(Punctual::new(stream, HEAD_TIMEOUT));
        let connection = builder.serve_connection(stream, service).into_owned();
        spawn(graceful.watch(connection));
    }
    drop(listener);
    if tokio::time::timeout(DRAIN_TIMEOUT, graceful.shutdown()).await.is_err() {
        tracing::warn!("some requests did not end in time and were cut off");
    }
    Ok(())
}

/// Runs one connection. What goes wrong there is the client's: it went away, was too slow, or does not speak HTTP.
#[expect(clippy::disallowed_methods, reason = "a connection lives on its own; the graceful watcher ends it")]
fn spawn<E: std::fmt::Display>(connection: impl Future<Output = Result<(), E>> + Send + 'static) {
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!("connection: {error}");
        }
    });
}

#[expect(clippy::disallowed_methods, reason = "nothing tells when a file descriptor comes back")]
async fn pause() {
    tokio::time::sleep(Duration::from_millis(200)).await;
}

fn is_the_clients(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// Ready when the process is asked to end: Ctrl-C, or SIGTERM from a service manager.
pub async fn shutdown_signal() -> Result<(), Fault> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate =
        signal(SignalKind::terminate()).map_err(|error| Fault::wrap("listening for SIGTERM", error))?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted.map_err(|error| Fault::wrap("listening for Ctrl-C", error)),
        _ = terminate.recv() => Ok(()),
    }
}
