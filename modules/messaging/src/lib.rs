//! Messages to customers and staff.
//!
//! A message is written from a template in the transaction that it tells of, and sent later by a job. While no sender is
//! set up every message is held and shown in the outbox. A message is never sent twice where that can be known: before
//! the content leaves, its state says so, and when the server's answer is lost a person decides. What SMTP cannot
//! promise is said in [`messages::send`]. Deliberately absent: who a customer is. A message carries an address and, for
//! lists and preferences, the customer's id.

mod compose;
mod error;
pub mod messages;
mod module;
pub mod notices;
mod pages;
pub mod permissions;
mod personal;
mod preferences;
mod sender;
mod smtp;
mod templates;

use bursar_db::{Migrations, Statement};

pub use error::MessageError;
pub use messages::post::{AttachmentRef, Mail, NewMessage, Recipient, post, public_address, queue};
pub use messages::send::SendMessage;
pub use messages::store::{MailLine, find, list, of_customer as mails_of};
pub use messages::{Message, MessageState, drop_message, send_again};
pub use module::MessagingModule;
pub use preferences::{refuse_kinds, refused_kinds};
pub use sender::{
    KEY as SENDER_KEY, Login, OfficeName, Security, SenderForm, SenderSettings, SmtpSettings, save_sender,
    send_test,
};
pub use templates::{reset_template, save_template};

/// The tables of this module.
pub fn migrations() -> Migrations {
    bursar_db::migrations!(
        "messaging",
        "0001_init" => "../migrations/0001_init.sql",
        "0002_sending" => "../migrations/0002_sending.sql",
        "0003_lists" => "../migrations/0003_lists.sql",
        "0004_notices" => "../migrations/0004_notices.sql",
    )
}

/// Every statement, for the test that prepares them on both engines.
pub fn statements() -> Vec<&'static Statement> {
    [
        messages::store::STATEMENTS,
        notices::choices::STATEMENTS,
        notices::store::STATEMENTS,
        pages::STATEMENTS,
        preferences::STATEMENTS,
        personal::STATEMENTS,
        templates::STATEMENTS,
    ]
    .concat()
}
