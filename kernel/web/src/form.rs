//! What somebody sent in a form, what is wrong with it, and both back on the page.

use std::collections::BTreeMap;
use std::str::FromStr;

use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use bursar_fault::{FieldError, Text};
use bursar_i18n::Translator;
use bursar_money::{Currency, Money};
use bursar_time::Date;
use bytes::Bytes;
use serde::Serialize;

use crate::csrf::CSRF_FIELD;
use crate::problem::Problem;
use crate::visit::Visit;
use crate::words;

/// A submitted form. Reading a field trims it; refusing a field remembers why; [`Form::view`] gives both to the template
/// so that the page comes back with what was typed and the error beside it.
#[derive(Debug, Clone)]
pub struct Form {
    values: Vec<(String, String)>,
    errors: Vec<FieldError>,
    /// The language in which it says what is wrong: the page's, when it came with a request.
    translator: Translator,
}

impl Default for Form {
    fn default() -> Self {
        Self { values: Vec::new(), errors: Vec::new(), translator: words::english() }
    }
}

/// A form as templates see it: `form.values.email`, `form.errors.email`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct FormView {
    values: BTreeMap<String, String>,
    errors: BTreeMap<String, String>,
}

impl Form {
    /// An empty form, or one filled with what is stored: for the page that shows it first.
    pub fn filled<K: Into<String>, V: Into<String>>(values: impl IntoIterator<Item = (K, V)>) -> Self {
        let values = values.into_iter().map(|(key, value)| (key.into(), value.into())).collect();
        Self { values, ..Self::default() }
    }

    /// Reads `application/x-www-form-urlencoded`.
    pub fn parse_urlencoded(body: &[u8]) -> Self {
        Self::filled(url::form_urlencoded::parse(body).filter(|(key, _)| key != CSRF_FIELD))
    }

    /// The first value of a field, trimmed; empty when it was not sent.
    pub fn text(&self, field: &str) -> &str {
        self.values.iter().find(|(key, _)| key == field).map_or("", |(_, value)| value.trim())
    }

    /// All values of a field that can be sent several times (checkboxes of a list).
    pub fn all<'a>(&'a self, field: &'a str) -> impl Iterator<Item = &'a str> {
        self.values.iter().filter(move |(key, _)| key == field).map(|(_, value)| value.as_str())
    }

    /// Whether a checkbox was ticked.
    pub fn is_checked(&self, field: &str) -> bool {
        self.values.iter().any(|(key, _)| key == field)
    }

    /// The text of a field that must be there and not longer than `max_chars`; refuses it otherwise.
    pub fn required(&mut self, field: &'static str, max_chars: usize) -> String {
        let text = self.text(field).to_owned();
        if text.is_empty() {
            self.refuse_text(field, &Text::new("shell-form-required"));
        }
        self.limit(field, &text, max_chars);
        text
    }

    /// The text of a field that may be empty; refuses it when longer than `max_chars`.
    pub fn optional(&mut self, field: &'static str, max_chars: usize) -> Option<String> {
        let text = self.text(field).to_owned();
        self.limit(field, &text, max_chars);
        (!text.is_empty()).then_some(text)
    }

    /// The field as a value of its own type; refuses it with `message` when it cannot be read.
    pub fn value<T: FromStr>(&mut self, field: &'static str, message: &str) -> Option<T> {
        let value = self.text(field).parse().ok();
        if value.is_none() {
            self.refuse(field, message);
        }
        value
    }

    /// The field as a date in ISO form, as browsers send it.
    pub fn date(&mut self, field: &'static str) -> Option<Date> {
        let message = self.translator.t("shell-form-date");
        self.value(field, &message)
    }

    /// The field as an amount of `currency`, with the decimals that currency has.
    pub fn money(&mut self, field: &'static str, currency: Currency) -> Option<Money> {
        match Money::parse(self.text(field), currency) {
            Ok(money) => Some(money),
            Err(_) => {
                let text = Text::new("shell-form-money")
                    .with("currency", currency.code())
                    .with("example", example(currency));
                self.refuse_text(field, &text);
                None
            }
        }
    }

    /// Fills one more value in, beside those there are.
    pub fn set(&mut self, field: impl Into<String>, value: impl Into<String>) {
        self.values.push((field.into(), value.into()));
    }

