//! What the queue promises, on both engines.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use bursar_context::Cx;
use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_jobs::{
    Handler, Job, JobOutcome, LEASE_SECONDS, MOST_ATTEMPTS, Runner, enqueue, enqueue_all, enqueue_at,
    enqueue_once, handler,
};
use bursar_testkit::{TestCx, on_both_engines};
use serde::{Deserialize, Serialize};

bursar_db::statements! {
    SAY = "INSERT INTO done_words (id, word) VALUES ($1, $2)";
    WORDS = "SELECT word FROM done_words ORDER BY id";
    GARBLE = "UPDATE kernel_jobs SET payload = $1";
}

#[derive(Serialize, Deserialize)]
struct Charge {
    invoice: i64,
}

impl Job for Charge {
    const KIND: &'static str = "shop.charge";
}

fn with_queue(body: impl AsyncFn(TestCx)) {
    let done = bursar_db::migrations!("done", "0001" => "migrations/0001.sql");
    on_both_engines(vec![bursar_jobs::migrations(), done], body);
}

/// Writes the invoice down.
fn charger() -> Handler {
    handler(|cx: Cx, charge: Charge| async move { say(&cx, charge.invoice.to_string()).await })
}

/// Always answers the same, and counts how often it was asked.
fn answering(outcome: JobOutcome, asked: &Arc<AtomicI64>) -> Handler {
    let asked = Arc::clone(asked);
    handler(move |_: Cx, _: Charge| {
        asked.fetch_add(1, Ordering::SeqCst);
        std::future::ready(outcome.clone())
    })
}

async fn say(cx: &Cx, word: String) -> JobOutcome {
    let said = cx
        .write(async move |tx: &mut Tx| {
            let id = tx.new_raw_id()?;
            tx.exec(&SAY, params![id, &word]).await.map(drop)
        })
        .await;
    said.map_or_else(|fault: Fault| fault.into(), |()| JobOutcome::Done)
}

async fn words(cx: &Cx) -> Vec<String> {
    cx.read(async |tx: &mut Tx| tx.query(&WORDS, params![], |row| row.get::<String>(0)).await)
        .await
        .expect("words can be read")
}

async fn charge(cx: &Cx, invoice: i64) {
    cx.write(async move |tx: &mut Tx| enqueue(tx, &Charge { invoice }).await).await.expect("enqueued");
}

async fn charge_once(cx: &Cx, invoice: i64, key: &'static str) -> bool {
    cx.write(async move |tx: &mut Tx| {
        let now = tx.now();
        enqueue_once(tx, &Charge { invoice }, now, key).await
    })
    .await
    .expect("enqueued or not")
}

async fn drain_all(runner: &Runner, cx: &Cx) -> usize {
    let mut ran = 0;
    loop {
        match runner.drain(cx, 7).await.expect("the runner runs") {
            0 => return ran,
            more => ran += more,
        }
    }
}

/// A worker that claims one job, begins it, and is gone with its process.
async fn die_at_work(cx: &Cx) {
    let begun = Arc::new(tokio::sync::Notify::new());
    let begins = Arc::clone(&begun);
    let deadly = handler(move |_: Cx, _: Charge| {
        begins.notify_one();
        std::future::pending()
    });
    let runner = Runner::new(&[deadly]);
    tokio::select! {
        _ = runner.drain(cx, 1) => panic!("there is a job, and it never ends"),
        () = begun.notified() => {}
    }
}

#[test]
fn jobs_run_once_in_the_order_they_were_enqueued() {
    with_queue(async |cx| {
        let jobs: Vec<Charge> = (1..=20).map(|invoice| Charge { invoice }).collect();
        cx.write(async move |tx: &mut Tx| enqueue_all(tx, &jobs).await).await.unwrap();
        let runner = Runner::new(&[charger()]);
        assert_eq!(Runner::waiting(&cx, 100).await.unwrap(), 20);
        assert_eq!(Runner::waiting(&cx, 5).await.unwrap(), 5, "counting stops where it is told to");
        assert_eq!(drain_all(&runner, &cx).await, 20);
        let expected: Vec<_> = (1..=20).map(|n| n.to_string()).collect();
        assert_eq!(words(&cx).await, expected);
        assert_eq!(Runner::next_at(&cx).await.unwrap(), None);
    });
}

