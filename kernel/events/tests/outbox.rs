//! What the outbox promises, on both engines.

use std::sync::Arc;

use bursar_context::Cx;
use bursar_db::{Attachments, Migrations, Tx, params};
use bursar_events::{Dispatcher, Event, MOST_ATTEMPTS, Router, Subscriber, emit, emit_all, subscriber};
use bursar_fault::Fault;
use bursar_testkit::{Setup, TestCx, on_both_engines_with, open_again};
use serde::{Deserialize, Serialize};

bursar_db::statements! {
    SAY = "INSERT INTO seen_words (id, word) VALUES ($1, $2)";
    WORDS = "SELECT word FROM seen_words ORDER BY id";
    RULE = "INSERT INTO seen_rules (name) VALUES ($1)";
    UNRULE = "DELETE FROM seen_rules WHERE name = $1";
    RULED = "SELECT name FROM seen_rules WHERE name = $1";
    WAITING = "SELECT COUNT(*) FROM kernel_deliveries";
    NEWEST = "SELECT MAX(id) FROM kernel_deliveries";
    GARBLE = "UPDATE kernel_events SET payload = $1";
}

#[derive(Serialize, Deserialize)]
struct Paid {
    invoice: i64,
    part: i64,
}

impl Event for Paid {
    const NAME: &'static str = "shop.invoice.paid";

    fn subject(&self) -> String {
        format!("invoice:{}", self.invoice)
    }
}

#[derive(Serialize, Deserialize)]
struct Unheard {}

impl Event for Unheard {
    const NAME: &'static str = "shop.unheard";

    fn subject(&self) -> String {
        "nothing:1".to_owned()
    }
}

/// Writes what it hears, unless a rule `refuse INVOICE` or `panic INVOICE` is in the database.
fn recorder() -> Subscriber {
    subscriber("seen.record", async |tx: &mut Tx, paid: Paid| {
        let id = tx.new_raw_id()?;
        let word = format!("{}.{}", paid.invoice, paid.part);
        tx.exec(&SAY, params![id, &word]).await?;
        if is_ruled(tx, &format!("refuse {}", paid.invoice)).await? {
            return Err(Fault::new("refused by a rule"));
        }
        assert!(!is_ruled(tx, &format!("panic {}", paid.invoice)).await?, "as the rule says");
        Ok(())
    })
}

async fn is_ruled(tx: &mut Tx, rule: &str) -> Result<bool, Fault> {
    Ok(tx.query_opt(&RULED, params![rule], |row| row.get::<String>(0)).await?.is_some())
}

fn with_outbox(subscribers: Vec<Subscriber>, body: impl AsyncFn(Dispatcher, TestCx)) {
    let mut attachments = Attachments::default();
    attachments.insert(Arc::new(Router::new(&subscribers)));
    let seen: Migrations = bursar_db::migrations!("seen", "0001" => "migrations/0001.sql");
    let setup = Setup { attachments, ..Setup::new(vec![bursar_events::migrations(), seen]) };
    let dispatcher = Dispatcher::new(&subscribers);
    on_both_engines_with(setup, async |cx: TestCx| body(dispatcher.clone(), cx).await);
}

async fn pay(cx: &Cx, invoice: i64, part: i64) {
    cx.write(async move |tx: &mut Tx| emit(tx, &Paid { invoice, part }).await).await.expect("emitted");
}

async fn rule(cx: &Cx, name: &'static str) {
    cx.write(async move |tx: &mut Tx| tx.exec(&RULE, params![name]).await.map(drop)).await.expect("ruled");
}

async fn unrule(cx: &Cx, name: &'static str) {
    cx.write(async move |tx: &mut Tx| tx.exec(&UNRULE, params![name]).await.map(drop))
        .await
        .expect("unruled");
}

async fn words(cx: &Cx) -> Vec<String> {
    cx.read(async |tx: &mut Tx| tx.query(&WORDS, params![], |row| row.get::<String>(0)).await)
        .await
        .expect("words can be read")
}

