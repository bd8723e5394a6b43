//! From a template and its values to a mail.

use bursar_i18n::{Locale, MoneyStyle, format_date, format_minor, format_number};
use bursar_money::Currency;
use bursar_time::Date;
use minijinja::value::{Kwargs, Value};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, Output, State, UndefinedBehavior};

use crate::letter::Letterhead;
use crate::markdown;

/// The most a template may be and the most it may become, in bytes.
const MOST_BYTES: usize = 64 * 1024;
/// The most steps of the template engine: some thousand times what any mail needs, and milliseconds of work.
const MOST_STEPS: u64 = 200_000;
/// The longest subject, in characters; longer ones are cut.
const MOST_SUBJECT: usize = 200;

/// A template in one language: the subject, and the body in Markdown.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Draft {
    /// One line.
    pub subject: String,
    /// Markdown.
    pub body: String,
}

/// A mail ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// One line.
    pub subject: String,
    /// For programs that show no HTML.
    pub text: String,
    /// A whole HTML document.
    pub html: String,
}

/// Why a mail could not be written; for the person who edits the template.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// There is no subject.
    #[error("the subject is empty")]
    NoSubject,
    /// Template or mail is too long.
    #[error("it is longer than {} kB", MOST_BYTES / 1024)]
    TooLong,
    /// The template says something that cannot be read, or asks for what is not there.
    #[error("{what}, line {line}: {why}")]
    Template {
        /// `subject` or `body`.
        what: &'static str,
        /// Counted from one.
        line: usize,
        /// In the engine's words.
        why: String,
    },
}

impl Draft {
    /// Reads a template file: the subject on the first line, an empty line, the body.
    pub fn parse(source: &str) -> Self {
        let (subject, body) = source.split_once('\n').unwrap_or((source, ""));
        Self { subject: subject.trim().to_owned(), body: body.trim_start_matches(['\r', '\n']).to_owned() }
    }

    /// Refuses what could never be rendered.
    ///
    /// # Errors
    /// [`WriteError`].
    pub fn check(&self) -> Result<(), WriteError> {
        if self.subject.trim().is_empty() {
            return Err(WriteError::NoSubject);
        }
        if self.subject.len() + self.body.len() > MOST_BYTES {
            return Err(WriteError::TooLong);
        }
        for (what, source) in [("subject", &self.subject), ("body", &self.body)] {
            environment(Locale::En, AutoEscape::None)
                .template_from_str(source)
                .map_err(|error| template_error(what, &error))?;
        }
        Ok(())
    }

    /// Writes the mail.
    ///
    /// # Errors
    /// [`WriteError`]: a value that the template asks for and was not given is one.
    pub fn render(
        &self,
        locale: Locale,
        values: &serde_json::Value,
        head: &Letterhead,
    ) -> Result<Rendered, WriteError> {
        self.check()?;
        let values = Value::from(minijinja::value::Serde(values));
        let subject = one_line(&run("subject", &self.subject, locale, AutoEscape::None, values.clone())?);
        if subject.is_empty() {
            return Err(WriteError::NoSubject);
        }
        let body = run("body", &self.body, locale, AutoEscape::Custom(MARKDOWN.into()), values)?;
        let html = markdown::to_html(&body, &head.primary, &head.primary_text);
        let text = markdown::to_text(&body);
        Ok(Rendered {
            html: head.around(locale, &subject, &html),
            text: format!("{text}\n{}", head.plain_foot()),
            subject,
        })
    }
}

/// How values are escaped in bodies.
const MARKDOWN: &str = "markdown";

fn run(
    what: &'static str,
    source: &str,
    locale: Locale,
    escape: AutoEscape,
    values: Value,
) -> Result<String, WriteError> {
    let environment = environment(locale, escape);
    let rendered = environment.template_from_str(source).and_then(|template| template.render(values));
    let rendered = rendered.map_err(|error| template_error(what, &error))?;
    if rendered.len() > MOST_BYTES { Err(WriteError::TooLong) } else { Ok(rendered) }
}

fn template_error(what: &'static str, error: &Error) -> WriteError {
    let why = match (error.kind(), error.detail()) {
        (ErrorKind::OutOfFuel, _) => "it takes too many steps".to_owned(),
        (kind, Some(detail)) => format!("{kind}: {detail}"),
        (kind, None) => kind.to_string(),
    };
    WriteError::Template { what, line: error.line().unwrap_or(1), why }
}

/// No line break gets into a header; what was one becomes a space.
fn one_line(text: &str) -> String {
    let spaced: String = text.chars().map(|it| if it.is_control() { ' ' } else { it }).collect();
    let words: Vec<&str> = spaced.split_whitespace().collect();
    words.join(" ").chars().take(MOST_SUBJECT).collect()
}

/// An engine that can load nothing, stops after so many steps and fails on what is missing.
fn environment(locale: Locale, escape: AutoEscape) -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(MOST_STEPS));
    environment.set_recursion_limit(64);
    environment.set_auto_escape_callback(move |_| escape.clone());
    environment.set_formatter(write_escaped);
    for name in ["debug", "pprint", "tojson"] {
        environment.remove_filter(name);
    }
    environment.remove_global("debug");
    environment.remove_global("range");
    environment.add_filter("money", move |amount: &Value, options: Kwargs| money(locale, amount, options));
    environment.add_filter("number", move |number: i64| format_number(number, locale));
    environment.add_filter("date", move |iso: &str| -> Result<String, Error> {
        let date: Date = iso.parse().map_err(|_| invalid(format!("{iso:?} is not a date")))?;
        Ok(format_date(date, locale))
    });
    environment
}

