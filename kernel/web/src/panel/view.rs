//! What a panel shows.

use bursar_fault::Fault;
use minijinja::context;
use minijinja::value::{Serde, Value};

use super::cell::Cell;
use super::html::{self, Foot};
use super::{PANEL_ROWS, Panel};
use crate::ask::Ask;
use crate::resource::rows::Pen;
use crate::visit::Visit;

/// A button that leads somewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PanelButton {
    /// What it says.
    pub label: &'static str,
    /// A name from the icon sprite.
    pub icon: &'static str,
    /// Where it leads.
    pub href: String,
    /// Who sees it.
    pub permission: &'static str,
}

/// A button that does something, after a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PanelQuestion {
    /// What it says.
    pub label: &'static str,
    /// What happens, before it does.
    pub question: &'static str,
    /// Where it posts to.
    pub action: String,
    /// Whether it cannot be taken back.
    pub is_dangerous: bool,
    /// Who sees it.
    pub permission: &'static str,
}

/// What a panel shows. Empty parts are left out.
#[derive(Debug, Clone, Default)]
pub struct PanelView {
    facts: Vec<(&'static str, Cell)>,
    columns: Vec<&'static str>,
    rows: Vec<Vec<Cell>>,
    older: Option<i64>,
    empty: &'static str,
    all: String,
    buttons: Vec<PanelButton>,
    questions: Vec<PanelQuestion>,
    own: Option<(&'static str, serde_json::Value)>,
}

impl PanelView {
    /// A panel without rows and facts says this.
    pub fn new(empty: &'static str) -> Self {
        Self { empty, ..Self::default() }
    }

    /// One more fact.
    #[must_use]
    pub fn fact(mut self, label: &'static str, value: Cell) -> Self {
        self.facts.push((label, value));
        self
    }

    /// The same, unless the text is empty: an address without a second line has no such line.
    #[must_use]
    pub fn fact_if(self, label: &'static str, text: &str) -> Self {
        if text.trim().is_empty() { self } else { self.fact(label, Cell::text(text)) }
    }

    /// A table. `rows` are at most [`PANEL_ROWS`] and one more, each with its id; the one more is not shown and says
    /// that there are older ones.
    #[must_use]
    pub fn table(mut self, columns: &[&'static str], rows: Vec<(i64, Vec<Cell>)>) -> Self {
        let most = usize::try_from(PANEL_ROWS).expect("a small number fits");
        self.older = (rows.len() > most).then(|| rows.get(most - 1).map(|(id, _)| *id)).flatten();
        self.columns = columns.to_vec();
        self.rows = rows.into_iter().take(most).map(|(_, cells)| cells).collect();
        self
    }

    /// The list with everything of the subject.
    #[must_use]
    pub fn all(mut self, href: impl Into<String>) -> Self {
        self.all = href.into();
        self
    }

    /// A button.
    #[must_use]
    pub fn button(mut self, button: PanelButton) -> Self {
        self.buttons.push(button);
        self
    }

    /// A button that asks first.
    #[must_use]
    pub fn question(mut self, question: PanelQuestion) -> Self {
        self.questions.push(question);
        self
    }

    /// A template of the module's own below the rest, with its values under `panel.own`.
    #[must_use]
    pub fn own(mut self, template: &'static str, values: serde_json::Value) -> Self {
        self.own = Some((template, values));
        self
    }

    /// A template of the module's own shows the rows; older than this one there are more.
    #[must_use]
    pub const fn paged(mut self, older: Option<i64>) -> Self {
        self.older = older;
        self
    }

    /// Everything that is shown of it, cell by cell.
    pub(super) fn cells(&self) -> impl Iterator<Item = &Cell> {
        self.facts.iter().map(|(_, cell)| cell).chain(self.rows.iter().flatten())
    }

    /// Writes the panel. What a module shows by a template of its own is rendered; the rest is many and is written.
    pub(super) fn write(
        &self,
        out: &mut String,
        panel: &Panel,
        is_older: bool,
        visit: &Visit,
        pen: Pen<'_>,
    ) -> Result<(), Fault> {
        // Pages of customers speak their language: what modules gave may be the keys of texts.
        let words = visit.translator();
        let title = words.label(panel.title);
        let id = panel.name.replace('.', "-");
        html::open(out, &id, &title);
        for button in self.buttons.iter().filter(|it| visit.can(it.permission)) {
            html::button(out, button);
        }
        let csrf = visit.csrf_token();
        for (at, it) in self.questions.iter().filter(|it| visit.can(it.permission)).enumerate() {
            let name = format!("{id}{}", at + 1);
            let tone = if it.is_dangerous { "danger" } else { "plain" };
            let ask = Ask {
                id: &name,
                action: &it.action,
                text: it.label,
                question: it.question,
                tone,
                csrf: &csrf,
                ..Ask::default()
            };
            ask.write(out, words);
        }
        out.push_str("</div>");
        if !self.facts.is_empty() {
            html::facts(out, self.facts.iter().map(|(label, value)| (words.label(label), value)), pen);
        }
        if !self.rows.is_empty() {
            let columns: Vec<_> = self.columns.iter().map(|label| words.label(label)).collect();
            html::table(out, &title, &columns, &self.rows, pen);
        }
        match &self.own {
            Some((template, values)) => {
                let shown = context! { panel => context! { own => Value::from(Serde(values)) } };
                html::body(out, &visit.render_inside(template, shown)?);
            }
            None if self.facts.is_empty() && self.rows.is_empty() => {
                html::empty(out, &words.label(self.empty));
            }
            None => {}
        }
        let foot = Foot {
            newest: is_older.then(|| visit.0.path.clone()),
            all: (!self.rows.is_empty() && !self.all.is_empty()).then_some(&*self.all),
            older: self.older.map(|last| format!("{}?older={}:{last}", visit.0.path, panel.name)),
        };
        html::foot(out, &id, &foot, words);
        out.push_str("</section>");
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_row_more_than_fits_says_that_there_are_older_ones() {
        let rows = |many: i64| (0..many).map(|id| (100 - id, vec![Cell::number(id)])).collect::<Vec<_>>();
        let full = PanelView::new("None.").table(&["Number"], rows(11));
        assert_eq!((full.rows.len(), full.older), (10, Some(91)));
        let short = PanelView::new("None.").table(&["Number"], rows(10));
        assert_eq!((short.rows.len(), short.older), (10, None));
    }
}
