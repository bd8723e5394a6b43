//! A rig for drivers whose vendor is ourselves: what can go wrong is the notebook.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bursar_outbound::{Call, CallError, Credentials, Exchange, Jotter, Notebook, Noted, Recording, Settings};
use bursar_time::Instant;

use super::rig::{Rig, Trouble, specification_on};
use crate::{Hosting, Reference, Specification, Tag};

/// What a driver's test does to its notebook.
pub type OnNotes = fn(&Jotter);

/// A driver with a notebook of its own.
pub struct OwnRig {
    /// The driver.
    pub hosting: Box<dyn Hosting>,
    /// The server's settings.
    pub settings: Settings,
    /// The server's secrets.
    pub credentials: Credentials,
    /// A small plan.
    pub plan: Settings,
    /// The next larger one.
    pub larger_plan: Settings,
    /// Host name or domain.
    pub name: Option<String>,
    /// How many live things carry a tag.
    pub live: fn(&Jotter, &Tag) -> usize,
    /// Lets everything that is under way come to its end.
    pub pass_time: OnNotes,
    /// Uses up all room, where there is a limit.
    pub fill: Option<OnNotes>,
    /// What it has written.
    pub notes: Jotter,
    troubled: Troubled,
    is_gone: bool,
    recording: Recording,
}

impl OwnRig {
    /// A rig with an empty notebook, for things that end at once and have no limit.
    pub fn new(hosting: Box<dyn Hosting>, plan: Settings, larger_plan: Settings) -> Self {
        let notes = Jotter::default();
        Self {
            hosting,
            settings: Settings::none(),
            credentials: Credentials::none(),
            plan,
            larger_plan,
            name: None,
            live: |_, _| 0,
            pass_time: |_| (),
            fill: None,
            troubled: Troubled { notes: notes.clone(), next: Arc::default() },
            notes,
            is_gone: false,
            recording: Recording::default(),
        }
    }
}

/// A notebook whose owner is disturbed while writing.
#[derive(Clone)]
struct Troubled {
    notes: Jotter,
    next: Arc<Mutex<VecDeque<Trouble>>>,
}

impl Troubled {
    /// The trouble that this use of the notebook meets.
    fn met(&self, is_write: bool) -> Option<Trouble> {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let meets = match next.front()? {
            Trouble::Refuse | Trouble::RateLimit => true,
            Trouble::LoseBefore | Trouble::LoseAfter | Trouble::GarbleChange => is_write,
            Trouble::GarbleQuestion | Trouble::LoseQuestion | Trouble::FailQuestion => !is_write,
        };
        if meets { next.pop_front() } else { None }
    }
}

fn error(trouble: Trouble) -> CallError {
    match trouble {
        Trouble::Refuse => CallError::NotSent("the notebook is away".to_owned()),
        Trouble::RateLimit => CallError::RateLimited { retry_after: None },
        Trouble::GarbleChange | Trouble::GarbleQuestion => CallError::Unreadable("ink was spilt".to_owned()),
        Trouble::LoseBefore | Trouble::LoseAfter | Trouble::LoseQuestion | Trouble::FailQuestion => {
            CallError::Unknown("nobody knows whether it was written".to_owned())
        }
    }
}

fn failed<'a, T: Send + 'a>(trouble: Trouble) -> Noted<'a, T> {
    Box::pin(std::future::ready(Err(error(trouble))))
}

impl Notebook for Troubled {
    fn read<'a>(&'a self, name: &'a str) -> Noted<'a, Option<String>> {
        self.met(false).map_or_else(|| self.notes.read(name), failed)
    }

    fn list<'a>(&'a self, beginning: &'a str) -> Noted<'a, Vec<(String, String)>> {
        self.met(false).map_or_else(|| self.notes.list(beginning), failed)
    }

    fn write<'a>(&'a self, name: &'a str, before: Option<&'a str>, text: Option<&'a str>) -> Noted<'a, bool> {
        let trouble = self.met(true);
        if matches!(trouble, None | Some(Trouble::LoseAfter | Trouble::GarbleChange)) {
            let written = self.notes.write(name, before, text);
            return trouble.map_or(written, failed);
        }
        trouble.map_or_else(|| self.notes.write(name, before, text), failed)
    }
}

impl Rig for OwnRig {
    fn hosting(&self) -> &dyn Hosting {
        &*self.hosting
    }
    fn call(&self) -> Call {
        let noon = Instant::from_micros(1_767_268_800_000_000);
        let call = Call::new(noon, Duration::from_secs(30), self.credentials.clone())
            .with_settings(self.settings.clone())
            .recorded_by(Arc::new(self.recording.clone()));
        if self.is_gone { call } else { call.with_notebook(Arc::new(self.troubled.clone())) }
    }
    fn call_with_bad_credentials(&self) -> Call {
        self.call()
    }
    fn specification(&self) -> Specification {
        specification_on(self.plan.clone(), self.name.clone())
    }
    fn larger(&self) -> Specification {
        specification_on(self.larger_plan.clone(), self.name.clone())
    }
    fn trouble(&self, trouble: Trouble) {
        self.troubled.next.lock().unwrap_or_else(PoisonError::into_inner).push_back(trouble);
    }
    fn forget_trouble(&self) {
        self.troubled.next.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
    fn live(&self, tag: &Tag) -> usize {
        (self.live)(&self.notes, tag)
    }
    fn pass_time(&self) {
        (self.pass_time)(&self.notes);
    }
    fn fill(&self) -> bool {
        if let Some(fill) = self.fill {
            fill(&self.notes);
        }
        self.fill.is_some()
    }
    fn block(&self, tag: &Tag) -> Reference {
        unreachable!("there are no strangers in a notebook of ours, nor {tag}'s")
    }
    fn strangers(&self) -> usize {
        0
    }
    fn vanish(&mut self) {
        self.is_gone = true;
    }
    fn exchanges(&self) -> Vec<Exchange> {
        self.recording.take()
    }
}
