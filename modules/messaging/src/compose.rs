//! From a stored message to the bytes of a mail.

use std::time::{Duration, SystemTime};

use bursar_mail::Attached;
use bursar_time::Instant;
use lettre::address::Envelope;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, MultiPart, SinglePart};
use lettre::{Address, Message as Letter};

use crate::messages::Message;
use crate::preferences;
use crate::sender::SenderSettings;

/// A mail ready for a server.
#[derive(Debug)]
pub(crate) struct Composed {
    /// From whom and to whom, as the server is told.
    pub(crate) envelope: Envelope,
    /// The mail itself.
    pub(crate) bytes: Vec<u8>,
}

/// Composes the mail. Everything in it is decided by what is stored, so that every attempt sends the same bytes.
///
/// # Errors
/// Why it can never be composed: an address that is none.
pub(crate) fn mail(
    message: &Message,
    sender: &SenderSettings,
    attached: Vec<Attached>,
    now: Instant,
) -> Result<Composed, String> {
    let from = mailbox(&sender.from_name, &sender.from_email)?;
    let to = mailbox(&message.to_name, &message.to_email)?;
    let mut builder = Letter::builder()
        .from(from)
        .to(to)
        .subject(one_line(&message.subject))
        .message_id(Some(message.message_id.clone()))
        .date(system_time(message.sent_at.unwrap_or(now)));
    if !sender.reply_to.is_empty() {
        builder = builder.reply_to(mailbox("", &sender.reply_to)?);
    }
    let mut letter = match parts(message, attached)? {
        Content::Plain(part) => builder.singlepart(part),
        Content::Many(parts) => builder.multipart(parts),
    }
    .map_err(|error| error.to_string())?;
    let mut header = |name: &str, value: String| {
        if let Ok(name) = HeaderName::new_from_ascii(name.to_owned()) {
            letter.headers_mut().insert_raw(HeaderValue::new(name, value));
        }
    };
    // Nobody's holiday notice is to answer a program.
    header("Auto-Submitted", "auto-generated".to_owned());
    if !message.preferences_url.is_empty() {
        header(
            "List-Unsubscribe",
            format!("<{}>", one_line(&preferences::one_click(&message.preferences_url, &message.kind))),
        );
        header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned());
    }
    Ok(Composed { envelope: letter.envelope().clone(), bytes: letter.formatted() })
}

enum Content {
    Plain(SinglePart),
    Many(MultiPart),
}

fn parts(message: &Message, attached: Vec<Attached>) -> Result<Content, String> {
    let plain = SinglePart::plain(message.body_text.clone());
    if message.body_html.is_empty() && attached.is_empty() {
        return Ok(Content::Plain(plain));
    }
    let boundary = |name: &str| format!("{name}-{}", message.message_id.replace(['<', '>', '@', '.'], ""));
    let mut body = MultiPart::alternative().boundary(boundary("body")).singlepart(plain);
    if !message.body_html.is_empty() {
        body = body.singlepart(SinglePart::html(message.body_html.clone()));
    }
    if attached.is_empty() {
        return Ok(Content::Many(body));
    }
    let mut whole = MultiPart::mixed().boundary(boundary("whole")).multipart(body);
    for file in attached {
        let kind = ContentType::parse(file.media_type).map_err(|error| error.to_string())?;
        whole = whole.singlepart(Attachment::new(one_line(&file.name)).body(file.bytes, kind));
    }
    Ok(Content::Many(whole))
}

/// An address with a name. The name cannot leave its header, whatever was typed.
fn mailbox(name: &str, email: &str) -> Result<Mailbox, String> {
    let address: Address = email
        .trim()
        .parse()
        .map_err(|_| format!("{:?} is not an address that mail can be sent to", email.trim()))?;
    let name = one_line(name);
    Ok(Mailbox::new((!name.is_empty()).then_some(name), address))
}

/// Whether mail can be sent to this address at all.
pub(crate) fn is_address(email: &str) -> bool {
    mailbox("", email).is_ok()
}

fn one_line(text: &str) -> String {
    let spaced: String = text.chars().map(|it| if it.is_control() { ' ' } else { it }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn system_time(instant: Instant) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_micros(u64::try_from(instant.micros()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use bursar_ids::Id;

    use super::*;
    use crate::messages::MessageState;

    fn message() -> Message {
        Message {
            id: Id::new(7),
            kind: "billing.invoice_issued".to_owned(),
            locale: "en".to_owned(),
            to_email: "ann@example.com".to_owned(),
            to_name: "Ann".to_owned(),
            subject: "Invoice INV-1".to_owned(),
            body_text: "Hello\n.\nthere\n".to_owned(),
            body_html: "<p>Hello</p>".to_owned(),
            attachments: "[]".to_owned(),
            preferences_url: String::new(),
            customer_id: Some(1),
            state: MessageState::Queued,
            attempts: 0,
            last_error: String::new(),
            message_id: "<abc@office.example>".to_owned(),
            created_at: Instant::from_micros(0),
            sent_at: None,
        }
    }

    fn sender() -> SenderSettings {
        SenderSettings {
            from_name: "Northwind".to_owned(),
            from_email: "billing@northwind.example".to_owned(),
            ..SenderSettings::default()
        }
    }

    fn text(message: &Message, attached: Vec<Attached>) -> String {
        let composed = mail(message, &sender(), attached, Instant::from_micros(0)).unwrap();
        String::from_utf8(composed.bytes).unwrap()
    }

    #[test]
    fn every_attempt_sends_the_same_bytes_under_the_same_id() {
        let pdf = || {
            vec![Attached {
                name: "INV-1.pdf".to_owned(),
                media_type: "application/pdf",
                bytes: vec![37, 80],
            }]
        };
        let first = text(&message(), pdf());
        assert_eq!(first, text(&message(), pdf()));
        assert!(first.contains("Message-ID: <abc@office.example>"));
        assert!(first.contains("Content-Type: application/pdf") && first.contains("INV-1.pdf"));
        assert!(first.contains("text/plain") && first.contains("text/html"));
        assert!(!first.contains("List-Unsubscribe"));
    }

    #[test]
    fn nothing_typed_becomes_a_header() {
        let hostile = Message {
            to_name: "Ann\r\nBcc: everybody@example.com".to_owned(),
            subject: "Hi\r\nBcc: everybody@example.com\r\n\r\nnew body".to_owned(),
            preferences_url: "https://x.example/a\r\nBcc: everybody@example.com".to_owned(),
            ..message()
        };
        let evil = Attached {
            name: "a\r\nBcc: everybody@example.com\".pdf".to_owned(),
            media_type: "application/pdf",
            bytes: Vec::new(),
        };
        for line in text(&hostile, vec![evil]).lines() {
            assert!(!line.to_ascii_lowercase().starts_with("bcc:"), "{line}");
        }
        for address in ["ann@example.com\r\nBcc: x@example.com", "ann@example.com, x@example.com", "", "ann"]
        {
            let wrong = Message { to_email: address.to_owned(), ..message() };
            assert!(mail(&wrong, &sender(), Vec::new(), Instant::from_micros(0)).is_err(), "{address}");
        }
    }

    #[test]
    fn a_mail_one_can_do_without_says_how_to_end_it() {
        let optional =
            Message { preferences_url: "https://x.example/mail/preferences/t".to_owned(), ..message() };
        let text = text(&optional, Vec::new());
        assert!(
            text.contains("List-Unsubscribe: <https://x.example/mail/unsubscribe/t/billing.invoice_issued>"),
            "{text}"
        );
        assert!(text.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click"));
    }
}
