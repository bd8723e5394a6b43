//! The declaration of a card, and what one shows.

use bursar_db::Tx;
use bursar_money::Money;
use bursar_time::{Date, Instant};

use crate::resource::{Amount, Figure, Reading};

/// Reads what a card shows. It must be quick at any size of the business.
pub type LoadCard = for<'t> fn(&'t mut Tx) -> Reading<'t, CardView>;

/// How much room a card takes where there is room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CardSize {
    /// A figure or two.
    Small,
    /// Half the page: a chart, or a short list.
    Wide,
}

impl CardSize {
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Small => "small",
            Self::Wide => "wide",
        }
    }
}

/// A card of the first page.
#[derive(Debug, Clone, Copy)]
pub struct Card {
    pub(crate) name: &'static str,
    pub(crate) title: &'static str,
    pub(crate) permission: &'static str,
    pub(crate) size: CardSize,
    pub(crate) order: u16,
    pub(crate) href: &'static str,
    pub(crate) load: LoadCard,
}

impl Card {
    /// `billing.revenue`, `Revenue`, for who holds `permission`. The name begins with the module's and is kept with what
    /// people arranged: a renamed card stands where it stood at first.
    pub const fn new(
        name: &'static str,
        title: &'static str,
        permission: &'static str,
        load: LoadCard,
    ) -> Self {
        Self { name, title, permission, size: CardSize::Small, order: 500, href: "", load }
    }

    /// How much room it takes.
    #[must_use]
    pub const fn size(mut self, size: CardSize) -> Self {
        self.size = size;
        self
    }

    /// Where it stands before anybody moved it, ascending.
    #[must_use]
    pub const fn order(mut self, order: u16) -> Self {
        self.order = order;
        self
    }

    /// The page its title leads to.
    #[must_use]
    pub const fn leads_to(mut self, href: &'static str) -> Self {
        self.href = href;
        self
    }

    /// Its name.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Who may see it.
    pub const fn permission(&self) -> &'static str {
        self.permission
    }
}

/// What a card shows. Empty parts are left out, and so is a card that has nothing to say at all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CardView {
    /// Values, each with what it was before.
    pub figures: Vec<Figure>,
    /// Drawings, each with the same figures as a table.
    pub charts: Vec<Chart>,
    /// A short list.
    pub rows: Vec<CardRow>,
    /// What it says when there is nothing else.
    pub empty: &'static str,
}

impl CardView {
    /// Whether there is anything to look at: what is done once and for all needs no place afterwards.
    pub(crate) fn is_silent(&self) -> bool {
        *self == Self::default()
    }
}

/// One line of a short list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CardRow {
    /// What it is.
    pub label: String,
    /// Smaller, below.
    pub note: String,
    /// Where it leads.
    pub href: String,
    /// How much or how many.
    pub value: Option<Amount>,
    /// When.
    pub at: Option<Instant>,
}

/// How a drawing looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChartKind {
    /// Columns over time.
    Bar,
    /// A line over time.
    Line,
    /// A ring of parts.
    Partition,
}

impl ChartKind {
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Bar => "bar",
            Self::Line => "line",
            Self::Partition => "partition",
        }
    }
}

/// What stands below a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChartLabel {
    /// A day.
    Day(Date),
    /// A month, named by any of its days.
    Month(Date),
    /// Words.
    Words(String),
}

/// One row of figures of a drawing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    /// What they are.
    pub name: String,
    /// As many as the drawing has labels, all in one unit.
    pub values: Vec<Amount>,
}

/// A drawing of figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chart {
    /// How it looks.
    pub kind: ChartKind,
    /// What it shows, for who cannot see it.
    pub title: String,
    /// What stands below each column.
    pub labels: Vec<ChartLabel>,
    /// The figures.
    pub series: Vec<Series>,
}

impl Chart {
    /// The currency its amounts are in, if they are amounts.
    pub(crate) fn money(&self) -> Option<Money> {
        self.series.iter().flat_map(|series| &series.values).find_map(|value| match value {
            Amount::Money(money) => Some(*money),
            Amount::Number(_) => None,
        })
    }
}
