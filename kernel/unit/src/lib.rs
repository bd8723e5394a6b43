//! The mark of an open unit of work on this thread.
//!
//! `kernel/db` enters it around every unit it runs and `kernel/outbound` refuses to start a call inside one: a vendor's
//! answer must never be waited for while a transaction is open, and what the vendor did cannot be rolled back. Those
//! two never meet, so what they share stands below both.

use std::cell::Cell;
use std::marker::PhantomData;

thread_local! {
    static DEPTH: Cell<u32> = const { Cell::new(0) };
}

/// While this lives, the thread is inside a unit of work. Not `Send`: a unit of work stays on one thread.
#[derive(Debug)]
#[must_use = "the mark ends when the guard is dropped"]
pub struct UnitOfWork(PhantomData<*const ()>);

/// Marks this thread as being inside a unit of work until the guard is dropped. Marks nest.
pub fn enter() -> UnitOfWork {
    DEPTH.with(|depth| depth.set(depth.get() + 1));
    UnitOfWork(PhantomData)
}

/// Whether this thread is inside a unit of work.
pub fn is_inside() -> bool {
    DEPTH.with(Cell::get) > 0
}

impl Drop for UnitOfWork {
    fn drop(&mut self) {
        DEPTH.with(|depth| depth.set(depth.get().saturating_sub(1)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mark_ends_with_the_outermost_unit() {
        assert!(!is_inside());
        {
            let _outer = enter();
            drop(enter());
            assert!(is_inside());
        }
        assert!(!is_inside());
    }

    #[test]
    fn another_thread_is_not_inside() {
        let _mark = enter();
        assert!(!std::thread::spawn(is_inside).join().unwrap());
    }

    #[test]
    fn a_panic_ends_it_too() {
        let unwound = std::panic::catch_unwind(|| {
            let _mark = enter();
            panic!("a broken invariant");
        });
        assert!(unwound.is_err() && !is_inside());
    }
}
