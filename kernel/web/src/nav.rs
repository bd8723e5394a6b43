//! Navigation: modules contribute entries, the shell shows those a person may follow.

use bursar_i18n::Translator;
use serde::Serialize;

use crate::principal::{Principal, Surface};

/// One line of the navigation.
#[derive(Debug, Clone, Copy)]
pub struct Nav {
    /// In which shell it stands.
    pub surface: Surface,
    /// The heading it stands under; empty for none. A text's key or words, as the label.
    pub section: &'static str,
    /// What it says: the key of a text, or the words themselves where a surface speaks one language only.
    pub label: &'static str,
    /// A name from the icon sprite.
    pub icon: &'static str,
    /// Where it leads.
    pub href: &'static str,
    /// Who sees it; `None` for everybody signed in on this surface.
    pub permission: Option<&'static str>,
    /// Ascending within the whole navigation; sections stand where their first entry stands.
    pub order: u16,
}

#[derive(Debug, Serialize)]
pub(crate) struct NavSection {
    key: &'static str,
    title: String,
    entries: Vec<NavLink>,
}

#[derive(Debug, Serialize)]
pub(crate) struct NavLink {
    label: String,
    icon: &'static str,
    href: &'static str,
    active: bool,
}

/// The navigation of a person on a page. The entry whose address is the longest beginning of the path is the active one.
pub(crate) fn nav_for(all: &[Nav], who: &Principal, path: &str, words: &Translator) -> Vec<NavSection> {
    let mut visible: Vec<&Nav> = all
        .iter()
        .filter(|nav| nav.surface == who.surface())
        .filter(|nav| nav.permission.is_none_or(|permission| who.can(permission)))
        .collect();
    visible.sort_by_key(|nav| nav.order);
    let active = visible.iter().filter(|nav| leads_to(nav.href, path)).map(|nav| nav.href.len()).max();
    let mut sections: Vec<NavSection> = Vec::new();
    for nav in visible {
        let link = NavLink {
            label: words.label(nav.label),
            icon: nav.icon,
            href: nav.href,
            active: leads_to(nav.href, path) && Some(nav.href.len()) == active,
        };
        match sections.iter_mut().find(|section| section.key == nav.section) {
            Some(section) => section.entries.push(link),
            None => {
                let title = words.label(nav.section);
                sections.push(NavSection { key: nav.section, title, entries: vec![link] });
            }
        }
    }
    sections
}

/// The first page of a surface stands above all of its pages and leads to none of them but itself.
fn leads_to(href: &str, path: &str) -> bool {
    let is_first = href.matches('/').count() == 1;
    path == href || (!is_first && path.strip_prefix(href).is_some_and(|rest| rest.starts_with('/')))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use bursar_ids::Actor;

    use super::*;
    use crate::principal::PrincipalKind;

    const fn entry(href: &'static str, permission: Option<&'static str>, order: u16) -> Nav {
        Nav { surface: Surface::Staff, section: "Money", label: href, icon: "home", href, permission, order }
    }

    #[test]
    fn one_entry_is_active_and_the_forbidden_ones_are_absent() {
        let who = Principal {
            actor: Actor::Staff(1),
            name: "Ann".into(),
            kind: PrincipalKind::Staff,
            permissions: BTreeSet::from(["a.view".to_owned()]),
            session_hash: [0; 32],
            standing: crate::Standing::default(),
        };
        let all = [
            entry("/admin", None, 1),
            entry("/admin/a", Some("a.view"), 3),
            entry("/admin/b", Some("b.view"), 2),
        ];
        let sections = nav_for(&all, &who, "/admin/a/12", &crate::words::english());
        let links: Vec<_> = sections[0].entries.iter().map(|link| (link.href, link.active)).collect();
        assert_eq!(links, [("/admin", false), ("/admin/a", true)]);
        let elsewhere = nav_for(&all, &who, "/admin/c/12", &crate::words::english());
        assert!(
            elsewhere[0].entries.iter().all(|link| !link.active),
            "the first page is not above every other"
        );
    }
}
