//! A queue of tasks and the workers that take them.
//!
//! A task goes to the worker that became idle last: its connection has its statements prepared and its pages at hand, and
//! a server with little to do keeps one connection warm instead of all. Nobody is woken who has nothing to do.
//!
//! Several workers may share a thread: while one waits for the server, the thread sees to another. That is for units
//! that wait far more than they compute. A thread that drives one worker sleeps and wakes for each statement; one that
//! drives several finds the next answer there already.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::thread;

use bursar_fault::Fault;

/// Work on a worker; it never leaves the worker's thread.
pub(crate) type Working<'w> = Pin<Box<dyn Future<Output = ()> + 'w>>;

type Task<W> = Box<dyn for<'w> FnOnce(&'w mut W) -> Working<'w> + Send>;

struct State<W> {
    /// Tasks that nobody has begun.
    waiting: VecDeque<Task<W>>,
    /// Workers with nothing to do and how to wake them, the last one idle at the end.
    idle: Vec<(usize, Waker)>,
    is_closed: bool,
}

type Shared<W> = Arc<Mutex<State<W>>>;

fn lock<W>(shared: &Shared<W>) -> MutexGuard<'_, State<W>> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Where tasks are given to the workers, which end with it.
pub(crate) struct Lane<W>(Shared<W>);

impl<W: Send + 'static> Lane<W> {
    /// One thread per group of workers.
    pub(crate) fn start(name: &str, groups: Vec<(Vec<W>, Driver)>) -> Result<Self, Fault> {
        let state = State { waiting: VecDeque::new(), idle: Vec::new(), is_closed: false };
        let lane = Self(Arc::new(Mutex::new(state)));
        let mut number = 0;
        for (group, driver) in groups {
            let first = number;
            number += group.len();
            let shared = Arc::clone(&lane.0);
            thread::Builder::new()
                .name(name.to_owned())
                .spawn(move || {
                    let serve = |(at, worker)| -> Working<'static> {
                        Box::pin(serve(Arc::clone(&shared), first + at, worker))
                    };
                    driver.run(group.into_iter().enumerate().map(serve).collect());
                })
                .map_err(|e| Fault::wrap("starting a database thread", e))?;
        }
        Ok(lane)
    }

    /// Gives a task to the workers; they take them in this order.
    pub(crate) fn send(&self, task: Task<W>) {
        let mut state = lock(&self.0);
        state.waiting.push_back(task);
        let idle = state.idle.pop();
        drop(state);
        if let Some((_, idle)) = idle {
            idle.wake();
        }
    }
}

impl<W> Drop for Lane<W> {
    fn drop(&mut self) {
        let mut state = lock(&self.0);
        state.is_closed = true;
        let idle: Vec<_> = state.idle.drain(..).collect();
        drop(state);
        for (_, idle) in idle {
            idle.wake();
        }
    }
}

async fn serve<W>(shared: Shared<W>, number: usize, mut worker: W) {
    while let Some(task) = poll_fn(|context| poll_next(&shared, number, context)).await {
        task(&mut worker).await;
    }
}

/// The next task for this worker; none when the lane is closed and everything that was given is done.
fn poll_next<W>(shared: &Shared<W>, number: usize, context: &Context<'_>) -> Poll<Option<Task<W>>> {
    let mut state = lock(shared);
    // A worker may wake without being called; it must not stand in the list twice.
    state.idle.retain(|(idle, _)| *idle != number);
    if let Some(task) = state.waiting.pop_front() {
        return Poll::Ready(Some(task));
    }
    if state.is_closed {
        return Poll::Ready(None);
    }
    state.idle.push((number, context.waker().clone()));
    Poll::Pending
}

/// What runs the workers of a thread to their end.
pub(crate) enum Driver {
    /// For one worker, whose tasks wait for nothing: the thread sleeps between tasks.
    Alone,
    /// For workers whose tasks wait for a server.
    SideBySide(tokio::runtime::Runtime),
}

impl Driver {
    pub(crate) fn side_by_side() -> Result<Self, Fault> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        Ok(Self::SideBySide(runtime.map_err(|e| Fault::wrap("starting a database thread", e))?))
    }

    fn run(self, workers: Vec<Working<'static>>) {
        match self {
            Self::Alone => {
                debug_assert_eq!(
                    workers.len(),
                    1,
                    "a thread that sleeps for one worker cannot see to another"
                );
                let waker = Waker::from(Arc::new(Unpark(thread::current())));
                let mut context = Context::from_waker(&waker);
                for mut worker in workers {
                    while worker.as_mut().poll(&mut context).is_pending() {
                        thread::park();
                    }
                }
            }
            Self::SideBySide(runtime) => {
                let local = tokio::task::LocalSet::new();
                for worker in workers {
                    local.spawn_local(worker);
                }
                runtime.block_on(local);
            }
        }
    }
}

struct Unpark(thread::Thread);

impl std::task::Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Sender, channel};

    use super::*;

    fn lane(workers: usize) -> Lane<usize> {
        Lane::start("test", (0..workers).map(|worker| (vec![worker], Driver::Alone)).collect()).unwrap()
    }

    /// Runs something on the lane and says which worker did it.
    fn who(lane: &Lane<usize>) -> usize {
        let (told, hears) = channel();
        lane.send(Box::new(move |worker| Box::pin(async move { told.send(*worker).unwrap() })));
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
        let grouped = {
            let groups = [vec![0, 1], vec![2, 3]].map(|group| (group, Driver::side_by_side().unwrap()));
            Lane::start("test", groups.into()).unwrap()
        };
        for lane in [lane(4), grouped] {
            settle(&lane, 4);
            let first = who(&lane);
            for _ in 0..100 {
                settle(&lane, 4);
                assert_eq!(who(&lane), first);
            }
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
                Box::pin(async move {
                    meeting.wait();
                    told.send(n).unwrap();
                })
            }));
        }
        let mut done: Vec<u32> = (0..300).map(|_| hears.recv().unwrap()).collect();
        done.sort_unstable();
        assert!(done.into_iter().eq(0..300));
    }

    #[test]
    fn workers_of_one_thread_wait_at_the_same_time() {
        let lane = Lane::start("test", vec![(vec![0, 1, 2], Driver::side_by_side().unwrap())]).unwrap();
        let (told, hears) = channel();
        let meeting = Arc::new(tokio::sync::Barrier::new(3));
        for n in 0..300_u32 {
            let (told, meeting): (Sender<u32>, _) = (told.clone(), Arc::clone(&meeting));
            lane.send(Box::new(move |_| {
                Box::pin(async move {
                    meeting.wait().await;
                    told.send(n).unwrap();
                })
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
        for driver in [Driver::Alone, Driver::side_by_side().unwrap()] {
            let (told, hears) = channel();
            let lane = Lane::start("test", vec![(vec![Ends(told.clone())], driver)]).unwrap();
            for _ in 0..5 {
                let told = told.clone();
                lane.send(Box::new(move |_| Box::pin(async move { told.send("done").unwrap() })));
            }
            drop((lane, told));
            assert_eq!(hears.iter().collect::<Vec<_>>(), ["done", "done", "done", "done", "done", "ended"]);
        }
    }
}