#[test]
fn a_job_of_a_rolled_back_transaction_never_was() {
    with_queue(async |cx| {
        let outcome: Result<(), Fault> = cx
            .write(async |tx: &mut Tx| {
                enqueue(tx, &Charge { invoice: 1 }).await?;
                Err(Fault::new("second thoughts"))
            })
            .await;
        assert!(outcome.is_err());
        assert_eq!(drain_all(&Runner::new(&[charger()]), &cx).await, 0);
    });
}

#[test]
fn a_job_waits_for_its_time() {
    with_queue(async |cx| {
        let due = cx.now().plus_seconds(60);
        cx.write(async move |tx: &mut Tx| enqueue_at(tx, &Charge { invoice: 1 }, due).await).await.unwrap();
        let runner = Runner::new(&[charger()]);
        cx.test_clock().advance_seconds(59);
        assert_eq!(drain_all(&runner, &cx).await, 0);
        assert_eq!(Runner::next_at(&cx).await.unwrap(), Some(due));
        cx.test_clock().advance_seconds(1);
        assert_eq!(drain_all(&runner, &cx).await, 1);
    });
}

#[test]
fn several_workers_share_the_work_and_run_nothing_twice() {
    with_queue(async |cx| {
        let jobs: Vec<Charge> = (100..160).map(|invoice| Charge { invoice }).collect();
        cx.write(async move |tx: &mut Tx| enqueue_all(tx, &jobs).await).await.unwrap();
        let runner = Runner::new(&[charger()]);
        let ran = tokio::join!(
            drain_all(&runner, &cx),
            drain_all(&runner, &cx),
            drain_all(&runner, &cx),
            drain_all(&runner, &cx)
        );
        // A worker that finds the rest claimed by others goes home, so nothing is left either.
        assert_eq!(ran.0 + ran.1 + ran.2 + ran.3, 60);
        let mut done = words(&cx).await;
        done.sort();
        assert_eq!(done, (100..160).map(|n| n.to_string()).collect::<Vec<_>>());
    });
}

#[test]
fn a_worker_that_dies_gives_its_job_back_when_the_lease_ends() {
    with_queue(async |cx| {
        charge(&cx, 1).await;
        die_at_work(&cx).await;
        let runner = Runner::new(&[charger()]);
        assert_eq!(drain_all(&runner, &cx).await, 0, "it is still leased");
        assert_eq!(Runner::next_at(&cx).await.unwrap(), Some(cx.now().plus_seconds(LEASE_SECONDS)));
        cx.test_clock().advance_seconds(LEASE_SECONDS);
        assert_eq!(drain_all(&runner, &cx).await, 1);
        assert_eq!(words(&cx).await, ["1"]);
    });
}

#[test]
fn a_worker_that_comes_back_after_its_lease_does_not_finish_the_job_of_another() {
    with_queue(async |cx| {
        charge(&cx, 1).await;
        let clock = cx.test_clock().clone();
        // While it works, its lease ends, and a second worker takes the job and wants it again later.
        let slow = handler(move |cx: Cx, _: Charge| {
            clock.advance_seconds(LEASE_SECONDS);
            async move {
                let asked = Arc::default();
                let again = answering(JobOutcome::Retry { why: "later".into() }, &asked);
                assert_eq!(Runner::new(&[again]).drain(&cx, 1).await.expect("the second worker runs"), 1);
                JobOutcome::Done
            }
        });
        Runner::new(&[slow]).drain(&cx, 1).await.unwrap();
        assert_eq!(Runner::waiting(&cx, 10).await.unwrap(), 1, "the second worker's word counts");
    });
}

