//! The outgoing client against a server that breaks every promise: what each failure means for the caller.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use bursar_fakeserver::{Aim, Asked, FakeServer, Fault, FaultPlan, Pretend, Reply};
use bursar_outbound::{
    Call, CallError, Credentials, Endpoint, Forbidden, Outbound, Recording, Request, Trust,
};
use bursar_time::Instant;
use serde_json::json;

/// A vendor that remembers what it was asked and echoes the body.
#[derive(Default)]
struct Echo(Mutex<Vec<Asked>>);

impl Pretend for Echo {
    fn answer(&self, asked: &Asked) -> Reply {
        self.0.lock().unwrap().push(asked.clone());
        match asked.path.as_str() {
            "/redirect" => Reply::empty(302).with_header("location", "https://elsewhere.example/"),
            "/large" => Reply::text(200, &"x".repeat(5_000)),
            "/worded" => Reply::text(500, "").with_reason("VM is locked (backup)"),
            _ => {
                Reply::json(200, &json!({ "path": asked.path, "said": String::from_utf8_lossy(&asked.body) }))
            }
        }
    }
}

struct Shop {
    server: FakeServer,
    echo: Arc<Echo>,
    outbound: Outbound,
    recording: Recording,
}

impl Shop {
    async fn open() -> Self {
        let echo = Arc::new(Echo::default());
        let server = FakeServer::start(echo.clone()).await.expect("a loopback port is free");
        Self { server, echo, outbound: Outbound::new(), recording: Recording::default() }
    }

    fn endpoint(&self) -> Endpoint {
        let pin = self.server.identity().fingerprint().parse().expect("a fingerprint");
        Endpoint::parse(&self.server.url()).expect("an address").trusting(Trust::Pinned(pin))
    }

    fn call(&self) -> Call {
        self.call_of(Duration::from_secs(20))
    }

    fn call_of(&self, timeout: Duration) -> Call {
        let credentials = Credentials::none().with("key", "sesame-open");
        Call::new(Instant::EPOCH, timeout, credentials)
            .through(&self.outbound)
            .recorded_by(Arc::new(self.recording.clone()))
    }

    fn acted(&self) -> usize {
        self.echo.0.lock().unwrap().len()
    }
}

#[tokio::test]
async fn a_request_arrives_as_written_and_its_record_has_no_secret() {
    let shop = Shop::open().await;
    let endpoint = shop.endpoint();
    let answer = Request::post(&endpoint, "/a/b")
        .header("authorization", "Bearer sesame-open")
        .query(&[("q", "1 2")])
        .form(&[("user", "ann"), ("note", "sesame-open"), ("new", "hunter22&")])
        .hiding("hunter22&")
        .send(&shop.call())
        .await
        .expect("it answers")
        .success(Forbidden::IsCredentials)
        .expect("200");
    assert_eq!(answer.json::<serde_json::Value>().unwrap()["path"], "/a/b");
    let asked = shop.echo.0.lock().unwrap()[0].clone();
    assert_eq!(asked.header("authorization"), Some("Bearer sesame-open"));
    assert_eq!((asked.query("q"), asked.value("new").as_deref()), (Some("1 2"), Some("hunter22&")));

    let exchanges = shop.recording.take();
    let exchange = &exchanges[0];
    assert_eq!(
        (exchange.method.as_str(), exchange.path.as_str(), exchange.status),
        ("POST", "/a/b?q=1+2", Some(200))
    );
    assert_eq!(exchange.request, "user=ann&note=[hidden]&new=[hidden]");
    let printed = format!("{exchange:?}");
    assert!(!printed.contains("sesame") && !printed.contains("hunter"), "{printed}");
    assert!(printed.contains("ann"), "what is not secret stays");
}

#[tokio::test]
async fn each_failure_says_whether_the_vendor_may_have_acted() {
    let shop = Shop::open().await;
    let endpoint = shop.endpoint();
    let post = async |fault| {
        shop.server.faults().next(Aim::Change, fault);
        let before = shop.acted();
        let answer = Request::post(&endpoint, "/x").send(&shop.call()).await;
        let answer = answer.and_then(|answer| answer.success(Forbidden::IsRefusal));
        let read = answer.and_then(|answer| answer.json::<serde_json::Value>());
        (read.expect_err("a fault"), shop.acted() - before)
    };
    assert!(matches!(post(Fault::Refuse).await, (CallError::NotSent(_), 0)));
    assert!(matches!(post(Fault::LoseBefore).await, (CallError::Unknown(_), 0)));
    assert!(matches!(post(Fault::LoseAfter).await, (CallError::Unknown(_), 1)));
    assert!(matches!(post(Fault::Fail).await, (CallError::Unknown(_), 0)));
    assert!(matches!(post(Fault::Garble).await, (CallError::Unreadable(_), 1)));
    let two = Some(Duration::from_secs(2));
    assert_eq!(post(Fault::RateLimit).await, (CallError::RateLimited { retry_after: two }, 0));
}

