use bursar_fault::{Denied, ErrorKind, Fault, FieldError, Refusal, Text};

/// Why something about customers was refused.
#[derive(Debug, thiserror::Error)]
pub enum CustomerError {
    /// There is no such customer, contact, group or note.
    #[error("{0} not found")]
    NotFound(&'static str),
    /// Fields that cannot be used as they are.
    #[error("{} fields are not usable", .0.len())]
    Invalid(Vec<FieldError>),
    /// Somebody else saved it meanwhile.
    #[error("the record was changed by somebody else meanwhile")]
    Changed,
    /// The group still has customers.
    #[error("the group still has customers")]
    GroupInUse,
    /// The contact is the one that invoices go to.
    #[error("the contact is in use as billing or shipping contact")]
    ContactInUse,
    /// Something must be settled before a customer can be forgotten.
    #[error("something stands in the way of forgetting the customer")]
    Hindered,
    /// The actor may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// We failed.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl CustomerError {
    pub(crate) fn field(field: &'static str, message: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError::new(field, message)])
    }
}

impl Refusal for CustomerError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::NotFound(_) => ErrorKind::NotFound,
            Self::Invalid(fields) => ErrorKind::Invalid(fields.clone()),
            Self::Changed | Self::GroupInUse | Self::ContactInUse | Self::Hindered => ErrorKind::Conflict,
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
            Self::GroupInUse => "Move its customers to another group first.".to_owned(),
            Self::ContactInUse => {
                "Choose another billing and shipping contact for the customer first.".to_owned()
            }
            Self::Hindered => "Something must be settled first; see the list on the page.".to_owned(),
            Self::Denied(denied) => denied.message(),
            Self::Fault(fault) => Refusal::message(fault),
        }
    }

    fn text(&self) -> Option<Text> {
        match self {
            Self::Changed => Some(Text::new("customers-refused-changed")),
            Self::Hindered => Some(Text::new("customers-privacy-hindered")),
            Self::ContactInUse => Some(Text::new("customers-refused-in-use")),
            Self::Denied(denied) => denied.text(),
            Self::NotFound(_) | Self::Invalid(_) | Self::GroupInUse | Self::Fault(_) => None,
        }
    }
}
