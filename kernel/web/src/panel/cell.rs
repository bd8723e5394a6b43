//! One value of a panel, shown as the rest of the product shows its kind.

use bursar_money::Money;
use bursar_time::{Date, Instant};

/// A value with what it leads to and a second line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    pub(super) value: Kind,
    pub(super) href: String,
    pub(super) note: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    Text(String),
    Badge(String),
    Money(Money),
    Number(i64),
    Date(Date),
    Instant(Instant),
    Nothing,
}

impl Cell {
    const fn of(value: Kind) -> Self {
        Self { value, href: String::new(), note: String::new() }
    }

    /// Text as it is; a dash when it is empty.
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.trim().is_empty() { Self::nothing() } else { Self::of(Kind::Text(text)) }
    }

    /// A word of ours: `bank_transfer` is shown as `Bank transfer`.
    pub fn word(code: &str) -> Self {
        Self::text(crate::resource::humanised(code))
    }

    /// A state, in the colour it has everywhere.
    pub fn badge(state: impl Into<String>) -> Self {
        Self::of(Kind::Badge(state.into()))
    }

    /// An amount.
    pub const fn money(amount: Money) -> Self {
        Self::of(Kind::Money(amount))
    }

    /// A whole number.
    pub const fn number(number: i64) -> Self {
        Self::of(Kind::Number(number))
    }

    /// A calendar date, or a dash.
    pub fn date(date: impl Into<Option<Date>>) -> Self {
        date.into().map_or_else(Self::nothing, |date| Self::of(Kind::Date(date)))
    }

    /// An instant in the tenant's zone, or a dash.
    pub fn instant(at: impl Into<Option<Instant>>) -> Self {
        at.into().map_or_else(Self::nothing, |at| Self::of(Kind::Instant(at)))
    }

    /// A dash.
    pub const fn nothing() -> Self {
        Self::of(Kind::Nothing)
    }

    /// Leads to a page of ours, or writes a mail (`mailto:`).
    #[must_use]
    pub fn to(mut self, href: impl Into<String>) -> Self {
        self.href = href.into();
        self
    }

    /// A second line below.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }

    /// Whether it stands at the end of its column, as figures do.
    pub(super) const fn stands_at_end(&self) -> bool {
        matches!(self.value, Kind::Money(_) | Kind::Number(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_a_dash_and_figures_stand_at_the_end() {
        assert_eq!(Cell::text("  "), Cell::nothing());
        assert_eq!(Cell::date(None), Cell::nothing());
        assert_eq!(Cell::word("bank_transfer"), Cell::text("Bank transfer"));
        assert!(Cell::number(3).stands_at_end() && !Cell::badge("paid").stands_at_end());
    }
}