#[tokio::test]
async fn a_vendor_that_never_answers_ends_the_call_at_its_deadline() {
    let shop = Shop::open().await;
    let endpoint = shop.endpoint();
    shop.server.faults().next(Aim::Change, Fault::Stall);
    let call = shop.call_of(Duration::from_millis(300));
    let answer = Request::post(&endpoint, "/x").send(&call).await;
    assert!(matches!(answer, Err(CallError::Unknown(_))), "{answer:?}");
    assert_eq!(shop.acted(), 1, "it acted all the same");
    let second = Request::post(&endpoint, "/x").send(&call).await;
    assert!(matches!(second, Err(CallError::NotSent(_))), "the time is over: {second:?}");
    assert_eq!(shop.acted(), 1);
    assert_eq!(shop.recording.take().len(), 2, "both are recorded");
}

#[tokio::test]
async fn nobody_there_means_not_sent() {
    let shop = Shop::open().await;
    let endpoint = shop.endpoint();
    let Shop { server, outbound, .. } = shop;
    drop(server);
    let call = Call::new(Instant::EPOCH, Duration::from_secs(20), Credentials::none()).through(&outbound);
    // The port may be held for a moment while the listener's task ends.
    let mut answer = Request::get(&endpoint, "/").send(&call).await;
    while matches!(answer, Err(CallError::Unknown(_))) {
        answer = Request::get(&endpoint, "/").send(&call).await;
    }
    assert!(matches!(answer, Err(CallError::NotSent(_))), "{answer:?}");
    let nowhere = Endpoint::parse("https://no-such-host.invalid").unwrap();
    let answer = Request::get(&nowhere, "/").send(&call).await;
    assert!(matches!(answer, Err(CallError::NotSent(_))), "{answer:?}");
    let no_way = Call::new(Instant::EPOCH, Duration::from_secs(20), Credentials::none());
    assert!(matches!(Request::get(&endpoint, "/").send(&no_way).await, Err(CallError::NotSent(_))));
}

#[tokio::test]
async fn only_the_pinned_or_an_authority_s_certificate_is_believed() {
    let shop = Shop::open().await;
    let plain = Endpoint::parse(&shop.server.url()).unwrap();
    let shown =
        shop.server.identity().fingerprint().parse::<bursar_outbound::Fingerprint>().unwrap().to_string();

    let stranger = Request::post(&plain, "/").send(&shop.call()).await.expect_err("nobody signed it");
    assert!(matches!(&stranger, CallError::NotSent(text) if text.contains(&shown)), "{stranger}");
    let pinned_to_another = plain.clone().trusting(Trust::Pinned("ab".repeat(32).parse().unwrap()));
    let changed = Request::post(&pinned_to_another, "/").send(&shop.call()).await.expect_err("it is another");
    assert!(matches!(&changed, CallError::NotSent(text) if text.contains(&shown)), "{changed}");
    assert_eq!(shop.acted(), 0);

    Request::post(&shop.endpoint(), "/").send(&shop.call()).await.expect("the pinned one");
    let authority = Trust::Authority(shop.server.identity().certificate_pem().to_owned());
    Request::post(&plain.clone().trusting(authority), "/")
        .send(&shop.call())
        .await
        .expect("signed by the authority");
    assert_eq!(shop.acted(), 2);
    let no_pem =
        Request::get(&plain.trusting(Trust::Authority("nonsense".to_owned())), "/").send(&shop.call()).await;
    assert!(matches!(no_pem, Err(CallError::NotSent(_))), "{no_pem:?}");
}

#[tokio::test]
async fn redirects_stay_unfollowed_long_answers_unread_and_reasons_readable() {
    let shop = Shop::open().await;
    let endpoint = shop.endpoint();
    let redirect = Request::get(&endpoint, "/redirect").send(&shop.call()).await.unwrap();
    assert!(
        matches!(redirect.failure(Forbidden::IsRefusal), CallError::Refused(text) if text.contains("elsewhere"))
    );
    let large = Request::get(&endpoint, "/large").reading_at_most(4_999).send(&shop.call()).await;
    assert!(matches!(large, Err(CallError::Unreadable(_))), "{large:?}");
    let fits = Request::get(&endpoint, "/large").reading_at_most(5_000).send(&shop.call()).await.unwrap();
    assert_eq!(fits.body().len(), 5_000);
    let worded = Request::get(&endpoint, "/worded").send(&shop.call()).await.unwrap();
    assert_eq!((worded.status(), worded.reason()), (500, "VM is locked (backup)"));
}

#[tokio::test]
async fn a_fake_can_be_told_by_hand_to_misbehave() {
    let shop = Shop::open().await;
    let endpoint = shop.endpoint();
    Request::post(&endpoint, "/fake/next?fault=fail").send(&shop.call()).await.unwrap();
    assert_eq!(Request::get(&endpoint, "/").send(&shop.call()).await.unwrap().status(), 503);
    assert_eq!(Request::get(&endpoint, "/").send(&shop.call()).await.unwrap().status(), 200);
    let plan =
        Request::post(&endpoint, "/fake/plan?seed=7&ppm=0&latency_ms=1").send(&shop.call()).await.unwrap();
    assert_eq!(plan.json::<serde_json::Value>().unwrap()["latency_ms"], 1);
    let unknown = Request::post(&endpoint, "/fake/next?fault=sulk").send(&shop.call()).await.unwrap();
    assert_eq!(unknown.status(), 400);
    assert_eq!(shop.acted(), 1, "none of it reached the vendor");
    shop.server.faults().set_plan(FaultPlan::default());
}
