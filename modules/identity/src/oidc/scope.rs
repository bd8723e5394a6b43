//! What an app may learn.

use std::fmt;

/// Some of the scopes we know. The same set is always written the same way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Scopes {
    pub(crate) openid: bool,
    pub(crate) profile: bool,
    pub(crate) email: bool,
    pub(crate) offline: bool,
}

/// As apps ask for them.
pub(crate) const NAMES: [&str; 4] = ["openid", "profile", "email", "offline_access"];

impl Scopes {
    /// Reads a list separated by spaces. What we do not know is left out, as the standard asks.
    pub(crate) fn parse(text: &str) -> Self {
        let mut found = Self::default();
        for name in text.split(' ') {
            match name {
                "openid" => found.openid = true,
                "profile" => found.profile = true,
                "email" => found.email = true,
                "offline_access" => found.offline = true,
                _ => {}
            }
        }
        found
    }

    fn flags(self) -> [bool; 4] {
        [self.openid, self.profile, self.email, self.offline]
    }

    /// Whether everything in `other` is here.
    pub(crate) fn covers(self, other: Self) -> bool {
        self.flags().iter().zip(other.flags()).all(|(have, want)| *have || !want)
    }

    /// The names.
    pub(crate) fn names(self) -> impl Iterator<Item = &'static str> {
        NAMES.into_iter().zip(self.flags()).filter_map(|(name, is_in)| is_in.then_some(name))
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.names().collect::<Vec<_>>().join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_read_in_any_order_and_unknown_ones_left_out() {
        let some = Scopes::parse("email admin openid");
        assert_eq!(some.to_string(), "openid email");
        assert!(some.covers(Scopes::parse("email")) && !some.covers(Scopes::parse("profile")));
        assert_eq!(Scopes::parse("").to_string(), "");
    }
}
