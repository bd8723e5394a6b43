//! What is kept beside the database, on both engines.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bursar_context::{Kept, settings};
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_testkit::{TestCx, on_both_engines};

const KEY: &str = "test.word";

async fn put(cx: &TestCx, word: &'static str) {
    cx.write(async move |tx: &mut Tx| settings::set(tx, KEY, &word).await).await.unwrap();
}

#[test]
fn a_change_of_this_process_is_seen_at_once_and_nothing_is_read_twice_without_one() {
    on_both_engines(Vec::new(), async |cx| {
        let (kept, reads) = (Kept::<String>::default(), Arc::new(AtomicUsize::new(0)));
        let look = async || {
            let reads = Arc::clone(&reads);
            let read = async move |tx: &mut Tx| {
                reads.fetch_add(1, Ordering::Relaxed);
                settings::get(tx, KEY).await
            };
            kept.get(&cx, read).await.unwrap().as_str().to_owned()
        };
        put(&cx, "one").await;
        assert_eq!((look().await, look().await), ("one".to_owned(), "one".to_owned()));
        assert_eq!(reads.load(Ordering::Relaxed), 1);
        put(&cx, "two").await;
        assert_eq!(look().await, "two");
        // A unit that came to nothing may be taken for a change, but never the other way round.
        let failed = cx.write(async |_: &mut Tx| Err::<(), Fault>(Fault::new("no"))).await;
        assert!(failed.is_err());
        assert_eq!(look().await, "two");
        let known = reads.load(Ordering::Relaxed);
        cx.test_clock().advance_seconds(5);
        look().await;
        assert_eq!(reads.load(Ordering::Relaxed), known + 1, "another process may have changed it");
    });
}
