//! All SQL for news.

use bursar_db::{Glance, Row, Tx, params};
use bursar_fault::Fault;
use bursar_time::Instant;
use bursar_web::NoticeKind;

use super::{MOST_COUNTED, NewNotice, Reader, said};

bursar_db::statements! {
    /// Told once.
    pub(crate) INSERT = "INSERT INTO messaging_notices (id, audience, permission, kind, about, said, href, raised_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (audience, kind, about) DO NOTHING";
    /// What somebody has not read, counted no further than the bell shows.
    pub(crate) UNREAD = "SELECT COUNT(*) FROM (SELECT n.id FROM messaging_notices n
        WHERE n.audience IN ($1, $2)
            AND n.raised_at > COALESCE((SELECT read_until FROM messaging_notice_readers WHERE reader = $1), 0)
            AND (n.permission = '' OR $3 LIKE '%,' || n.permission || ',%')
            AND NOT EXISTS (SELECT 1 FROM messaging_notice_reads r WHERE r.reader = $1 AND r.notice_id = n.id)
            AND NOT EXISTS (SELECT 1 FROM messaging_notice_choices c
                WHERE c.reader = $1 AND c.kind = n.kind AND c.way = 'off')
        LIMIT $4) AS counted";
    /// Newest first, older than what was shown before.
    pub(crate) LIST = "SELECT n.id, n.kind, n.said, n.href, n.raised_at,
            CASE WHEN n.raised_at <= COALESCE((SELECT read_until FROM messaging_notice_readers WHERE reader = $1), 0)
                OR EXISTS (SELECT 1 FROM messaging_notice_reads r WHERE r.reader = $1 AND r.notice_id = n.id)
                THEN 1 ELSE 0 END
        FROM messaging_notices n
        WHERE n.audience IN ($1, $2) AND (n.raised_at, n.id) < ($4, $5)
            AND (n.permission = '' OR $3 LIKE '%,' || n.permission || ',%')
            AND NOT EXISTS (SELECT 1 FROM messaging_notice_choices c
                WHERE c.reader = $1 AND c.kind = n.kind AND c.way = 'off')
        ORDER BY n.raised_at DESC, n.id DESC LIMIT $6";
    /// One that somebody may see.
    pub(crate) FIND = "SELECT n.id, n.kind, n.said, n.href, n.raised_at, 0 FROM messaging_notices n
        WHERE n.id = $4 AND n.audience IN ($1, $2) AND (n.permission = '' OR $3 LIKE '%,' || n.permission || ',%')";
    /// Read.
    pub(crate) READ = "INSERT INTO messaging_notice_reads (reader, notice_id) VALUES ($1, $2)
        ON CONFLICT (reader, notice_id) DO NOTHING";
    /// Everything is read.
    pub(crate) READ_ALL = "INSERT INTO messaging_notice_readers (reader, read_until) VALUES ($1, $2)
        ON CONFLICT (reader) DO UPDATE SET read_until = excluded.read_until";
    /// Single marks that the one for everything covers.
    pub(crate) FORGET_READS = "DELETE FROM messaging_notice_reads WHERE reader = $1";
    /// The oldest that are not kept any longer.
    pub(crate) OLD = "SELECT id FROM messaging_notices WHERE raised_at < $1 ORDER BY raised_at LIMIT $2";
    /// Their marks.
    pub(crate) DROP_READS = "DELETE FROM messaging_notice_reads WHERE notice_id IN
        (SELECT id FROM messaging_notices WHERE raised_at < $1 ORDER BY raised_at LIMIT $2)";
    /// They themselves.
    pub(crate) DROP_OLD = "DELETE FROM messaging_notices WHERE id IN
        (SELECT id FROM messaging_notices WHERE raised_at < $1 ORDER BY raised_at LIMIT $2)";
}

/// A piece of news as somebody reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Its id.
    pub id: i64,
    /// Its kind's name.
    pub kind: String,
    /// JSON of its values.
    pub(crate) said: String,
    /// Where it leads.
    pub href: String,
    /// When.
    pub raised_at: Instant,
    /// Whether the reader has read it.
    pub is_read: bool,
}

fn notice(row: &Row<'_>) -> Result<Notice, Fault> {
    Ok(Notice {
        id: row.get(0)?,
        kind: row.get(1)?,
        said: row.get(2)?,
        href: row.get(3)?,
        raised_at: row.get(4)?,
        is_read: row.get::<i64>(5)? != 0,
    })
}

pub(crate) async fn insert(tx: &mut Tx, kind: &NoticeKind, new: &NewNotice) -> Result<bool, Fault> {
    let (id, now) = (tx.new_raw_id()?, tx.now());
    let (audience, permission) = (new.to.key(), kind.permission.unwrap_or_default());
    let said = said::encode(&new.said)?;
    let row = params![id, &audience, permission, kind.name, &new.about, &said, &new.href, now];
    Ok(tx.exec(&INSERT, row).await? > 0)
}

/// How much somebody has not read, at most [`MOST_COUNTED`].
pub fn unread(reader: &Reader) -> Glance<i64> {
    let values = params![&reader.key, &reader.shared, &reader.permissions, MOST_COUNTED];
    Glance::new(&UNREAD, values, |row| row.get(0))
}

/// News for somebody, newest first, older than the last row that was shown.
pub async fn list(
    tx: &mut Tx,
    reader: &Reader,
    before: Option<(Instant, i64)>,
    limit: i64,
) -> Result<Vec<Notice>, Fault> {
    let (at, id) = before.unwrap_or((Instant::from_micros(i64::MAX), i64::MAX));
    let row = params![&reader.key, &reader.shared, &reader.permissions, at, id, limit];
    tx.query(&LIST, row, notice).await
}

/// One piece of news, if this reader may see it.
pub async fn find(tx: &mut Tx, reader: &Reader, id: i64) -> Result<Option<Notice>, Fault> {
    let row = params![&reader.key, &reader.shared, &reader.permissions, id];
    tx.query_opt(&FIND, row, notice).await
}

/// Marks one piece as read.
pub async fn mark_read(tx: &mut Tx, reader: &Reader, id: i64) -> Result<(), Fault> {
    tx.exec(&READ, params![&reader.key, id]).await.map(drop)
}

/// Marks everything as read that there is now.
pub async fn mark_all_read(tx: &mut Tx, reader: &Reader) -> Result<(), Fault> {
    let now = tx.now();
    tx.exec(&READ_ALL, params![&reader.key, now]).await?;
    tx.exec(&FORGET_READS, params![&reader.key]).await.map(drop)
}