async fn waiting(cx: &Cx) -> i64 {
    cx.read(async |tx: &mut Tx| tx.query_one(&WAITING, params![], |row| row.get(0)).await)
        .await
        .expect("counted")
}

async fn drain_all(dispatcher: &Dispatcher, cx: &Cx) -> usize {
    let mut tried = 0;
    loop {
        match dispatcher.drain(cx, 50).await.expect("the dispatcher runs") {
            0 => return tried,
            more => tried += more,
        }
    }
}

/// Drains and moves the clock past every pause until the delivery is parked.
async fn fail_until_parked(dispatcher: &Dispatcher, cx: &TestCx) {
    for _ in 0..MOST_ATTEMPTS {
        drain_all(dispatcher, cx).await;
        cx.test_clock().advance_seconds(2_048);
    }
}

#[test]
fn each_subscriber_hears_each_event_once() {
    let second = subscriber("seen.second", async |tx: &mut Tx, paid: Paid| {
        let id = tx.new_raw_id()?;
        tx.exec(&SAY, params![id, &format!("second {}", paid.invoice)]).await.map(drop)
    });
    with_outbox(vec![recorder(), second], async |dispatcher, cx| {
        pay(&cx, 1, 1).await;
        assert_eq!(waiting(&cx).await, 2);
        assert_eq!(drain_all(&dispatcher, &cx).await, 2);
        assert_eq!(drain_all(&dispatcher, &cx).await, 0);
        let mut heard = words(&cx).await;
        heard.sort();
        assert_eq!(heard, ["1.1", "second 1"]);
        assert_eq!(waiting(&cx).await, 0);
    });
}

#[test]
fn an_event_of_a_rolled_back_transaction_never_was() {
    with_outbox(vec![recorder()], async |dispatcher, cx| {
        let outcome: Result<(), Fault> = cx
            .write(async |tx: &mut Tx| {
                emit(tx, &Paid { invoice: 1, part: 1 }).await?;
                Err(Fault::new("second thoughts"))
            })
            .await;
        assert!(outcome.is_err());
        assert_eq!(drain_all(&dispatcher, &cx).await, 0);
        assert_eq!(words(&cx).await, Vec::<String>::new());
    });
}

#[test]
fn an_event_that_nobody_hears_leaves_no_delivery() {
    with_outbox(vec![recorder()], async |_, cx| {
        cx.write(async |tx: &mut Tx| emit(tx, &Unheard {}).await).await.unwrap();
        assert_eq!(waiting(&cx).await, 0);
    });
}

#[test]
fn events_of_one_subject_keep_their_order_and_a_failure_holds_back_only_its_own_subject() {
    with_outbox(vec![recorder()], async |dispatcher, cx| {
        rule(&cx, "refuse 1").await;
        for part in 1..=3 {
            pay(&cx, 1, part).await;
            pay(&cx, 2, part).await;
        }
        drain_all(&dispatcher, &cx).await;
        assert_eq!(words(&cx).await, ["2.1", "2.2", "2.3"], "invoice 1 waits, and nothing of it was kept");
        unrule(&cx, "refuse 1").await;
        assert_eq!(drain_all(&dispatcher, &cx).await, 0, "not before its pause is over");
        cx.test_clock().advance_seconds(1);
        assert_eq!(drain_all(&dispatcher, &cx).await, 0);
        cx.test_clock().advance_seconds(1);
        assert_eq!(drain_all(&dispatcher, &cx).await, 3);
        assert_eq!(words(&cx).await, ["2.1", "2.2", "2.3", "1.1", "1.2", "1.3"]);
    });
}

#[test]
fn the_order_of_a_subject_holds_between_processes_with_different_blocks_of_ids() {
    with_outbox(vec![recorder()], async |dispatcher, cx| {
        // Whoever takes its block of ids later has the greater ids: here the rival, who announces first each time.
        let rival = open_again(&cx);
        pay(&cx, 9, 0).await;
        for part in 1..=6 {
            pay(if part % 2 == 1 { &rival } else { &cx }, 1, part).await;
        }
        let paid: Vec<Paid> = (7..=9).map(|part| Paid { invoice: 1, part }).collect();
        cx.write_batch(async move |tx: &mut Tx| emit_all(tx, &paid).await).await.unwrap();
        drain_all(&dispatcher, &cx).await;
        let in_order: Vec<_> = (1..=9).map(|part| format!("1.{part}")).collect();
        assert_eq!(words(&cx).await.split_off(1), in_order);
    });
}

