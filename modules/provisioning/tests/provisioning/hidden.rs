//! A vendor that shows nothing: it is never looked at, everything is made once all the same, and our pages say so.

use std::sync::Arc;

use async_trait::async_trait;
use bursar_db::Tx;
use bursar_hosting::{
    Change, Connection, Creation, Door, Hosting, Login, Manifest, Observed, Operation, Passwords, Power,
    Resource, Sight, SignIn, Specification,
};
use bursar_hosting_sandbox::{CallTrouble, SandboxHosting};
use bursar_outbound::{Call, CallError};
use bursar_provisioning::drift::{count_hidden, list};
use bursar_provisioning::mend::link_service;
use bursar_provisioning::reconcile::reconcile;
use bursar_provisioning::services::Fact;
use bursar_provisioning::{Action, ProvisionError, State, actions};

use crate::house::{House, on_both_with};

/// The sandbox, which looks for itself before it makes anything, behind a curtain.
struct Curtained {
    inner: SandboxHosting,
    manifest: Manifest,
}

fn curtained(inner: SandboxHosting) -> Arc<dyn Hosting> {
    let manifest = Manifest { sight: Sight::Blind, login: Login::OfCustomer, ..inner.manifest().clone() };
    Arc::new(Curtained { inner, manifest })
}

#[async_trait]
impl Hosting for Curtained {
    fn manifest(&self) -> &Manifest {
        &self.manifest
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
        Ok(match self.inner.create(call, operation, specification).await? {
            Creation::Done(seen) => Creation::Done(Box::new(Observed::unseen(seen.reference))),
            other @ (Creation::Working(_) | Creation::CapacityFull { .. } | Creation::Failed { .. }) => other,
        })
    }

    async fn observe(&self, _call: &Call, resource: &Resource) -> Result<Option<Observed>, CallError> {
        panic!("{} cannot be looked at", resource.tag)
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

    fn power(&self) -> Option<&dyn Power> {
        Hosting::power(&self.inner)
    }

    fn sign_in(&self) -> Option<&dyn SignIn> {
        Hosting::sign_in(&self.inner)
    }

    fn passwords(&self) -> Option<&dyn Passwords> {
        Hosting::passwords(&self.inner)
    }
}

/// Every answer of a life is lost once, before the effect and after it.
#[test]
fn what_is_lost_is_asked_for_again_without_looking_and_nothing_is_made_twice() {
    on_both_with(curtained, async |house| {
        for trouble in [CallTrouble::LoseBefore, CallTrouble::LoseAfter, CallTrouble::Garble] {
            let id = house.start().await;
            for (fact, state) in [
                (None, State::Active),
                (Some(Fact::HeldByBilling("Invoice overdue".to_owned())), State::Suspended),
                (Some(Fact::FreedByBilling), State::Active),
                (Some(Fact::Ended), State::Deprovisioned),
            ] {
                if let Some(fact) = fact {
                    house.learn(id, fact).await;
                }
                house.panel.next_calls([trouble]);
                house.settle().await;
                let service = house.service(id).await;
                assert_eq!(service.state, state, "{trouble:?}: {}", service.why);
                assert_eq!(service.observed, "unseen", "what was asked for was not seen");
                let there = usize::from(state != State::Deprovisioned);
                assert_eq!(house.machines().len(), there, "{trouble:?}");
            }
        }
    });
}

async fn compared(house: &House) -> (u64, u64, u64, i64) {
    let done = reconcile(&house.cx, &house.drivers).await.unwrap();
    let drivers = house.drivers.clone();
    let hidden = house.cx.read(async move |tx: &mut Tx| count_hidden(tx, &drivers).await).await.unwrap();
    (done.services, done.hidden, done.differences, hidden)
}

#[test]
fn what_cannot_be_compared_is_counted_and_never_called_different() {
    on_both_with(curtained, async |house| {
        let (gone, kept) = (house.start().await, house.start().await);
        house.settle().await;
        house.tamper(gone, "terminate").await;
        house.tamper(kept, "suspend").await;
        assert_eq!(compared(house).await, (2, 2, 0, 2));
        let drift = house.cx.read(async |tx: &mut Tx| list(tx, 0, 10).await).await.unwrap();
        assert_eq!(drift, []);
    });
}

#[test]
fn whoever_links_what_is_there_answers_for_it() {
    on_both_with(curtained, async |house| {
        let (id, server) = (house.sell().await, house.server().await);
        link_service(&house.cx, &house.drivers, id, server, "1001").await.unwrap();
        let service = house.service(id).await;
        assert_eq!((service.state, service.observed.as_str()), (State::Active, "unseen"));
        let second = house.sell().await;
        let taken = link_service(&house.cx, &house.drivers, second, server, "1001").await;
        assert!(matches!(taken, Err(ProvisionError::Invalid(_))), "{taken:?}");
    });
}

#[test]
fn its_doors_are_shut_by_us_while_it_is_suspended() {
    on_both_with(curtained, async |house| {
        let id = house.start().await;
        house.settle().await;
        let open = async || actions::sign_in(&house.cx, &house.drivers, id, Door::Panel).await;
        open().await.unwrap();
        house.learn(id, Fact::HeldByStaff("Spam".to_owned())).await;
        assert!(matches!(open().await, Err(ProvisionError::Refused(_))), "it is about to be taken away");
        house.settle().await;
        assert!(matches!(open().await, Err(ProvisionError::Refused(_))));
    });
}

/// One password for everything of a customer's at the panel, whichever service it was set at.
#[test]
fn a_customer_has_one_password_at_a_panel_that_knows_customers() {
    on_both_with(curtained, async |house| {
        let (one, two) = (house.start().await, house.start().await);
        house.settle().await;
        let seals = house.seals.clone();
        let of = async |id| {
            let entrance = actions::reveal(&house.cx, &house.drivers, &seals, id).await.unwrap();
            entrance.password.unwrap().expose().clone()
        };
        let first = of(one).await;
        assert_eq!(of(two).await, first);
        actions::ask_service(&house.cx, &house.drivers, &seals, two, Action::Password).await.unwrap();
        house.settle().await;
        let second = of(one).await;
        assert_ne!(second, first);
        assert_eq!(of(two).await, second);
    });
}
