//! The page where the logo is chosen, and the logo itself.

use std::sync::Arc;

use axum::Extension;
use axum::body::Body;
use axum::extract::Path;
use axum::http::{HeaderValue, Response, header};
use bursar_billing::document::check_logo;
use bursar_context::{Cx, settings};
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_pdf::Typesetter;
use bursar_web::{
    Flash, Form, PageResult, Permission, Problem, Public, Routes, SettingsWatch, Upload, Visit,
};
use serde_json::json;

use super::PROFILE_EDIT;
use super::logo::{KEY, Logo, MOST_BYTES, find, put};

pub(super) const AT: &str = "/admin/settings/logo";
const PAGE: &str = "desk/look/logo.html";

type Watch = Extension<Arc<dyn SettingsWatch>>;

pub(super) fn routes() -> Routes {
    let may = || Permission(PROFILE_EDIT);
    Routes::<()>::new("desk")
        .get(AT, may(), page)
        .post(AT, may(), choose)
        .post("/admin/settings/logo/remove", may(), remove)
        .get("/logo/{file}", Public, picture)
        .with_state(())
}

async fn show(visit: &Visit, cx: &Cx, form: &Form) -> PageResult {
    let logo = cx.read(async |tx: &mut Tx| settings::get::<Logo>(tx, KEY).await).await?;
    let context = json!({
        "form": form.view(), "logo": logo.path(), "width": logo.width, "height": logo.height,
        "most_kib": MOST_BYTES / 1024,
    });
    if form.is_refused() { visit.refused_form(PAGE, context) } else { visit.page(PAGE, context) }
}

async fn page(visit: Visit, Extension(cx): Extension<Cx>) -> PageResult {
    show(&visit, &cx, &Form::default()).await
}

async fn choose(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Extension(watch): Watch,
    upload: Upload,
) -> PageResult {
    cx.require(PROFILE_EDIT)?;
    let read = match upload.file("logo") {
        Some(bytes) => match Logo::read(bytes) {
            Ok(logo) if !can_be_printed(&logo, bytes).await? => Err(
                "This picture is damaged or of a rare kind: it cannot be printed on invoices. Save it again as PNG."
                    .to_owned(),
            ),
            read => read.map(|logo| (logo, bytes)),
        },
        None => Err("Choose a file first.".to_owned()),
    };
    match read {
        Ok((logo, bytes)) => {
            put(&cx, logo, bytes).await?;
            watch.saved(&cx).await?;
            visit.redirect_with(AT, Flash::success("Pages and invoices show the new logo."))
        }
        Err(why) => {
            let mut form = Form::default();
            form.refuse("logo", why);
            show(&visit, &cx, &form).await
        }
    }
}

/// A picture that browsers show and the typesetter cannot read would stop every invoice. Typesetting takes a processor for
/// milliseconds: not on a thread that answers.
async fn can_be_printed(logo: &Logo, bytes: &[u8]) -> Result<bool, Fault> {
    let Some(picture) = logo.on_paper(bytes.to_vec()) else { return Ok(false) };
    let tried = tokio::task::spawn_blocking(move || check_logo(&Typesetter::new(), &picture));
    let tried = tried.await.map_err(|e| Fault::wrap("trying a logo on paper", e))?;
    if let Err(error) = &tried {
        tracing::info!(%error, "a logo cannot be printed");
    }
    Ok(tried.is_ok())
}

async fn remove(visit: Visit, Extension(cx): Extension<Cx>, Extension(watch): Watch) -> PageResult {
    cx.require(PROFILE_EDIT)?;
    put(&cx, Logo::default(), &[]).await?;
    watch.saved(&cx).await?;
    visit.redirect_with(AT, Flash::success("The logo is removed; pages and invoices show the name."))
}

/// The picture, under the address of its content. The address of one that was replaced leads nowhere.
async fn picture(Extension(cx): Extension<Cx>, Path(file): Path<String>) -> PageResult {
    let found = cx.read(async |tx: &mut Tx| find(tx).await).await?;
    let asked = format!("/logo/{file}");
    let (logo, bytes) =
        found.filter(|(logo, _)| logo.path().as_ref() == Some(&asked)).ok_or_else(Problem::not_found)?;
    let mut response = Response::new(Body::from(bytes));
    let kind = HeaderValue::from_str(&logo.media_type()).map_err(|e| Fault::wrap("a picture's type", e))?;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, kind);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    // Whatever a browser makes of it when it is opened alone, it runs nothing.
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
    Ok(response)
}
