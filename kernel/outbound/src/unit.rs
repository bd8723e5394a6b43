//! The mark of an open transaction on this thread.

use std::cell::Cell;
use std::marker::PhantomData;

thread_local! {
    static DEPTH: Cell<u32> = const { Cell::new(0) };
}

/// While this lives, no [`Call`](crate::Call) may start on this thread. Not `Send`: a unit of work stays on one thread.
#[derive(Debug)]
#[must_use = "the mark ends when the guard is dropped"]
pub struct UnitOfWork(PhantomData<*const ()>);

/// Marks this thread as being inside a unit of work until the guard is dropped. Marks nest.
pub fn enter_unit_of_work() -> UnitOfWork {
    DEPTH.with(|depth| depth.set(depth.get() + 1));
    UnitOfWork(PhantomData)
}

impl Drop for UnitOfWork {
    fn drop(&mut self) {
        DEPTH.with(|depth| depth.set(depth.get().saturating_sub(1)));
    }
}

pub(crate) fn refuse_inside() {
    if cfg!(debug_assertions) {
        assert_eq!(DEPTH.with(Cell::get), 0, "a call to the outside was started inside a unit of work");
    }
}
