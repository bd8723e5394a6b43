//! Who does something.

use std::fmt;

/// Who acts. Always somebody: what runs by itself says which module it is and why it runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Actor {
    /// Somebody who works here.
    Staff(i64),
    /// Somebody who signs in for a customer.
    User(i64),
    /// A member of staff who acts in the place of a customer's user.
    StaffAs {
        /// Who really acts.
        staff: i64,
        /// In whose place.
        user: i64,
    },
    /// A program with a key.
    ApiKey(i64),
    /// Bursar itself.
    System {
        /// The module that runs.
        module: &'static str,
        /// What it runs for: `nightly run`.
        why: &'static str,
    },
}

impl Actor {
    /// The kind as stored in the audit log.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Staff(_) | Self::StaffAs { .. } => "staff",
            Self::User(_) => "user",
            Self::ApiKey(_) => "api_key",
            Self::System { .. } => "system",
        }
    }

    /// The id of the person or key, of who really acts; `None` for the system.
    pub const fn id(&self) -> Option<i64> {
        match self {
            Self::Staff(id) | Self::StaffAs { staff: id, .. } | Self::User(id) | Self::ApiKey(id) => {
                Some(*id)
            }
            Self::System { .. } => None,
        }
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Staff(id) => write!(f, "staff {id}"),
            Self::StaffAs { staff, user } => write!(f, "staff {staff} as user {user}"),
            Self::User(id) => write!(f, "user {id}"),
            Self::ApiKey(id) => write!(f, "api key {id}"),
            Self::System { module, why } => write!(f, "system {module} ({why})"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_actor_says_who_it_is() {
        let system = Actor::System { module: "billing", why: "nightly run" };
        let rows =
            [Actor::Staff(7), Actor::StaffAs { staff: 7, user: 8 }, Actor::User(8), Actor::ApiKey(9), system]
                .map(|actor| (actor.kind(), actor.id(), actor.to_string()));
        assert_eq!(
            rows,
            [
                ("staff", Some(7), "staff 7".to_owned()),
                ("staff", Some(7), "staff 7 as user 8".to_owned()),
                ("user", Some(8), "user 8".to_owned()),
                ("api_key", Some(9), "api key 9".to_owned()),
                ("system", None, "system billing (nightly run)".to_owned()),
            ]
        );
    }
}
