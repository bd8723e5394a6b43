//! The ledger through its public surface, on both engines.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_ids::Id;
use bursar_ledger::{Account, Balance, BulkPoster, Entry, NewEntry};
use bursar_money::{Currency, Money, Rate};
use bursar_testkit::{TestCx, on_both_engines};
use bursar_time::Date;

const DAY: Date = Date::constant(2026, 1, 1);

bursar_db::statements! {
    BREAK = "INSERT INTO ledger_postings (entry_id, line_no, account_id, amount_minor) VALUES ($1, $2, $3, $4)";
}

fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

fn invoice(postings: Vec<(Account, Money)>) -> NewEntry {
    NewEntry { kind: "invoice_issued", on: DAY, source: ("invoice", 7), memo: "Invoice 7".into(), postings }
}

/// 119.00 owed: 100.00 earned, 19.00 tax.
fn sale() -> NewEntry {
    invoice(vec![
        (Account::Receivable, eur(11_900)),
        (Account::Revenue, eur(-10_000)),
        (Account::TaxPayable("3".into()), eur(-1_900)),
    ])
}

fn on_both(body: impl AsyncFn(TestCx)) {
    on_both_engines(vec![bursar_ledger::migrations()], body);
}

async fn balance(cx: &TestCx, account: Account, currency: Currency) -> i64 {
    cx.read(async move |tx: &mut Tx| bursar_ledger::balance(tx, &account, currency).await)
        .await
        .map(|money: Money| money.minor())
        .unwrap()
}

#[test]
fn every_statement_prepares() {
    on_both(async |cx| {
        cx.read(async |tx: &mut Tx| {
            for statement in bursar_ledger::statements() {
                tx.prepare(statement).await?;
            }
            for bulk in bursar_ledger::bulks() {
                tx.prepare_bulk(bulk).await?;
            }
            Ok::<_, Fault>(())
        })
        .await
        .unwrap();
    });
}

#[test]
fn balances_are_the_sum_of_postings_and_a_reversal_takes_them_back() {
    on_both(async |cx| {
        let (entry, lines) = cx
            .write(async |tx: &mut Tx| {
                let entry = bursar_ledger::post(tx, sale()).await?;
                bursar_ledger::post(tx, sale()).await?;
                Ok::<_, Fault>((entry, bursar_ledger::postings_of(tx, entry).await?))
            })
            .await
            .unwrap();
        assert_eq!(lines.len(), 3);
        assert_eq!(lines[2], Balance { account: Account::TaxPayable("3".into()), amount: eur(-1_900) });
        assert_eq!(balance(&cx, Account::Receivable, Currency::EUR).await, 23_800);
        assert_eq!(balance(&cx, Account::Receivable, Currency::USD).await, 0, "never used");

        let reversed = cx
            .write(async move |tx: &mut Tx| {
                bursar_ledger::reverse(tx, entry, Date::constant(2026, 1, 5), "issued by mistake").await
            })
            .await;
        reversed.unwrap();
        assert_eq!(balance(&cx, Account::Receivable, Currency::EUR).await, 11_900);
        assert_eq!(balance(&cx, Account::TaxPayable("3".into()), Currency::EUR).await, -1_900);

        let trial = |on: Date| {
            let cx = cx.cx();
            async move {
                cx.read(async move |tx: &mut Tx| bursar_ledger::trial_balance(tx, on).await).await.unwrap()
            }
        };
        let before = trial(Date::constant(2026, 1, 4)).await;
        let amounts =
            |all: &[Balance]| all.iter().map(|b| (b.account.code(), b.amount.minor())).collect::<Vec<_>>();
        assert_eq!(
            amounts(&before),
            [("receivable".into(), 23_800), ("revenue".into(), -20_000), ("tax_payable:3".into(), -3_800)]
        );
        let after = trial(Date::constant(2026, 1, 5)).await;
        assert_eq!(
            amounts(&after),
            [("receivable".into(), 11_900), ("revenue".into(), -10_000), ("tax_payable:3".into(), -1_900)]
        );
    });
}

#[test]
fn an_entry_is_reversed_once_and_only_if_it_exists() {
    on_both(async |cx| {
        let entry = cx.write(async |tx: &mut Tx| bursar_ledger::post(tx, sale()).await).await.unwrap();
        let reverse = |entry: Id<Entry>| {
            let cx = cx.cx();
            async move {
                cx.write(async move |tx: &mut Tx| bursar_ledger::reverse(tx, entry, DAY, "why").await).await
            }
        };
        reverse(entry).await.unwrap();
        assert!(reverse(entry).await.unwrap_err().to_string().contains("already reversed"));
        assert!(reverse(Id::new(999_999_999)).await.unwrap_err().to_string().contains("does not exist"));
    });
}

