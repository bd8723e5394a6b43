//! The place requests come to when one business runs here.

use std::sync::Arc;

use async_trait::async_trait;
use axum::http::request::Parts;
use bursar_context::{Cx, Foundation, Permissions};
use bursar_fault::Fault;
use bursar_i18n::Locale;
use bursar_ids::Actor;
use bursar_web::{Arrival, BrandBook, Principal, Site};

/// One tenant, whatever the host's name.
///
/// Every request finds a [`Cx`] among its extensions: at first that of a visitor who may do nothing (so that sign-in can
/// read its tables), and once it is known who asks, that person's.
#[derive(Debug)]
pub struct OneTenant {
    visitor: Cx,
    brand: Arc<BrandBook>,
    locale: Locale,
    languages: Option<Arc<dyn Languages>>,
    bell: Option<Arc<dyn Bell>>,
}

/// Knows how much news somebody has not read. The application answers with its messages.
#[async_trait]
pub trait Bell: std::fmt::Debug + Send + Sync {
    /// How much it is; `None` where somebody has no bell.
    async fn unread(&self, cx: &Cx, who: &Principal) -> Result<Option<u32>, Fault>;
}

/// Knows the language in which a customer wants to be written to. The application answers with its customers.
#[async_trait]
pub trait Languages: std::fmt::Debug + Send + Sync {
    /// The language of this customer, if we write it.
    async fn of_customer(&self, cx: &Cx, customer: i64) -> Result<Option<Locale>, Fault>;
}

impl OneTenant {
    /// The tenant of this foundation, with its look and its language.
    pub fn new(foundation: Foundation, brand: Arc<BrandBook>, locale: Locale) -> Self {
        let nobody = Actor::System { module: "web", why: "visitor who is not signed in" };
        let visitor = Cx::new(foundation, nobody, Permissions::none(), "");
        Self { visitor, brand, locale, languages: None, bell: None }
    }

    /// The same, speaking to each customer in the customer's own language.
    #[must_use]
    pub fn with_languages(mut self, languages: Arc<dyn Languages>) -> Self {
        self.languages = Some(languages);
        self
    }

    /// The same with a bell on every page.
    #[must_use]
    pub fn with_bell(mut self, bell: Arc<dyn Bell>) -> Self {
        self.bell = Some(bell);
        self
    }

    fn context(&self, actor: Actor, permissions: Permissions) -> Cx {
        let request_id = self.visitor.with_rng(|rng| rng.token(12));
        self.visitor.for_actor(actor, permissions, request_id)
    }
}

#[async_trait]
impl Site for OneTenant {
    async fn arrive(&self, request: &mut Parts) -> Result<Arrival, Fault> {
        request.extensions.insert(self.context(*self.visitor.actor(), Permissions::none()));
        Ok(Arrival {
            brand: self.brand.current(),
            locale: self.locale,
            zone: self.visitor.zone().clone(),
            now: self.visitor.now(),
        })
    }

    async fn language_of(&self, _: &Parts, who: &Principal) -> Result<Option<Locale>, Fault> {
        match (&self.languages, who.customer_ids().first()) {
            (Some(languages), Some(customer)) => languages.of_customer(&self.visitor, *customer).await,
            _ => Ok(None),
        }
    }

    async fn unread(&self, _: &Parts, who: &Principal) -> Result<Option<u32>, Fault> {
        match &self.bell {
            Some(bell) => bell.unread(&self.visitor, who).await,
            None => Ok(None),
        }
    }

    async fn admit(&self, request: &mut Parts, who: Option<&Principal>) -> Result<(), Fault> {
        if let Some(who) = who {
            let permissions = Permissions::Only(who.permissions.clone());
            request.extensions.insert(self.context(who.actor, permissions));
        }
        Ok(())
    }
}
