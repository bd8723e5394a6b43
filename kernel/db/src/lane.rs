//! A queue of tasks and the threads that work on them.
//!
//! A task goes to the thread that became idle last: its connection has its statements prepared and its pages at hand, and
//! a server with little to do keeps one connection warm instead of all. Nobody is woken who has nothing to do.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, Thread};

use bursar_fault::Fault;

type Task<W> = Box<dyn FnOnce(&mut W) + Send>;

struct State<W> {
    /// Tasks that nobody has begun.
    waiting: VecDeque<Task<W>>,
    /// Threads with nothing to do, the last one idle at the end.
    idle: Vec<Thread>,
    is_closed: bool,
}

type Shared<W> = Arc<Mutex<State<W>>>;

fn lock<W>(shared: &Shared<W>) -> MutexGuard<'_, State<W>> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Where tasks are given to the threads, which end with it.
pub(crate) struct Lane<W>(Shared<W>);

impl<W: Send + 'static> Lane<W> {
    /// One thread per worker.
    pub(crate) fn start(name: &str, workers: Vec<W>) -> Result<Self, Fault> {
        let state = State { waiting: VecDeque::new(), idle: Vec::new(), is_closed: false };
        let lane = Self(Arc::new(Mutex::new(state)));
        for mut worker in workers {
            let shared = Arc::clone(&lane.0);
            thread::Builder::new()
                .name(name.to_owned())
                .spawn(move || {
                    while let Some(task) = next(&shared) {
                        task(&mut worker);
                    }
                })
                .map_err(|e| Fault::wrap("starting a database thread", e))?;
        }
        Ok(lane)
    }

    /// Gives a task to the threads; they take them in this order.
    pub(crate) fn send(&self, task: Task<W>) {
        let mut state = lock(&self.0);
        state.waiting.push_back(task);
        let idle = state.idle.pop();
        drop(state);
        if let Some(idle) = idle {
            idle.unpark();
        }
    }
}

impl<W> Drop for Lane<W> {
    fn drop(&mut self) {
        let mut state = lock(&self.0);
        state.is_closed = true;
        for idle in state.idle.drain(..) {
            idle.unpark();
        }
    }
}

/// The next task for this thread; none when the lane is closed and everything that was given is done.
fn next<W>(shared: &Shared<W>) -> Option<Task<W>> {
    let mut state = lock(shared);
    loop {
        if let Some(task) = state.waiting.pop_front() {
            return Some(task);
        }
        if state.is_closed {
            return None;
        }
        let me = thread::current();
        let id = me.id();
        state.idle.push(me);
        drop(state);
        thread::park();
        state = lock(shared);
        // A thread may wake without being called; it must not stand in the list twice.
        state.idle.retain(|idle| idle.id() != id);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Sender, channel};

    use super::*;

    fn lane(workers: usize) -> Lane<usize> {
        Lane::start("test", (0..workers).collect()).unwrap()
    }

    /// Runs something on the lane and says which worker did it.
    fn who(lane: &Lane<usize>) -> usize {
        let (told, hears) = channel();
        lane.send(Box::new(move |worker| told.send(*worker).unwrap()));
        hears.recv().unwrap()
    }

    /// Waits until all are idle.
    fn settle(lane: &Lane<usize>, workers: usize) {
        while lock(&lane.0).idle.len() < workers {
            thread::yield_now();
        }
    }

    #[test]
    fn a_lane_with_little_to_do_keeps_to_one_worker() {
        let lane = lane(4);
        settle(&lane, 4);
        let first = who(&lane);
        for _ in 0..100 {
            settle(&lane, 4);
            assert_eq!(who(&lane), first);
        }
    }

    #[test]
    fn every_task_is_done_once_and_many_at_a_time() {
        let (lane, workers) = (lane(3), 3);
        let (told, hears) = channel();
        // Each waits for the other two: this only ends when three work at once.
        let meeting = Arc::new(std::sync::Barrier::new(workers));
        for n in 0..300_u32 {
            let (told, meeting): (Sender<u32>, _) = (told.clone(), Arc::clone(&meeting));
            lane.send(Box::new(move |_| {
                meeting.wait();
                told.send(n).unwrap();
            }));
        }
        let mut done: Vec<u32> = (0..300).map(|_| hears.recv().unwrap()).collect();
        done.sort_unstable();
        assert!(done.into_iter().eq(0..300));
    }

    #[test]
    fn what_was_given_is_done_before_the_threads_end() {
        struct Ends(Sender<&'static str>);
        impl Drop for Ends {
            fn drop(&mut self) {
                self.0.send("ended").unwrap();
            }
        }
        let (told, hears) = channel();
        let lane = Lane::start("test", vec![Ends(told.clone())]).unwrap();
        for _ in 0..5 {
            let told = told.clone();
            lane.send(Box::new(move |_| told.send("done").unwrap()));
        }
        drop((lane, told));
        assert_eq!(hears.iter().collect::<Vec<_>>(), ["done", "done", "done", "done", "done", "ended"]);
    }
}
