//! Codes that change every half minute (RFC 6238: HMAC-SHA1, 30 seconds, 6 digits, which is what every app can).

use ring::hmac;

const STEP_SECONDS: i64 = 30;
/// How many steps a clock may be off, each way.
const LEEWAY: i64 = 1;
/// RFC 4226 asks for at least 16 bytes and recommends 20.
pub(crate) const SECRET_BYTES: usize = 20;

/// The code of a step.
fn code(secret: &[u8], step: i64) -> u32 {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret);
    let tag = hmac::sign(&key, &step.to_be_bytes());
    let bytes = tag.as_ref();
    let at = usize::from(bytes[19] & 0x0f);
    let word = u32::from_be_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
    (word & 0x7fff_ffff) % 1_000_000
}

/// The step of a typed code that is good now and newer than the last one used.
pub(crate) fn accepted_step(secret: &[u8], typed: &str, now_seconds: i64, last_step: i64) -> Option<i64> {
    let digits: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let typed: u32 = digits.parse().ok()?;
    let step = now_seconds / STEP_SECONDS;
    (step - LEEWAY..=step + LEEWAY).filter(|step| *step > last_step).find(|step| code(secret, *step) == typed)
}

/// What an app reads from the picture.
pub(crate) fn address(secret: &[u8], issuer: &str, account: &str) -> String {
    let plain = |text: &str| text.replace(':', " ");
    let label = format!("{}:{}", plain(issuer), plain(account));
    let label: String = url::form_urlencoded::byte_serialize(label.as_bytes()).collect();
    let issuer: String = url::form_urlencoded::byte_serialize(plain(issuer).as_bytes()).collect();
    let (label, issuer) = (label.replace('+', "%20"), issuer.replace('+', "%20"));
    format!(
        "otpauth://totp/{label}?secret={}&issuer={issuer}&algorithm=SHA1&digits=6&period=30",
        base32(secret)
    )
}

/// RFC 4648 without padding, as apps want it typed.
pub(crate) fn base32(bytes: &[u8]) -> String {
    const SIGNS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut text = String::new();
    for chunk in bytes.chunks(5) {
        let word =
            chunk.iter().fold(0_u64, |word, byte| word << 8 | u64::from(*byte)) << (8 * (5 - chunk.len()));
        for place in 0..(chunk.len() * 8).div_ceil(5) {
            text.push(char::from(SIGNS[(word >> (35 - 5 * place) & 31) as usize]));
        }
    }
    text
}

/// The address as a picture: one path, dark on light in either scheme, with the quiet zone that readers need.
pub(crate) fn picture(address: &str) -> Option<String> {
    let code = qrcodegen::QrCode::encode_text(address, qrcodegen::QrCodeEcc::Medium).ok()?;
    let size = code.size();
    let mut path = String::new();
    for y in 0..size {
        for x in (0..size).filter(|x| code.get_module(*x, y)) {
            path.push_str(&format!("M{},{}h1v1h-1z", x + 4, y + 4));
        }
    }
    let side = size + 8;
    Some(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" width=\"220\" height=\"220\" role=\"img\" \
         aria-label=\"QR code\" shape-rendering=\"crispEdges\"><rect width=\"{side}\" height=\"{side}\" fill=\"#fff\"/>\
         <path d=\"{path}\" fill=\"#000\"/></svg>"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &[u8] = b"12345678901234567890";

    #[test]
    fn codes_are_those_of_the_standard() {
        // RFC 6238, appendix B, the last six digits of SHA1's eight.
        for (seconds, expected) in
            [(59, 287_082), (1_111_111_109, 81_804), (1_234_567_890, 5_924), (20_000_000_000, 353_130)]
        {
            assert_eq!(code(SECRET, seconds / 30), expected, "{seconds}");
        }
    }

    #[test]
    fn a_code_is_good_once_and_for_a_minute_and_a_half() {
        assert_eq!(accepted_step(SECRET, " 287 082 ", 59, 0), Some(1));
        assert_eq!(accepted_step(SECRET, "287082", 59 + 30, 0), Some(1));
        assert_eq!(accepted_step(SECRET, "287082", 59 + 61, 0), None);
        assert_eq!(accepted_step(SECRET, "287082", 59, 1), None, "used already");
        for nonsense in ["", "28708", "2870820", "28708a", "+28708"] {
            assert_eq!(accepted_step(SECRET, nonsense, 59, 0), None, "{nonsense}");
        }
    }

    #[test]
    fn the_address_says_what_an_app_needs() {
        assert_eq!(base32(SECRET), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert_eq!(base32(b"fo"), "MZXQ");
        let text = address(SECRET, "Nord: Host", "ann@example.com");
        assert!(
            text.starts_with("otpauth://totp/Nord%20%20Host%3Aann%40example.com?secret=GEZDGNBV"),
            "{text}"
        );
        assert!(picture(&text).unwrap().starts_with("<svg"));
    }
}