#[test]
fn an_unbalanced_entry_takes_its_whole_transaction_down() {
    on_both(async |cx| {
        let outcome = cx
            .write(async |tx: &mut Tx| {
                bursar_ledger::post(tx, sale()).await?;
                let lost = invoice(vec![(Account::Receivable, eur(100)), (Account::Revenue, eur(-99))]);
                bursar_ledger::post(tx, lost).await
            })
            .await;
        assert!(outcome.unwrap_err().to_string().contains("out of balance by 1 minor units of EUR"));
        assert_eq!(balance(&cx, Account::Receivable, Currency::EUR).await, 0);
    });
}

#[test]
fn the_bulk_poster_writes_what_balances_and_refuses_what_does_not() {
    on_both(async |cx| {
        cx.write(async |tx: &mut Tx| {
            let owed = bursar_ledger::account_id(tx, &Account::Receivable, Currency::JPY).await?;
            let earned = bursar_ledger::account_id(tx, &Account::Revenue, Currency::JPY).await?;
            assert_eq!(bursar_ledger::account_id(tx, &Account::Revenue, Currency::JPY).await?, earned);
            let mut poster = BulkPoster::new();
            for n in 1..=3 {
                let id = tx.new_id()?;
                poster.entry(
                    id,
                    DAY,
                    "invoice_issued",
                    ("invoice", n),
                    &[(owed, 500 * n), (earned, -500 * n)],
                )?;
            }
            let id = tx.new_id()?;
            for bad in [&[(owed, 500), (earned, -499)][..], &[], &[(owed, 0), (earned, 0)]] {
                assert!(poster.entry(id, DAY, "invoice_issued", ("invoice", 4), bad).is_err());
            }
            poster.write(tx).await?;
            poster.write(tx).await
        })
        .await
        .unwrap();
        assert_eq!(balance(&cx, Account::Receivable, Currency::JPY).await, 3_000);
    });
}

#[test]
fn the_rate_of_a_date_is_the_newest_one_not_after_it() {
    on_both(async |cx| {
        let (eur, usd) = (Currency::EUR, Currency::USD);
        let rates = cx
            .write(async move |tx: &mut Tx| {
                let rate = |text| Rate::parse(text).unwrap();
                bursar_ledger::set_rate(tx, eur, usd, Date::constant(2026, 1, 1), rate("1.1")).await?;
                bursar_ledger::set_rate(tx, eur, usd, Date::constant(2026, 2, 1), rate("1.3")).await?;
                bursar_ledger::set_rate(tx, eur, usd, Date::constant(2026, 2, 1), rate("1.25")).await?;
                assert!(bursar_ledger::set_rate(tx, eur, eur, DAY, rate("1")).await.is_err());
                assert!(bursar_ledger::set_rate(tx, eur, usd, DAY, rate("0")).await.is_err());
                let mut found = Vec::new();
                for (base, quote, on) in [
                    (eur, usd, Date::constant(2025, 12, 31)),
                    (eur, usd, Date::constant(2026, 1, 31)),
                    (eur, usd, Date::constant(2026, 2, 1)),
                    (usd, eur, Date::constant(2026, 2, 1)),
                    (usd, usd, Date::constant(2026, 2, 1)),
                ] {
                    found.push(bursar_ledger::rate(tx, base, quote, on).await?.map(|rate| rate.to_text()));
                }
                Ok::<_, Fault>(found)
            })
            .await
            .unwrap();
        let text = |t: &str| Some(t.to_owned());
        assert_eq!(rates, [None, text("1.1"), text("1.25"), None, text("1")]);
    });
}

#[test]
fn verify_passes_a_good_ledger_and_names_what_is_wrong_with_a_bad_one() {
    on_both(async |cx| {
        let entry = cx
            .write(async |tx: &mut Tx| {
                let entry = bursar_ledger::post(tx, sale()).await?;
                bursar_ledger::reverse(tx, entry, DAY, "why").await?;
                Ok::<_, Fault>(entry)
            })
            .await
            .unwrap();
        let checks = cx.read(async |tx: &mut Tx| bursar_ledger::verify(tx).await).await.unwrap();
        let checked: Vec<_> = checks.iter().map(|c| (c.checked, c.failed)).collect();
        assert_eq!(checked, [(2, 0), (6, 0), (2, 0), (1, 0)]);

        cx.write(async move |tx: &mut Tx| {
            let owed = bursar_ledger::account_id(tx, &Account::Receivable, Currency::EUR).await?;
            tx.exec(&BREAK, params![entry, 9_i64, owed, 5_i64]).await?;
            tx.exec(&BREAK, params![entry, 10_i64, 123_456_789_i64, 5_i64]).await?;
            Ok::<_, Fault>(())
        })
        .await
        .unwrap();
        let checks = cx.read(async |tx: &mut Tx| bursar_ledger::verify(tx).await).await.unwrap();
        assert_eq!(checks[0].failed, 1);
        assert_eq!(checks[0].examples, [format!("entry {entry} is out of balance by 5 minor units of EUR")]);
        assert_eq!(checks[1].examples, [format!("line 10 of entry {entry} has no account or no entry")]);
        assert!(checks[3].failed > 0);
    });
}
