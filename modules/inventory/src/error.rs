use bursar_fault::{Denied, ErrorKind, Fault, FaultClass, FieldError, Refusal};

/// Why a change of the inventory was refused.
#[derive(Debug, thiserror::Error)]
pub enum InventoryError {
    /// There is no such thing.
    #[error("{0} not found")]
    NotFound(&'static str),
    /// Fields that cannot be used as they are.
    #[error("{} fields are not usable", .0.len())]
    Invalid(Vec<FieldError>),
    /// Somebody else saved it meanwhile.
    #[error("the record was changed by somebody else meanwhile")]
    Changed,
    /// Something else needs it as it is. The sentence says what.
    #[error("refused: {0}")]
    InUse(String),
    /// No driver of this installation has this id.
    #[error("there is no driver {0}")]
    NoDriver(String),
    /// The actor may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// We failed.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl InventoryError {
    pub(crate) fn field(field: &'static str, message: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError::new(field, message)])
    }

    /// A check before lost a race: the unique value was taken meanwhile.
    pub(crate) fn or_taken(fault: Fault, field: &'static str, message: &str) -> Self {
        if fault.class() == FaultClass::UniqueViolation { Self::field(field, message) } else { fault.into() }
    }
}

impl Refusal for InventoryError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::NotFound(_) => ErrorKind::NotFound,
            Self::Invalid(fields) => ErrorKind::Invalid(fields.clone()),
            Self::Changed | Self::InUse(_) | Self::NoDriver(_) => ErrorKind::Conflict,
            Self::Denied(denied) => denied.kind(),
            Self::Fault(fault) => fault.kind(),
        }
    }

    fn message(&self) -> String {
        match self {
            Self::NotFound(what) => format!("This {what} does not exist."),
            Self::Invalid(_) => "Please mend the marked fields.".to_owned(),
            Self::Changed => {
                "Somebody else saved this meanwhile. Load it again and repeat your change.".to_owned()
            }
            Self::InUse(why) => why.clone(),
            Self::NoDriver(id) => format!("This installation has no driver called {id}."),
            Self::Denied(denied) => denied.message(),
            Self::Fault(fault) => Refusal::message(fault),
        }
    }
}
