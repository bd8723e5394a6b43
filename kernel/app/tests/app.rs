//! A shop of two modules: orders announce what was sold, and a loyalty module thanks for it.

use bursar_app::{App, Background, Module, Permission, Registry};
use bursar_context::Cx;
use bursar_db::{Migrations, Statement, Tx, params};
use bursar_events::Event;
use bursar_fault::Fault;
use bursar_jobs::{Job, JobOutcome, Schedule};
use bursar_testkit::{Setup, TestCx, on_both_engines_with};
use bursar_time::Date;
use serde::{Deserialize, Serialize};

bursar_db::statements! {
    /// Records a word.
    pub(crate) SAY = "INSERT INTO loyalty_words (id, word) VALUES ($1, $2)";
    /// All words, in order.
    pub(crate) WORDS = "SELECT word FROM loyalty_words ORDER BY id";
}

#[derive(Serialize, Deserialize)]
struct Sold {
    order: i64,
}

impl Event for Sold {
    const NAME: &'static str = "orders.sold";

    fn subject(&self) -> String {
        format!("order:{}", self.order)
    }
}

#[derive(Serialize, Deserialize)]
struct Thank {
    order: i64,
}

impl Job for Thank {
    const KIND: &'static str = "loyalty.thank";
}

#[derive(Serialize, Deserialize)]
struct Report {
    on: Date,
}

impl Job for Report {
    const KIND: &'static str = "loyalty.report";
}

async fn say(tx: &mut Tx, word: &str) -> Result<(), Fault> {
    let id = tx.new_raw_id()?;
    tx.exec(&SAY, params![id, word]).await.map(drop)
}

async fn say_alone(cx: &Cx, word: String) -> JobOutcome {
    match cx.write(async move |tx: &mut Tx| say(tx, &word).await).await {
        Ok(()) => JobOutcome::Done,
        Err(fault) => fault.into(),
    }
}

struct Orders;

impl Module for Orders {
    fn name(&self) -> &'static str {
        "orders"
    }

    fn migrations(&self) -> Migrations {
        Migrations { module: "orders", steps: &[] }
    }

    fn statements(&self) -> Vec<&'static Statement> {
        Vec::new()
    }

    fn permissions(&self) -> &'static [Permission] {
        const { &[Permission::staff("orders.order.view", "See orders", &[])] }
    }

    fn register(&self, _: &mut Registry) {}
}

struct Loyalty;

impl Module for Loyalty {
    fn name(&self) -> &'static str {
        "loyalty"
    }

    fn migrations(&self) -> Migrations {
        bursar_db::migrations!("loyalty", "0001_init" => "migrations/0001.sql")
    }

    fn statements(&self) -> Vec<&'static Statement> {
        STATEMENTS.to_vec()
    }

    fn permissions(&self) -> &'static [Permission] {
        const { &[Permission::staff("loyalty.word.view", "See words", &[])] }
    }

    fn register(&self, r: &mut Registry) {
        r.on("loyalty.thank_buyer", async |tx: &mut Tx, sold: Sold| {
            say(tx, &format!("heard of {}", sold.order)).await?;
            bursar_jobs::enqueue(tx, &Thank { order: sold.order }).await
        });
        r.job(|cx, job: Thank| async move { say_alone(&cx, format!("thanks for {}", job.order)).await });
        r.job(|cx, job: Report| async move { say_alone(&cx, format!("report of {}", job.on)).await });
        r.schedule(Schedule::daily("loyalty.daily_report", 0, |on| Report { on }));
    }
}

fn shop() -> App {
    App::build(&[Box::new(Orders), Box::new(Loyalty)]).expect("nothing clashes")
}

fn in_shop(body: impl AsyncFn(App, TestCx)) {
    let app = shop();
    let setup = Setup { attachments: app.attachments(), ..Setup::new(app.migrations()) };
    on_both_engines_with(setup, async |cx: TestCx| body(app.clone(), cx).await);
}

async fn sell(cx: &Cx, order: i64) {
    cx.write(async move |tx: &mut Tx| bursar_events::emit(tx, &Sold { order }).await).await.expect("sold");
}

