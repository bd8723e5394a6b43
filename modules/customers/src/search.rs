//! Finding customers by a few words of their names and addresses.
//!
//! Each customer's words are kept in an index of their own. A search takes the rarest of its words, reads the customers
//! that have it, and asks of each whether it has the others too; a beginning of a word will do.

use std::collections::BTreeSet;

use bursar_db::{Param, Tx, params};
use bursar_fault::Fault;

use crate::customer::CustomerDetails;

/// Words of a search that are looked at.
const MOST_WORDS: usize = 6;
/// Letters of a word that are kept.
const LONGEST: usize = 40;
/// A word that this many customers have is common, and is not counted further.
const COMMON: i64 = 1_000;

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

/// The ids of at most `limit` customers that have every word of `text`, newest first; a number is an id too.
pub async fn find_by_words(tx: &mut Tx, text: &str, limit: i64) -> Result<Vec<i64>, Fault> {
    let mut ids = Vec::new();
    if let Ok(id) = text.trim().parse::<i64>() {
        ids = tx.query(&IS_ID, params![id], |row| row.get(0)).await?;
    }
    let mut counted = Vec::new();
    for word in words(text).into_iter().take(MOST_WORDS) {
        let end = end_of(&word);
        let how_many: i64 = tx.query_one(&HOW_COMMON, params![&word, &end, COMMON], |row| row.get(0)).await?;
        counted.push((how_many, word));
    }
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
    let mut sql = String::from(
        "SELECT DISTINCT w.customer_id FROM customers_words AS w WHERE w.word >= $1 AND w.word < $2",
    );
    for n in 1..=others.len() {
        sql.push_str(&format!(
            " AND EXISTS (SELECT 1 FROM customers_words AS o WHERE o.customer_id = w.customer_id
                AND o.word >= ${} AND o.word < ${})",
            n * 2 + 1,
            n * 2 + 2
        ));
    }
    // A rare word's customers are put in order; of a common one's, the first that come.
    if rarest.0 < COMMON {
        sql.push_str(" ORDER BY w.customer_id DESC");
    }
    values.push(limit.into());
    sql.push_str(&format!(" LIMIT ${}", values.len()));
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
