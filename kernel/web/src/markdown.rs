//! Markdown to HTML that is safe to show.

use pulldown_cmark::{CowStr, Event, LinkType, Options, Parser, Tag, html};

/// Renders Markdown. HTML in the text is shown as text, and only `http`, `https`, `mailto`, `tel` and local links
/// survive; everything else points nowhere. Images are not loaded from elsewhere: they become links.
pub fn markdown_to_html(text: &str) -> String {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let events = Parser::new_ext(text, options).map(|event| match event {
        Event::Html(raw) | Event::InlineHtml(raw) => Event::Text(raw),
        Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
            Event::Start(Tag::Link { link_type, dest_url: safe_address(link_type, dest_url), title, id })
        }
        Event::Start(Tag::Image { link_type, dest_url, title, id }) => {
            Event::Start(Tag::Link { link_type, dest_url: safe_address(link_type, dest_url), title, id })
        }
        Event::End(pulldown_cmark::TagEnd::Image) => Event::End(pulldown_cmark::TagEnd::Link),
        other => other,
    });
    let mut out = String::with_capacity(text.len() + text.len() / 4);
    html::push_html(&mut out, events);
    out
}

fn safe_address(link_type: LinkType, address: CowStr<'_>) -> CowStr<'_> {
    if link_type == LinkType::Email {
        return address;
    }
    let lower = address.trim().to_ascii_lowercase();
    let allowed = ["http://", "https://", "mailto:", "tel:"].iter().any(|scheme| lower.starts_with(scheme))
        || (address.starts_with('/') && crate::LocalPath::parse(&address).is_some())
        || address.starts_with('#');
    if allowed { address } else { CowStr::from("#") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_markdown_becomes_html() {
        assert_eq!(markdown_to_html("**2 vCPU**, *fast*"), "<p><strong>2 vCPU</strong>, <em>fast</em></p>\n");
        assert_eq!(
            markdown_to_html("[a](https://x.example)"),
            "<p><a href=\"https://x.example\">a</a></p>\n"
        );
    }

    #[test]
    fn nothing_a_stranger_writes_runs() {
        let html = markdown_to_html("<script>alert(1)</script>\n\n<img src=x onerror=alert(1)> <b>b</b>");
        assert!(!html.contains("<script") && !html.contains("<img") && !html.contains("<b>"), "{html}");
        for address in
            ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "//evil.example", "vbscript:x"]
        {
            let html = markdown_to_html(&format!("[a]({address}) ![i]({address})"));
            assert_eq!(html, "<p><a href=\"#\">a</a> <a href=\"#\">i</a></p>\n");
        }
    }
}