#[test]
fn a_job_that_waited_behind_slow_ones_is_left_to_whoever_has_it_now() {
    with_queue(async |cx| {
        charge(&cx, 1).await;
        charge(&cx, 2).await;
        let clock = cx.test_clock().clone();
        let slow = handler(move |cx: Cx, charge: Charge| {
            let clock = clock.clone();
            async move {
                if charge.invoice == 1 {
                    clock.advance_seconds(LEASE_SECONDS);
                    // Both leases are over by now; another worker runs both.
                    assert_eq!(drain_all(&Runner::new(&[charger()]), &cx).await, 2);
                    return JobOutcome::Done;
                }
                say(&cx, "twice".to_owned()).await
            }
        });
        assert_eq!(Runner::new(&[slow]).drain(&cx, 10).await.unwrap(), 2);
        assert_eq!(words(&cx).await, ["1", "2"]);
    });
}

#[test]
fn a_job_that_waited_half_a_lease_gets_a_whole_one() {
    with_queue(async |cx| {
        charge(&cx, 1).await;
        charge(&cx, 2).await;
        let clock = cx.test_clock().clone();
        let handler = handler(move |cx: Cx, charge: Charge| {
            let clock = clock.clone();
            async move {
                if charge.invoice == 1 {
                    clock.advance_seconds(LEASE_SECONDS - 1);
                } else {
                    // The old lease would have ended here.
                    clock.advance_seconds(2);
                    assert_eq!(
                        drain_all(&Runner::new(&[charger()]), &cx).await,
                        0,
                        "nobody else may take it"
                    );
                }
                say(&cx, format!("mine {}", charge.invoice)).await
            }
        });
        Runner::new(&[handler]).drain(&cx, 10).await.unwrap();
        assert_eq!(words(&cx).await, ["mine 1", "mine 2"]);
        assert_eq!(Runner::waiting(&cx, 10).await.unwrap(), 0);
    });
}

#[test]
fn pauses_double_with_up_to_a_quarter_of_jitter_and_the_twentieth_failure_is_the_last() {
    with_queue(async |cx| {
        charge(&cx, 7).await;
        let asked = Arc::new(AtomicI64::new(0));
        let runner = Runner::new(&[answering(JobOutcome::Retry { why: "gateway away".into() }, &asked)]);
        let mut base = 5;
        for attempt in 1..MOST_ATTEMPTS {
            assert_eq!(drain_all(&runner, &cx).await, 1, "attempt {attempt}");
            let due = Runner::next_at(&cx).await.unwrap().expect("it waits");
            let pause = due.since(cx.now()) / 1_000_000;
            assert!((base..=base + base / 4).contains(&pause), "attempt {attempt} paused {pause} s");
            cx.test_clock().set(due);
            base = (base * 2).min(3_600);
        }
        assert!(Runner::dead(&cx, 10).await.unwrap().is_empty());
        assert_eq!(drain_all(&runner, &cx).await, 1);
        assert_eq!(asked.load(Ordering::SeqCst), MOST_ATTEMPTS);
        let dead = Runner::dead(&cx, 10).await.unwrap();
        assert_eq!(dead.len(), 1);
        assert_eq!((dead[0].kind.as_str(), dead[0].payload.as_str()), ("shop.charge", "{\"invoice\":7}"));
        assert_eq!((dead[0].attempts, dead[0].last_error.as_deref()), (MOST_ATTEMPTS, Some("gateway away")));
        assert_eq!(dead[0].created_at, bursar_testkit::START);
        assert_eq!(Runner::next_at(&cx).await.unwrap(), None);
    });
}

#[test]
fn a_dead_job_is_revived_or_dropped_by_a_person() {
    with_queue(async |cx| {
        charge(&cx, 1).await;
        charge(&cx, 2).await;
        let asked = Arc::default();
        let parking = Runner::new(&[answering(JobOutcome::Park { why: "card gone".into() }, &asked)]);
        drain_all(&parking, &cx).await;
        let dead = Runner::dead(&cx, 10).await.unwrap();
        assert_eq!(dead.len(), 2);
        assert!(Runner::revive(&cx, dead[0].id).await.unwrap());
        assert!(!Runner::revive(&cx, dead[0].id).await.unwrap(), "it lives already");
        assert!(Runner::drop_dead(&cx, dead[1].id).await.unwrap());
        assert!(!Runner::drop_dead(&cx, dead[0].id).await.unwrap(), "a living job is not dropped");
        assert_eq!(drain_all(&Runner::new(&[charger()]), &cx).await, 1);
        assert_eq!(words(&cx).await, ["1"]);
    });
}

