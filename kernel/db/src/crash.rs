//! Crashes on purpose, for the simulation: between any two commits the process may end.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bursar_fault::Fault;

/// Whether the process lives on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Nothing happens.
    LivesOn,
    /// Every unit of work fails from here on, as if the process had ended. What is committed stays.
    Crashes,
}

/// Asked around every commit of a unit that writes. After [`Fate::Crashes`] this handle never works again: the
/// simulation opens another one on the same file, as a restarted process would.
pub trait CommitHook: Send + Sync {
    /// Before the commit: a crash here undoes the unit.
    fn before_commit(&self) -> Fate;
    /// After the commit, before the caller hears of it: a crash here leaves the unit done and the caller in doubt.
    fn after_commit(&self) -> Fate;
}

/// The hook, and whether it has struck; shared by all workers of a database.
#[derive(Clone, Default)]
pub(crate) struct CrashSwitch(Option<Arc<(Arc<dyn CommitHook>, AtomicBool)>>);

impl CrashSwitch {
    pub(crate) fn new(hook: Option<Arc<dyn CommitHook>>) -> Self {
        Self(hook.map(|hook| Arc::new((hook, AtomicBool::new(false)))))
    }

    /// Refuses once the process has "ended".
    pub(crate) fn check(&self) -> Result<(), Fault> {
        match &self.0 {
            Some(inner) if inner.1.load(Ordering::SeqCst) => Err(ended()),
            _ => Ok(()),
        }
    }

    pub(crate) fn before_commit(&self) -> Result<(), Fault> {
        self.ask(|hook| hook.before_commit())
    }

    pub(crate) fn after_commit(&self) -> Result<(), Fault> {
        self.ask(|hook| hook.after_commit())
    }

    fn ask(&self, fate: impl FnOnce(&dyn CommitHook) -> Fate) -> Result<(), Fault> {
        self.check()?;
        let Some(inner) = &self.0 else { return Ok(()) };
        match fate(&*inner.0) {
            Fate::LivesOn => Ok(()),
            Fate::Crashes => {
                inner.1.store(true, Ordering::SeqCst);
                Err(ended())
            }
        }
    }
}

fn ended() -> Fault {
    Fault::unavailable("the simulated process has ended")
}