#[test]
fn a_number_is_never_given_to_a_second_delivery() {
    with_outbox(vec![recorder()], async |dispatcher, cx| {
        let newest = async || {
            cx.read(async |tx: &mut Tx| tx.query_one(&NEWEST, params![], |row| row.get::<i64>(0)).await)
                .await
                .unwrap()
        };
        pay(&cx, 1, 1).await;
        let first = newest().await;
        drain_all(&dispatcher, &cx).await;
        // A dispatcher that still holds the first must not finish this one by mistake.
        pay(&cx, 1, 2).await;
        assert!(newest().await > first);
    });
}

#[test]
fn pauses_double_from_two_seconds_and_the_tenth_failure_parks() {
    with_outbox(vec![recorder()], async |dispatcher, cx| {
        rule(&cx, "refuse 1").await;
        pay(&cx, 1, 1).await;
        // 2 + 4 + … + 512 s lie between the ten attempts.
        for attempt in 1..MOST_ATTEMPTS {
            assert_eq!(drain_all(&dispatcher, &cx).await, 1, "attempt {attempt}");
            assert!(Dispatcher::parked(&cx, 10).await.unwrap().is_empty());
            let due = cx.now().plus_seconds(1 << attempt);
            assert_eq!(Dispatcher::next_at(&cx).await.unwrap(), Some(due));
            cx.test_clock().set(due);
        }
        assert_eq!(drain_all(&dispatcher, &cx).await, 1);
        let parked = Dispatcher::parked(&cx, 10).await.unwrap();
        assert_eq!(parked.len(), 1);
        assert_eq!(parked[0].subscriber, "seen.record");
        assert_eq!(parked[0].subject, "invoice:1");
        assert_eq!(parked[0].event, "shop.invoice.paid");
        assert_eq!(parked[0].attempts, MOST_ATTEMPTS);
        assert!(parked[0].last_error.as_deref().unwrap().contains("refused by a rule"));
        assert_eq!(words(&cx).await, Vec::<String>::new(), "no attempt left anything behind");
    });
}

#[test]
fn a_parked_delivery_holds_its_subject_until_a_person_retries_it() {
    with_outbox(vec![recorder()], async |dispatcher, cx| {
        rule(&cx, "refuse 1").await;
        pay(&cx, 1, 1).await;
        fail_until_parked(&dispatcher, &cx).await;
        pay(&cx, 1, 2).await;
        assert_eq!(drain_all(&dispatcher, &cx).await, 0, "it stands behind the parked one");
        assert_eq!(Dispatcher::next_at(&cx).await.unwrap(), None, "nothing can run without a person");
        unrule(&cx, "refuse 1").await;
        let id = Dispatcher::parked(&cx, 10).await.unwrap()[0].id;
        assert!(Dispatcher::retry_parked(&cx, id).await.unwrap());
        assert!(!Dispatcher::retry_parked(&cx, id).await.unwrap(), "it waits no more");
        assert_eq!(drain_all(&dispatcher, &cx).await, 2);
        assert_eq!(words(&cx).await, ["1.1", "1.2"]);
    });
}

#[test]
fn a_skipped_delivery_is_gone_and_lets_the_next_one_through() {
    with_outbox(vec![recorder()], async |dispatcher, cx| {
        rule(&cx, "refuse 1").await;
        pay(&cx, 1, 1).await;
        pay(&cx, 1, 2).await;
        fail_until_parked(&dispatcher, &cx).await;
        unrule(&cx, "refuse 1").await;
        let id = Dispatcher::parked(&cx, 10).await.unwrap()[0].id;
        assert!(Dispatcher::skip_parked(&cx, id).await.unwrap());
        assert_eq!(drain_all(&dispatcher, &cx).await, 1);
        assert_eq!(words(&cx).await, ["1.2"]);
        assert!(!Dispatcher::skip_parked(&cx, id).await.unwrap());
    });
}

