//! A server on a loopback port for fakes of vendors: HTTP/1.1 over TLS with a certificate of its own making, and
//! SSH with a host key of its own.
//!
//! A fake is a [`Pretend`]: it answers requests out of a memory of its own, as the vendor would. Everything that can go
//! wrong between a caller and a vendor is done here, so that no fake has to: [`Faults`] are scripted one by one or
//! drawn from a seed. [`Kept`] is a fake's memory, in a file when it must outlive the process.
//!
//! Knows no vendor and no contract. Never part of an installation's own work: only tests, demonstrations and
//! `bursar fake` start one.

mod control;
mod faults;
mod identity;
mod kept;
mod message;
mod server;
mod ssh;

pub use faults::{Aim, Fault, FaultPlan, Faults};
pub use identity::Identity;
pub use kept::Kept;
pub use message::{Asked, Reply};
pub use server::FakeServer;
pub use ssh::{Account, Ending, Executed, FakeSshServer, Shell};

/// A vendor's interface, pretended. Answers at once; delays are the server's business.
pub trait Pretend: Send + Sync + 'static {
    /// Acts and answers as the vendor would.
    fn answer(&self, asked: &Asked) -> Reply;

    /// Whether a request changes something, so that a fault can be aimed at it.
    fn changes(&self, asked: &Asked) -> bool {
        asked.method != "GET"
    }

    /// How the vendor says that it was asked too often.
    fn too_often(&self) -> Reply {
        Reply::text(429, "Too Many Requests").with_header("retry-after", "2")
    }
}
