//! A call to the outside cannot start inside a unit of work, on either engine.

use std::panic::AssertUnwindSafe;

use bursar_fault::Fault;
use bursar_outbound::{Call, Credentials, DEFAULT_TIMEOUT};
use bursar_testkit::{START, TestCx, on_both_engines};
use futures_util::FutureExt as _;

fn call() -> Call {
    Call::new(START, DEFAULT_TIMEOUT, Credentials::none())
}

/// What the panic said, or nothing.
async fn panic_of(unit: impl Future<Output = Result<(), Fault>>) -> Option<String> {
    let panic = AssertUnwindSafe(unit).catch_unwind().await.err()?;
    panic
        .downcast_ref::<String>()
        .cloned()
        .or_else(|| panic.downcast_ref::<&str>().map(|it| (*it).to_owned()))
}

async fn refused_in_every_mode(cx: &TestCx) {
    let unit = async |_: &mut bursar_db::Tx| {
        call();
        Ok::<(), Fault>(())
    };
    for said in
        [panic_of(cx.read(unit)).await, panic_of(cx.write(unit)).await, panic_of(cx.write_batch(unit)).await]
    {
        assert!(said.as_deref().is_some_and(|it| it.contains("inside a unit of work")), "{said:?}");
    }
}

#[test]
fn a_call_inside_any_unit_of_work_panics_and_outside_of_them_it_starts() {
    on_both_engines(Vec::new(), async |cx| {
        call();
        refused_in_every_mode(&cx).await;
        // The panics rolled the units back and took the marks with them: everything goes on.
        call();
        let read = cx.read(async |_: &mut bursar_db::Tx| Ok::<i32, Fault>(7)).await;
        assert_eq!(read.unwrap(), 7);
        call();
    });
}
