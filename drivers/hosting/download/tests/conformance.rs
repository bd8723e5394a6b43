//! Downloads through the contract's suite.

use bursar_hosting::conformance::{self, OwnRig, Rig as _};
use bursar_hosting::{Door, Hosting as _, IdempotencyKey, Operation, Resource, SignIn, Tag};
use bursar_hosting_download::{Downloads, grant_name};
use bursar_outbound::{CallError, Credentials, Settings};

fn plan(file: &str) -> Settings {
    Settings::none().with("file", file).with("hours", "24")
}

fn rig() -> OwnRig {
    let mut rig = OwnRig::new(Box::new(Downloads), plan("gizmo.zip"), plan("gizmo-pro.zip"));
    rig.settings = Settings::none().with("url", "https://files.example.com/downloads");
    rig.credentials = Credentials::none().with("signing_secret", "files-Signing-secret-1");
    rig.live = |notes, tag| usize::from(notes.all().contains_key(&grant_name(tag)));
    rig
}

#[tokio::test]
async fn downloads_conform() {
    conformance::run(async || rig()).await;
}

#[tokio::test]
async fn a_link_ends_and_leads_to_the_file_only() {
    let rig = rig();
    let operation = Operation {
        key: IdempotencyKey::new("b1:create:1").expect("a plain key"),
        resource: Resource::tagged(Tag::new("b1").expect("a plain tag")),
        task: None,
    };
    let mut upwards = rig.specification();
    upwards.plan = plan("../etc/passwd");
    let refused = Downloads.create(&rig.call(), &operation, &upwards).await;
    assert!(matches!(refused, Err(CallError::Refused(_))), "{refused:?}");
    Downloads.create(&rig.call(), &operation, &rig.specification()).await.expect("a grant");
    let link = SignIn::sign_in(&Downloads, &rig.call(), &operation.resource, Door::Panel).await;
    let link = link.expect("it is signed").expect("it is there");
    let file = "https://files.example.com/downloads/gizmo.zip?expires=17673";
    assert!(link.expose().starts_with(file), "{}", link.expose());
    // A day after the suite's noon of 2026-01-01.
    let seconds = link.expires_at.expect("it ends").micros() / 1_000_000;
    assert!((1_767_268_800 + 86_400..1_767_268_800 + 86_460).contains(&seconds), "{seconds}");
    assert!(!link.expose().contains("secret-1"));
}
