//! The place requests come to when one business runs here.

use async_trait::async_trait;
use axum::http::request::Parts;
use bursar_context::{Cx, Foundation, Permissions};
use bursar_fault::Fault;
use bursar_i18n::Locale;
use bursar_ids::Actor;
use bursar_web::{Arrival, Brand, Principal, Site};

/// One tenant, whatever the host's name.
///
/// Every request finds a [`Cx`] among its extensions: at first that of a visitor who may do nothing (so that sign-in can
/// read its tables), and once it is known who asks, that person's.
#[derive(Debug)]
pub struct OneTenant {
    visitor: Cx,
    brand: Brand,
    locale: Locale,
}

impl OneTenant {
    /// The tenant of this foundation, with its look and its language.
    pub fn new(foundation: Foundation, brand: Brand, locale: Locale) -> Self {
        let nobody = Actor::System { module: "web", why: "visitor who is not signed in" };
        Self { visitor: Cx::new(foundation, nobody, Permissions::none(), ""), brand, locale }
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
            brand: self.brand.clone(),
            locale: self.locale,
            zone: self.visitor.zone().clone(),
            now: self.visitor.now(),
        })
    }

    async fn admit(&self, request: &mut Parts, who: Option<&Principal>) -> Result<(), Fault> {
        if let Some(who) = who {
            let permissions = Permissions::Only(who.permissions.clone());
            request.extensions.insert(self.context(who.actor, permissions));
        }
        Ok(())
    }
}
