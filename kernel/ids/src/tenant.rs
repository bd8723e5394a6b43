//! Whose business this is.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The id of a tenant: a short name that is also the name of its database.
///
/// Lower-case letters, digits and inner hyphens, 1 to 40 characters, so that it is safe as a file name, as part of
/// a database name and in a host name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TenantId(String);

/// The longest tenant id; leaves room for a prefix in PostgreSQL's 63-byte names.
const LONGEST: usize = 40;

/// The text cannot be a tenant id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a tenant id (1 to 40 of a-z, 0-9 and inner hyphens): {0:?}")]
pub struct InvalidTenantId(pub String);

impl TenantId {
    /// The tenant with this name; refuses what could not name a database.
    pub fn new(name: impl Into<String>) -> Result<Self, InvalidTenantId> {
        let name = name.into();
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let fits = (1..=LONGEST).contains(&name.len()) && name.bytes().all(plain);
        if fits && !name.starts_with('-') && !name.ends_with('-') {
            Ok(Self(name))
        } else {
            Err(InvalidTenantId(name))
        }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TenantId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl FromStr for TenantId {
    type Err = InvalidTenantId;

    fn from_str(name: &str) -> Result<Self, InvalidTenantId> {
        Self::new(name)
    }
}

impl TryFrom<String> for TenantId {
    type Error = InvalidTenantId;

    fn try_from(name: String) -> Result<Self, InvalidTenantId> {
        Self::new(name)
    }
}

impl From<TenantId> for String {
    fn from(tenant: TenantId) -> Self {
        tenant.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_safe_as_a_file_name_are_taken() {
        for name in ["main", "a", "acme-hosting", "isp2", &"a".repeat(40)] {
            assert_eq!(TenantId::new(name).unwrap().as_str(), name);
        }
    }

    #[test]
    fn names_that_could_leave_their_folder_or_database_are_refused() {
        for name in ["", "-a", "a-", "..", "a/b", "A", "a b", "a_b", "é", "a.db", "a\0", &"a".repeat(41)] {
            assert_eq!(TenantId::new(name), Err(InvalidTenantId(name.to_owned())));
        }
        assert!(serde_json::from_str::<TenantId>("\"../x\"").is_err());
        assert_eq!(serde_json::to_string(&TenantId::new("acme").unwrap()).unwrap(), "\"acme\"");
    }
}
