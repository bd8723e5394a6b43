//! Instants, clocks and zones: the days clocks change, and a day that never was.

#![allow(clippy::unwrap_used, reason = "a test that cannot read its own figures should fail")]

use bursar_time::{
    CalendarError, Clock, Date, Fraction, Instant, ManualClock, Period, Stopwatch, SystemClock, TimeZone,
    plus_days,
};
use proptest::prelude::*;

const ZONES: [&str; 6] =
    ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Apia", "America/Sao_Paulo", "UTC"];

fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap()
}

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

fn at(text: &str) -> Instant {
    Instant::parse(text).unwrap()
}

fn day(text: &str) -> Period {
    Period::new(date(text), plus_days(date(text), 1).unwrap()).unwrap()
}

#[test]
fn days_have_the_hours_they_have_there() {
    for (name, text, hours) in [
        ("Europe/Berlin", "2026-03-28", 24),
        ("Europe/Berlin", "2026-03-29", 23),
        ("Europe/Berlin", "2026-10-25", 25),
        ("America/New_York", "2026-03-08", 23),
        ("America/New_York", "2026-11-01", 25),
        ("Asia/Kolkata", "2026-03-29", 24),
        // Apia went from UTC-10 to UTC+14 at the end of 29 December 2011 and had no 30th.
        ("Pacific/Apia", "2011-12-29", 24),
        ("Pacific/Apia", "2011-12-30", 0),
        ("Pacific/Apia", "2011-12-31", 24),
        // Clocks in São Paulo jumped from midnight to one o'clock.
        ("America/Sao_Paulo", "2018-11-04", 23),
        // Lord Howe moves by half an hour: 23.5 and 24.5 hours.
        ("Australia/Lord_Howe", "2026-10-04", 23),
        ("Australia/Lord_Howe", "2026-04-05", 24),
    ] {
        assert_eq!(day(text).hours(&zone(name)), hours, "{name} {text}");
    }
    let march = Period::new(date("2026-03-01"), date("2026-04-01")).unwrap();
    assert_eq!(march.hours(&zone("Europe/Berlin")), 743);
    assert_eq!(march.hours(&zone("UTC")), 744);
}

#[test]
fn a_day_starts_when_it_starts_there() {
    for (name, text, start) in [
        ("Europe/Berlin", "2026-03-10", "2026-03-09T23:00:00Z"),
        ("Europe/Berlin", "2026-07-01", "2026-06-30T22:00:00Z"),
        ("Asia/Kolkata", "2026-03-10", "2026-03-09T18:30:00Z"),
        ("America/New_York", "2026-03-10", "2026-03-10T04:00:00Z"),
        ("Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z"),
        ("Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00Z"),
        ("America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z"),
        // Toronto's clocks went from 23:30 on 30 March 1919 to half past midnight: the 31st had no midnight.
        ("America/Toronto", "1919-03-31", "1919-03-31T04:30:00Z"),
    ] {
        let instant = Instant::from_date_start(date(text), &zone(name));
        assert_eq!(instant.rfc3339(), start, "{name} {text}");
    }
}

#[test]
fn the_same_instant_is_another_day_elsewhere() {
    let instant = at("2026-03-09T23:30:00Z");
    let there = ZONES.map(|name| instant.to_date(&zone(name)).to_string());
    assert_eq!(there, ["2026-03-10", "2026-03-09", "2026-03-10", "2026-03-10", "2026-03-09", "2026-03-09"]);
}

#[test]
fn text_of_instants() {
    assert_eq!(at("2026-03-10T08:30:00Z").rfc3339(), "2026-03-10T08:30:00Z");
    assert_eq!(at("2026-03-10T08:30:00+01:00").rfc3339(), "2026-03-10T07:30:00Z");
    assert_eq!(at("1970-01-01T00:00:00.000001Z").micros(), 1);
    assert_eq!(at("2026-03-10T08:30:00.123456789Z").rfc3339(), "2026-03-10T08:30:00.123456Z");
    for wrong in ["", "2026-03-10", "2026-03-10T08:30:00", "2026-13-10T08:30:00Z", "now"] {
        assert_eq!(Instant::parse(wrong), Err(CalendarError::NotAnInstant(wrong.to_owned())));
    }
    assert_eq!(serde_json::to_string(&at("1970-01-01T00:00:01Z")).unwrap(), "1000000");
    assert_eq!(serde_json::from_str::<Instant>("-5").unwrap().micros(), -5);
    assert!(serde_json::from_str::<Instant>("9223372036854775807").is_err());
}

#[test]
fn later_and_earlier_stop_at_the_ends_of_time() {
    let start = at("2026-03-10T00:00:00Z");
    assert_eq!(start.plus_seconds(90).rfc3339(), "2026-03-10T00:01:30Z");
    assert_eq!(start.plus_minutes(-1).rfc3339(), "2026-03-09T23:59:00Z");
    assert_eq!(start.plus_days(30).rfc3339(), "2026-04-09T00:00:00Z");
    assert_eq!(start.plus_seconds(2).since(start), 2_000_000);
    assert_eq!(start.since(start.plus_micros(3)), -3);
    assert_eq!(start.plus_days(i64::MAX), Instant::MAX);
    assert_eq!(start.plus_seconds(i64::MIN), Instant::MIN);
    assert_eq!(Instant::from_micros(i64::MAX), Instant::MAX);
    assert!(Instant::MAX.since(Instant::MIN) > 0);
    for name in ZONES {
        assert_eq!(Instant::MAX.to_date(&zone(name)).year(), 9999);
        assert_eq!(Instant::MIN.to_date(&zone(name)).year(), -9999);
    }
}