fn invalid(detail: String) -> Error {
    Error::new(ErrorKind::InvalidOperation, detail)
}

/// Values in a body are escaped for Markdown, whatever filter claims them to be safe.
fn write_escaped(out: &mut Output, state: &mut State, value: &Value) -> Result<(), Error> {
    if value.is_undefined() {
        return Err(Error::from(ErrorKind::UndefinedError));
    }
    let text = if value.is_none() { String::new() } else { value.to_string() };
    match state.auto_escape() {
        AutoEscape::None => out.write_str(&text)?,
        _ => out.write_str(&markdown::escape(&text))?,
    }
    Ok(())
}

/// `{{ total | money }}`; `money(code=true)` writes the ISO code.
fn money(locale: Locale, amount: &Value, options: Kwargs) -> Result<String, Error> {
    let code = options.get::<Option<bool>>("code")?.unwrap_or_default();
    options.assert_all_used()?;
    let minor = i64::try_from(amount.get_attr("minor")?)?;
    let currency = amount.get_attr("currency")?;
    let currency = currency.as_str().ok_or_else(|| invalid("an amount needs a currency".to_owned()))?;
    let currency = Currency::parse(currency).map_err(|error| invalid(error.to_string()))?;
    let style = if code { MoneyStyle::Code } else { MoneyStyle::Symbol };
    let text = format_minor(minor, currency.code(), currency.exponent(), locale, style);
    Ok(match locale.direction() {
        bursar_i18n::Direction::Ltr => text,
        bursar_i18n::Direction::Rtl => format!("\u{2066}{text}\u{2069}"),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn head() -> Letterhead {
        Letterhead {
            name: "Northwind <b>".to_owned(),
            primary: "#1d4ed8".to_owned(),
            primary_text: "#ffffff".to_owned(),
            footer: "1 Quay, Berlin".to_owned(),
            preferences: None,
        }
    }

    fn draft(subject: &str, body: &str) -> Draft {
        Draft { subject: subject.to_owned(), body: body.to_owned() }
    }

    #[test]
    fn subject_text_and_html_come_from_one_template() {
        let draft = Draft::parse(
            "Invoice {{ number }}\n\nHello {{ name }},\n\nplease pay **{{ total | money }}** by {{ due | date }}.\n",
        );
        let values = json!({ "number": "INV-1", "name": "Ann", "total": { "minor": 123_450, "currency": "EUR" }, "due": "2026-03-09" });
        let mail = draft.render(Locale::De, &values, &head()).unwrap();
        assert_eq!(mail.subject, "Invoice INV-1");
        assert_eq!(
            mail.text,
            "Hello Ann,\n\nplease pay 1.234,50\u{a0}€ by 09.03.2026.\n\n-- \nNorthwind <b>\n1 Quay, Berlin\n"
        );
        assert!(mail.html.contains("<strong>1.234,50\u{a0}€</strong>") && mail.html.contains("lang=\"de\""));
        assert!(mail.html.contains("Northwind &lt;b&gt;"));
        assert!(draft.render(Locale::Ar, &values, &head()).unwrap().html.contains("dir=\"rtl\""));
    }

    #[test]
    fn a_subject_is_one_line_whatever_was_typed() {
        let values = json!({ "name": "Ann\r\nBcc: everybody@example.com\u{0}" });
        let mail = draft("Hello {{ name }}", "x").render(Locale::En, &values, &head()).unwrap();
        assert_eq!(mail.subject, "Hello Ann Bcc: everybody@example.com");
    }

    #[test]
    fn what_is_missing_or_broken_is_named_with_its_line() {
        let failed = |subject: &str, body: &str| {
            draft(subject, body).render(Locale::En, &json!({ "a": 1 }), &head()).unwrap_err().to_string()
        };
        assert!(
            failed("s", "one\ntwo {{ gone }}").starts_with("body, line 2"),
            "{}",
            failed("s", "one\ntwo {{ gone }}")
        );
        assert!(failed("{% if %}", "x").starts_with("subject, line 1"));
        assert_eq!(failed(" ", "x"), "the subject is empty");
        assert!(failed("s", "{{ a | safe | nofilter }}").contains("nofilter"));
    }

    #[test]
    fn a_template_cannot_run_away_or_load_anything() {
        let failed = |body: &str| {
            let values = json!({ "many": vec![0; 1000] });
            draft("s", body).render(Locale::En, &values, &head()).unwrap_err().to_string()
        };
        let nested =
            "{% for a in many %}{% for b in many %}{% for c in many %}x{% endfor %}{% endfor %}{% endfor %}";
        assert!(failed(nested).contains("too many steps"));
        assert!(failed("{% include 'shell/frame.html' %}").contains("not found"));
        assert!(failed("{{ range(10) }}").contains("range"));
        assert!(failed("{{ debug() }}").contains("debug"));
        let long = "{% for a in many %}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx{% endfor %}";
        assert!(failed(long).contains("longer than"), "{}", failed(long));
    }

    #[test]
    fn values_stay_values_even_when_marked_safe() {
        let values = json!({ "name": "<script>alert(1)</script> **b** [x](https://evil.example)" });
        let mail = draft("s", "Hi {{ name | safe }} {{ name | escape }}")
            .render(Locale::En, &values, &head())
            .unwrap();
        assert!(
            !mail.html.contains("<script") && !mail.html.contains("href=\"https://evil"),
            "{}",
            mail.html
        );
    }
}
