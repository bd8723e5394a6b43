//! Posting, reversing and reading balances.

use std::collections::BTreeMap;

use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_ids::{Entity, Id};
use bursar_money::{Currency, Money};
use bursar_time::Date;

use crate::account::Account;
use crate::bulk::{BulkPoster, Head};
use crate::store;

/// A journal entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {}

impl Entity for Entry {
    const PREFIX: &'static str = "entry";
}

/// What to post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEntry {
    /// What happened, in one word: `payment_captured`.
    pub kind: &'static str,
    /// The date it counts for.
    pub on: Date,
    /// What caused it: kind and id (`("payment", 12)`).
    pub source: (&'static str, i64),
    /// For people.
    pub memo: String,
    /// Debits positive, credits negative. None zero.
    pub postings: Vec<(Account, Money)>,
}

/// An account's balance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Balance {
    /// Which account.
    pub account: Account,
    /// Debit positive.
    pub amount: Money,
}

/// Posts an entry into the caller's transaction.
///
/// # Errors
/// A fault, and with it the end of the transaction, when the entry is empty, has a zero line, or does not balance in
/// every currency. These are faults of the caller, checked in release builds too.
pub async fn post(tx: &mut Tx, entry: NewEntry) -> Result<Id<Entry>, Fault> {
    check_balance(&entry)?;
    let mut lines = Vec::with_capacity(entry.postings.len());
    for (account, amount) in &entry.postings {
        lines.push((account_id(tx, account, amount.currency()).await?, amount.minor()));
    }
    write(tx, Head::of(&entry), &lines, &entry.memo, None).await
}

/// Posts the mirror image of an entry.
///
/// # Errors
/// A fault when the entry does not exist or is reversed already.
pub async fn reverse(tx: &mut Tx, entry: Id<Entry>, on: Date, why: &str) -> Result<Id<Entry>, Fault> {
    let head = tx
        .query_opt(&store::FIND_ENTRY, params![entry], |row| Ok((row.get::<String>(0)?, row.get::<i64>(1)?)))
        .await?;
    let Some((source_kind, source_id)) = head else {
        return Err(Fault::new(format!("entry {entry} does not exist and cannot be reversed")));
    };
    if let Some(by) =
        tx.query_opt(&store::FIND_REVERSAL, params![entry], |row| row.get::<Id<Entry>>(0)).await?
    {
        return Err(Fault::new(format!("entry {entry} is already reversed by entry {by}")));
    }
    let lines = tx
        .query(&store::POSTINGS, params![entry], |row| Ok((row.get::<i64>(0)?, -row.get::<i64>(3)?)))
        .await?;
    let head = Head { on, kind: "reversal", source_kind: source_kind.into(), source_id };
    write(tx, head, &lines, why, Some(entry)).await
}

async fn write(
    tx: &mut Tx,
    head: Head,
    lines: &[(i64, i64)],
    memo: &str,
    reverses: Option<Id<Entry>>,
) -> Result<Id<Entry>, Fault> {
    let id = tx.new_id::<Entry>()?;
    let mut poster = BulkPoster::new();
    poster.add(id, head, lines, memo, reverses)?;
    poster.write(tx).await?;
    Ok(id)
}

fn check_balance(entry: &NewEntry) -> Result<(), Fault> {
    let refuse = |why: String| {
        let (kind, id) = entry.source;
        Err(Fault::new(format!("entry {} of {kind}:{id} is refused: {why}", entry.kind)))
    };
    if entry.postings.is_empty() {
        return refuse("it has no postings".to_owned());
    }
    let mut sums: BTreeMap<Currency, i128> = BTreeMap::new();
    for (account, amount) in &entry.postings {
        if amount.is_zero() {
            return refuse(format!("its line on {account} is zero"));
        }
        *sums.entry(amount.currency()).or_default() += i128::from(amount.minor());
    }
    match sums.into_iter().find(|(_, sum)| *sum != 0) {
        Some((currency, sum)) => refuse(format!("it is out of balance by {sum} minor units of {currency}")),
        None => Ok(()),
    }
}

