//! The browsers of this process. Two at most: more would only wait for the same cores.

use std::sync::{Condvar, Mutex, PoisonError};

use crate::driver::{Session, driver};

const AT_ONCE: usize = 2;

#[derive(Default)]
struct Pool {
    idle: Vec<Session>,
    opened: usize,
}

static POOL: Mutex<Pool> = Mutex::new(Pool { idle: Vec::new(), opened: 0 });
static RETURNED: Condvar = Condvar::new();

/// A browser that remembers nothing. Waits for one when all are lent.
pub(crate) fn borrow() -> Session {
    // A walk that failed while it held the lock left the pool as it was.
    let mut pool = POOL.lock().unwrap_or_else(PoisonError::into_inner);
    loop {
        if let Some(mut session) = pool.idle.pop() {
            drop(pool);
            session.forget();
            return session;
        }
        if pool.opened < AT_ONCE {
            pool.opened += 1;
            drop(pool);
            return driver().open();
        }
        pool = RETURNED.wait(pool).unwrap_or_else(PoisonError::into_inner);
    }
}

/// For the next walk. One that stopped answering is of no use to it, and another may be opened.
pub(crate) fn give_back(session: Session) {
    let mut pool = POOL.lock().unwrap_or_else(PoisonError::into_inner);
    if session.is_lost() {
        pool.opened -= 1;
    } else {
        pool.idle.push(session);
    }
    drop(pool);
    RETURNED.notify_one();
}
