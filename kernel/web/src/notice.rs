//! News for people inside the product: what a module declares of each kind.
//!
//! The shell knows kinds and shows a bell; who keeps the news and who has read it is the application's affair, which it
//! tells through [`Site::unread`](crate::Site::unread).

use crate::principal::Surface;

/// How much a piece of news matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Good to know.
    Info,
    /// Somebody should look.
    Warning,
    /// Something does not work, or somebody may be at the door.
    Danger,
}

impl Severity {
    /// As stored and as pages name it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Danger => "danger",
        }
    }

    /// A name from the icon sprite.
    pub const fn icon(self) -> &'static str {
        match self {
            Self::Info => "info-circle",
            Self::Warning => "alert-triangle",
            Self::Danger => "alert-circle",
        }
    }
}

/// A kind of news.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoticeKind {
    /// `billing.invoice_overdue`: begins with the module's name and is kept with what people chose.
    pub name: &'static str,
    /// What people read where they choose: words, or the key of a text.
    pub label: &'static str,
    /// What it says: the key of a text, or English words with `{name}` in the places of its values.
    pub text: &'static str,
    /// The names of its values, in the order in which they are given.
    pub values: &'static [&'static str],
    /// Whom it is for.
    pub surface: Surface,
    /// Who of them may know; `None` for the person themself.
    pub permission: Option<&'static str>,
    /// How much it matters.
    pub severity: Severity,
    /// Whether a letter of its own tells it anyway, so that nobody is asked whether they want a mail.
    pub has_letter: bool,
}

impl NoticeKind {
    /// News for staff who hold a permission.
    pub const fn staff(
        name: &'static str,
        label: &'static str,
        text: &'static str,
        permission: &'static str,
    ) -> Self {
        Self::of(Surface::Staff, name, label, text, permission)
    }

    /// News for those users of a customer who hold a permission.
    pub const fn customer(
        name: &'static str,
        label: &'static str,
        text: &'static str,
        permission: &'static str,
    ) -> Self {
        Self::of(Surface::Customer, name, label, text, permission)
    }

    const fn of(
        surface: Surface,
        name: &'static str,
        label: &'static str,
        text: &'static str,
        permission: &'static str,
    ) -> Self {
        let (permission, severity) = (Some(permission), Severity::Info);
        Self { name, label, text, values: &[], surface, permission, severity, has_letter: false }
    }

    /// The names of its values.
    #[must_use]
    pub const fn values(mut self, values: &'static [&'static str]) -> Self {
        self.values = values;
        self
    }

    /// How much it matters.
    #[must_use]
    pub const fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// A letter of its own tells it anyway.
    #[must_use]
    pub const fn told_by_letter(mut self) -> Self {
        self.has_letter = true;
        self
    }

    /// For one person, whatever their role.
    #[must_use]
    pub const fn personal(mut self) -> Self {
        self.permission = None;
        self
    }
}