/// The id of an account, which is made when it is missing. Bulk work asks once and keeps it.
pub async fn account_id(tx: &mut Tx, account: &Account, currency: Currency) -> Result<i64, Fault> {
    let code = account.code();
    let found = tx.query_opt(&store::FIND_ACCOUNT, params![&code, currency], |row| row.get(0)).await?;
    if let Some(id) = found {
        return Ok(id);
    }
    let id = tx.new_raw_id()?;
    tx.exec(&store::INSERT_ACCOUNT, params![id, &code, currency, account.kind().code()]).await?;
    // Another transaction may have been first; its row counts.
    tx.query_one(&store::FIND_ACCOUNT, params![&code, currency], |row| row.get(0)).await
}

/// The sum of all postings of an account; zero for one that was never used.
pub async fn balance(tx: &mut Tx, account: &Account, currency: Currency) -> Result<Money, Fault> {
    let code = account.code();
    let minor = tx.query_one(&store::BALANCE, params![&code, currency], |row| row.get(0)).await?;
    Ok(Money::new(minor, currency))
}

/// The lines of one entry, for pages and checks.
pub async fn postings_of(tx: &mut Tx, entry: Id<Entry>) -> Result<Vec<Balance>, Fault> {
    tx.query(&store::POSTINGS, params![entry], |row| {
        let amount = Money::new(row.get(3)?, row.get(2)?);
        Ok(Balance { account: known(row.text(1)?)?, amount })
    })
    .await
}

/// Every account's balance at the end of a date, by code and currency. Sums to zero in every currency.
pub async fn trial_balance(tx: &mut Tx, as_of: Date) -> Result<Vec<Balance>, Fault> {
    tx.query(&store::TRIAL_BALANCE, params![as_of], |row| {
        let amount = Money::new(row.get(2)?, row.get(1)?);
        Ok(Balance { account: known(row.text(0)?)?, amount })
    })
    .await
}

pub(crate) fn known(code: &str) -> Result<Account, Fault> {
    Account::parse(code).ok_or_else(|| Fault::corrupt(format!("the ledger has no account called {code:?}")))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn entry(postings: Vec<(Account, Money)>) -> NewEntry {
        let on = Date::constant(2026, 1, 1);
        NewEntry { kind: "test", on, source: ("test", 1), memo: String::new(), postings }
    }

    fn line(minor: i64, currency: Currency) -> (Account, Money) {
        (Account::Receivable, Money::new(minor, currency))
    }

    #[test]
    fn empty_zero_and_unbalanced_entries_are_refused() {
        for (postings, why) in [
            (vec![], "no postings"),
            (vec![line(0, Currency::EUR)], "zero"),
            (vec![line(1, Currency::EUR)], "by 1 minor units of EUR"),
            (vec![line(100, Currency::EUR), line(-100, Currency::USD)], "by 100 minor units of EUR"),
            (vec![line(i64::MAX, Currency::EUR), line(i64::MAX, Currency::EUR)], "minor units"),
        ] {
            let fault = check_balance(&entry(postings)).unwrap_err();
            assert!(fault.to_string().contains(why), "{fault}");
        }
        let two = vec![
            line(5, Currency::JPY),
            line(-5, Currency::JPY),
            line(7, Currency::KWD),
            line(-7, Currency::KWD),
        ];
        assert!(check_balance(&entry(two)).is_ok());
    }

    proptest! {
        #[test]
        fn an_entry_passes_exactly_when_each_currency_sums_to_zero(
            eur in proptest::collection::vec(-1_000_i64..1_000, 1..6),
            jpy in proptest::collection::vec(-1_000_i64..1_000, 0..6),
        ) {
            let lines: Vec<_> = eur.iter().map(|m| line(*m, Currency::EUR))
                .chain(jpy.iter().map(|m| line(*m, Currency::JPY))).collect();
            let good = eur.iter().sum::<i64>() == 0 && jpy.iter().sum::<i64>() == 0
                && eur.iter().chain(&jpy).all(|m| *m != 0);
            prop_assert_eq!(check_balance(&entry(lines)).is_ok(), good);
        }
    }
}
