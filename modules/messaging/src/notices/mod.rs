//! News inside the product: a bell, a list, and for who wants it a mail.
//!
//! A piece of news is one row for everybody it is for; who may see it is asked whenever somebody looks, so a right that
//! was given or taken away holds at once, and telling a thousand people costs what telling one does. The same news, by
//! kind and what it is about, is told once as long as it is kept. Reading is by person: single pieces, or everything up
//! to a moment.

pub(crate) mod choices;
mod keep;
mod said;
pub(crate) mod store;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use bursar_db::Tx;
use bursar_fault::{Fault, TextArg};
use bursar_ids::Actor;
use bursar_web::{NoticeKind, Principal, PrincipalKind};

pub(crate) use choices::NOTICE_MAIL;
pub use choices::{Way, choices_of, choose};
pub(crate) use keep::{ForgetNotices, forget, settings_page};
pub(crate) use said::say;
pub use store::{Notice, find, list, mark_all_read, mark_read, unread};

/// The bell counts so far and no further.
pub const MOST_COUNTED: i64 = 100;

/// Whom news is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Staff who hold the kind's permission.
    Staff,
    /// Users of a customer who hold the kind's permission.
    Customer(i64),
    /// One member of staff.
    OneOfStaff(i64),
    /// One user.
    OneUser(i64),
}

impl Audience {
    fn key(self) -> String {
        match self {
            Self::Staff => "staff".to_owned(),
            Self::Customer(id) => format!("customer:{id}"),
            Self::OneOfStaff(id) => format!("staff:{id}"),
            Self::OneUser(id) => format!("user:{id}"),
        }
    }
}

/// A piece of news.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewNotice {
    /// Whom it is for.
    pub to: Audience,
    /// What it is about, such as `invoice:12`: the same is told once.
    pub about: String,
    /// The kind's values, in its order.
    pub said: Vec<TextArg>,
    /// Where it leads: a path of ours.
    pub href: String,
}

/// Tells news in the caller's transaction. `false` when it was told already.
///
/// # Errors
/// Faults of the database, and values that are not as many as the kind names.
pub async fn raise(tx: &mut Tx, kind: &NoticeKind, notice: NewNotice) -> Result<bool, Fault> {
    if notice.said.len() != kind.values.len() {
        return Err(Fault::new(format!("{} says {} values", kind.name, kind.values.len())));
    }
    if !store::insert(tx, kind, &notice).await? {
        return Ok(false);
    }
    choices::mail(tx, kind, &notice).await?;
    Ok(true)
}

/// Somebody who reads news.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reader {
    /// `staff:3`, `user:4`.
    pub(crate) key: String,
    /// Everybody's news that reaches them beside their own.
    pub(crate) shared: String,
    /// What they may see, between commas.
    pub(crate) permissions: String,
}

impl Reader {
    /// The person behind a request. Programs read no news, and neither does somebody who acts for no customer.
    pub fn of(who: &Principal) -> Option<Self> {
        let (key, shared) = match (who.actor, &who.kind) {
            (Actor::Staff(id), PrincipalKind::Staff) => (Audience::OneOfStaff(id), Audience::Staff),
            (Actor::User(id) | Actor::StaffAs { user: id, .. }, PrincipalKind::Customer { customer_ids }) => {
                (Audience::OneUser(id), Audience::Customer(*customer_ids.first()?))
            }
            _ => return None,
        };
        Some(Self { key: key.key(), shared: shared.key(), permissions: listed(&who.permissions) })
    }

    /// A member of staff with these rights.
    pub fn staff(id: i64, permissions: &BTreeSet<String>) -> Self {
        let (key, shared) = (Audience::OneOfStaff(id).key(), Audience::Staff.key());
        Self { key, shared, permissions: listed(permissions) }
    }

    /// A user with these rights over a customer.
    pub fn user(id: i64, customer: i64, permissions: &BTreeSet<String>) -> Self {
        let (key, shared) = (Audience::OneUser(id).key(), Audience::Customer(customer).key());
        Self { key, shared, permissions: listed(permissions) }
    }
}

fn listed(permissions: &BTreeSet<String>) -> String {
    let mut all = String::from(",");
    for permission in permissions {
        all.push_str(permission);
        all.push(',');
    }
    all
}
