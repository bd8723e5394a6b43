//! Daily work, by the clock on the tenant's wall.

use bursar_db::{Attachments, Tx, params};
use bursar_jobs::{Job, Schedule};
use bursar_testkit::{Setup, TestCx, on_both_engines_with};
use bursar_time::{Date, Instant, TimeZone};
use serde::{Deserialize, Serialize};

bursar_db::statements! {
    PAYLOADS = "SELECT payload FROM kernel_jobs ORDER BY id";
    CLEAR = "DELETE FROM kernel_jobs";
}

#[derive(Serialize, Deserialize)]
struct Nightly {
    on: Date,
}

impl Job for Nightly {
    const KIND: &'static str = "shop.nightly";
}

fn nightly(hour: i8) -> Schedule {
    Schedule::daily("shop.nightly", hour, |on| Nightly { on })
}

fn in_zone(zone: &str, body: impl AsyncFn(TestCx)) {
    let zone = TimeZone::get(zone).expect("a zone");
    let migrations = vec![bursar_jobs::migrations()];
    on_both_engines_with(Setup { migrations, zone, attachments: Attachments::default(), seed: 1 }, body);
}

fn set(cx: &TestCx, at: &str) {
    cx.test_clock().set(Instant::parse(at).expect("an instant"));
}

/// The dates of the jobs enqueued since the last call.
async fn dates(cx: &TestCx) -> Vec<String> {
    cx.write(async |tx: &mut Tx| {
        let payloads = tx.query(&PAYLOADS, params![], |row| row.get::<String>(0)).await?;
        tx.exec(&CLEAR, params![]).await?;
        Ok::<_, bursar_fault::Fault>(payloads)
    })
    .await
    .expect("jobs can be read")
    .iter()
    .map(|payload| payload.split('"').nth(3).expect("a date").to_owned())
    .collect()
}

#[test]
fn each_date_is_enqueued_once_from_its_hour_on() {
    in_zone("UTC", async |cx| {
        set(&cx, "2026-03-10T01:59:59Z");
        assert_eq!(nightly(2).tick(&cx).await.unwrap(), 0, "the first start invents no past");
        set(&cx, "2026-03-10T02:00:00Z");
        assert_eq!(nightly(2).tick(&cx).await.unwrap(), 1);
        assert_eq!(nightly(2).tick(&cx).await.unwrap(), 0);
        set(&cx, "2026-03-11T01:59:59Z");
        assert_eq!(nightly(2).tick(&cx).await.unwrap(), 0);
        set(&cx, "2026-03-11T02:00:00Z");
        assert_eq!(nightly(2).tick(&cx).await.unwrap(), 1);
        assert_eq!(dates(&cx).await, ["2026-03-10", "2026-03-11"]);
    });
}

#[test]
fn a_first_start_after_the_hour_runs_today() {
    in_zone("UTC", async |cx| {
        set(&cx, "2026-03-10T15:00:00Z");
        assert_eq!(nightly(2).tick(&cx).await.unwrap(), 1);
        assert_eq!(dates(&cx).await, ["2026-03-10"]);
    });
}

#[test]
fn missed_dates_are_caught_up_but_never_more_than_a_week() {
    in_zone("UTC", async |cx| {
        set(&cx, "2026-03-01T03:00:00Z");
        nightly(2).tick(&cx).await.unwrap();
        dates(&cx).await;
        set(&cx, "2026-03-04T03:00:00Z");
        assert_eq!(nightly(2).tick(&cx).await.unwrap(), 3);
        assert_eq!(dates(&cx).await, ["2026-03-02", "2026-03-03", "2026-03-04"]);
        set(&cx, "2026-03-31T03:00:00Z");
        assert_eq!(nightly(2).tick(&cx).await.unwrap(), 7);
        let week = ["25", "26", "27", "28", "29", "30", "31"].map(|day| format!("2026-03-{day}"));
        assert_eq!(dates(&cx).await, week);
    });
}

#[test]
fn a_clock_that_goes_back_repeats_nothing() {
    in_zone("UTC", async |cx| {
        set(&cx, "2026-03-10T03:00:00Z");
        nightly(2).tick(&cx).await.unwrap();
        set(&cx, "2026-03-08T03:00:00Z");
        assert_eq!(nightly(2).tick(&cx).await.unwrap(), 0);
        set(&cx, "2026-03-11T03:00:00Z");
        assert_eq!(nightly(2).tick(&cx).await.unwrap(), 1);
        assert_eq!(dates(&cx).await, ["2026-03-10", "2026-03-11"]);
    });
}

#[test]
fn the_date_is_the_tenants_own() {
    // 13:00 UTC on the 10th is 02:00 on the 11th in Auckland (UTC+13 in March).
    in_zone("Pacific/Auckland", async |cx| {
        set(&cx, "2026-03-10T12:59:59Z");
        nightly(2).tick(&cx).await.unwrap();
        assert_eq!(dates(&cx).await, Vec::<String>::new());
        set(&cx, "2026-03-10T13:00:00Z");
        nightly(2).tick(&cx).await.unwrap();
        assert_eq!(dates(&cx).await, ["2026-03-11"]);
    });
}

#[test]
fn the_hour_is_that_on_the_wall_when_clocks_change() {
    // Berlin goes from 02:00 to 03:00 on 2026-03-29: three o'clock is 01:00 UTC, only two hours after midnight.
    in_zone("Europe/Berlin", async |cx| {
        set(&cx, "2026-03-28T12:00:00Z");
        nightly(3).tick(&cx).await.unwrap();
        dates(&cx).await;
        set(&cx, "2026-03-29T00:59:59Z");
        assert_eq!(nightly(3).tick(&cx).await.unwrap(), 0);
        set(&cx, "2026-03-29T01:00:00Z");
        assert_eq!(nightly(3).tick(&cx).await.unwrap(), 1);
        // And an hour that does not exist that day comes with the next one.
        assert_eq!(dates(&cx).await, ["2026-03-29"]);
        // On 2026-10-25 it goes back from 03:00 to 02:00: three o'clock is 02:00 UTC, four hours after midnight.
        set(&cx, "2026-10-24T12:00:00Z");
        nightly(3).tick(&cx).await.unwrap();
        dates(&cx).await;
        set(&cx, "2026-10-25T01:59:59Z");
        assert_eq!(nightly(3).tick(&cx).await.unwrap(), 0);
        set(&cx, "2026-10-25T02:00:00Z");
        assert_eq!(nightly(3).tick(&cx).await.unwrap(), 1);
        assert_eq!(dates(&cx).await, ["2026-10-25"]);
    });
}

#[test]
fn several_processes_that_tick_at_once_enqueue_each_date_once() {
    in_zone("UTC", async |cx| {
        set(&cx, "2026-03-10T03:00:00Z");
        nightly(2).tick(&cx).await.unwrap();
        set(&cx, "2026-03-13T03:00:00Z");
        let (a, b, c) = (nightly(2), nightly(2), nightly(2));
        let ticked = tokio::join!(a.tick(&cx), b.tick(&cx), c.tick(&cx));
        assert_eq!(ticked.0.unwrap() + ticked.1.unwrap() + ticked.2.unwrap(), 3);
        assert_eq!(dates(&cx).await, ["2026-03-10", "2026-03-11", "2026-03-12", "2026-03-13"]);
    });
}
