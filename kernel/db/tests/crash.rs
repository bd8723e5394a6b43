//! A simulated crash undoes what was not committed, keeps what was, and ends the handle.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use bursar_db::{Attachments, CommitHook, DatabaseUrl, Db, Fate, OpenOptions, Scope, Tx, params};
use bursar_fault::{Fault, FaultClass};
use bursar_ids::{Actor, Rng};
use bursar_time::{Instant, TimeZone};

bursar_db::statements! {
    SET = "INSERT INTO kernel_settings (key, value, updated_at) VALUES ('test', '', $1)
        ON CONFLICT (key) DO UPDATE SET updated_at = excluded.updated_at";
    GET = "SELECT updated_at FROM kernel_settings WHERE key = 'test'";
}

/// Crashes at the n-th question: odd ones are before a commit, even ones after it.
struct AtQuestion(AtomicI64);

impl AtQuestion {
    fn ask(&self) -> Fate {
        if self.0.fetch_sub(1, Ordering::SeqCst) == 1 { Fate::Crashes } else { Fate::LivesOn }
    }
}

impl CommitHook for AtQuestion {
    fn before_commit(&self) -> Fate {
        self.ask()
    }

    fn after_commit(&self) -> Fate {
        self.ask()
    }
}

fn scope() -> Scope {
    Scope {
        now: Instant::EPOCH,
        today: Instant::EPOCH.to_date(&TimeZone::UTC),
        zone: TimeZone::UTC,
        actor: Actor::System { module: "test", why: "a crash" },
        request_id: String::new(),
        rng: Arc::new(std::sync::Mutex::new(Rng::from_seed(1))),
        attachments: Arc::new(Attachments::default()),
    }
}

async fn set(db: &Db, value: i64) -> Result<(), Fault> {
    db.write(scope(), async move |tx: &mut Tx| tx.exec(&SET, params![value]).await.map(drop)).await
}

async fn get(db: &Db) -> Result<i64, Fault> {
    db.read(scope(), async |tx: &mut Tx| tx.query_one(&GET, params![], |row| row.get(0)).await).await
}

/// Over a 1 it writes 2 and then 3, with a crash at a question; returns what a restarted process finds.
async fn after_crash_at(question: i64, inline: bool) -> (Vec<bool>, i64) {
    let folder = tempfile::tempdir().unwrap();
    let url = DatabaseUrl::Sqlite(folder.path().join("db.sqlite"));
    let plain = OpenOptions { inline, ..OpenOptions::default() };
    let db = Db::open(url.clone(), &plain).unwrap();
    db.migrate(vec![bursar_db::kernel_migrations()], Instant::EPOCH).await.unwrap();
    set(&db, 1).await.unwrap();
    drop(db);
    let crash: Arc<dyn CommitHook> = Arc::new(AtQuestion(AtomicI64::new(question)));
    let db = Db::open(url.clone(), &OpenOptions { crash: Some(crash), ..plain.clone() }).unwrap();
    let mut answers = Vec::new();
    for value in [2, 3] {
        answers.push(set(&db, value).await.is_ok());
    }
    if answers.contains(&false) {
        let fault = get(&db).await.unwrap_err();
        assert_eq!(fault.class(), FaultClass::Unavailable, "reading is over too");
        assert!(db.migrate(Vec::new(), Instant::EPOCH).await.is_err());
    }
    drop(db);
    let found = get(&Db::open(url, &plain).unwrap()).await.unwrap();
    (answers, found)
}

#[tokio::test]
async fn a_crash_before_the_commit_undoes_it_and_one_after_it_keeps_it() {
    for inline in [true, false] {
        assert_eq!(after_crash_at(1, inline).await, (vec![false, false], 1));
        assert_eq!(after_crash_at(2, inline).await, (vec![false, false], 2));
        assert_eq!(after_crash_at(3, inline).await, (vec![true, false], 2));
        assert_eq!(after_crash_at(4, inline).await, (vec![true, false], 3));
        assert_eq!(after_crash_at(5, inline).await, (vec![true, true], 3));
    }
}
