//! What the panel offers beyond the lifecycle.

use async_trait::async_trait;
use bursar_hosting::{
    Change, Door, Inventory, InventoryItem, InventoryKind, Link, Operation, Password, Passwords, Power,
    PowerAction, Resizing, Resource, SignIn, Specification,
};
use bursar_outbound::{Call, CallError, path_part};

use crate::map::Known;
use crate::wire::{Api, Game};
use crate::{TcAdmin, services};

#[async_trait]
impl Resizing for TcAdmin {
    async fn resize(
        &self,
        call: &Call,
        operation: &Operation,
        specification: &Specification,
    ) -> Result<Change, CallError> {
        services::resize(&Api::open(call)?, operation, specification).await
    }
}

#[async_trait]
impl Power for TcAdmin {
    fn actions(&self) -> &'static [PowerAction] {
        &[PowerAction::Start, PowerAction::Stop, PowerAction::Restart]
    }

    async fn power(
        &self,
        call: &Call,
        operation: &Operation,
        action: PowerAction,
    ) -> Result<Change, CallError> {
        services::switch(&Api::open(call)?, operation, action).await
    }
}

#[async_trait]
impl SignIn for TcAdmin {
    fn doors(&self) -> &'static [Door] {
        &[Door::Panel]
    }

    /// The service's page. The panel asks for the password there: it is not handed to a browser by us.
    async fn sign_in(
        &self,
        call: &Call,
        resource: &Resource,
        _door: Door,
    ) -> Result<Option<Link>, CallError> {
        let api = Api::open(call)?;
        let Some(known) = Known::of(resource) else { return Ok(None) };
        let service = path_part(&known.billing);
        let url = format!("{}/Interface/Base/Home.aspx?GoToServiceBillingID={service}", api.base());
        Ok(Some(Link::new(url, None)))
    }
}

#[async_trait]
impl Passwords for TcAdmin {
    async fn set_password(
        &self,
        call: &Call,
        operation: &Operation,
        password: &Password,
    ) -> Result<Change, CallError> {
        services::set_password(&Api::open(call)?, operation, password.expose()).await
    }
}

#[async_trait]
impl Inventory for TcAdmin {
    fn kinds(&self) -> &'static [InventoryKind] {
        &[InventoryKind::Images]
    }

    async fn list(&self, call: &Call, kind: InventoryKind) -> Result<Vec<InventoryItem>, CallError> {
        match kind {
            InventoryKind::Images => {
                let item = |game: Game| InventoryItem { id: game.id, label: game.name };
                Ok(Api::open(call)?.games().await?.into_iter().map(item).collect())
            }
            InventoryKind::Plans | InventoryKind::Regions | InventoryKind::Storages => Ok(Vec::new()),
        }
    }
}
