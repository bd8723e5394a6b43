//! Other services the demo's business lives with: a forum whose members sign in with us, and a directory that is to sign
//! staff in one day.

use bursar_context::Cx;
use bursar_fault::Fault;
use bursar_identity::{AppDraft, Audience, ProviderDraft, add_app, add_provider};
use bursar_vault::Vault;

/// Connects them. Their addresses lead nowhere, so the directory is prepared and not switched on: a button for it would
/// only fail.
pub(super) async fn connect(cx: &Cx, vault: &Vault) -> Result<(), Fault> {
    let refused = |e: bursar_identity::IdentityError| Fault::new(format!("the demo's neighbours: {e}"));
    let forum = AppDraft {
        name: "Nordlicht forum".into(),
        audience: Audience::Users,
        is_first_party: true,
        redirect_uris: vec!["https://forum.nordlicht.example/sign-in/back".into()],
        logout_uris: vec!["https://forum.nordlicht.example/".into()],
        is_active: true,
    };
    add_app(cx, forum, true).await.map_err(refused)?;
    let directory = ProviderDraft {
        name: "Nordlicht directory".into(),
        issuer: "https://directory.nordlicht.example".into(),
        client_id: "bursar".into(),
        audience: Audience::Staff,
        may_create: false,
        is_second_factor: true,
        domains: vec!["nordlicht.example".into()],
        is_active: false,
    };
    let secret = "a secret of the demonstration".to_owned();
    add_provider(cx, vault, "directory".into(), directory, secret).await.map_err(refused).map(drop)
}
