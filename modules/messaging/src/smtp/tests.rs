use std::time::Duration;

use bursar_vault::Secret;
use lettre::address::Envelope;

use super::fixture::{FakeServer, Manner};
use super::*;

fn server(fake: &FakeServer) -> Server {
    Server {
        host: "127.0.0.1".to_owned(),
        port: fake.port,
        security: Security::Plain,
        login: Some(("office".to_owned(), Secret::new("hunter2".to_owned()))),
        hello: "office.example".to_owned(),
        patience: Duration::from_millis(300),
    }
}

fn mail() -> Composed {
    let address = |text: &str| text.parse().unwrap();
    let envelope = Envelope::new(Some(address("a@office.example")), vec![address("b@example.com")]).unwrap();
    Composed { envelope, bytes: b"Subject: Hi\r\n\r\nHello\r\n.\r\nthere\r\n".to_vec() }
}

/// How it ended, and whether the content had left by then.
async fn send(fake: &FakeServer, server: &Server) -> (Delivery, bool) {
    let (mut left, mail) = (false, mail());
    let delivery = deliver(server, &mail, async || {
        left = true;
        assert!(fake.mails().is_empty(), "it is recorded before the content leaves");
        Ok(true)
    });
    let delivery = delivery.await.unwrap().expect("nobody else has the message");
    (delivery, left)
}

#[tokio::test]
async fn every_ending_says_whether_the_mail_may_have_arrived() {
    for (manner, may_have_left, expected) in [
        (Manner::DropsAtOnce, false, "not now"),
        (Manner::SilentAtOnce, false, "not now"),
        (Manner::RefusesLogin, false, "not now: signing in: permanent error (535): 5.7.8 wrong password"),
        (Manner::NotNowAtRecipient, false, "not now: the recipient: transient error (450): 4.2.0 greylisted"),
        (
            Manner::NeverAtRecipient,
            false,
            "never: the recipient: permanent error (550): 5.1.1 no such mailbox",
        ),
        (Manner::NotNowAfterContent, true, "not now: the content: transient error (451): 4.3.0 disk is full"),
        (Manner::NeverAfterContent, true, "never: the content: permanent error (554): 5.6.0 looks like spam"),
        (Manner::DropsAfterContent, true, "unknown"),
        (Manner::SilentAfterContent, true, "unknown"),
        (Manner::Takes, true, "accepted"),
    ] {
        let fake = FakeServer::start(manner);
        let (delivery, left) = send(&fake, &server(&fake)).await;
        let said = match &delivery {
            Delivery::Accepted => "accepted".to_owned(),
            Delivery::NotNow(why) => format!("not now: {why}"),
            Delivery::Never(why) => format!("never: {why}"),
            Delivery::Unknown(why) => format!("unknown: {why}"),
        };
        assert!(said.starts_with(expected), "{manner:?}: {said}");
        assert_eq!(left, may_have_left, "{manner:?}");
        assert!(!said.contains("hunter2"), "{said}");
    }
}

#[tokio::test]
async fn a_lone_dot_does_not_end_the_mail() {
    let fake = FakeServer::start(Manner::Takes);
    assert_eq!(send(&fake, &server(&fake)).await.0, Delivery::Accepted);
    assert_eq!(fake.mails(), ["Subject: Hi\r\n\r\nHello\r\n..\r\nthere\r\n\r\n"]);
}

#[tokio::test]
async fn without_starttls_nothing_is_said_least_of_all_the_password() {
    let fake = FakeServer::start(Manner::Takes);
    let server = Server { security: Security::StartTls, ..server(&fake) };
    let (delivery, left) = send(&fake, &server).await;
    assert!(matches!(&delivery, Delivery::NotNow(why) if why.contains("STARTTLS")), "{delivery:?}");
    assert!(
        !left && fake.commands().iter().all(|it| it.starts_with("EHLO") || it == "QUIT"),
        "{:?}",
        fake.commands()
    );
}

#[tokio::test]
async fn a_message_that_somebody_else_has_is_left_alone() {
    let fake = FakeServer::start(Manner::Takes);
    let delivery = deliver(&server(&fake), &mail(), async || Ok(false)).await.unwrap();
    assert_eq!(delivery, None);
    assert!(fake.mails().is_empty());
}