    /// The form, unless a value holds the character zero: no text has it, nobody types it, and PostgreSQL stores none.
    pub(crate) fn without_zero(self) -> Result<Self, Problem> {
        let holds_zero = self.values.iter().any(|(key, value)| key.contains('\0') || value.contains('\0'));
        if holds_zero { Err(Problem::zero()) } else { Ok(self) }
    }

    /// Says what is wrong in this language from now on.
    pub(crate) fn speak(&mut self, translator: Translator) {
        self.translator = translator;
    }

    /// Says what is wrong with a field. The first message for a field is the one shown.
    pub fn refuse(&mut self, field: impl Into<std::borrow::Cow<'static, str>>, message: impl Into<String>) {
        self.errors.push(FieldError::new(field, message));
    }

    /// The same with a text, in the language of the page.
    pub fn refuse_text(&mut self, field: impl Into<std::borrow::Cow<'static, str>>, text: &Text) {
        let message = self.translator.say(text);
        self.refuse(field, message);
    }

    /// Takes over what an action found wrong.
    pub fn refuse_all(&mut self, errors: impl IntoIterator<Item = FieldError>) {
        for mut error in errors {
            if let Some(said) = error.text.as_ref().and_then(|text| self.translator.try_say(text).ok()) {
                error.message = said;
            }
            self.errors.push(error);
        }
    }

    /// Whether anything was refused.
    pub fn is_refused(&self) -> bool {
        !self.errors.is_empty()
    }

    /// What templates show.
    pub fn view(&self) -> FormView {
        let mut view = FormView::default();
        for (key, value) in &self.values {
            view.values.entry(key.clone()).or_insert_with(|| value.clone());
        }
        for error in &self.errors {
            view.errors.entry(error.field.to_string()).or_insert_with(|| error.message.clone());
        }
        view
    }

    fn limit(&mut self, field: &'static str, text: &str, max_chars: usize) {
        if text.chars().count() > max_chars {
            let most = i64::try_from(max_chars).unwrap_or(i64::MAX);
            self.refuse_text(field, &Text::new("shell-form-too-long").with("most", most));
        }
    }
}

/// An amount that shows how many decimals a currency has.
fn example(currency: Currency) -> String {
    Money::new(12_500, currency).to_plain()
}

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let visit = request.extensions().get::<Visit>().cloned();
        let body = Bytes::from_request(request, state)
            .await
            .map_err(|_| Problem::new(StatusCode::BAD_REQUEST, "shell-problem-form-broken"))?;
        let mut form = Self::parse_urlencoded(&body).without_zero()?;
        if let Some(visit) = visit {
            form.speak(visit.translator().clone());
        }
        Ok(form)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_comes_back_with_the_first_error_of_each_field() {
        let mut form = Form::parse_urlencoded(b"_csrf=x&email=+a%40b.example+&note=%3Cb%3E&pick=1&pick=2");
        assert_eq!(form.required("email", 100), "a@b.example");
        assert_eq!(form.required("name", 100), "");
        form.refuse("name", "another reason");
        assert_eq!(form.optional("note", 2), Some("<b>".to_owned()));
        assert_eq!(form.all("pick").collect::<Vec<_>>(), ["1", "2"]);
        let view = form.view();
        assert_eq!(view.values["email"], " a@b.example ");
        assert_eq!(view.errors["name"], "Please fill this in.");
        assert_eq!(view.errors["note"], "Please use at most 2 characters.");
        assert!(!view.values.contains_key("_csrf") && form.is_refused());
    }

    #[test]
    fn amounts_follow_the_decimals_of_the_currency() {
        let mut form = Form::filled([("eur", "12.50"), ("jpy", "12.50"), ("kwd", "1.125")]);
        assert_eq!(form.money("eur", Currency::EUR).map(|money| money.minor()), Some(1250));
        assert_eq!(form.money("kwd", Currency::KWD).map(|money| money.minor()), Some(1125));
        assert!(!form.is_refused());
        assert_eq!(form.money("jpy", Currency::JPY), None);
        assert_eq!(form.view().errors["jpy"], "Please give an amount in JPY, for example 12500.");
    }
}
