//! The little XML that the panel writes: elements with texts, in small letters or not, with a declaration or without.

/// The insides of every element of a name, outermost first and in order. Elements of one name do not nest here.
pub(crate) fn all<'a>(xml: &'a str, name: &str) -> Vec<&'a str> {
    // The same length as the original, so that places in one are places in the other.
    let small = xml.to_ascii_lowercase();
    let (opening, closing) = (format!("<{name}"), format!("</{name}>"));
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = small[at..].find(&opening).map(|offset| at + offset) {
        let after = start + opening.len();
        at = after;
        // `<game` begins `<gameid>` too.
        if !small[after..].starts_with(['>', ' ', '/', '\t', '\r', '\n']) {
            continue;
        }
        let Some(end_of_tag) = small[after..].find('>').map(|offset| after + offset) else { break };
        at = end_of_tag + 1;
        if small[..end_of_tag].ends_with('/') {
            found.push("");
            continue;
        }
        let Some(end) = small[at..].find(&closing).map(|offset| at + offset) else { break };
        found.push(&xml[at..end]);
        at = end + closing.len();
    }
    found
}

/// The text of the first element of a name.
pub(crate) fn text(xml: &str, name: &str) -> Option<String> {
    all(xml, name).first().map(|inside| plain(inside))
}

/// Entities as what they stand for. The ampersand's own goes last: what it makes is no entity.
fn plain(text: &str) -> String {
    let text = text.trim();
    let text = text.strip_prefix("<![CDATA[").and_then(|rest| rest.strip_suffix("]]>")).map_or_else(
        || {
            [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&#39;", "'"), ("&amp;", "&")]
                .into_iter()
                .fold(text.to_owned(), |text, (entity, letter)| text.replace(entity, letter))
        },
        str::to_owned,
    );
    text.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_found_in_any_case_and_not_by_their_beginning() {
        let xml = "<?xml version=\"1.0\"?><Results>\n<ErrorCode>0</ErrorCode><errortext/>\
                   <game><gameid>82</gameid><name>Rust &amp;amp; Iron</name></game>\
                   <GAME id='2'><GameID> 17 </GameID><name><![CDATA[A < B]]></name></GAME></Results>";
        assert_eq!(text(xml, "errorcode").as_deref(), Some("0"));
        assert_eq!(text(xml, "errortext").as_deref(), Some(""));
        assert_eq!(text(xml, "returntext"), None);
        let games = all(xml, "game");
        let read: Vec<_> = games.iter().map(|game| (text(game, "gameid"), text(game, "name"))).collect();
        let read: Vec<_> = read.iter().map(|(id, name)| (id.as_deref(), name.as_deref())).collect();
        assert_eq!(read, [(Some("82"), Some("Rust &amp; Iron")), (Some("17"), Some("A < B"))]);
        assert_eq!(all("<game><gameid>1</gameid>", "game"), Vec::<&str>::new(), "cut off");
        assert_eq!(all("<game", "game"), Vec::<&str>::new());
    }
}
