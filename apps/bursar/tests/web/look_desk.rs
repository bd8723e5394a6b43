//! What the pages look like: colours and a logo, at once and for everybody.

use axum::http::{Request, StatusCode};

use crate::{Answer, Browser, House};

const AT: &str = "/admin/settings/logo";

/// A PNG of one red pixel.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0\x90wS\xde\0\0\0\x0cIDAT\x08\xd7c\xf8\xcf\xc0\0\0\x03\x01\x01\0\x18\xdd\x8d\xb0\0\0\0\0IEND\xaeB`\x82";

async fn upload(browser: &mut Browser<'_>, token: &str, file: &[u8]) -> Answer {
    let mut body =
        format!("--cut\r\ncontent-disposition: form-data; name=\"_csrf\"\r\n\r\n{token}\r\n").into_bytes();
    body.extend(b"--cut\r\ncontent-disposition: form-data; name=\"logo\"; filename=\"logo.png\"\r\n");
    body.extend(b"content-type: image/png\r\n\r\n");
    body.extend(file);
    body.extend(b"\r\n--cut--\r\n");
    browser.send_as("multipart/form-data; boundary=cut", Request::post(AT), body).await
}

/// Where the pages find the logo.
fn logo_of(page: &str) -> Option<String> {
    let (_, rest) = page.split_once("class=\"brand-logo\" src=\"")?;
    rest.split('"').next().map(str::to_owned)
}

/// Pictures are the parts of a PDF that name themselves so; text and lines are none.
fn shows_a_picture(paper: &Answer) -> bool {
    assert_eq!(paper.kind, "application/pdf");
    paper.text.replace(' ', "").contains("/Subtype/Image")
}

#[tokio::test]
async fn colours_show_on_every_page_as_soon_as_they_are_saved() {
    let house = House::build().await;
    let mut owner = house.owner().await;
    let at = "/admin/settings/look";
    assert!(owner.get(at).await.text.contains("value=\"#1d4ed8\""));
    let wrong = owner.post(at, &[("primary", "tomato"), ("accent", "#0f766e")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("for example #1d4ed8") && wrong.text.contains("value=\"tomato\""));
    assert_eq!(owner.post(at, &[("primary", "#7c2d12"), ("accent", "#0f766e")]).await.location, at);
    assert!(house.visitor().get("/").await.text.contains("#7c2d12"), "a stranger sees it at once");
    assert!(!owner.get("/admin").await.text.contains("#1d4ed8"));
}

#[tokio::test]
async fn the_name_on_the_pages_follows_the_sellers() {
    let house = House::build().await;
    let mut owner = house.owner().await;
    let at = "/admin/settings/seller";
    let page = owner.get(at).await.text;
    assert!(page.contains("Northwind Hosting"));
    let form = [("name", "Southwind Hosting"), ("address", "1 Quay"), ("country", "DE")];
    assert_eq!(owner.post(at, &form).await.location, at);
    assert!(house.visitor().get("/").await.text.contains("Southwind Hosting"));
}

#[tokio::test]
async fn a_logo_stands_on_every_page_and_invoice_and_goes_again() {
    let house = House::build().await;
    let mut owner = house.owner().await;
    let customer = house.customer("Shop").await;
    let paper = format!("/admin/invoices/{}/pdf", house.invoice(customer, "Server").await);
    assert!(!shows_a_picture(&owner.get(&paper).await));
    owner.get(AT).await;
    let token = owner.csrf.clone();
    assert_eq!(upload(&mut owner, &token, PNG).await.location, AT);
    assert!(shows_a_picture(&owner.get(&paper).await));
    let mut visitor = house.visitor();
    let logo = logo_of(&visitor.get("/").await.text).expect("the shop shows the logo");
    let picture = visitor.get(&logo).await;
    assert_eq!((picture.status, picture.kind.as_str()), (StatusCode::OK, "image/png"));
    let other = logo.replace(".png", ".html");
    assert_eq!(visitor.get(&other).await.status, StatusCode::NOT_FOUND);
    let log = owner.get("/admin/audit?subject=settings:desk.logo").await.text;
    assert!(log.contains("settings:desk.logo"), "{log}");
    owner.get(AT).await;
    assert_eq!(owner.post("/admin/settings/logo/remove", &[]).await.location, AT);
    assert_eq!(logo_of(&visitor.get("/").await.text), None);
    assert_eq!(visitor.get(&logo).await.status, StatusCode::NOT_FOUND);
    assert!(!shows_a_picture(&owner.get(&paper).await));
}

#[tokio::test]
async fn what_is_no_picture_or_has_no_token_changes_nothing() {
    let house = House::build().await;
    let mut owner = house.owner().await;
    owner.get(AT).await;
    let token = owner.csrf.clone();
    assert_eq!(upload(&mut owner, "forged", PNG).await.status, StatusCode::FORBIDDEN);
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>";
    // Its head is right, and the rest is missing: a browser shows part of it, and paper none.
    let cut = &PNG[..40];
    let wrong = [
        (&svg[..], "An SVG is a program"),
        (b"", "Choose a file first"),
        (cut, "cannot be printed on invoices"),
    ];
    for (file, said) in wrong {
        let answer = upload(&mut owner, &token, file).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text.contains(said), "{}", answer.text);
    }
    assert_eq!(logo_of(&house.visitor().get("/").await.text), None);
}
