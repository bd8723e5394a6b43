//! In which order somebody sees the cards: a pure decision over names.

use serde::{Deserialize, Serialize};

/// What a person changed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Layout {
    /// The cards in the person's order.
    pub(crate) order: Vec<String>,
    /// The cards the person does not want to see.
    pub(crate) hidden: Vec<String>,
}

/// What a person does to a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Act {
    Earlier,
    Later,
    Hide,
    Show,
}

impl Act {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text {
            "earlier" => Some(Self::Earlier),
            "later" => Some(Self::Later),
            "hide" => Some(Self::Hide),
            "show" => Some(Self::Show),
            _ => None,
        }
    }
}

impl Layout {
    /// The cards in this person's order, hidden ones included. `all` is in the usual order. A card that is new stands
    /// behind the one it usually follows.
    pub(crate) fn ordered<'c>(&self, all: &[&'c str]) -> Vec<&'c str> {
        let mut ordered: Vec<&str> =
            self.order.iter().filter_map(|name| all.iter().copied().find(|known| known == name)).collect();
        let mut previous: Option<&str> = None;
        for name in all.iter().copied() {
            if !ordered.contains(&name) {
                let place = previous.and_then(|before| ordered.iter().position(|it| *it == before));
                ordered.insert(place.map_or(0, |at| at + 1), name);
            }
            previous = Some(name);
        }
        ordered
    }

    /// Whether a card is hidden.
    pub(crate) fn is_hidden(&self, name: &str) -> bool {
        self.hidden.iter().any(|hidden| hidden == name)
    }

    /// The layout after an act. Moving jumps over hidden cards, because nobody sees them.
    pub(crate) fn after(&self, all: &[&str], name: &str, act: Act) -> Self {
        let mut order: Vec<String> = self.ordered(all).into_iter().map(str::to_owned).collect();
        let mut hidden = self.hidden.clone();
        match act {
            Act::Hide if !self.is_hidden(name) => hidden.push(name.to_owned()),
            Act::Show => hidden.retain(|it| it != name),
            Act::Hide => {}
            Act::Earlier | Act::Later => {
                let is_seen = |at: &usize| !self.is_hidden(&order[*at]);
                let from = order.iter().position(|it| it == name);
                let to = from.and_then(|from| match act {
                    Act::Earlier => (0..from).rev().find(is_seen),
                    Act::Later | Act::Hide | Act::Show => (from + 1..order.len()).find(is_seen),
                });
                if let (Some(from), Some(to)) = (from, to) {
                    let moved = order.remove(from);
                    order.insert(to, moved);
                }
            }
        }
        Self { order, hidden }
    }

    /// The layout with the seen cards in this order, as a pointer left them; names nobody knows are dropped.
    pub(crate) fn dragged(&self, all: &[&str], seen: &[&str]) -> Self {
        let known: Vec<&str> = all.iter().copied().filter(|name| seen.contains(name)).collect();
        let mut wished = seen.iter().copied().filter(|name| known.contains(name)).collect::<Vec<_>>();
        wished.dedup();
        let mut wished = wished.into_iter();
        // Each seen card's place is taken by the next of the wished order; hidden cards stay where they are.
        let order = self
            .ordered(all)
            .into_iter()
            .map(|name| if known.contains(&name) { wished.next().unwrap_or(name) } else { name })
            .map(str::to_owned)
            .collect();
        Self { order, hidden: self.hidden.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [&str; 4] = ["a", "b", "c", "d"];

    fn layout(order: &[&str], hidden: &[&str]) -> Layout {
        let own = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Layout { order: own(order), hidden: own(hidden) }
    }

    #[test]
    fn a_new_card_stands_behind_the_one_it_usually_follows_and_a_lost_one_is_forgotten() {
        assert_eq!(layout(&["d", "gone", "a"], &[]).ordered(&ALL), ["d", "a", "b", "c"]);
        assert_eq!(layout(&["c"], &[]).ordered(&ALL), ["a", "b", "c", "d"]);
        assert_eq!(Layout::default().ordered(&ALL), ALL);
    }

    #[test]
    fn moving_jumps_over_what_is_hidden_and_stops_at_the_ends() {
        let found = layout(&[], &["b"]).after(&ALL, "c", Act::Earlier);
        assert_eq!(found.order, ["c", "a", "b", "d"]);
        assert_eq!(layout(&[], &[]).after(&ALL, "a", Act::Earlier).order, ALL);
        assert_eq!(layout(&[], &[]).after(&ALL, "d", Act::Later).order, ALL);
        assert_eq!(layout(&[], &[]).after(&ALL, "a", Act::Later).order, ["b", "a", "c", "d"]);
    }

    #[test]
    fn hiding_twice_is_hiding_once_and_showing_brings_it_back() {
        let hidden = layout(&[], &["b"]).after(&ALL, "b", Act::Hide);
        assert_eq!(hidden.hidden, ["b"]);
        assert!(hidden.after(&ALL, "b", Act::Show).hidden.is_empty());
    }

    #[test]
    fn a_dragged_order_leaves_hidden_cards_where_they_are() {
        let found = layout(&[], &["b"]).dragged(&ALL, &["d", "a", "c", "x"]);
        assert_eq!(found.order, ["d", "b", "a", "c"]);
        assert_eq!(found.hidden, ["b"]);
    }
}
