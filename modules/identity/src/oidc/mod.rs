//! Apps of the business sign people in here: OpenID Connect, the authorisation code with PKCE.
//!
//! An app gets a code by the browser, exchanges it once within two minutes, and learns who somebody is from a token that
//! our key signs. Codes and tokens are stored as hashes, private keys sealed. An address people are sent back to is
//! compared letter by letter. A refresh token works once; who comes with a used one ends everything that followed from
//! that sign-in. Limits are kept in the database.
//!
//! Deliberately absent: the implicit flow, passwords given to apps, keys or addresses that an app registers by itself.

pub(crate) mod admin;
pub(crate) mod apps;
pub(crate) mod authorise;
pub(crate) mod discovery;
pub(crate) mod endpoints;
pub(crate) mod keys;
pub(crate) mod leave;
pub(crate) mod pages;
pub(crate) mod request;
pub(crate) mod scope;
pub(crate) mod sign_out;
pub(crate) mod store;
pub(crate) mod token;

pub use apps::{App, AppDraft, Audience, NewApp, add_app, list_apps, renew_secret};

/// Where an app sends the browser.
pub(crate) const AUTHORISE: &str = "/oauth/authorize";
/// Where an app exchanges what the browser brought.
pub(crate) const TOKEN: &str = "/oauth/token";
/// Where an app asks who somebody is.
pub(crate) const USER_INFO: &str = "/oauth/userinfo";
/// Where an app gives a token up.
pub(crate) const REVOKE: &str = "/oauth/revoke";
/// Our public keys.
pub(crate) const KEYS: &str = "/oauth/keys";
/// Where an app sends somebody who signs out.
pub(crate) const SIGN_OUT: &str = "/oauth/sign-out";
/// What we can do and where.
pub(crate) const DISCOVERY: &str = "/.well-known/openid-configuration";
