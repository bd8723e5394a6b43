//! Files that are not what they say: programs sent as pictures, and forms made of odd parts.

use bursar_scenarios::{Caller, House};

const AT: &str = "/admin/settings/logo";

/// A PNG of one pixel with a script behind it: a picture to a browser that is told so, a page to one that guesses.
fn two_faced() -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0\x90wS\xde\0\0\0\x0cIDAT\x08\xd7c\xf8\xcf\xc0\0\0\x03\x01\x01\0\x18\xdd\x8d\xb0\0\0\0\0IEND\xaeB`\x82".to_vec();
    bytes.extend(b"<html><script>alert(document.domain)</script></html>");
    bytes
}

#[test]
fn a_page_or_a_program_is_no_logo_whatever_it_is_called() {
    let house = House::empty();
    let mut owner = Caller::owner(&house);
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
    let html = b"<!doctype html><script>alert(1)</script>";
    for file in [&svg[..], html, b"%PDF-1.7", b"MZ\x90\0", b"\0\0\0\0", b"GIF89"] {
        for (name, kind) in
            [("a.png", "image/png"), ("a.svg", "image/svg+xml"), ("../../a.html", "text/html"), ("", "x")]
        {
            owner.get(AT);
            let heard = owner.upload(AT, "logo", name, kind, file);
            assert!(matches!(heard.status, 400 | 422), "{} to {name} {kind}", heard.status);
        }
    }
    assert!(!owner.get("/admin").text().contains("brand-logo"));
}

#[test]
fn a_picture_with_two_faces_is_only_ever_a_picture() {
    let house = House::empty();
    let mut owner = Caller::owner(&house);
    owner.get(AT);
    let heard = owner.upload(AT, "logo", "a.html", "text/html", &two_faced());
    assert_eq!(heard.header("location"), AT, "{}", heard.text());
    let page = Caller::at(&house).get("/").text();
    let logo = page.split_once("brand-logo\" src=\"").expect("the logo is shown").1.split('"').next();
    let logo = logo.unwrap_or_default().to_owned();
    let picture = Caller::at(&house).get(&logo);
    assert_eq!(picture.header("content-type"), "image/png");
    assert_eq!(picture.header("x-content-type-options"), "nosniff");
    assert!(picture.header("content-security-policy").contains("sandbox"), "{}", picture.head);
    for path in ["/logo/", "/logo/..%2f..%2fetc%2fpasswd", "/logo/a.svg", "/logo/.png"] {
        assert_eq!(Caller::at(&house).get(path).status, 404, "{path}");
    }
    assert_eq!(Caller::at(&house).get("/logo/%00").status, 400);
}

#[test]
fn a_form_of_odd_parts_is_refused_and_a_huge_one_is_not_read() {
    let house = House::empty();
    let mut owner = Caller::owner(&house);
    owner.get(AT);
    let heard = owner.upload(AT, "logo", "a.png", "image/png", &vec![0; 3 << 20]);
    assert_eq!(heard.status, 413);
    // The quote ends the name early; whatever is read of it, no file of that name is a logo.
    let heard = owner.upload(AT, "logo\"; x=\"", "a.png", "image/png", &two_faced());
    assert!(matches!(heard.status, 303 | 400 | 422), "{}", heard.status);
    let heard = owner.upload(AT, "other", "a.png", "image/png", &two_faced());
    assert_eq!(heard.status, 422, "{}", heard.text());
}