#[test]
fn a_panic_is_a_failure_of_one_delivery() {
    with_outbox(vec![recorder()], async |dispatcher, cx| {
        rule(&cx, "panic 1").await;
        pay(&cx, 1, 1).await;
        pay(&cx, 2, 1).await;
        drain_all(&dispatcher, &cx).await;
        assert_eq!(words(&cx).await, ["2.1"]);
        unrule(&cx, "panic 1").await;
        cx.test_clock().advance_seconds(2);
        drain_all(&dispatcher, &cx).await;
        assert_eq!(words(&cx).await, ["2.1", "1.1"]);
    });
}

#[test]
fn what_cannot_be_decoded_or_has_no_subscriber_is_parked_and_never_skipped() {
    with_outbox(vec![recorder()], async |dispatcher, cx| {
        pay(&cx, 1, 1).await;
        cx.write(async |tx: &mut Tx| tx.exec(&GARBLE, params!["{}"]).await.map(drop)).await.unwrap();
        fail_until_parked(&dispatcher, &cx).await;
        let parked = Dispatcher::parked(&cx, 10).await.unwrap();
        assert!(parked[0].last_error.as_deref().unwrap().contains("cannot be decoded"), "{parked:?}");

        pay(&cx, 2, 1).await;
        let without = Dispatcher::new(&[]);
        assert_eq!(drain_all(&without, &cx).await, 1);
        let parked = Dispatcher::parked(&cx, 10).await.unwrap();
        assert!(parked[1].last_error.as_deref().unwrap().contains("no such subscriber"), "{parked:?}");
    });
}

#[test]
fn a_dispatcher_that_dies_between_two_deliveries_loses_and_repeats_nothing() {
    with_outbox(vec![recorder()], async |dispatcher, cx| {
        for part in 1..=20 {
            pay(&cx, part % 4, part).await;
        }
        // Each round is dropped at a later answer of the database, with the next unit of work already on its way.
        for answers in 0..12 {
            let mut round = std::pin::pin!(dispatcher.drain(&cx, 3));
            let mut polls = 0;
            std::future::poll_fn(|context| {
                polls += 1;
                let ended = round.as_mut().poll(context).is_ready();
                if ended || polls > answers { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
            })
            .await;
        }
        assert!(!words(&cx).await.is_empty(), "some were delivered meanwhile");
        drain_all(&dispatcher, &cx).await;
        let mut heard: Vec<(i64, i64)> = words(&cx)
            .await
            .iter()
            .map(|word| {
                let (invoice, part) = word.split_once('.').unwrap();
                (invoice.parse().unwrap(), part.parse().unwrap())
            })
            .collect();
        for invoice in 0..4 {
            let parts: Vec<_> = heard.iter().filter(|h| h.0 == invoice).map(|h| h.1).collect();
            assert!(parts.is_sorted(), "invoice {invoice} was heard in the order {parts:?}");
        }
        heard.sort_by_key(|h| h.1);
        assert_eq!(heard, (1..=20).map(|part| (part % 4, part)).collect::<Vec<_>>());
    });
}

#[test]
fn several_dispatchers_at_once_deliver_everything_once() {
    with_outbox(vec![recorder()], async |dispatcher, cx| {
        let paid: Vec<Paid> = (1..=40).map(|n| Paid { invoice: n % 8, part: n }).collect();
        cx.write(async move |tx: &mut Tx| emit_all(tx, &paid).await).await.unwrap();
        tokio::join!(
            drain_all(&dispatcher, &cx),
            drain_all(&dispatcher, &cx),
            drain_all(&dispatcher, &cx),
            drain_all(&dispatcher, &cx)
        );
        // One of them may have gone home while another still held the last ones.
        drain_all(&dispatcher, &cx).await;
        let mut heard = words(&cx).await;
        heard.sort();
        let mut expected: Vec<_> = (1..=40).map(|n| format!("{}.{n}", n % 8)).collect();
        expected.sort();
        assert_eq!(heard, expected);
    });
}
