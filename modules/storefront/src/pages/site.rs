//! The first page and the texts.

use axum::Extension;
use axum::extract::State;
use axum::http::HeaderMap;
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_web::{PageResult, Problem, Visit};
use serde_json::json;

use super::{Shop, catalogue};
use crate::texts::{TextName, store};

const TEXT: &str = "storefront/site/text.html";
const HOME: &str = "storefront/site/home.html";

/// The first page: what the host says of themselves, and what stands out in the shop. Who is signed in finds their own
/// pages by the menu.
pub(super) async fn home(
    visit: Visit,
    State(shop): State<Shop>,
    Extension(cx): Extension<Cx>,
    headers: HeaderMap,
) -> PageResult {
    let scene = shop.scene(&visit, &cx, &headers).await?;
    let (currency, locale) = (scene.currency, visit.locale());
    let (text, offers, groups) = cx
        .read(async move |tx: &mut Tx| {
            let text = store::current(tx, TextName::Home, locale.code()).await?;
            let offers = bursar_catalog::offers(tx, currency).await?;
            Ok::<_, Fault>((text, offers, bursar_catalog::groups(tx).await?))
        })
        .await?;
    let shelf = catalogue::shelf(&groups, &offers, currency, None);
    visit.page(
        HOME,
        scene.with(json!({
            "text": text.map(|text| json!({ "title": text.title, "body": text.body_md })),
            "featured": catalogue::featured(&shelf), "groups": shelf,
        })),
    )
}

async fn text(visit: Visit, shop: Shop, cx: Cx, headers: HeaderMap, name: TextName) -> PageResult {
    let scene = shop.scene(&visit, &cx, &headers).await?;
    let locale = visit.locale();
    let found = cx.read(async move |tx: &mut Tx| store::current(tx, name, locale.code()).await).await?;
    let text = found.ok_or_else(Problem::not_found)?;
    let own = json!({
        "title": text.title, "body": text.body_md, "version": text.version, "locale": text.locale,
        "published_at": text.published_at,
    });
    visit.page(TEXT, scene.with(own))
}

macro_rules! text_pages {
    ($($handler:ident = $name:ident),+ $(,)?) => {
        $(
            pub(super) async fn $handler(
                visit: Visit,
                State(shop): State<Shop>,
                Extension(cx): Extension<Cx>,
                headers: HeaderMap,
            ) -> PageResult {
                text(visit, shop, cx, headers, TextName::$name).await
            }
        )+
    };
}

text_pages! {
    about = About,
    contact = Contact,
    terms = Terms,
    privacy = Privacy,
    acceptable_use = AcceptableUse,
    sla = Sla,
}
