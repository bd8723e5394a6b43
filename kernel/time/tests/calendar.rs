//! Billing dates: the examples people argue about, worked by hand, and the properties that hold for all of them.

#![allow(clippy::unwrap_used, reason = "a test that cannot read its own figures should fail")]

use bursar_time::{Anchor, CalendarError, Cycle, Date, Fraction, Period, days_between, plus_days};
use proptest::prelude::*;

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

fn period(start: &str, end: &str) -> Period {
    Period::new(date(start), date(end)).unwrap()
}

fn boundaries(anchor: Anchor, cycle: Cycle, count: i64) -> Vec<String> {
    (0..count).map(|n| anchor.boundary(cycle, n).unwrap().to_string()).collect()
}

fn recurring() -> impl Iterator<Item = Cycle> {
    Cycle::ALL.into_iter().filter(|cycle| cycle.is_recurring())
}

#[test]
fn the_end_of_january_comes_back_after_february() {
    let anchor = Anchor::anniversary(date("2026-01-31"));
    assert_eq!(
        boundaries(anchor, Cycle::Monthly, 6),
        ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31", "2026-06-30"]
    );
    assert_eq!(anchor.boundary(Cycle::Monthly, 25).unwrap(), date("2028-02-29"));
    assert_eq!(anchor.boundary(Cycle::Monthly, -1).unwrap(), date("2025-12-31"));
    assert_eq!(boundaries(anchor, Cycle::Quarterly, 3), ["2026-01-31", "2026-04-30", "2026-07-31"]);
}

#[test]
fn a_leap_day_comes_back_in_leap_years() {
    let anchor = Anchor::anniversary(date("2024-02-29"));
    assert_eq!(
        boundaries(anchor, Cycle::Annual, 5),
        ["2024-02-29", "2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"]
    );
    assert_eq!(boundaries(anchor, Cycle::Quadrennial, 2), ["2024-02-29", "2028-02-29"]);
    // 2100 is not a leap year.
    assert_eq!(anchor.boundary(Cycle::Annual, 76).unwrap(), date("2100-02-28"));
}

#[test]
fn every_cycle_from_one_anchor() {
    let anchor = Anchor::anniversary(date("2026-03-10"));
    let second = |cycle| anchor.boundary(cycle, 1).unwrap().to_string();
    assert_eq!(second(Cycle::Hourly), "2026-03-11");
    assert_eq!(second(Cycle::Daily), "2026-03-11");
    assert_eq!(second(Cycle::Weekly), "2026-03-17");
    assert_eq!(second(Cycle::Monthly), "2026-04-10");
    assert_eq!(second(Cycle::Quarterly), "2026-06-10");
    assert_eq!(second(Cycle::SemiAnnual), "2026-09-10");
    assert_eq!(second(Cycle::Annual), "2027-03-10");
    assert_eq!(second(Cycle::Biennial), "2028-03-10");
    assert_eq!(second(Cycle::Triennial), "2029-03-10");
    assert_eq!(second(Cycle::Quadrennial), "2030-03-10");
    assert_eq!(second(Cycle::Quinquennial), "2031-03-10");
    assert_eq!(anchor.boundary(Cycle::OneTime, 1), Err(CalendarError::NotRecurring));
}

#[test]
fn a_fixed_billing_day_begins_with_a_short_period() {
    let start = date("2026-03-10");
    let anchor = Anchor::fixed_day(start, 1).unwrap();
    assert_eq!((anchor.on, anchor.day), (date("2026-04-01"), 1));
    let (first, fraction) = anchor.first_period(Cycle::Monthly, start).unwrap();
    assert_eq!(first, period("2026-03-10", "2026-04-01"));
    assert_eq!((fraction.num(), fraction.den()), (22, 31));
    assert_eq!(anchor.period(Cycle::Monthly, 0).unwrap(), period("2026-04-01", "2026-05-01"));
    // Quarterly the short period is cut from 1 January to 1 April: 31 + 28 + 31 days.
    let (first, fraction) = anchor.first_period(Cycle::Quarterly, start).unwrap();
    assert_eq!(first, period("2026-03-10", "2026-04-01"));
    assert_eq!((fraction.num(), fraction.den()), (22, 90));
}

