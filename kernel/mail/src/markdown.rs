//! Markdown as a mail's HTML and as its plain text.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use crate::letter::escaped;

/// Characters with a meaning in Markdown; a backslash before them takes it away.
const MEANING: &str = "\\`*_{}[]()<>#+-.!|~&:\"'=^$%@/";

/// A value as Markdown that shows exactly this text. Line breaks become spaces, or a value could begin a heading.
pub(crate) fn escape(value: &str) -> String {
    let mut out = String::with_capacity(value.len() + value.len() / 4);
    for character in value.chars() {
        match character {
            '\r' | '\n' | '\t' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => out.push(' '),
            it if MEANING.contains(it) => {
                out.push('\\');
                out.push(it);
            }
            it => out.push(it),
        }
    }
    out
}

/// Only addresses that a mail may lead to.
fn safe(address: &str) -> &str {
    let lower = address.trim().to_ascii_lowercase();
    let allowed = ["https://", "http://", "mailto:"].iter().any(|scheme| lower.starts_with(scheme));
    if allowed { address } else { "" }
}

fn events(text: &str) -> Vec<Event<'_>> {
    let parser = Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH);
    parser
        .map(|event| match event {
            Event::Html(raw) | Event::InlineHtml(raw) => Event::Text(raw),
            other => other,
        })
        .collect()
}

/// HTML with styles on the elements. A paragraph that is nothing but a strong link becomes a button.
pub(crate) fn to_html(text: &str, primary: &str, primary_text: &str) -> String {
    let events = events(text);
    let mut out = String::with_capacity(text.len() * 2);
    let mut in_head = false;
    for (index, event) in events.iter().enumerate() {
        match event {
            Event::Start(tag) => {
                open(&mut out, tag, is_button(&events, index), (primary, primary_text), in_head)
            }
            Event::End(tag) => close(&mut out, *tag, in_head),
            Event::Text(text) | Event::Code(text) => out.push_str(&escaped(text)),
            Event::SoftBreak => out.push('\n'),
            Event::HardBreak => out.push_str("<br>"),
            Event::Rule => out.push_str("<hr style=\"border:0;border-top:1px solid #e5e7eb\">\n"),
            _ => {}
        }
        match event {
            Event::Start(Tag::TableHead) => in_head = true,
            Event::End(TagEnd::TableHead) => in_head = false,
            _ => {}
        }
    }
    out
}

/// Whether the link at this place stands alone, strong, in its paragraph.
fn is_button(events: &[Event<'_>], at: usize) -> bool {
    let before = at.checked_sub(2).and_then(|from| events.get(from..at));
    let stands = matches!(before, Some([Event::Start(Tag::Paragraph), Event::Start(Tag::Strong)]));
    let end = events.iter().skip(at).position(|event| *event == Event::End(TagEnd::Link)).map(|it| it + at);
    let after = end.and_then(|end| events.get(end + 1..end + 3));
    stands && matches!(after, Some([Event::End(TagEnd::Strong), Event::End(TagEnd::Paragraph)]))
}

fn open(out: &mut String, tag: &Tag<'_>, button: bool, (primary, text): (&str, &str), in_head: bool) {
    match tag {
        Tag::Paragraph => out.push_str("<p style=\"margin:0 0 16px\">"),
        Tag::Heading { level: HeadingLevel::H1, .. } => {
            out.push_str("<h1 style=\"margin:0 0 16px;font-size:22px;line-height:1.3\">");
        }
        Tag::Heading { .. } => out.push_str("<h2 style=\"margin:20px 0 10px;font-size:17px\">"),
        Tag::Strong => out.push_str("<strong>"),
        Tag::Emphasis => out.push_str("<em>"),
        Tag::Strikethrough => out.push_str("<s>"),
        Tag::BlockQuote(_) => {
            out.push_str(
                "<blockquote style=\"margin:0 0 16px;padding:0 16px;border-inline-start:3px solid #e5e7eb\">",
            );
        }
        Tag::List(Some(_)) => out.push_str("<ol style=\"margin:0 0 16px\">\n"),
        Tag::List(None) => out.push_str("<ul style=\"margin:0 0 16px\">\n"),
        Tag::Item => out.push_str("<li>"),
        Tag::Table(_) => out
            .push_str("<table width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" style=\"margin:0 0 16px\">"),
        Tag::TableHead | Tag::TableRow => out.push_str("<tr>"),
        Tag::TableCell if in_head => {
            out.push_str("<th align=\"start\" style=\"padding:6px 8px 6px 0;text-align:start\">")
        }
        Tag::TableCell => out.push_str("<td style=\"padding:6px 8px 6px 0;border-top:1px solid #e5e7eb\">"),
        Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } => {
            let address = escaped(safe(dest_url));
            out.push_str(&if button {
                format!(
                    "<a href=\"{address}\" style=\"display:inline-block;background:{primary};color:{text};\
                     padding:12px 22px;border-radius:8px;text-decoration:none\">"
                )
            } else {
                format!("<a href=\"{address}\" style=\"color:{primary}\">")
            });
        }
        _ => {}
    }
}

