//! The one type for what should not have happened.

use std::error::Error;
use std::fmt;

/// What a fault means for whoever may act on it: retry, treat as a lost race, or stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FaultClass {
    /// Our own mistake, or anything nobody classified.
    Bug,
    /// Something we need is away; the same request may work later.
    Unavailable,
    /// The database asks for the whole unit of work to be run again (a serialisation failure or a deadlock).
    Serialization,
    /// Stored data breaks a rule that its writer had to keep.
    Corrupt,
    /// A unique key already holds this value: in a unit of work that checked first, a lost race.
    UniqueViolation,
    /// A row refers to one that is not there, or is still referred to.
    ForeignKeyViolation,
    /// A CHECK or NOT NULL of the schema refused the row.
    CheckViolation,
    /// No room left on the disk.
    DiskFull,
}

impl FaultClass {
    /// The name in logs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bug => "bug",
            Self::Unavailable => "unavailable",
            Self::Serialization => "serialization",
            Self::Corrupt => "corrupt",
            Self::UniqueViolation => "unique_violation",
            Self::ForeignKeyViolation => "foreign_key_violation",
            Self::CheckViolation => "check_violation",
            Self::DiskFull => "disk_full",
        }
    }

    /// Whether running the same unit of work again at once is the right answer.
    pub const fn is_retryable(self) -> bool {
        matches!(self, Self::Serialization)
    }
}

impl fmt::Display for FaultClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Something that should not have happened. One pointer wide, so that `Result<T, Fault>` stays small.
///
/// `Display` says what we were doing, outermost first, and never repeats the source; [`Fault::chain`] says all of
/// it and is logged once, where the error stops travelling.
pub struct Fault(Box<Inner>);

struct Inner {
    class: FaultClass,
    message: String,
    /// What the callers were doing, innermost first.
    context: Vec<String>,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl Fault {
    /// A fault of class [`FaultClass::Bug`].
    pub fn new(message: impl Into<String>) -> Self {
        Self::with_class(FaultClass::Bug, message)
    }

    /// Stored data broke a rule that its writer had to keep.
    pub fn corrupt(message: impl Into<String>) -> Self {
        Self::with_class(FaultClass::Corrupt, message)
    }

    /// Something we need is away.
    pub fn unavailable(message: impl Into<String>) -> Self {
        Self::with_class(FaultClass::Unavailable, message)
    }

    /// A fault of a known class.
    pub fn with_class(class: FaultClass, message: impl Into<String>) -> Self {
        Self(Box::new(Inner { class, message: message.into(), context: Vec::new(), source: None }))
    }

    /// A fault caused by another error.
    ///
    /// A fault as the source keeps its class and only gains context; a full disk is recognised in an
    /// [`std::io::Error`]; everything else is a [`FaultClass::Bug`] until somebody knows better.
    pub fn wrap(message: impl Into<String>, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        let source: Box<dyn Error + Send + Sync> = source.into();
        match source.downcast::<Fault>() {
            Ok(fault) => fault.context(message),
            Err(source) => {
                let class = match source.downcast_ref::<std::io::Error>().map(std::io::Error::kind) {
                    Some(std::io::ErrorKind::StorageFull) => FaultClass::DiskFull,
                    _ => FaultClass::Bug,
                };
                Self::with_class(class, message).caused_by(source)
            }
        }
    }

    /// The same fault, with the error that caused it (replaces an earlier one).
    #[must_use]
    pub fn caused_by(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// The same fault, saying also what the caller was doing.
    #[must_use]
    pub fn context(mut self, doing: impl Into<String>) -> Self {
        self.0.context.push(doing.into());
        self
    }

    /// What the fault means for whoever may act on it.
    pub fn class(&self) -> FaultClass {
        self.0.class
    }

    /// Whether running the same unit of work again at once is the right answer.
    pub fn is_retryable(&self) -> bool {
        self.0.class.is_retryable()
    }

    /// The innermost message, without context or source. For logs; what people read is `Refusal::message`.
    pub fn what(&self) -> &str {
        &self.0.message
    }

    /// Everything known, on one line: class, context, message, and every source below it. For logs, not for people.
    pub fn chain(&self) -> String {
        let mut text = format!("[{}] {self}", self.class());
        let mut next = self.source();
        while let Some(error) = next {
            text.push_str(": ");
            text.push_str(&error.to_string());
            next = error.source();
        }
        text
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for doing in self.0.context.iter().rev() {
            write!(f, "{doing}: ")?;
        }
        f.write_str(&self.0.message)
    }
}

impl fmt::Debug for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fault({})", self.chain())
    }
}

impl Error for Fault {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source.as_deref().map(|source| source as &(dyn Error + 'static))
    }
}

/// Turns any error into a [`Fault`] that says what we were doing.
pub trait ResultExt<T> {
    /// `Err` becomes [`Fault::wrap`] with this message.
    fn fault(self, doing: impl Into<String>) -> Result<T, Fault>;
}

impl<T, E: Into<Box<dyn Error + Send + Sync>>> ResultExt<T> for Result<T, E> {
    fn fault(self, doing: impl Into<String>) -> Result<T, Fault> {
        self.map_err(|error| Fault::wrap(doing, error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused() -> std::io::Error {
        std::io::Error::new(std::io::ErrorKind::ConnectionRefused, "connection refused")
    }

    #[test]
    fn is_one_pointer_wide() {
        assert_eq!(size_of::<Fault>(), size_of::<usize>());
        assert_eq!(size_of::<Result<(), Fault>>(), size_of::<usize>());
    }

    #[test]
    fn display_never_repeats_the_source_and_chain_says_everything() {
        let fault = Fault::wrap("open the database", refused()).context("start tenant acme");
        assert_eq!(fault.to_string(), "start tenant acme: open the database");
        assert_eq!(fault.chain(), "[bug] start tenant acme: open the database: connection refused");
        assert_eq!(fault.what(), "open the database");
        assert_eq!(fault.source().map(ToString::to_string), Some("connection refused".to_owned()));
    }

    #[test]
    fn a_fault_wrapped_again_keeps_its_class_and_gains_context() {
        let inner: Result<(), Fault> =
            Err(Fault::with_class(FaultClass::Serialization, "commit").caused_by(refused()));
        let outer = inner.fault("issue invoice").unwrap_err();
        assert_eq!(outer.class(), FaultClass::Serialization);
        assert!(outer.is_retryable());
        assert_eq!(outer.chain(), "[serialization] issue invoice: commit: connection refused");
    }

    #[test]
    fn a_full_disk_is_recognised() {
        let full = std::io::Error::new(std::io::ErrorKind::StorageFull, "no space left");
        assert_eq!(Err::<(), _>(full).fault("write backup").unwrap_err().class(), FaultClass::DiskFull);
        assert_eq!(Err::<(), _>(refused()).fault("x").unwrap_err().class(), FaultClass::Bug);
        assert_eq!(Fault::corrupt("negative total").class(), FaultClass::Corrupt);
        assert_eq!(Fault::unavailable("no connection").class(), FaultClass::Unavailable);
    }
}
