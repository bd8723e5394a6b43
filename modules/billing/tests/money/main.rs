//! Invoices, credit notes, payments, credit, refunds and revenue through the public surface, on both engines.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod credit_notes;
mod documents;
mod figures;
mod mails;
mod office;
mod overdue;
mod paying;
mod payments;
mod refunds;
mod revenue;
mod storm;
