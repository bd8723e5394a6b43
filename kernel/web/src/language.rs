//! Which language a page speaks.
//!
//! In this order: what was chosen in this browser, what the customer gave us to write in, what the browser asks for,
//! the tenant's own. The staff's pages ask the browser nothing: they speak the tenant's language until somebody chooses.

use axum::http::header;
use axum::http::request::Parts;
use bursar_i18n::Locale;

use crate::cookies::{LANGUAGE_COOKIE, Transport};
use crate::principal::{Principal, Surface};

/// What a request tells of languages.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Clues {
    /// From the cookie, chosen by the person.
    chosen: Option<Locale>,
    /// From the cookie, taken over from a customer: the locale and whose it was.
    remembered: Option<(Locale, i64)>,
    /// The customer who is signed in.
    customer: Option<i64>,
    /// What the customer gave us, once it has been asked for.
    pub(crate) customers: Option<Locale>,
    browsers: Option<Locale>,
    is_staff: bool,
}

impl Clues {
    pub(crate) fn of(transport: Transport, parts: &Parts, who: Option<&Principal>) -> Self {
        let cookie = LANGUAGE_COOKIE.read(transport, &parts.headers);
        let (chosen, remembered) = match cookie.as_deref().map(|text| text.split_once('.')) {
            Some(None) => (cookie.as_deref().and_then(Locale::parse), None),
            Some(Some((code, id))) => (None, Locale::parse(code).zip(id.parse().ok())),
            None => (None, None),
        };
        let accepted = parts.headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        Self {
            chosen,
            remembered,
            customer: who.and_then(|who| who.customer_ids().first().copied()),
            customers: None,
            browsers: accepted.and_then(Locale::negotiate),
            is_staff: who.map_or_else(|| Surface::of_path(parts.uri.path()), Principal::surface)
                == Surface::Staff,
        }
    }

    /// Whether the customer's own language decides and is not known yet.
    pub(crate) fn asks_for_the_customers(&self) -> bool {
        self.chosen.is_none() && self.customer.is_some() && self.own().is_none()
    }

    /// What was remembered of this customer; somebody else who signed in here before does not decide.
    fn own(&self) -> Option<Locale> {
        self.remembered.filter(|(_, of)| Some(*of) == self.customer).map(|(locale, _)| locale)
    }

    /// The language of the page.
    pub(crate) fn choose(&self, tenants: Locale) -> Locale {
        let browsers = self.browsers.filter(|_| !self.is_staff);
        self.chosen.or_else(|| self.own()).or(self.customers).or(browsers).unwrap_or(tenants)
    }

    /// The cookie that spares the next page from asking for the customer's language again.
    pub(crate) fn to_remember(&self) -> Option<String> {
        let (locale, customer) = self.customers.zip(self.customer)?;
        Some(format!("{}.{customer}", locale.code()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_is_choice_customer_browser_tenant() {
        let all = Clues {
            chosen: Some(Locale::Ar),
            remembered: Some((Locale::De, 7)),
            customer: Some(7),
            browsers: Some(Locale::Fr),
            ..Clues::default()
        };
        assert_eq!(all.choose(Locale::Es), Locale::Ar);
        let without = Clues { chosen: None, ..all };
        assert_eq!(without.choose(Locale::Es), Locale::De);
        assert!(!without.asks_for_the_customers());
        let another = Clues { customer: Some(8), ..without };
        assert!(another.asks_for_the_customers(), "the cookie was of somebody else");
        assert_eq!(another.choose(Locale::Es), Locale::Fr);
        let asked = Clues { customers: Some(Locale::Bn), ..another };
        assert_eq!(asked.choose(Locale::Es), Locale::Bn);
        assert_eq!(asked.to_remember().as_deref(), Some("bn.8"));
        assert_eq!(Clues::default().choose(Locale::Es), Locale::Es);
    }

    #[test]
    fn staff_read_the_tenants_language_whatever_their_browser_says() {
        let staff = Clues { browsers: Some(Locale::De), is_staff: true, ..Clues::default() };
        assert_eq!(staff.choose(Locale::En), Locale::En);
        let chosen = Clues { chosen: Some(Locale::Ar), ..staff };
        assert_eq!(chosen.choose(Locale::En), Locale::Ar);
    }
}
