//! A page about one subject, made of panels that modules contribute.
//!
//! The page belongs to the module that owns the subject and has never heard of most of what stands on it: a [`Panel`]
//! names the page, the permission it needs and a function that reads it for a subject. All panels of a page are read in
//! one unit of work. A panel with more rows than it shows pages by keyset within itself, and only it is read again.

mod cell;
mod html;
mod view;

use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::Fault;
use serde::{Deserialize, Serialize};

pub use cell::Cell;
pub use view::{PanelButton, PanelQuestion, PanelView};

use crate::problem::PageResult;
use crate::resource::Reading;
use crate::resource::rows::states_in_words;
use crate::visit::Visit;

/// Rows of a panel; a panel asks for one more, to know whether there are older ones.
pub const PANEL_ROWS: i64 = 10;

/// What a panel is read for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PanelAsk {
    /// The subject.
    pub id: i64,
    /// The last row that was shown before; rows older than this one are wanted.
    pub before: Option<i64>,
}

/// Reads a panel.
pub type LoadPanel = for<'t> fn(&'t mut Tx, PanelAsk) -> Reading<'t, PanelView>;

/// On which side of the page a panel stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PanelSide {
    /// In the wide column: lists.
    Main,
    /// In the narrow column: facts.
    Side,
}

/// A panel of a page about one subject.
#[derive(Debug, Clone, Copy)]
pub struct Panel {
    pub(crate) page: &'static str,
    pub(crate) name: &'static str,
    pub(crate) title: &'static str,
    pub(crate) permission: &'static str,
    pub(crate) side: PanelSide,
    pub(crate) order: u16,
    pub(crate) load: LoadPanel,
}

impl Panel {
    /// `billing.invoices` on the page `customers.customer`, for who holds `permission`.
    pub const fn new(
        page: &'static str,
        name: &'static str,
        title: &'static str,
        permission: &'static str,
        load: LoadPanel,
    ) -> Self {
        Self { page, name, title, permission, side: PanelSide::Main, order: 500, load }
    }

    /// In the narrow column.
    #[must_use]
    pub const fn beside(mut self) -> Self {
        self.side = PanelSide::Side;
        self
    }

    /// Its place in the column, ascending.
    #[must_use]
    pub const fn order(mut self, order: u16) -> Self {
        self.order = order;
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

/// The panels of a page as HTML, a column each.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Panels {
    /// The wide column.
    main: String,
    /// The narrow one.
    side: String,
}

/// What the address of a page says of its panels: `older=billing.invoices:1042`.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct PanelQuery {
    #[serde(default)]
    older: String,
}

impl PanelQuery {
    /// The panel that goes on, and behind which row.
    fn older(&self) -> Option<(&str, i64)> {
        let (name, before) = self.older.rsplit_once(':')?;
        Some((name, before.parse().ok()?))
    }
}

impl Visit {
    /// What a page reads of its subject itself, and what modules show about it there, as far as the visitor may see it:
    /// all of one snapshot.
    pub async fn with_panels<T: Send + 'static>(
        &self,
        cx: &Cx,
        page: &'static str,
        id: i64,
        query: &PanelQuery,
        own: impl AsyncFn(&mut Tx) -> Result<T, Fault> + Send + 'static,
    ) -> PageResult<(T, Panels)> {
        let mut panels: Vec<Panel> =
            self.0.web.panels.iter().filter(|it| it.page == page && cx.can(it.permission)).copied().collect();
        panels.sort_by_key(|panel| (panel.order, panel.name));
        let older = query.older().map(|(name, before)| (name.to_owned(), before));
        // Somebody leafs through one panel: the others stay as they are on their screen.
        if let Some((name, _)) = older.as_ref().filter(|_| self.wants_fragment()) {
            panels.retain(|panel| panel.name == name);
        }
        let (own, found) = cx
            .read(async move |tx: &mut Tx| {
                let readers = panels.iter().copied().map(|panel| {
                    let before = older.as_ref().filter(|(name, _)| name == panel.name).map(|(_, it)| *it);
                    async move |tx: &mut Tx| {
                        Ok::<_, Fault>((panel, before, (panel.load)(tx, PanelAsk { id, before }).await?))
                    }
                });
                tx.both(&own, async |tx: &mut Tx| tx.together(readers).await).await
            })
            .await?;
        let states = states_in_words(self, html::states_in(found.iter().map(|(_, _, view)| view)));
        let pen = html::pen(self, &states);
        let mut shown = Panels::default();
        for (panel, before, view) in &found {
            let column = match panel.side {
                PanelSide::Main => &mut shown.main,
                PanelSide::Side => &mut shown.side,
            };
            view.write(column, panel, before.is_some(), self, pen)?;
        }
        Ok((own, shown))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_names_one_panel_and_its_last_row() {
        let read =
            |older: &str| PanelQuery { older: older.to_owned() }.older().map(|(n, b)| (n.to_owned(), b));
        assert_eq!(read("billing.invoices:1042"), Some(("billing.invoices".to_owned(), 1042)));
        assert_eq!(read("billing.invoices:x"), None);
        assert_eq!(read(""), None);
    }
}