#[test]
fn a_panic_is_a_failed_attempt_and_the_next_job_runs() {
    with_queue(async |cx| {
        charge(&cx, 1).await;
        charge(&cx, 2).await;
        let fragile = handler(|cx: Cx, charge: Charge| async move {
            assert_ne!(charge.invoice, 1, "one is too few");
            say(&cx, charge.invoice.to_string()).await
        });
        assert_eq!(Runner::new(&[fragile]).drain(&cx, 10).await.unwrap(), 2);
        assert_eq!(words(&cx).await, ["2"]);
        assert_eq!(Runner::waiting(&cx, 10).await.unwrap(), 1);
    });
}

#[test]
fn a_job_that_takes_its_process_down_every_time_is_dead_in_the_end() {
    with_queue(async |cx| {
        charge(&cx, 1).await;
        for _ in 0..MOST_ATTEMPTS {
            die_at_work(&cx).await;
            cx.test_clock().advance_seconds(LEASE_SECONDS);
        }
        assert_eq!(Runner::new(&[charger()]).drain(&cx, 1).await.unwrap(), 1);
        assert_eq!(words(&cx).await, Vec::<String>::new());
        let dead = Runner::dead(&cx, 10).await.unwrap();
        assert_eq!(dead[0].last_error.as_deref(), Some("every attempt ended without an answer"));
    });
}

#[test]
fn unknown_kinds_and_unreadable_payloads_wait_for_a_person() {
    with_queue(async |cx| {
        charge(&cx, 1).await;
        assert_eq!(drain_all(&Runner::new(&[]), &cx).await, 1);
        let why = Runner::dead(&cx, 10).await.unwrap()[0].last_error.clone().unwrap();
        assert!(why.contains("shop.charge"), "{why}");
        let id = Runner::dead(&cx, 10).await.unwrap()[0].id;
        cx.write(async |tx: &mut Tx| tx.exec(&GARBLE, params!["[]"]).await.map(drop)).await.unwrap();
        Runner::revive(&cx, id).await.unwrap();
        assert_eq!(drain_all(&Runner::new(&[charger()]), &cx).await, 1);
        let why = Runner::dead(&cx, 10).await.unwrap()[0].last_error.clone().unwrap();
        assert!(why.contains("cannot be decoded"), "{why}");
    });
}

#[test]
fn a_key_is_taken_while_its_job_waits_or_is_dead_and_free_afterwards() {
    with_queue(async |cx| {
        assert!(charge_once(&cx, 1, "k").await);
        assert!(!charge_once(&cx, 2, "k").await);
        assert!(charge_once(&cx, 3, "other").await);
        assert_eq!(drain_all(&Runner::new(&[charger()]), &cx).await, 2);
        assert_eq!(words(&cx).await, ["1", "3"]);
        assert!(charge_once(&cx, 4, "k").await, "the first is done");
        let asked = Arc::default();
        drain_all(&Runner::new(&[answering(JobOutcome::Park { why: "no".into() }, &asked)]), &cx).await;
        assert!(!charge_once(&cx, 5, "k").await, "a dead job is not replaced in silence");
    });
}

#[test]
fn of_many_who_enqueue_under_one_key_at_once_exactly_one_wins() {
    with_queue(async |cx| {
        for key in ["a", "b", "c", "d"] {
            let news = tokio::join!(
                charge_once(&cx, 1, key),
                charge_once(&cx, 2, key),
                charge_once(&cx, 3, key),
                charge_once(&cx, 4, key),
                charge_once(&cx, 5, key),
                charge_once(&cx, 6, key)
            );
            let news = [news.0, news.1, news.2, news.3, news.4, news.5];
            assert_eq!(news.iter().filter(|new| **new).count(), 1, "key {key}");
        }
        assert_eq!(Runner::waiting(&cx, 100).await.unwrap(), 4);
    });
}
