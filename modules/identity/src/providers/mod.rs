//! Signing in by another service that vouches for people: OpenID Connect, the other way round.
//!
//! A browser is sent there with a challenge and comes back with a code; what it began is bound to it by a cookie, and
//! state, nonce and verifier all follow from that cookie, so that nothing secret is stored. The provider's word counts
//! only when its key has signed it, for us, just now, in answer to this browser.
//!
//! Somebody new to a provider becomes a user we know only by an address that it has seen confirmed, and never somebody
//! with a second factor here: those sign in once and connect the provider themselves. Our own rules about second factors
//! hold unless staff say that the provider asks for one.
//!
//! Deliberately absent: making staff, and keeping the provider's tokens or keys: nothing is asked of it later, and a key
//! it has changed is the one that is fetched.

pub(crate) mod admin;
pub(crate) mod decide;
pub(crate) mod flow;
pub(crate) mod links;
pub(crate) mod pages;
pub(crate) mod refusal;
pub(crate) mod store;
pub(crate) mod wire;

pub use store::{Provider, ProviderDraft, add_provider};
