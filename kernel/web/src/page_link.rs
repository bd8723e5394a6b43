//! Links that a module puts on the page of another module's subject: *Refund* on a payment, *New invoice* on a customer.

use bursar_i18n::Translator;
use serde::Serialize;

use crate::principal::Principal;

/// One link. The page's own module has never heard of it.
#[derive(Debug, Clone, Copy)]
pub struct PageLink {
    /// The page, as its module names it: `payments.payment`.
    pub page: &'static str,
    /// What it says: words, or the key of a text where the page speaks several languages.
    pub label: &'static str,
    /// A name from the icon sprite.
    pub icon: &'static str,
    /// Where it leads; `{id}` becomes the subject's.
    pub href: &'static str,
    /// Who sees it.
    pub permission: &'static str,
    /// Ascending on the page.
    pub order: u16,
}

/// A link as templates see it.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct LinkView {
    label: String,
    icon: &'static str,
    href: String,
}

/// The links of a page that a person may follow.
pub(crate) fn links_for(
    all: &[PageLink],
    who: Option<&Principal>,
    words: &Translator,
    page: &str,
    id: i64,
) -> Vec<LinkView> {
    let Some(who) = who else { return Vec::new() };
    let mut links: Vec<_> = all.iter().filter(|link| link.page == page && who.can(link.permission)).collect();
    links.sort_by_key(|link| link.order);
    links
        .into_iter()
        .map(|link| LinkView {
            label: words.label(link.label),
            icon: link.icon,
            href: link.href.replace("{id}", &id.to_string()),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use bursar_ids::Actor;

    use super::*;
    use crate::principal::PrincipalKind;

    #[test]
    fn a_page_shows_the_links_that_a_person_may_follow_with_the_subjects_id() {
        let who = Principal {
            actor: Actor::Staff(1),
            name: "Ann".into(),
            kind: PrincipalKind::Staff,
            permissions: BTreeSet::from(["b.refund".to_owned()]),
            session_hash: [0; 32],
            standing: crate::Standing::default(),
        };
        let link = |page, href, permission, order| PageLink {
            page,
            label: "Go",
            icon: "cash",
            href,
            permission,
            order,
        };
        let all = [
            link("p.payment", "/admin/payments/{id}/refund", "b.refund", 2),
            link("p.payment", "/admin/payments/{id}/hide", "b.hide", 1),
            link("p.other", "/admin/other/{id}", "b.refund", 1),
        ];
        let hrefs: Vec<_> = links_for(&all, Some(&who), &crate::words::english(), "p.payment", 7)
            .into_iter()
            .map(|link| link.href)
            .collect();
        assert_eq!(hrefs, ["/admin/payments/7/refund"]);
        assert!(links_for(&all, None, &crate::words::english(), "p.payment", 7).is_empty());
    }
}
