//! The whole product as people meet it: the real server over TCP, and Debian's Chromium driven through chromedriver.
//!
//! A walk borrows a [`Browser`] (at most two run at once, and they are shared, because starting one is what takes time),
//! points it at a [`House`] and does what a person does: clicks what has a name, fills what has a label. Whatever a
//! page logs as an error, and whatever its content policy blocks, fails the walk without being asked. Nothing here
//! reaches into a module: what a walk needs beside its pages it gets through public functions.
//!
//! An attack needs no browser: a [`Caller`] sends forms that no page has, a [`Line`] sends bytes that are no request.
//! Vendors are the fakes that `bursar fake` starts ([`Panel`]), so that a walk goes from an order to a machine.

mod browser;
mod caller;
mod checks;
mod crawl;
mod driver;
mod furnish;
mod house;
mod leading;
mod line;
mod looks;
mod panels;
mod passkey;
mod pool;
mod progress;
mod wire;

pub use browser::Browser;
pub use caller::Caller;
pub use crawl::{Place, Places};
pub use house::{House, OWNER_EMAIL, OWNER_PASSWORD, Role};
pub use line::{Heard, Line};
pub use looks::{DESKTOP, Looks, PHONE, Scheme, Size};
pub use panels::Panel;
pub use passkey::Authenticator;
pub use progress::tell;
