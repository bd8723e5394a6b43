//! The audit chain on both engines.

#![allow(clippy::unwrap_used, reason = "a helper of a test may fail like the test")]

use bursar_audit::{Audit, list, record, record_all, verify_chain};
use bursar_db::params;
use bursar_fault::Fault;
use bursar_testkit::{TestCx, on_both_engines};
use serde_json::json;

bursar_db::statements! {
    /// What somebody with access to the file could do.
    pub(crate) FORGE = "UPDATE audit_log SET after = $1 WHERE id = 2";
    pub(crate) REMOVE = "DELETE FROM audit_log WHERE id = $1";
}

fn act<'a>(subject: &'a str, total: i64) -> Audit<'a> {
    Audit { action: "billing.invoice.edit", subject, before: None, after: Some(json!({"total": total})) }
}

async fn three_acts(cx: &TestCx) {
    for total in [10, 20, 30] {
        cx.write(async move |tx| record(tx, act("invoice:1", total)).await).await.unwrap();
    }
}

async fn broken(cx: &TestCx) -> Vec<(i64, String)> {
    let report = cx.read(async |tx| verify_chain(tx).await).await.unwrap();
    report.examples.into_iter().map(|link| (link.id, link.what)).collect()
}

#[test]
fn every_statement_is_understood_by_both_engines() {
    on_both_engines(vec![bursar_audit::migrations()], async |cx| {
        cx.read(async |tx| {
            for statement in bursar_audit::statements() {
                tx.prepare(statement).await?;
            }
            for bulk in bursar_audit::bulks() {
                tx.prepare_bulk(bulk).await?;
            }
            Ok::<_, Fault>(())
        })
        .await
        .unwrap();
    });
}

#[test]
fn acts_are_numbered_chained_and_listed_newest_first() {
    on_both_engines(vec![bursar_audit::migrations()], async |cx| {
        three_acts(&cx).await;
        cx.write(async |tx| record_all(tx, vec![act("invoice:2", 1), act("invoice:1", 40)]).await)
            .await
            .unwrap();
        let page = cx.read(async |tx| list(tx, Some("invoice:1"), None, 2).await).await.unwrap();
        assert_eq!(page.iter().map(|e| e.id).collect::<Vec<_>>(), [5, 3]);
        assert_eq!(page[0].after.as_deref(), Some(r#"{"total":40}"#));
        assert_eq!((page[0].actor_kind.as_str(), page[0].actor_id), ("staff", Some(1)));
        let rest = cx.read(async |tx| list(tx, None, Some(3), 10).await).await.unwrap();
        assert_eq!(rest.iter().map(|e| e.id).collect::<Vec<_>>(), [2, 1]);
        let report = cx.read(async |tx| verify_chain(tx).await).await.unwrap();
        assert!(report.is_ok(), "{report:?}");
        assert_eq!(report.checked, 5);
    });
}

#[test]
fn a_refused_act_leaves_no_record() {
    on_both_engines(vec![bursar_audit::migrations()], async |cx| {
        let refused = cx
            .write(async |tx| {
                record(tx, act("invoice:1", 1)).await?;
                Err::<(), _>(Fault::new("changed my mind"))
            })
            .await;
        assert!(refused.is_err());
        let report = cx.read(async |tx| verify_chain(tx).await).await.unwrap();
        assert_eq!((report.checked, report.failed), (0, 0));
    });
}

#[test]
fn a_changed_row_is_found() {
    on_both_engines(vec![bursar_audit::migrations()], async |cx| {
        three_acts(&cx).await;
        cx.write(async |tx| tx.exec_one(&FORGE, params![r#"{"total":1}"#]).await).await.unwrap();
        assert_eq!(broken(&cx).await, [(2, "its contents were changed after it was written".to_owned())]);
    });
}

#[test]
fn a_row_removed_from_the_middle_is_found() {
    on_both_engines(vec![bursar_audit::migrations()], async |cx| {
        three_acts(&cx).await;
        cx.write(async |tx| tx.exec_one(&REMOVE, params![2_i64]).await).await.unwrap();
        assert_eq!(broken(&cx).await, [(2, "rows are missing before row 3".to_owned())]);
    });
}

#[test]
fn a_row_removed_from_the_end_is_found() {
    on_both_engines(vec![bursar_audit::migrations()], async |cx| {
        three_acts(&cx).await;
        cx.write(async |tx| tx.exec_one(&REMOVE, params![3_i64]).await).await.unwrap();
        assert_eq!(
            broken(&cx).await,
            [(3, "the log ends at row 2, but row 3 was the last one written".to_owned())]
        );
    });
}

#[test]
fn writers_at_the_same_time_make_one_chain() {
    on_both_engines(vec![bursar_audit::migrations()], async |cx| {
        let acts = (0..24).map(|total| {
            let cx = cx.cx();
            async move { cx.write(async move |tx| record(tx, act("invoice:1", total)).await).await }
        });
        for outcome in futures_util::future::join_all(acts).await {
            outcome.unwrap();
        }
        let report = cx.read(async |tx| verify_chain(tx).await).await.unwrap();
        assert!(report.is_ok(), "{report:?}");
        assert_eq!(report.checked, 24);
    });
}