async fn words(cx: &Cx) -> Vec<String> {
    cx.read(async |tx: &mut Tx| tx.query(&WORDS, params![], |row| row.get::<String>(0)).await)
        .await
        .expect("words can be read")
}

#[test]
fn drain_follows_an_event_to_its_subscriber_and_on_to_its_job() {
    in_shop(async |app, cx| {
        sell(&cx, 7).await;
        assert_eq!(app.next_at(&cx).await.unwrap(), Some(cx.now()));
        assert_eq!(app.drain(&cx).await.unwrap(), 2);
        assert_eq!(words(&cx).await, ["heard of 7", "thanks for 7"]);
        assert_eq!(app.next_at(&cx).await.unwrap(), None);
        assert_eq!(app.drain(&cx).await.unwrap(), 0);
    });
}

#[test]
fn schedules_owe_each_day_once() {
    in_shop(async |app, cx| {
        assert_eq!(app.tick(&cx).await.unwrap(), 1);
        assert_eq!(app.tick(&cx).await.unwrap(), 0);
        cx.test_clock().advance_days(2);
        assert_eq!(app.tick(&cx).await.unwrap(), 2);
        app.drain(&cx).await.unwrap();
        assert_eq!(
            words(&cx).await,
            ["report of 2026-01-01", "report of 2026-01-02", "report of 2026-01-03"]
        );
    });
}

#[test]
fn background_work_ticks_delivers_runs_jobs_and_stops_when_told() {
    in_shop(async |app, cx| {
        for order in 0..40 {
            sell(&cx, order).await;
        }
        let background = Background::new(app.clone(), 3);
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let work = background.run(cx.cx(), async {
            stopped.await.ok();
        });
        let watch = async {
            // 40 heard, 40 thanked, and the report of the first day.
            while words(&cx).await.len() < 81 {
                tokio::task::yield_now().await;
            }
            // What comes later is found too.
            sell(&cx, 40).await;
            background.wake();
            while words(&cx).await.len() < 83 {
                tokio::task::yield_now().await;
            }
            stop.send(()).expect("background work still waits");
        };
        let limit = std::time::Duration::from_secs(60);
        tokio::time::timeout(limit, async { tokio::join!(work, watch) }).await.expect("it ends in time");
        assert_eq!(app.next_at(&cx).await.unwrap(), None);
    });
}

#[test]
fn every_statement_of_the_app_prepares_on_both_engines() {
    in_shop(async |app, cx| {
        cx.write(async move |tx: &mut Tx| {
            for statement in app.statements() {
                tx.prepare(statement).await?;
            }
            for bulk in app.bulks() {
                tx.prepare_bulk(bulk).await?;
            }
            Ok::<_, Fault>(())
        })
        .await
        .unwrap();
    });
}

#[test]
fn names_that_clash_or_belong_to_nobody_keep_the_program_from_starting() {
    struct Copy;

    impl Module for Copy {
        fn name(&self) -> &'static str {
            "copy"
        }

        fn migrations(&self) -> Migrations {
            Migrations { module: "copies", steps: &[] }
        }

        fn statements(&self) -> Vec<&'static Statement> {
            Vec::new()
        }

        fn permissions(&self) -> &'static [Permission] {
            Loyalty.permissions()
        }

        fn register(&self, r: &mut Registry) {
            Loyalty.register(r);
        }
    }

    let error = App::build(&[Box::new(Loyalty), Box::new(Copy)]).expect_err("much is wrong");
    for part in [
        "module copy brings the migrations of copies",
        "permission loyalty.word.view is registered twice",
        "permission loyalty.word.view of module copy does not begin with copy.",
        "subscriber loyalty.thank_buyer is registered twice",
        "job loyalty.thank is registered twice",
        "schedule loyalty.daily_report is registered twice",
    ] {
        assert!(error.what().contains(part), "{part:?} is missing in {error}");
    }
    let twice = App::build(&[Box::new(Orders), Box::new(Orders)]).expect_err("one module twice");
    assert!(twice.what().contains("module orders is registered twice"), "{twice}");
}

#[test]
fn migrations_come_kernel_first_and_then_in_module_order() {
    let names: Vec<_> = shop().migrations().iter().map(|m| m.module).collect();
    assert_eq!(names, ["kernel", "events", "jobs", "audit", "web", "orders", "loyalty"]);
}
