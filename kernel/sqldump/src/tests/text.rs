use proptest::prelude::*;

use crate::{Charset, Repair, decode, repair_double_encoding, unescape_html_once};

fn decoded(bytes: &[u8], charset: &Charset) -> (String, Option<Repair>) {
    let decoded = decode(bytes, charset);
    (decoded.text.into_owned(), decoded.repaired)
}

#[test]
fn valid_utf8_stays() {
    assert_eq!(decoded("Müller 〒".as_bytes(), &Charset::Utf8), ("Müller 〒".to_owned(), None));
    assert_eq!(decoded("Müller 〒".as_bytes(), &Charset::Latin1), ("Müller 〒".to_owned(), None));
    assert_eq!(decoded(b"plain", &Charset::Latin1), ("plain".to_owned(), None));
}

#[test]
fn stray_single_bytes_are_windows_1252_with_the_holes_kept() {
    let single = Some(Repair::SingleByte);
    assert_eq!(decoded(b"M\xfcller \x80", &Charset::Utf8), ("Müller €".to_owned(), single));
    assert_eq!(
        decoded(b"\x81\x8d\x8f\x90\x9d", &Charset::Utf8),
        ("\u{81}\u{8d}\u{8f}\u{90}\u{9d}".to_owned(), single)
    );
}

#[test]
fn double_encoding_is_undone_in_latin1_columns_only() {
    let double = Some(Repair::DoubleEncoded);
    assert_eq!(decoded("MÃ¼ller".as_bytes(), &Charset::Latin1), ("Müller".to_owned(), double));
    assert_eq!(decoded("ã€’1-2-3".as_bytes(), &Charset::Latin1), ("〒1-2-3".to_owned(), double));
    assert_eq!(decoded("MÃ¼ller".as_bytes(), &Charset::Utf8), ("MÃ¼ller".to_owned(), None));
    assert_eq!(repair_double_encoding("MÃ¼ller"), Some("Müller".to_owned()));
    assert_eq!(repair_double_encoding("Müller"), None);
}

#[test]
fn html_entities_are_resolved_once() {
    for (text, expected) in [
        ("Caf\u{e9} d&#039;\u{c9}t\u{e9} &amp; Co", "Café d'Été & Co"),
        ("&lt;b&gt; &quot;x&quot; &apos;", "<b> \"x\" '"),
        ("&amp;amp; &amp;lt;", "&amp; &lt;"),
        ("&#128512; &#x1F600; &#X41;", "😀 😀 A"),
        (
            "&nbsp; & &; &# &#; &#x; &#0; &#xD800; &#99999999; &amp",
            "&nbsp; & &; &# &#; &#x; &#0; &#xD800; &#99999999; &amp",
        ),
        ("&\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9};", "&\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9};"),
    ] {
        assert_eq!(unescape_html_once(text), expected);
    }
}

proptest! {
    #[test]
    fn any_text_encoded_twice_comes_back(text in "\\PC*") {
        let twice = encoding_rs::WINDOWS_1252.decode_without_bom_handling(text.as_bytes()).0.into_owned();
        prop_assert_eq!(decode(twice.as_bytes(), &Charset::Latin1).text, text);
    }

    #[test]
    fn any_bytes_decode_to_some_text(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
        let _some_text = decode(&bytes, &Charset::Latin1);
    }

    #[test]
    fn entities_of_any_text_are_resolved(text in "\\PC*") {
        let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#039;");
        prop_assert_eq!(unescape_html_once(&escaped), text);
    }
}
