//! Invoices and credit notes: lines, sums, numbers, the frozen document and its place in the chain.

pub mod ageing;
pub mod brand;
pub mod credit_note;
pub mod draft;
pub mod hash;
pub mod issue;
pub mod line;
pub mod list;
pub mod number;
pub mod overdue;
pub mod page;
pub mod store;
pub mod void;
pub mod write_off;

/// Where a document stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum InvoiceState {
    /// Being written; never owed, without a number.
    Draft,
    /// Issued and owed.
    Open,
    /// Settled in full.
    Paid,
    /// Should never have existed; its number stays used.
    Void,
    /// Written off.
    Uncollectible,
}

impl InvoiceState {
    /// Every state.
    pub const ALL: [Self; 5] = [Self::Draft, Self::Open, Self::Paid, Self::Void, Self::Uncollectible];

    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Open => "open",
            Self::Paid => "paid",
            Self::Void => "void",
            Self::Uncollectible => "uncollectible",
        }
    }

    /// Reads a stored code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// Invoice or credit note.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DocumentKind {
    /// Asks for money.
    Invoice,
    /// Takes back what an invoice asked for; its figures are positive.
    CreditNote,
}

impl DocumentKind {
    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Invoice => "invoice",
            Self::CreditNote => "credit_note",
        }
    }

    /// Reads a stored code.
    pub fn parse(code: &str) -> Option<Self> {
        [Self::Invoice, Self::CreditNote].into_iter().find(|kind| kind.code() == code)
    }
}
