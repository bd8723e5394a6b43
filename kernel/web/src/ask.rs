//! A button that asks before it does something: its dialog, which the browser opens without a script.
//!
//! Written rather than rendered: panels have them by the dozen, and `ui.confirm` comes here as well.

use std::borrow::Cow;
use std::sync::Arc;

use bursar_fault::Text;
use bursar_i18n::{Catalogue, Locale, Translator};
use minijinja::value::{Kwargs, Value};
use minijinja::{Environment, Error};

use crate::csrf::CSRF_FIELD;
use crate::markup::{escaped, icon_into, push};

/// The button and its dialog. Everything but `inside` is text and comes out escaped.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Ask<'a> {
    /// Names the dialog on its page.
    pub(crate) id: &'a str,
    /// Where it posts to.
    pub(crate) action: &'a str,
    /// What the button says.
    pub(crate) text: &'a str,
    /// What happens, before it does.
    pub(crate) question: &'a str,
    /// `danger`, `primary` or `plain`.
    pub(crate) tone: &'a str,
    /// An icon before the text, or nothing.
    pub(crate) mark: &'a str,
    /// Fields of the form, as HTML.
    pub(crate) inside: &'a str,
    /// The token of the page's forms.
    pub(crate) csrf: &'a str,
}

impl Ask<'_> {
    pub(crate) fn write(&self, out: &mut String, words: &Translator) {
        let (id, text) = (&*escaped(self.id), &*escaped(self.text));
        let (open, done) = match self.tone {
            "danger" => ("btn btn-outline-danger", "btn btn-danger"),
            "primary" => ("btn btn-primary", "btn btn-primary"),
            _ => ("btn", "btn btn-primary"),
        };
        push(out, &["<button type=\"button\" class=\"", open, "\" popovertarget=\"confirm-", id, "\">"]);
        if !self.mark.is_empty() {
            icon_into(out, self.mark);
            out.push(' ');
        }
        push(out, &[text, "</button><div class=\"ask\" id=\"confirm-", id, "\" popover role=\"dialog\""]);
        push(
            out,
            &[" aria-labelledby=\"ask-", id, "\"><form method=\"post\" action=\"", &escaped(self.action)],
        );
        push(
            out,
            &["\"><input type=\"hidden\" name=\"", CSRF_FIELD, "\" value=\"", &escaped(self.csrf), "\">"],
        );
        let title = words.say(&Text::new("shell-ask").with("action", self.text.to_owned()));
        push(
            out,
            &["<h2 id=\"ask-", id, "\">", &escaped(&title), "</h2><p>", &escaped(self.question), "</p>"],
        );
        push(out, &[self.inside, "<div class=\"ask-actions\"><button type=\"button\" class=\"btn\""]);
        push(out, &[" popovertarget=\"confirm-", id, "\" popovertargetaction=\"hide\">"]);
        push(out, &[&escaped(&words.t("shell-keep")), "</button><button class=\"", done, "\">", text]);
        out.push_str("</button></div></form></div>");
    }
}

/// Gives templates the function `ask(csrf, id, action=…, text=…, question=…)`, with `tone`, `mark` and `inside` where wanted.
pub(crate) fn add_to(environment: &mut Environment<'static>, catalogue: &Arc<Catalogue>, locale: Locale) {
    let words = Translator::new(Arc::clone(catalogue), locale);
    let ask = move |csrf: &str, id: Cow<'_, str>, more: Kwargs| {
        // A word or a number of a template.
        let given = |name: &'static str| more.get::<Cow<'_, str>>(name);
        let (action, text, question) = (given("action")?, given("text")?, given("question")?);
        let tone = more.get::<Option<&str>>("tone")?.unwrap_or("danger");
        let mark = more.get::<Option<&str>>("mark")?.unwrap_or_default();
        let inside = more.get::<Option<Value>>("inside")?;
        let inside = inside.as_ref().map_or(Cow::Borrowed(""), as_html);
        let mut out = String::new();
        let (id, action, text, question) = (&*id, &*action, &*text, &*question);
        Ask { id, action, text, question, tone, mark, inside: &inside, csrf }.write(&mut out, &words);
        more.assert_all_used()?;
        Ok::<_, Error>(Value::from_safe_string(out))
    };
    environment.add_function("ask", ask);
}

/// What was rendered is HTML already; everything else is text.
fn as_html(value: &Value) -> Cow<'_, str> {
    match value.as_str() {
        Some(html) if value.is_safe() => Cow::Borrowed(html),
        _ => Cow::Owned(escaped(&value.to_string()).into_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_typed_stays_text_and_the_form_carries_its_token() {
        let hostile = "<b onclick='x'>\"&";
        let ask = Ask {
            id: "a",
            action: hostile,
            text: hostile,
            question: hostile,
            csrf: "token",
            ..Ask::default()
        };
        let mut out = String::new();
        ask.write(&mut out, &crate::words::english());
        assert!(!out.contains("<b ") && !out.contains("'x'"), "{out}");
        assert!(out.contains("<input type=\"hidden\" name=\"_csrf\" value=\"token\">"), "{out}");
        assert_eq!(out.matches("confirm-a").count(), 3);
    }

    #[test]
    fn the_tone_decides_the_buttons() {
        let classes = |tone| {
            let mut out = String::new();
            Ask { id: "a", tone, ..Ask::default() }.write(&mut out, &crate::words::english());
            out.split("class=\"")
                .skip(1)
                .map(|it| it.split('"').next().unwrap().to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(
            classes("danger"),
            ["btn btn-outline-danger", "ask", "ask-actions", "btn", "btn btn-danger"]
        );
        assert_eq!(classes("primary"), ["btn btn-primary", "ask", "ask-actions", "btn", "btn btn-primary"]);
        assert_eq!(classes("plain"), ["btn", "ask", "ask-actions", "btn", "btn btn-primary"]);
    }
}
