//! Writing HTML without the template engine, for pages whose rows are many.

use std::borrow::Cow;

use crate::assets;

/// Escapes text for HTML, in elements and in quoted attributes.
pub(crate) fn escape_into(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<', '>', '"', '\'']) {
        out.push_str(&rest[..at]);
        out.push_str(match rest.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            _ => "&#39;",
        });
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
}

/// The same as a value, which is the text itself where nothing needs escaping.
pub(crate) fn escaped(text: &str) -> Cow<'_, str> {
    if !text.contains(['&', '<', '>', '"', '\'']) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    escape_into(&mut out, text);
    Cow::Owned(out)
}

/// Writes pieces one after the other: ours are HTML, everybody's come escaped.
pub(crate) fn push(out: &mut String, pieces: &[&str]) {
    for piece in pieces {
        out.push_str(piece);
    }
}

/// An icon of the sprite. It says nothing to a screen reader: the text beside it does.
///
/// `name` is one of ours: letters, digits and hyphens.
pub(crate) fn icon_into(out: &mut String, name: &str) {
    // Where tests run, an icon that is not there is noticed; elsewhere a page without it is more use than none.
    debug_assert!(assets::has_icon(name), "{name:?} is no icon of the sprite");
    out.push_str("<svg class=\"icon");
    // Left and right mean back and on, which is the other way round where one reads from right to left.
    if name.ends_with("-left") || name.ends_with("-right") {
        out.push_str(" turns");
    }
    out.push_str(
        "\" viewBox=\"0 0 24 24\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"2\" \
         stroke-linecap=\"round\" stroke-linejoin=\"round\" aria-hidden=\"true\" focusable=\"false\"><use href=\"",
    );
    out.push_str(assets::asset_url("icons.svg").unwrap_or_default());
    out.push('#');
    out.push_str(name);
    out.push_str("\"></use></svg>");
}

pub(crate) fn is_icon_name(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

/// The colour of a state. One table for the whole product, so that overdue is red everywhere.
pub(crate) fn tone(status: &str) -> &'static str {
    match status {
        "active" | "paid" | "succeeded" | "captured" | "settled" | "completed" | "accepted" | "delivered"
        | "up" | "enabled" | "free" | "live" | "done" => "good",
        "issued" | "open" | "trial" | "trialing" | "authorized" | "processing" | "ready" | "assigned"
        | "reserved" | "in_use" | "confirmed" | "queued" | "provisioning" | "resuming" | "updating"
        | "running" | "capturing" | "releasing" => "info",
        "pending"
        | "past_due"
        | "paused"
        | "suspended"
        | "partially_paid"
        | "needs_authentication"
        | "requires_action"
        | "unknown"
        | "waiting"
        | "pending_payment"
        | "pending_review"
        | "retrying"
        | "warning"
        | "draining"
        | "quarantined"
        | "returned"
        | "suspending"
        | "deprovisioning"
        | "wanted" => "warn",
        "overdue" | "failed" | "declined" | "uncollectible" | "disputed" | "put_aside" | "dead"
        | "banned" | "fraud" | "rejected" | "refused" | "down" | "broken" => "bad",
        _ => "quiet",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_wrote_cannot_leave_its_place() {
        assert_eq!(escaped("<a href='x' t=\"y\">&é"), "&lt;a href=&#39;x&#39; t=&quot;y&quot;&gt;&amp;é");
        assert!(matches!(escaped("plain / text"), Cow::Borrowed(_)));
    }
}
