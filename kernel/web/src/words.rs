//! The shell's own texts, and `t` in templates.
//!
//! `{{ t("billing-invoice-due", date=invoice.due_on | date) }}` says a text in the language of the page. Its values are
//! escaped like everything else; markup inside a sentence is given as a safe value:
//! `{{ t("x-help", open='<a href="/help">' | safe, close='</a>' | safe) }}`.

use std::sync::{Arc, OnceLock};

use bursar_fault::TextArg;
use bursar_i18n::{Catalogue, Locale, Texts, Translator};
use minijinja::value::{Kwargs, Value, ValueKind};
use minijinja::{Environment, Error};

use crate::SHELL_MODULE;
use crate::templates::{invalid, write_html};

/// The texts that every catalogue begins with.
pub(crate) fn shell_texts() -> Texts {
    let mut texts = Texts::default();
    texts.add(SHELL_MODULE, bursar_i18n::texts!("../locales"));
    texts
}

/// The shell's texts alone, for what has no page yet.
pub(crate) fn english_catalogue() -> &'static Arc<Catalogue> {
    static CATALOGUE: OnceLock<Arc<Catalogue>> = OnceLock::new();
    CATALOGUE.get_or_init(|| Arc::new(shell_texts().compile().expect("a test reads the shell's texts")))
}

/// The shell's own words in English.
pub(crate) fn english() -> Translator {
    Translator::new(Arc::clone(english_catalogue()), Locale::En)
}

/// Gives templates the function `t`.
pub(crate) fn add_to(environment: &mut Environment<'static>, catalogue: &Arc<Catalogue>, locale: Locale) {
    let catalogue = Arc::clone(catalogue);
    environment.add_function("t", move |key: &str, values: Kwargs| say(&catalogue, locale, key, &values));
}

/// The first of the characters that stand for a value while the text around it is escaped: private use, so that no text
/// has them.
const PLACE: u32 = 0xe000;

fn say(catalogue: &Catalogue, locale: Locale, key: &str, values: &Kwargs) -> Result<Value, Error> {
    let mut args = Vec::new();
    let mut markup = Vec::new();
    for name in values.args() {
        let value: Value = values.get(name)?;
        if value.is_safe() {
            let place = u32::try_from(markup.len()).ok().and_then(|index| char::from_u32(PLACE + index));
            let place = place.ok_or_else(|| invalid("a text with too many values"))?;
            markup.push((place, value.to_string()));
            args.push((name, TextArg::Word(place.to_string())));
        } else {
            args.push((name, argument(&value)?));
        }
    }
    values.assert_all_used()?;
    let text = catalogue
        .text(locale, key, args.iter().map(|(name, value)| (*name, value)))
        .map_err(|error| invalid(error.to_string()))?;
    if markup.is_empty() {
        return Ok(Value::from(text));
    }
    let mut html = String::new();
    write_html(&mut html, &text).map_err(|_| invalid("a text that cannot be written"))?;
    for (place, value) in markup {
        html = html.replace(place, &value);
    }
    Ok(Value::from_safe_string(html))
}

/// A value as texts take it: whole numbers count, amounts and everything else are words that come formatted.
fn argument(value: &Value) -> Result<TextArg, Error> {
    match value.kind() {
        ValueKind::Number => Ok(TextArg::Number(i64::try_from(value.clone())?)),
        ValueKind::String => Ok(TextArg::Word(value.to_string())),
        other => Err(invalid(format!("a text takes words and whole numbers, not {other}"))),
    }
}

#[cfg(test)]
mod tests {
    use minijinja::context;

    use super::*;
    use crate::Templates;

    fn render(locale: Locale, source: &'static str, context: Value) -> Result<String, String> {
        let mut texts = Texts::default();
        let english = "t-hello = Hello { $name }, read { $open }this{ $close } & that\nt-few = { $count ->\n    [one] one\n   *[other] { $count } things\n}";
        let german = "t-hello = Hallo { $name }, lies { $open }dies{ $close } & das";
        texts.add("t", [(Locale::En, english), (Locale::De, german)]);
        let mut templates = Templates::default();
        templates.add("t", "page.html", source);
        let compiled = templates.compile(&Arc::new(texts.compile().unwrap())).unwrap();
        compiled.render("t/page.html", locale, context).map_err(|fault| fault.chain())
    }

    const LINK: &str = "{{ t('t-hello', name=name, open='<a href=\"/x\">' | safe, close='</a>' | safe) }}";

    #[test]
    fn values_are_escaped_and_markup_is_not() {
        let html = render(Locale::De, LINK, context! { name => "<b>" }).unwrap();
        assert_eq!(html, "Hallo &lt;b&gt;, lies <a href=\"/x\">dies</a> &amp; das");
    }

    #[test]
    fn macros_speak_the_language_of_the_page_without_being_told() {
        let source =
            "{% macro m(name) %}{{ t('t-hello', name=name, open='', close='') }}{% endmacro %}{{ m('A') }}";
        assert_eq!(render(Locale::De, source, context! {}).unwrap(), "Hallo A, lies dies &amp; das");
        assert_eq!(render(Locale::Fr, source, context! {}).unwrap(), "Hello A, read this &amp; that");
    }

    #[test]
    fn a_key_that_is_not_there_or_a_value_that_is_missing_is_a_fault() {
        assert_eq!(render(Locale::En, "{{ t('t-few', count=1200) }}", context! {}).unwrap(), "1,200 things");
        assert!(render(Locale::En, "{{ t('t-gone') }}", context! {}).unwrap_err().contains("t-gone"));
        assert!(render(Locale::En, "{{ t('t-few') }}", context! {}).unwrap_err().contains("t-few"));
    }

    #[test]
    fn the_shells_own_texts_can_be_read() {
        assert!(shell_texts().compile().unwrap().has("shell-sign-in"));
    }
}
