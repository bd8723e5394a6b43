use std::collections::BTreeSet;

use bursar_sqldump::{Event, Reader, RowRef};
use bursar_time::Date;
use serde_json::Value;

use super::{Collected, ControlTotals, MonthlyRevenue, TotalsError};
use crate::spill::Scratch;
use crate::whmcs::amount::Hundredths;

const DUMP: &str = include_str!("../fixtures/small.sql");

fn as_of() -> Date {
    "2026-11-20".parse().unwrap()
}

fn control_totals(dump: &str) -> Result<ControlTotals, TotalsError> {
    let scratch = Scratch::new(std::env::temp_dir());
    let mut collected = Collected::new(as_of(), &scratch);
    for pass in [Collected::first, Collected::second] {
        pass_over(dump, &mut collected, pass)?;
    }
    let totals = collected.finish();
    scratch.check().unwrap();
    Ok(totals)
}

fn pass_over(
    dump: &str,
    collected: &mut Collected,
    pass: fn(&mut Collected, RowRef<'_>) -> Result<(), TotalsError>,
) -> Result<(), TotalsError> {
    let mut reader = Reader::open(dump.as_bytes())?;
    while let Some(event) = reader.next_event()? {
        if let Event::Row(row) = event {
            pass(collected, row)?;
        }
    }
    Ok(())
}

fn totals(dump: &str) -> Value {
    serde_json::to_value(control_totals(dump).unwrap()).unwrap()
}

#[test]
fn a_small_database_gives_the_totals_worked_out_by_hand() {
    let expected: Value = serde_json::from_str(include_str!("../fixtures/small.totals.json")).unwrap();
    let found = totals(DUMP);
    let keys: BTreeSet<&String> =
        expected.as_object().unwrap().keys().chain(found.as_object().unwrap().keys()).collect();
    for key in keys {
        assert_eq!(found.get(key), expected.get(key), "{key}");
    }
}

#[test]
fn the_order_of_the_tables_does_not_matter() {
    let head = DUMP.find("CREATE TABLE").unwrap();
    let mut tables: Vec<&str> = DUMP[head..].split_inclusive("\nCREATE TABLE").collect();
    tables.reverse();
    let body: String = tables
        .iter()
        .map(|table| {
            format!(
                "CREATE TABLE{}\n",
                table.trim_start_matches("CREATE TABLE").trim_end_matches("CREATE TABLE")
            )
        })
        .collect();
    assert_eq!(totals(&body), totals(DUMP));
}

#[test]
fn figures_that_are_no_numbers_and_foreign_tables_are_refused_with_their_place() {
    let broken = DUMP.replace("(2,1,-2.00)", "(2,1,'two')");
    let error = control_totals(&broken).unwrap_err();
    assert!(matches!(&error, TotalsError::NotANumber { column: "amount", found, .. } if found == "two"));
    assert!(error.to_string().contains("table tblcredit, row 2, column amount"), "{error}");
    let foreign = "CREATE TABLE tblcredit (id int); INSERT INTO tblcredit VALUES (1);";
    let error = control_totals(foreign).unwrap_err();
    assert!(matches!(error, TotalsError::ColumnMissing { column: "clientid", .. }));
}

#[test]
fn monthly_revenue_is_rounded_once_half_to_even() {
    let shown = |amounts: &[(i128, u32)]| {
        let mut revenue = MonthlyRevenue::default();
        for &(amount, months) in amounts {
            assert!(revenue.add(Hundredths(amount), months));
        }
        revenue.to_string()
    };
    assert_eq!(shown(&[(1000, 12)]), "0.8333");
    assert_eq!(shown(&[(1000, 12), (1000, 12), (1000, 12)]), "2.5000");
    // 0.03 / 24 = 0.00125 and 0.09 / 24 = 0.00375: ties go to the even digit.
    assert_eq!(shown(&[(3, 24)]), "0.0012");
    assert_eq!(shown(&[(9, 24)]), "0.0038");
    assert_eq!(shown(&[(-3, 24)]), "-0.0012");
    assert_eq!(shown(&[(1200, 120)]), "0.1000");
    assert!(!MonthlyRevenue::default().add(Hundredths(100), 132));
    assert!(!MonthlyRevenue::default().add(Hundredths(100), 0));
}
