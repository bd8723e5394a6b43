//! How a call can fail, by what the caller may do about it.

use std::time::Duration;

/// A call that gave no outcome. Texts are for logs and staff and must already be redacted
/// (see [`redact`](crate::redact)).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// The vendor certainly did nothing: refused connection, name not found, deadline over before sending.
    /// May be repeated freely.
    #[error("the call was not sent: {0}")]
    NotSent(String),
    /// Nobody knows whether the vendor did it: time-out after sending, broken connection, a 5xx.
    /// MUST be asked about before it is repeated.
    #[error("the outcome is unknown: {0}")]
    Unknown(String),
    /// The vendor did nothing and asks to wait.
    #[error("the vendor asks to slow down")]
    RateLimited {
        /// How long, when the vendor says so.
        retry_after: Option<Duration>,
    },
    /// The vendor did nothing because it does not accept the credentials. Staff must act; retrying is useless.
    #[error("the vendor does not accept the credentials: {0}")]
    BadCredentials(String),
    /// The vendor understood and refused for a reason that will not change: a fault of ours or of the set-up.
    #[error("the vendor refused the request: {0}")]
    Refused(String),
    /// The vendor answered something that cannot be read. It may have acted: treat like `Unknown`.
    #[error("the vendor's answer cannot be read: {0}")]
    Unreadable(String),
}

impl CallError {
    /// Whether the vendor certainly did nothing, so that the same call may be made again.
    pub fn is_without_effect(&self) -> bool {
        match self {
            Self::NotSent(_) | Self::RateLimited { .. } | Self::BadCredentials(_) | Self::Refused(_) => true,
            Self::Unknown(_) | Self::Unreadable(_) => false,
        }
    }

    /// Whether waiting can help without anybody acting.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::NotSent(_) | Self::RateLimited { .. } | Self::Unknown(_) | Self::Unreadable(_) => true,
            Self::BadCredentials(_) | Self::Refused(_) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_unknown_and_unreadable_may_have_had_an_effect() {
        let all = [
            (CallError::NotSent(String::new()), true, true),
            (CallError::Unknown(String::new()), false, true),
            (CallError::RateLimited { retry_after: None }, true, true),
            (CallError::BadCredentials(String::new()), true, false),
            (CallError::Refused(String::new()), true, false),
            (CallError::Unreadable(String::new()), false, true),
        ];
        for (error, without_effect, passing) in all {
            assert_eq!(error.is_without_effect(), without_effect, "{error}");
            assert_eq!(error.is_passing(), passing, "{error}");
        }
    }
}
