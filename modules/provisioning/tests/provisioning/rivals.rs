//! Several workers, and workers that die or come too late.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use bursar_app::Pump as _;
use bursar_hosting::{
    Change, Connection, Creation, Hosting, Manifest, Observed, Operation, Resource, Specification,
};
use bursar_hosting_sandbox::SandboxHosting;
use bursar_inventory::servers::save::NewSecrets;
use bursar_outbound::{Call, CallError};
use bursar_provisioning::State;
use bursar_provisioning::moving::move_service;
use bursar_testkit::open_again;
use tokio::sync::Notify;

use crate::house::on_both_with;

/// What happens around each creation.
#[derive(Default)]
struct Around {
    under_way: AtomicUsize,
    most: AtomicUsize,
    creations: AtomicUsize,
    /// Dies after the effect, so often.
    deaths: AtomicUsize,
    /// Waits after the effect until it is told to go on, so often.
    holds: AtomicUsize,
    held: Notify,
    go: Notify,
}

struct Odd {
    inner: SandboxHosting,
    around: Arc<Around>,
}

fn once(counter: &AtomicUsize) -> bool {
    counter.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok()
}

#[async_trait]
impl Hosting for Odd {
    fn manifest(&self) -> &Manifest {
        self.inner.manifest()
    }

    async fn test_connection(&self, call: &Call) -> Result<Connection, CallError> {
        self.inner.test_connection(call).await
    }

    async fn create(
        &self,
        call: &Call,
        operation: &Operation,
        specification: &Specification,
    ) -> Result<Creation, CallError> {
        let around = &self.around;
        let now = around.under_way.fetch_add(1, Ordering::SeqCst) + 1;
        around.most.fetch_max(now, Ordering::SeqCst);
        around.creations.fetch_add(1, Ordering::SeqCst);
        for _ in 0..20 {
            tokio::task::yield_now().await;
        }
        let answer = self.inner.create(call, operation, specification).await;
        around.under_way.fetch_sub(1, Ordering::SeqCst);
        assert!(!once(&around.deaths), "the worker dies here on purpose");
        if once(&around.holds) {
            around.held.notify_one();
            around.go.notified().await;
        }
        answer
    }

    async fn observe(&self, call: &Call, resource: &Resource) -> Result<Option<Observed>, CallError> {
        self.inner.observe(call, resource).await
    }

    async fn suspend(&self, call: &Call, operation: &Operation, why: &str) -> Result<Change, CallError> {
        self.inner.suspend(call, operation, why).await
    }

    async fn resume(&self, call: &Call, operation: &Operation) -> Result<Change, CallError> {
        self.inner.resume(call, operation).await
    }

    async fn terminate(&self, call: &Call, operation: &Operation) -> Result<Change, CallError> {
        self.inner.terminate(call, operation).await
    }
}

fn odd(around: &Arc<Around>) -> impl Fn(SandboxHosting) -> Arc<dyn Hosting> {
    let around = Arc::clone(around);
    move |inner| Arc::new(Odd { inner, around: Arc::clone(&around) })
}

#[test]
fn two_workers_make_everything_once_and_together_no_more_at_once_than_the_server_allows() {
    let around = Arc::new(Around::default());
    on_both_with(odd(&around), async |house| {
        around.most.store(0, Ordering::SeqCst);
        around.creations.store(0, Ordering::SeqCst);
        let server = house.server().await;
        house.edit_server(server, NewSecrets::new(), |details| details.at_once = Some(4)).await;
        // The first one tells the server's limits to everybody.
        house.start().await;
        house.settle().await;
        let mut services = Vec::new();
        for _ in 0..60 {
            services.push(house.start().await);
        }
        let rival = open_again(&house.cx);
        let (one, two) = tokio::join!(
            house.operations.drain(&house.cx, &|| true),
            house.operations.drain(&rival, &|| true),
        );
        // A turn each to find a place, and one to make it.
        assert_eq!(one.unwrap() + two.unwrap(), 120);
        for id in services {
            let service = house.service(id).await;
            assert_eq!(service.state, State::Active, "{}", service.why);
        }
        assert_eq!((house.machines().len(), around.creations.load(Ordering::SeqCst)), (61, 61));
        let most = around.most.load(Ordering::SeqCst);
        assert!((2..=4).contains(&most), "{most} at once");
    });
}

#[test]
fn what_a_dead_worker_had_is_taken_over_and_looked_at_first() {
    let around = Arc::new(Around::default());
    on_both_with(odd(&around), async |house| {
        let id = house.start().await;
        around.deaths.store(1, Ordering::SeqCst);
        house.operations.drain(&house.cx, &|| true).await.unwrap_err();
        assert_eq!((house.state(id).await, house.machines().len()), (State::Provisioning, 1));
        // A call of the sandbox takes at most 30 seconds, and writing down what came of it at most 30.
        house.cx.test_clock().advance_seconds(59);
        house.work().await;
        assert!(house.calls(id).await.is_empty(), "it might still be at work");
        house.cx.test_clock().advance_seconds(1);
        house.work().await;
        assert_eq!(house.calls(id).await, ["observe: made"]);
        assert_eq!((house.state(id).await, house.machines().len()), (State::Active, 1));
    });
}

#[test]
fn a_worker_that_dies_while_moving_leaves_one_machine_in_the_end() {
    let around = Arc::new(Around::default());
    on_both_with(odd(&around), async |house| {
        let id = house.start().await;
        house.settle().await;
        let second = house.add_server("node2", "").await;
        let before = house.resource(id).await;
        move_service(&house.cx, &house.drivers, id, second).await.unwrap();
        around.deaths.store(1, Ordering::SeqCst);
        house.operations.drain(&house.cx, &|| true).await.unwrap_err();
        assert_eq!((house.machines().len(), house.resource(id).await), (2, before), "nobody knows of it yet");
        house.cx.test_clock().advance_seconds(61);
        house.settle().await;
        assert_eq!((house.state(id).await, house.machines().len()), (State::Active, 1));
        assert_eq!(house.resource(id).await.unwrap().server_id, second);
    });
}

#[test]
fn a_worker_that_comes_back_after_its_lease_is_refused() {
    let around = Arc::new(Around::default());
    on_both_with(odd(&around), async |house| {
        let id = house.start().await;
        around.holds.store(1, Ordering::SeqCst);
        let late = house.operations.drain(&house.cx, &|| true);
        let rival = async {
            around.held.notified().await;
            house.cx.test_clock().advance_seconds(400);
            let rival = open_again(&house.cx);
            // Until the rival has taken the operation over.
            while house.state(id).await != State::Active {
                house.operations.drain(&rival, &|| true).await.unwrap();
            }
            around.go.notify_one();
        };
        let (late, ()) =
            tokio::join!(late, tokio::time::timeout(Duration::from_secs(60), rival).map_in_time());
        late.unwrap();
        assert_eq!(house.calls(id).await, ["observe: made"], "the late one's answer counts for nothing");
        assert_eq!((house.state(id).await, house.machines().len()), (State::Active, 1));
    });
}

/// A test that hangs says so.
trait InTime {
    async fn map_in_time(self);
}

impl<F: Future<Output = Result<(), tokio::time::error::Elapsed>>> InTime for F {
    async fn map_in_time(self) {
        self.await.expect("the rival takes over in time");
    }
}
