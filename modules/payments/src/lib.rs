//! Money in and out: charges, payments recorded by hand or imported, refunds, payment methods, webhooks.
//!
//! Intent, call, record. The transaction that decides writes the payment with its idempotency key and its job; the job
//! calls the gateway; the outcome is recorded in a new transaction together with the ledger entry and the event. An
//! outcome nobody knows is a state that is asked about, never repeated blindly. A webhook is a hint that something
//! changed: what it became is asked of the vendor.
//!
//! What is to be delivered first is held and not charged where the gateway can: the money is set aside, taken when it was
//! delivered, let go when it cannot be. What is held is nobody's income and stands in no book.
//!
//! Invariants: money is captured once per payment, with one entry and one `payments.payment.captured`, whatever the
//! origin and order of the news; a payment is never refunded beyond its amount.
//!
//! What this does not know: invoices, credit and allocation. A payment's [`Purpose`] is carried, not understood.

mod capture;
mod charge;
mod error;
mod events;
mod gateways;
mod holds;
mod imported;
mod jobs;
mod list;
mod manual;
mod methods;
mod module;
mod pages;
mod payment;
pub mod permissions;
mod personal;
mod portal;
mod reconcile;
mod refund;
mod refund_run;
mod refund_store;
mod resources;
mod returns;
mod routes;
mod setups;
mod store;
mod verify;
mod webhook;
mod webhook_store;

use bursar_db::{Bulk, Migrations, Statement};

pub use charge::{ChargeView, NewCharge, cancel_unsent, run_charge, start_charge, withdraw_charge};
pub use error::{PayError, RefundRefused};
pub use events::{PaymentCaptured, PaymentFailed, PaymentHeld, RefundFailed, RefundSettled};
pub use gateways::Gateways;
pub use holds::by_hand::{HoldRefused, capture_by_hand, release_by_hand};
pub use holds::settings::{Ending, HoldSettings, KEY as HOLD_SETTINGS};
pub use holds::{capture_held, capture_no_more, release_held};
pub use imported::{ImportedPayment, ImportedRefund, import_payments, import_refund};
pub use jobs::{ChargeJob, Follow, LookForReturns, ReconcileJob, RefundJob, WebhookJob, handlers};
pub use list::{PaymentFilter, awaited, find, find_by_key, find_many, find_refund, list, refunds_of};
pub use manual::{ManualPayment, record_manual, record_payment};
pub use methods::{
    ImportedMethod, Keep, Method, charge_automatically, charge_by_hand, default_method, forget_method,
    import_method, list_methods, make_default, pays_automatically, store_method,
};
pub use module::PaymentsModule;
pub use payment::{Capture, Payment, PaymentKind, PaymentState, Purpose};
pub use reconcile::{Reconciled, reconcile};
pub use refund::{Destination, NewRefund, Refund, RefundState, start_refund};
pub use refund_run::run_refund;
pub use returns::{RETURN_DAYS, Returns, look_for_returns};
pub use setups::{SetupResult, begin_setup, finish_setup};
pub use verify::{counts, verify};
pub use webhook::{
    ParkedWebhook, WebhookVerdict, count_parked_webhooks, dismiss_webhook, list_parked_webhooks,
    process_webhook, receive_webhook, retry_webhook,
};

/// The tables of this module. They come after the ledger's.
pub fn migrations() -> Migrations {
    bursar_db::migrations!(
        "payments",
        "0001_init" => "../migrations/0001_init.sql",
        "0002_returned_refunds" => "../migrations/0002_returned_refunds.sql",
        "0003_lists" => "../migrations/0003_lists.sql",
        "0004_refund_reference" => "../migrations/0004_refund_reference.sql",
        "0005_setups" => "../migrations/0005_setups.sql",
        "0006_quick_conditions" => "../migrations/0006_quick_conditions.sql",
        "0007_holds" => "../migrations/0007_holds.sql",
        "0008_parts" => "../migrations/0008_parts.sql",
    )
}

/// Every statement, for the test that prepares them on both engines.
pub fn statements() -> Vec<&'static Statement> {
    [
        store::STATEMENTS,
        refund_store::STATEMENTS,
        webhook_store::STATEMENTS,
        methods::STATEMENTS,
        setups::STATEMENTS,
        resources::STATEMENTS,
        personal::STATEMENTS,
        imported::STATEMENTS,
        verify::STATEMENTS,
    ]
    .concat()
}

/// Every bulk statement, for the same test.
pub fn bulks() -> Vec<&'static Bulk> {
    imported::BULKS.to_vec()
}
