//! The server on a real socket.

use axum::routing::get;
use axum::{Extension, Router};
use bursar_web::{PeerAddress, serve};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, oneshot};

use std::sync::Arc;

#[tokio::test]
async fn an_open_request_is_answered_after_the_signal_to_stop_and_no_new_one_is_taken() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (began, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let handler = {
        let (began, go_on) = (Arc::clone(&began), Arc::clone(&go_on));
        get(async move || {
            began.notify_one();
            go_on.notified().await;
            "whole answer"
        })
    };
    let (stop, stopped) = oneshot::channel::<()>();
    let server = serve(listener, Router::new().route("/", handler), async {
        assert!(stopped.await.is_ok());
    });
    let client = async {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
        began.notified().await;
        stop.send(()).unwrap();
        // The listener closes as soon as the signal is seen; until then a connection may still be taken.
        while TcpStream::connect(address).await.is_ok() {
            tokio::task::yield_now().await;
        }
        go_on.notify_one();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("whole answer"), "{answer}");
    };
    let (served, ()) = tokio::join!(server, client);
    served.unwrap();
}

#[tokio::test]
async fn a_request_knows_the_peer_of_its_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router =
        Router::new().route("/", get(async |Extension(peer): Extension<PeerAddress>| peer.0.to_string()));
    let (stop, stopped) = oneshot::channel::<()>();
    let server = serve(listener, router, async {
        assert!(stopped.await.is_ok());
    });
    let client = async {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(answer.ends_with("127.0.0.1"), "{answer}");
        stop.send(()).unwrap();
    };
    let (served, ()) = tokio::join!(server, client);
    served.unwrap();
}
