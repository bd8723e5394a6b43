//! All SQL of texts.

use std::collections::BTreeMap;

use bursar_db::{Row, Tx, params};
use bursar_fault::Fault;

use super::{SiteText, TextName};

bursar_db::statements! {
    /// The newest version of a text in each of its languages; at most one row a language.
    pub(crate) CURRENT = "SELECT t.name, t.locale, t.version, t.title, t.body_md, t.hash, t.published_at
        FROM storefront_texts AS t WHERE t.name = $1
        AND t.version = (SELECT MAX(o.version) FROM storefront_texts AS o WHERE o.name = t.name AND o.locale = t.locale)
        ORDER BY t.version DESC LIMIT 50";
    /// The newest titles of every text in each of its languages.
    pub(crate) TITLES = "SELECT t.name, t.locale, t.version, t.title, '', t.hash, t.published_at
        FROM storefront_texts AS t
        WHERE t.version = (SELECT MAX(o.version) FROM storefront_texts AS o WHERE o.name = t.name AND o.locale = t.locale)
        ORDER BY t.name, t.version DESC LIMIT 500";
    /// One version.
    pub(crate) VERSION = "SELECT name, locale, version, title, body_md, hash, published_at FROM storefront_texts
        WHERE name = $1 AND version = $2";
    /// Every version, newest first, without what it says.
    pub(crate) VERSIONS = "SELECT name, locale, version, title, '', hash, published_at FROM storefront_texts
        WHERE name = $1 ORDER BY version DESC LIMIT 500";
    /// The number of the last version.
    pub(crate) LAST = "SELECT COALESCE(MAX(version), 0) FROM storefront_texts WHERE name = $1";
    /// A new version.
    pub(crate) INSERT = "INSERT INTO storefront_texts (id, name, locale, version, title, body_md, hash, actor_kind,
        actor_id, published_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
}

/// A text as a reader of a language gets it; none when nothing was ever published.
pub async fn current(tx: &mut Tx, name: TextName, locale: &str) -> Result<Option<SiteText>, Fault> {
    let mut all = tx.query(&CURRENT, params![name.code()], text).await?;
    let own = all.iter().position(|text| text.locale == locale);
    let at = own.or_else(|| (!all.is_empty()).then_some(0));
    Ok(at.map(|at| all.swap_remove(at)))
}

/// The titles of what is published, in every language: for the foot of every page.
#[derive(Debug)]
pub struct Titles(Vec<SiteText>);

impl Titles {
    /// All of them, in one statement.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn load(tx: &mut Tx) -> Result<Self, Fault> {
        tx.query(&TITLES, params![], text).await.map(Self)
    }

    /// The texts that are published, with the titles a reader of a language gets.
    pub fn read_in(&self, locale: &str) -> BTreeMap<TextName, &str> {
        let mut titles: BTreeMap<TextName, &str> = BTreeMap::new();
        for text in &self.0 {
            // The newest comes first; one in the reader's language takes its place.
            if text.locale == locale || !titles.contains_key(&text.name) {
                titles.insert(text.name, &text.title);
            }
        }
        titles
    }
}

pub(crate) async fn version(tx: &mut Tx, name: TextName, version: i64) -> Result<Option<SiteText>, Fault> {
    tx.query_opt(&VERSION, params![name.code(), version], text).await
}

pub(crate) async fn versions(tx: &mut Tx, name: TextName) -> Result<Vec<SiteText>, Fault> {
    tx.query(&VERSIONS, params![name.code()], text).await
}

pub(crate) async fn insert(tx: &mut Tx, new: &SiteText) -> Result<i64, Fault> {
    let last: i64 = tx.query_one(&LAST, params![new.name.code()], |row| row.get(0)).await?;
    let (id, now, actor) = (tx.new_raw_id()?, tx.now(), *tx.actor());
    let values = params![
        id,
        new.name.code(),
        &new.locale,
        last + 1,
        &new.title,
        &new.body_md,
        &new.hash,
        actor.kind(),
        actor.id(),
        now
    ];
    tx.exec_one(&INSERT, values).await?;
    Ok(last + 1)
}

fn text(row: &Row<'_>) -> Result<SiteText, Fault> {
    let name = TextName::parse(row.text(0)?);
    Ok(SiteText {
        name: name.ok_or_else(|| Fault::corrupt("a public text has an unknown name"))?,
        locale: row.get(1)?,
        version: row.get(2)?,
        title: row.get(3)?,
        body_md: row.get(4)?,
        hash: row.get(5)?,
        published_at: row.get(6)?,
    })
}