#[test]
fn a_start_on_the_fixed_day_has_a_full_first_period() {
    let anchor = Anchor::fixed_day(date("2026-03-01"), 1).unwrap();
    let (first, fraction) = anchor.first_period(Cycle::Monthly, date("2026-03-01")).unwrap();
    assert_eq!(first, period("2026-03-01", "2026-04-01"));
    assert!(fraction.is_one());
    // The 31st in a month of 28 days is its last day.
    let anchor = Anchor::fixed_day(date("2026-02-28"), 31).unwrap();
    assert_eq!(boundaries(anchor, Cycle::Monthly, 3), ["2026-02-28", "2026-03-31", "2026-04-30"]);
}

#[test]
fn a_stored_anchor_must_fit_its_day() {
    assert!(Anchor::new(date("2026-02-28"), 31).is_ok());
    for (on, day) in
        [("2026-02-27", 31), ("2026-03-30", 31), ("2026-03-10", 11), ("2026-03-10", 0), ("2026-03-31", 32)]
    {
        assert_eq!(Anchor::new(date(on), day), Err(CalendarError::BadDay { on: date(on), day }));
    }
    assert!(Anchor::fixed_day(date("2026-03-10"), 0).is_err());
    assert!(Anchor::fixed_day(date("2026-03-10"), 32).is_err());
    assert!(serde_json::from_str::<Anchor>(r#"{"on":"2026-03-10","day":31}"#).is_err());
    let json = serde_json::to_string(&Anchor::anniversary(date("2026-03-10"))).unwrap();
    assert_eq!(json, r#"{"on":"2026-03-10","day":10}"#);
}

#[test]
fn dates_nobody_can_mean_are_refused() {
    let anchor = Anchor::anniversary(date("2026-01-31"));
    for n in [2101, -1600, 10_000_000, i64::MAX, i64::MIN] {
        for cycle in recurring().filter(|cycle| cycle.months().is_some()) {
            assert!(matches!(anchor.boundary(cycle, n), Err(CalendarError::OutOfRange(_))), "{cycle} {n}");
        }
    }
    for n in [i64::MAX, i64::MIN, 1 << 31, 5_000_000, 70_000] {
        assert!(matches!(anchor.boundary(Cycle::Daily, n), Err(CalendarError::OutOfRange(_))), "{n}");
        assert!(matches!(anchor.period(Cycle::Weekly, n), Err(CalendarError::OutOfRange(_))), "{n}");
    }
    assert!(anchor.index_of(Cycle::Monthly, date("0026-01-31")).is_err());
    assert!(Period::new(date("1899-12-31"), date("1900-01-02")).is_err());
    assert!(Anchor::fixed_day(date("2201-01-01"), 1).is_err());
    assert!(plus_days(date("2200-12-31"), 1).is_err());
    assert_eq!(plus_days(date("2026-02-27"), 2), Ok(date("2026-03-01")));
    assert_eq!(anchor.boundary(Cycle::OneTime, 0), Err(CalendarError::NotRecurring));
    assert_eq!(anchor.index_of(Cycle::OneTime, anchor.on), Err(CalendarError::NotRecurring));
}

#[test]
fn a_period_is_half_open_inside_and_inclusive_for_people() {
    let march = period("2026-03-10", "2026-04-01");
    assert_eq!(march.to_string(), "2026-03-10 – 2026-03-31");
    assert_eq!(march.days(), 22);
    assert!(march.contains(date("2026-03-10")) && march.contains(date("2026-03-31")));
    assert!(!march.contains(date("2026-04-01")) && !march.contains(date("2026-03-09")));
    assert!(!march.overlaps(&period("2026-04-01", "2026-05-01")));
    assert!(march.overlaps(&period("2026-03-31", "2026-04-01")));
    for end in ["2026-03-10", "2026-03-09"] {
        assert!(matches!(Period::new(march.start, date(end)), Err(CalendarError::EmptyPeriod { .. })));
    }
    let json = serde_json::to_string(&march).unwrap();
    assert_eq!(json, r#"{"start":"2026-03-10","end":"2026-04-01"}"#);
    assert_eq!(serde_json::from_str::<Period>(&json).unwrap(), march);
    assert!(serde_json::from_str::<Period>(r#"{"start":"2026-04-01","end":"2026-03-10"}"#).is_err());
}

#[test]
fn cycles_have_stable_codes() {
    let codes = Cycle::ALL.map(Cycle::code).join(" ");
    assert_eq!(
        codes,
        "one_time hourly daily weekly monthly quarterly semi_annual annual biennial triennial quadrennial quinquennial"
    );
    for cycle in Cycle::ALL {
        assert_eq!(Cycle::parse(cycle.code()), Ok(cycle));
        assert_eq!(serde_json::to_string(&cycle).unwrap(), format!("\"{cycle}\""));
    }
    assert_eq!(Cycle::parse("yearly"), Err(CalendarError::UnknownCycle("yearly".to_owned())));
    let months = Cycle::ALL.map(Cycle::months);
    assert_eq!(months[..4], [None; 4]);
    assert_eq!(months[4..].iter().flatten().copied().collect::<Vec<_>>(), [1, 3, 6, 12, 24, 36, 48, 60]);
}

#[test]
fn fractions_compare_by_value_and_show_what_was_counted() {
    let half = Fraction::new(15, 30).unwrap();
    assert_eq!(half, Fraction::new(1, 2).unwrap());
    assert_eq!(half.to_string(), "15/30");
    assert_eq!(half.complement(), half);
    assert_eq!(Fraction::ONE.complement(), Fraction::ZERO);
    assert_eq!(Fraction::new(40, 31).unwrap().complement(), Fraction::ZERO);
    assert!(Fraction::new(22, 31).unwrap() < Fraction::new(23, 31).unwrap());
    assert!(Fraction::new(-1, 2).is_err() && Fraction::new(1, 0).is_err() && Fraction::new(1, -2).is_err());
    assert_eq!(serde_json::to_string(&half).unwrap(), "[15,30]");
    assert!(serde_json::from_str::<Fraction>("[1,0]").is_err());
}

/// Every anchor day × every cycle, from leap and common years: 400 periods that tile time.
#[test]
fn every_anchor_tiles_time_for_four_hundred_periods() {
    // Anchors where a month is short, long, and in a leap year; each remembered day lands on its clamped date.
    for month in ["2000-01-01", "2023-02-01", "2024-02-01", "2025-04-01", "1999-12-01"] {
        for day in 1..=31u8 {
            let anchor = Anchor::fixed_day(date(month), day).unwrap();
            for cycle in recurring() {
                tiles(anchor, cycle);
            }
        }
    }
}

/// Walks from 200 periods before the anchor to 200 after it, or as far as the calendar goes.
fn tiles(anchor: Anchor, cycle: Cycle) {
    let mut walked = 0;
    for n in -200..200 {
        let (Ok(period), Ok(next)) = (anchor.period(cycle, n), anchor.boundary(cycle, n + 1)) else {
            continue;
        };
        walked += 1;
        assert!(period.start < period.end, "{anchor:?} {cycle} {n}");
        assert_eq!(period.end, next, "{anchor:?} {cycle} {n}: no gap, no overlap");
        if cycle.months().is_some() {
            let expected = i8::try_from(anchor.day).unwrap().min(period.start.days_in_month());
            assert_eq!(period.start.day(), expected, "{anchor:?} {cycle} {n}");
        } else {
            assert_eq!(period.days(), if cycle == Cycle::Weekly { 7 } else { 1 });
        }
        let last = period.end.yesterday().unwrap();
        assert_eq!(anchor.index_of(cycle, period.start), Ok(n), "{anchor:?} {cycle}");
        assert_eq!(anchor.index_of(cycle, last), Ok(n), "{anchor:?} {cycle}");
        assert_eq!(anchor.next_boundary_after(cycle, last), Ok(period.end));
    }
    let months = cycle.months().unwrap_or(0);
    assert!(if months <= 3 { walked == 400 } else { walked >= 58 }, "{anchor:?} {cycle}: {walked}");
}

fn any_date() -> impl Strategy<Value = Date> {
    (0i64..80_000).prop_map(|days| plus_days("1950-01-01".parse().unwrap(), days).unwrap())
}

fn any_cycle() -> impl Strategy<Value = Cycle> {
    proptest::sample::select(recurring().collect::<Vec<_>>())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn a_day_lies_in_the_period_of_its_index(on in any_date(), day in any_date(), cycle in any_cycle()) {
        let anchor = Anchor::anniversary(on);
        let n = anchor.index_of(cycle, day).unwrap();
        prop_assert!(anchor.period(cycle, n).unwrap().contains(day));
        prop_assert_eq!(anchor.next_boundary_after(cycle, day), anchor.boundary(cycle, n + 1));
    }

    #[test]
    fn months_are_counted_from_the_anchor(on in any_date(), n in -300i64..300) {
        // The calendar library's own month arithmetic, from the anchor, agrees.
        let anchor = Anchor::anniversary(on);
        let expected = on.checked_add(jiff::Span::new().months(n)).unwrap();
        prop_assert_eq!(anchor.boundary(Cycle::Monthly, n).ok(), (1900..=2200).contains(&expected.year()).then_some(expected));
    }

    #[test]
    fn a_fixed_day_is_the_first_such_day_from_the_start(start in any_date(), day in 1u8..=31) {
        let anchor = Anchor::fixed_day(start, day).unwrap();
        let is_such = |date: Date| date.day() == i8::try_from(day).unwrap().min(date.days_in_month());
        let mut expected = start;
        while !is_such(expected) {
            expected = expected.tomorrow().unwrap();
        }
        prop_assert_eq!(anchor.on, expected);
        prop_assert_eq!(Anchor::new(anchor.on, day), Ok(anchor));
    }

    #[test]
    fn a_first_period_ends_where_the_next_begins(start in any_date(), day in 1u8..=31, cycle in any_cycle()) {
        let anchor = Anchor::fixed_day(start, day).unwrap();
        let (first, fraction) = anchor.first_period(cycle, start).unwrap();
        let next = anchor.index_of(cycle, first.end).unwrap();
        prop_assert_eq!(first.start, start);
        prop_assert_eq!(anchor.boundary(cycle, next), Ok(first.end));
        prop_assert!(fraction > Fraction::ZERO && fraction <= Fraction::ONE);
        prop_assert_eq!(fraction.is_one(), anchor.boundary(cycle, next - 1) == Ok(start));
        if cycle.months().is_some() {
            prop_assert_eq!(first.end, if start == anchor.on { anchor.boundary(cycle, 1).unwrap() } else { anchor.on });
        }
    }

    #[test]
    fn the_days_of_a_period_are_its_days(start in any_date(), len in 1i64..2000, at in 0i64..2000) {
        let end = plus_days(start, len).unwrap();
        let whole = Period::new(start, end).unwrap();
        prop_assert_eq!(whole.days(), len);
        prop_assert_eq!(days_between(end, start), -len);
        prop_assert_eq!(whole.contains(plus_days(start, at).unwrap()), at < len);
        if at > 0 && at < len {
            let cut = plus_days(start, at).unwrap();
            let (head, tail) = (Period::new(start, cut).unwrap(), Period::new(cut, end).unwrap());
            prop_assert!(!head.overlaps(&tail) && head.overlaps(&whole));
            prop_assert_eq!(Fraction::of_days(head, whole).complement(), Fraction::of_days(tail, whole));
        }
    }
}
