//! Finding customers by a few words of their names and addresses.
//!
//! Each customer's words are kept in an index of their own. A search takes the rarest of its words, reads the customers
//! that have it, and asks of each whether it has the others too; a beginning of a word will do.

use std::collections::BTreeSet;

use bursar_db::{Param, Statement, Tx, params};
use bursar_fault::Fault;
use bursar_web::{Owners, Reading};

use crate::customer::CustomerDetails;

/// What customers are to lists of what they have.
pub(crate) const OWNERS: &str = "customers";
/// Words of a search that are looked at.
const MOST_WORDS: usize = 6;
/// Letters of a word that are kept.
const LONGEST: usize = 40;
/// A word that this many customers have is common, and is not counted further.
const COMMON: i64 = 400;

bursar_db::statements! {
    /// How many words begin so, up to a limit.
    pub(crate) HOW_COMMON = "SELECT COUNT(*) FROM
        (SELECT 1 FROM customers_words WHERE word >= $1 AND word < $2 LIMIT $3) AS counted";
    /// Forgets a customer's words.
    pub(crate) FORGET = "DELETE FROM customers_words WHERE customer_id = $1";
    /// Whether an id is a customer's.
    pub(crate) IS_ID = "SELECT id FROM customers_customers WHERE id = $1";
}

bursar_db::bulk! {
    /// A customer's words.
    pub(crate) INSERT_WORDS = insert "customers_words" { word: text, customer_id: int };
}

/// The words of a text, each once: letters and digits, in small letters.
fn words(text: &str) -> BTreeSet<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| word.to_lowercase().chars().take(LONGEST).collect())
        .collect()
}

fn words_of(details: &CustomerDetails) -> BTreeSet<String> {
    let postal = &details.postal;
    words(&[postal.full_name(), postal.company.clone(), postal.email.clone()].join(" "))
}

/// Keeps the words of a new customer.
pub(crate) async fn remember(tx: &mut Tx, id: i64, details: &CustomerDetails) -> Result<(), Fault> {
    let mut writer = tx.bulk(&INSERT_WORDS)?;
    for word in words_of(details) {
        writer.row(params![&word, id])?;
    }
    writer.finish().await.map(drop)
}

/// Keeps the words of a customer that was changed.
pub(crate) async fn remember_again(tx: &mut Tx, id: i64, details: &CustomerDetails) -> Result<(), Fault> {
    tx.exec(&FORGET, params![id]).await?;
    remember(tx, id, details).await
}

/// The first word that does not begin with `word`, for a range of an index.
fn end_of(word: &str) -> String {
    format!("{word}\u{10ffff}")
}

/// Who a list's rows belong to, for a list that is searched by customer. `rows` gives what some customers have; see
/// [`Owners::rows`].
pub const fn owners(rows: &'static Statement) -> Owners {
    Owners { kind: OWNERS, find, rows }
}

pub(crate) fn find(tx: &mut Tx, text: String, limit: i64) -> Reading<'_, Vec<i64>> {
    Box::pin(async move { find_by_words(tx, &text, limit).await })
}

/// The ids of at most `limit` customers that have every word of `text`, newest first; a number is an id too.
pub async fn find_by_words(tx: &mut Tx, text: &str, limit: i64) -> Result<Vec<i64>, Fault> {
    let is_id = async |tx: &mut Tx| match text.trim().parse::<i64>() {
        Ok(id) => tx.query(&IS_ID, params![id], |row| row.get::<i64>(0)).await,
        Err(_) => Ok(Vec::new()),
    };
    let count = |word: String| {
        async move |tx: &mut Tx| {
            let end = end_of(&word);
            let row = params![&word, &end, COMMON];
            let counted: i64 = tx.query_one(&HOW_COMMON, row, |row| row.get(0)).await?;
            Ok::<_, Fault>((counted, word))
        }
    };
    let all = words(text).into_iter().take(MOST_WORDS).map(count);
    let (mut ids, mut counted) = tx.both(is_id, async |tx: &mut Tx| tx.together(all).await).await?;
    counted.sort();
    let found = with_all(tx, &counted, limit).await?;
    ids.extend(found.into_iter().filter(|id| !ids.contains(id)).collect::<Vec<_>>());
    ids.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(ids)
}

/// The customers that have all these words, the rarest being the first.
async fn with_all(tx: &mut Tx, counted: &[(i64, String)], limit: i64) -> Result<Vec<i64>, Fault> {
    let Some((rarest, others)) = counted.split_first() else { return Ok(Vec::new()) };
    if rarest.0 == 0 {
        return Ok(Vec::new());
    }
    let ends: Vec<String> = counted.iter().map(|(_, word)| end_of(word)).collect();
    let mut values: Vec<Param<'_>> = Vec::new();
    for ((_, word), end) in counted.iter().zip(&ends) {
        values.extend([word.into(), Param::from(end)]);
    }
    // A rare word's customers are put in order; of a common one's, the first that come. Of a rare word PostgreSQL is to
    // read each customer and ask for the other words, whatever it takes them to be: it turns neither a sum into the order
    // of an index nor a value into a join. A word that is asked for in a question of its own is not looked up in its
    // statistics, so the plan is kept.
    let is_rare = rarest.0 < COMMON;
    let place = |n: usize| if is_rare { format!("(SELECT ${n})") } else { format!("${n}") };
    let has = |n: usize| {
        let (from, to) = (place(n * 2 + 1), place(n * 2 + 2));
        let one = format!(
            "SELECT 1 FROM customers_words AS o WHERE o.customer_id = w.customer_id AND o.word >= {from} AND o.word < {to}"
        );
        if is_rare { format!(" AND ({one} LIMIT 1) = 1") } else { format!(" AND EXISTS ({one})") }
    };
    let (id, order) =
        if is_rare { ("w.customer_id + 0", " ORDER BY id DESC") } else { ("w.customer_id", "") };
    let sql = format!(
        "SELECT DISTINCT {id} AS id FROM customers_words AS w WHERE w.word >= {} AND w.word < {}{}{order} LIMIT {limit}",
        place(1),
        place(2),
        (1..=others.len()).map(has).collect::<String>()
    );
    tx.query_text(&sql, &values, |row| row.get(0)).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_letters_and_digits_once_and_small() {
        let found = words("Ann-Marie O'Brien <ann@Shop.example> ann 50%");
        let expected = ["50", "ann", "brien", "example", "marie", "o", "shop"];
        assert_eq!(found.into_iter().collect::<Vec<_>>(), expected);
        assert!(words("%_!").is_empty());
    }
}