fn close(out: &mut String, tag: TagEnd, in_head: bool) {
    out.push_str(match tag {
        TagEnd::Paragraph => "</p>\n",
        TagEnd::Heading(HeadingLevel::H1) => "</h1>\n",
        TagEnd::Heading(_) => "</h2>\n",
        TagEnd::Strong => "</strong>",
        TagEnd::Emphasis => "</em>",
        TagEnd::Strikethrough => "</s>",
        TagEnd::BlockQuote(_) => "</blockquote>\n",
        TagEnd::List(true) => "</ol>\n",
        TagEnd::List(false) => "</ul>\n",
        TagEnd::Item => "</li>\n",
        TagEnd::Table => "</table>\n",
        TagEnd::TableHead | TagEnd::TableRow => "</tr>\n",
        TagEnd::TableCell if in_head => "</th>",
        TagEnd::TableCell => "</td>",
        TagEnd::Link | TagEnd::Image => "</a>",
        _ => "",
    });
}

/// The same for programs that show no HTML: links are followed by their address.
pub(crate) fn to_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut links: Vec<(String, usize)> = Vec::new();
    for event in events(text) {
        match event {
            Event::Text(text) | Event::Code(text) => out.push_str(&text),
            Event::SoftBreak | Event::HardBreak => out.push('\n'),
            Event::Rule => out.push_str("----\n\n"),
            Event::Start(Tag::Item) => out.push_str("- "),
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                links.push((safe(&dest_url).to_owned(), out.len()));
            }
            Event::End(TagEnd::Link | TagEnd::Image) => {
                if let Some((address, from)) = links.pop()
                    && !address.is_empty()
                    && out.get(from..) != Some(address.as_str())
                {
                    out.push_str(&format!(":\n{address}"));
                }
            }
            Event::End(TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Table) => out.push_str("\n\n"),
            Event::End(TagEnd::List(_)) => out.push('\n'),
            Event::End(TagEnd::Item) => {
                let end = out.trim_end().len();
                out.truncate(end);
                out.push('\n');
            }
            Event::End(TagEnd::TableCell) => out.push_str("  "),
            Event::End(TagEnd::TableRow | TagEnd::TableHead) => {
                let end = out.trim_end().len();
                out.truncate(end);
                out.push('\n');
            }
            _ => {}
        }
    }
    let end = out.trim_end().len();
    out.truncate(end);
    out.push('\n');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_customer_typed_is_shown_and_does_nothing() {
        for hostile in [
            "**bold** [a](https://evil.example) <https://evil.example>",
            "<img src=x onerror=alert(1)> &amp; `code`",
            "# heading | cell ~~gone~~ ![i](https://evil.example)",
            "1. one\n\n- two\r\n> three https://evil.example www.evil.example",
            "a\\*b\\",
        ] {
            let html = to_html(&escape(hostile), "#000000", "#ffffff");
            assert!(!html.contains("<a ") && !html.contains("<img") && !html.contains("<strong"), "{html}");
            assert!(
                !html.contains("<h1") && !html.contains("<li") && !html.contains("<blockquote"),
                "{html}"
            );
            let shown = hostile.replace(['\r', '\n'], " ");
            assert_eq!(to_text(&escape(hostile)).trim_end(), shown.trim_end(), "{hostile}");
        }
    }

    #[test]
    fn one_body_gives_html_with_a_button_and_text_with_the_address() {
        let body =
            "Hello Ann,\n\nplease pay.\n\n**[Pay now](https://office.example/pay/1)**\n\n- one\n- two\n";
        let html = to_html(body, "#1d4ed8", "#ffffff");
        assert!(html.contains(
            "<a href=\"https://office.example/pay/1\" style=\"display:inline-block;background:#1d4ed8"
        ));
        assert_eq!(
            to_text(body),
            "Hello Ann,\n\nplease pay.\n\nPay now:\nhttps://office.example/pay/1\n\n- one\n- two\n"
        );
        let linked =
            to_html("See [this](javascript:alert) and [that](https://x.example).", "#000000", "#fff");
        assert!(linked.contains("href=\"\"") && linked.contains("href=\"https://x.example\""));
    }
}
