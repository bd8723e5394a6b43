//! The whole product as people meet it: the real server over TCP, and Debian's Chromium driven through chromedriver.
//!
//! A walk borrows a [`Browser`] (at most two run at once, and they are shared, because starting one is what takes time),
//! points it at a [`House`] and does what a person does: clicks what has a name, fills what has a label. Whatever a
//! page logs as an error, and whatever its content policy blocks, fails the walk without being asked. Nothing here
//! reaches into a module: what a walk needs beside its pages it gets through public functions.

mod browser;
mod checks;
mod crawl;
mod driver;
mod furnish;
mod house;
mod looks;
mod passkey;
mod pool;
mod wire;

pub use browser::Browser;
pub use crawl::{Place, Places};
pub use house::{House, OWNER_EMAIL, OWNER_PASSWORD, Role};
pub use looks::{DESKTOP, Looks, PHONE, Scheme, Size};
pub use passkey::Authenticator;