#[test]
fn a_manual_clock_stands_still_until_moved_and_its_clones_agree() {
    let clock = ManualClock::at(at("2026-03-10T00:00:00Z"));
    let same = clock.clone();
    assert_eq!(clock.now(), same.now());
    same.advance_seconds(90);
    same.advance_days(1);
    assert_eq!(clock.now().rfc3339(), "2026-03-11T00:01:30Z");
    clock.set(Instant::EPOCH);
    assert_eq!(same.now(), Instant::EPOCH);
}

#[test]
fn the_machine_has_a_clock() {
    assert!(SystemClock.now() > at("2024-01-01T00:00:00Z"));
    let watch = Stopwatch::start();
    assert!(watch.elapsed_micros() >= 0 && watch.elapsed_seconds() >= 0.0);
}

#[test]
fn seconds_of_a_period_count_the_hour_that_was_lost() {
    let berlin = zone("Europe/Berlin");
    let march = Period::new(date("2026-03-01"), date("2026-04-01")).unwrap();
    let noon = at("2026-03-16T11:00:00Z"); // 12:00 there: 15.5 days of 24 hours since the 1st
    let used = Fraction::of_seconds(march.starts_at(&berlin), noon, march, &berlin).unwrap();
    assert_eq!((used.num(), used.den()), (1_339_200, 743 * 3600));
    let left = Fraction::of_seconds(noon, march.ends_at(&berlin), march, &berlin).unwrap();
    assert_eq!(used.complement(), left);
    // What lies outside the period does not count, nor does time that runs backwards.
    assert!(Fraction::of_seconds(Instant::MIN, Instant::MAX, march, &berlin).unwrap().is_one());
    assert!(Fraction::of_seconds(noon, noon.plus_days(-1), march, &berlin).unwrap().is_zero());
    let never = Fraction::of_seconds(Instant::MIN, Instant::MAX, day("2011-12-30"), &zone("Pacific/Apia"));
    assert!(matches!(never, Err(CalendarError::EmptyPeriod { .. })));
}

fn any_zone() -> impl Strategy<Value = TimeZone> {
    proptest::sample::select(ZONES.to_vec()).prop_map(zone)
}

/// 1975 to 2095.
fn any_instant() -> impl Strategy<Value = Instant> {
    (157_766_400i64..3_944_678_400, 0i64..1_000_000)
        .prop_map(|(seconds, micros)| Instant::from_micros(seconds * 1_000_000 + micros))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn an_instant_lies_in_its_day(instant in any_instant(), zone in any_zone()) {
        let date = instant.to_date(&zone);
        prop_assert!(Instant::from_date_start(date, &zone) <= instant);
        prop_assert!(instant < Instant::from_date_start(date.tomorrow().unwrap(), &zone));
    }

    #[test]
    fn the_start_of_a_day_is_its_first_instant(instant in any_instant(), zone in any_zone()) {
        let date = instant.to_date(&zone);
        let start = Instant::from_date_start(date, &zone);
        prop_assert_eq!(start.to_date(&zone), date);
        prop_assert!(start.plus_micros(-1).to_date(&zone) < date);
    }

    #[test]
    fn a_day_has_as_many_hours_as_can_be_counted_in_it(instant in any_instant(), zone in any_zone()) {
        let date = instant.to_date(&zone);
        let whole = Period::new(date, date.tomorrow().unwrap()).unwrap();
        let start = whole.starts_at(&zone);
        let counted = (0..30).filter(|hour| start.plus_seconds(hour * 3600).to_date(&zone) == date).count();
        prop_assert_eq!(whole.hours(&zone), i64::try_from(counted).unwrap());
    }

    #[test]
    fn fractions_of_parts_that_touch_add_up_to_one(
        days in 1i64..400, cuts in proptest::collection::vec(any_instant(), 0..5), first in any_instant(), zone in any_zone(),
    ) {
        let start = first.to_date(&zone);
        let whole = Period::new(start, plus_days(start, days).unwrap()).unwrap();
        let span = whole.ends_at(&zone).since(whole.starts_at(&zone));
        prop_assume!(span > 0);
        let mut marks: Vec<_> =
            cuts.iter().map(|cut| whole.starts_at(&zone).plus_micros(cut.micros() % span)).collect();
        marks.extend([whole.starts_at(&zone), whole.ends_at(&zone)]);
        marks.sort();
        let total: i64 = marks
            .windows(2)
            .map(|pair| Fraction::of_seconds(pair[0], pair[1], whole, &zone).unwrap().num())
            .sum();
        prop_assert_eq!(total, span / 1_000_000);
    }

    #[test]
    fn instant_text_and_back(instant in any_instant()) {
        prop_assert_eq!(Instant::parse(&instant.rfc3339()), Ok(instant));
    }
}
