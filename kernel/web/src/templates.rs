//! Templates: embedded by each module, overridable by a theme folder, strict about what is missing.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::{ask, words};
use bursar_fault::Fault;
use bursar_i18n::{
    Catalogue, Direction, Locale, MoneyStyle, countries, country_name, format_date, format_minor,
    format_number, format_time,
};
use bursar_money::Currency;
use bursar_time::{Date, TimeZone};
use jiff::Timestamp;
use minijinja::value::{Kwargs, Value};
use minijinja::{
    AutoEscape, Environment, Error, ErrorKind, Output, State, UndefinedBehavior, context, escape_formatter,
};

/// The sources of all templates before they are compiled.
#[derive(Debug, Clone, Default)]
pub struct Templates {
    sources: BTreeMap<String, &'static str>,
    theme: Option<PathBuf>,
    twice: Option<String>,
}

impl Templates {
    /// The shell's own layouts and macros.
    pub fn new() -> Self {
        let mut templates = Self::default();
        for (name, source) in [
            ("frame.html", include_str!("../templates/shell/frame.html")),
            ("admin.html", include_str!("../templates/shell/admin.html")),
            ("framed.html", include_str!("../templates/shell/framed.html")),
            ("portal.html", include_str!("../templates/shell/portal.html")),
            ("public.html", include_str!("../templates/shell/public.html")),
            ("bare.html", include_str!("../templates/shell/bare.html")),
            ("error.html", include_str!("../templates/shell/error.html")),
            ("chrome.html", include_str!("../templates/shell/chrome.html")),
            ("ui.html", include_str!("../templates/shell/ui.html")),
            ("board.html", include_str!("../templates/shell/board.html")),
            ("settings.html", include_str!("../templates/shell/settings.html")),
            ("settings_index.html", include_str!("../templates/shell/settings_index.html")),
            ("leave.html", include_str!("../templates/shell/leave.html")),
        ] {
            templates.add(crate::SHELL_MODULE, name, source);
        }
        templates
    }

    /// Adds `module/name`. Names are `feature/surface_page.html`; a name given twice is an error of [`Templates::compile`].
    pub fn add(&mut self, module: &str, name: &str, source: &'static str) {
        let full = format!("{module}/{name}");
        if self.sources.insert(full.clone(), source).is_some() {
            self.twice = Some(full);
        }
    }

    /// A folder whose files replace the templates of the same name: `THEME/billing/invoices/admin_list.html`.
    pub fn set_theme_folder(&mut self, folder: impl Into<PathBuf>) {
        self.theme = Some(folder.into());
    }

    /// The names of all templates.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.sources.keys().map(String::as_str)
    }

    /// Reads the theme and compiles everything, so that a mistake shows at the start and not on a page.
    pub fn compile(self, catalogue: &Arc<Catalogue>) -> Result<Compiled, Fault> {
        if let Some(name) = self.twice {
            return Err(Fault::new(format!("template {name} was added twice")));
        }
        let mut environment = environment();
        let mut office = BTreeSet::new();
        for (name, source) in self.sources {
            let source = match &self.theme {
                Some(folder) => theme_override(folder, &name)?.map_or(source.into(), std::borrow::Cow::Owned),
                None => source.into(),
            };
            if source.starts_with(IN_OFFICE) {
                office.insert(name.clone());
            }
            environment
                .add_template_owned(name.clone(), source)
                .map_err(|error| Fault::wrap(format!("compiling template {name}"), error))?;
        }
        // The templates themselves are shared; each language has filters and words of its own, so that macros, which
        // know nothing of the page they stand on, speak its language too.
        let speak = |locale| {
            let mut environment = environment.clone();
            add_language(&mut environment, locale);
            words::add_to(&mut environment, catalogue, locale);
            ask::add_to(&mut environment, catalogue, locale);
            (locale, environment)
        };
        let environments: BTreeMap<_, _> = Locale::ALL.into_iter().map(speak).collect();
        let mut parts = environments.clone();
        for environment in parts.values_mut() {
            environment
                .add_template(OFFICE, include_str!("../templates/shell/parts.html"))
                .map_err(|error| Fault::wrap("compiling the parts of pages", error))?;
        }
        Ok(Compiled { environments, parts, office })
    }
}

/// The theme's file for a template. The names are ours, never a visitor's, so they cannot leave the folder.
fn theme_override(folder: &Path, name: &str) -> Result<Option<String>, Fault> {
    let path = folder.join(name);
    match std::fs::read_to_string(&path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Fault::wrap(format!("reading the theme's {}", path.display()), error)),
    }
}

/// The layout of the office.
const OFFICE: &str = "shell/admin.html";
/// How the templates begin that stand in it.
const IN_OFFICE: &str = "{% extends \"shell/admin.html\" ";

/// Compiled templates, one set for each language.
#[derive(Debug)]
pub struct Compiled {
    environments: BTreeMap<Locale, Environment<'static>>,
    /// The same templates, with nothing of the office's layout around them but marks.
    parts: BTreeMap<Locale, Environment<'static>>,
    /// Those that stand in the office's layout.
    office: BTreeSet<String>,
}

impl Compiled {
    /// Renders a template in a language. A variable that is missing is a fault, never an empty place on the page.
    pub fn render(&self, name: &str, locale: Locale, context: Value) -> Result<String, Fault> {
        render(&self.environments, name, locale, context)
    }

    /// Whether a template stands in the layout of the office, for staff at least.
    pub(crate) fn is_in_office(&self, name: &str) -> bool {
        self.office.contains(name)
    }

    /// Renders the parts of a page of the office, without the layout around them.
    pub(crate) fn render_parts(&self, name: &str, locale: Locale, context: Value) -> Result<String, Fault> {
        render(&self.parts, name, locale, context)
    }
}

fn render(
    environments: &BTreeMap<Locale, Environment<'static>>,
    name: &str,
    locale: Locale,
    context: Value,
) -> Result<String, Fault> {
    let environment = environments
        .get(&locale)
        .ok_or_else(|| Fault::new(format!("no templates were compiled in {}", locale.code())))?;
    let rendered = environment.get_template(name).and_then(|template| template.render(context));
    rendered.map_err(|error| Fault::wrap(format!("rendering {name}"), error))
}

fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    // Everything is HTML here, whatever a theme's file is called.
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_formatter(write_escaped);
    environment.add_filter("markdown", |text: &str| Value::from_safe_string(crate::markdown_to_html(text)));
    environment.add_filter("initials", initials);
    environment.add_function("asset", asset);
    environment.add_function("icon", icon);
    environment.add_function("tone", |status: &str| crate::markup::tone(status));
    environment
}

/// The filters that write as people of the language do.
fn add_language(environment: &mut Environment<'static>, locale: Locale) {
    environment.add_filter("money", move |amount: &Value, options: Kwargs| money(locale, amount, options));
    environment.add_filter("number", move |number: i64| format_number(number, locale));
    environment.add_filter("date", move |iso: &str| date(locale, iso));
    environment.add_filter("datetime", move |state: &State, micros: i64| datetime(locale, state, micros));
    // A code that no country has was imported, and is better seen than hidden.
    environment.add_filter("country", move |code: &str| {
        country_name(locale, code).map_or_else(|| code.to_owned(), str::to_owned)
    });
    environment.add_function("countries", move || {
        let named = countries(locale).iter().map(|(code, name)| context! { value => *code, label => *name });
        Value::from_iter(named)
    });
}

/// Escapes text for HTML, in elements and in quoted attributes. The engine's own way also rewrites every slash, which
/// protects nothing here and makes each address on a page four times as long.
fn write_escaped(out: &mut Output, state: &mut State, value: &Value) -> Result<(), Error> {
    let text = match value.as_str() {
        Some(text) if !value.is_safe() && *state.auto_escape() == AutoEscape::Html => text,
        _ => return escape_formatter(out, state, value),
    };
    Ok(write_html(out, text)?)
}

/// Text as HTML, in elements and in quoted attributes: for the few places that write HTML without a template.
pub fn escape_html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    write_html(&mut out, text).expect("writing to a string cannot fail");
    out
}

/// The same into something else.
pub(crate) fn write_html(out: &mut impl std::fmt::Write, text: &str) -> std::fmt::Result {
    out.write_str(&crate::markup::escaped(text))
}

pub(crate) fn invalid(detail: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    Error::new(ErrorKind::InvalidOperation, detail)
}

/// The tenant's zone, which the shell of the page says.
fn zone(state: &State) -> TimeZone {
    let shell = state.lookup("shell");
    let name = shell.and_then(|shell| shell.get_attr("zone").ok());
    let zone = name.as_ref().and_then(Value::as_str).and_then(|name| TimeZone::get(name).ok());
    zone.unwrap_or(TimeZone::UTC)
}

/// `{{ amount | money }}`, `{{ amount | money(code=true) }}` for the ISO code instead of the symbol.
fn money(locale: Locale, amount: &Value, options: Kwargs) -> Result<String, Error> {
    let code = options.get::<Option<bool>>("code")?.unwrap_or_default();
    options.assert_all_used()?;
    let minor = i64::try_from(amount.get_attr("minor")?)?;
    let currency = amount.get_attr("currency")?;
    let currency = currency.as_str().ok_or_else(|| invalid("an amount needs minor units and a currency"))?;
    let currency = Currency::parse(currency).map_err(|error| invalid(error.to_string()))?;
    let style = if code { MoneyStyle::Code } else { MoneyStyle::Symbol };
    let text = format_minor(minor, currency.code(), currency.exponent(), locale, style);
    // Isolated, or the sign and the symbol of an amount would wander to the other side of it.
    Ok(match locale.direction() {
        Direction::Ltr => text,
        Direction::Rtl => format!("\u{2066}{text}\u{2069}"),
    })
}

/// A date in ISO form as the reader writes it.
fn date(locale: Locale, iso: &str) -> Result<String, Error> {
    let date: Date = iso.parse().map_err(|_| invalid(format!("{iso:?} is not a date")))?;
    Ok(format_date(date, locale))
}

/// An instant in microseconds as date and time in the tenant's zone.
fn datetime(locale: Locale, state: &State, micros: i64) -> Result<String, Error> {
    let instant = Timestamp::from_microsecond(micros).map_err(|error| invalid(error.to_string()))?;
    let local = instant.to_zoned(zone(state));
    Ok(format!("{}, {}", format_date(local.date(), locale), format_time(local.hour(), local.minute())))
}

/// `Ann Marie Doe` becomes `AD`.
fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().next());
    let first = words.next();
    first.into_iter().chain(words.next_back()).flat_map(char::to_uppercase).collect()
}

fn asset(name: &str) -> Result<&'static str, Error> {
    crate::asset_url(name).ok_or_else(|| invalid(format!("there is no asset {name:?}")))
}

/// An icon of the sprite.
fn icon(name: &str) -> Result<Value, Error> {
    if !crate::markup::is_icon_name(name) {
        return Err(invalid(format!("{name:?} is not the name of an icon")));
    }
    let mut html = String::new();
    crate::markup::icon_into(&mut html, name);
    Ok(Value::from_safe_string(html))
}

#[cfg(test)]
mod tests {
    use minijinja::context;

    use super::*;

    fn render(source: &'static str, context: Value) -> Result<String, Fault> {
        let mut templates = Templates::default();
        templates.add("t", "page.html", source);
        templates.compile(words::english_catalogue())?.render("t/page.html", Locale::De, context)
    }

    #[test]
    fn a_missing_variable_is_a_fault() {
        assert!(render("{{ there }}", context! { there => 1 }).is_ok());
        assert!(render("{{ gone }}", context! { there => 1 }).is_err());
        assert!(render("{{ there.gone }}", context! { there => context! {} }).is_err());
    }

    #[test]
    fn filters_speak_the_language_and_zone_of_the_page() {
        let amount = minijinja::value::Serde(bursar_money::Money::new(123_456, Currency::EUR));
        let shell = context! { zone => "Asia/Kolkata" };
        let html = render(
            "{{ a | money }}|{{ a | money(code=true) }}|{{ '2026-03-09' | date }}|{{ 0 | datetime }}|{{ 1234 | number }}",
            context! { a => Value::from(amount), shell },
        );
        let expected = "1.234,56\u{a0}€|1.234,56\u{a0}EUR|09.03.2026|01.01.1970, 05:30|1.234";
        assert_eq!(html.unwrap(), expected);
    }

    #[test]
    fn a_theme_replaces_one_template_and_a_broken_one_is_named() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("t")).unwrap();
        std::fs::write(folder.path().join("t/page.html"), "theirs {{ x }}").unwrap();
        let compile = || {
            let mut templates = Templates::default();
            templates.add("t", "page.html", "ours");
            templates.add("t", "other.html", "ours too");
            templates.set_theme_folder(folder.path());
            templates.compile(words::english_catalogue())
        };
        let render = |compiled: &Compiled, name, context| compiled.render(name, Locale::En, context).unwrap();
        let compiled = compile().unwrap();
        assert_eq!(render(&compiled, "t/page.html", context! { x => "<b>" }), "theirs &lt;b&gt;");
        assert_eq!(render(&compiled, "t/other.html", context! {}), "ours too");
        std::fs::write(folder.path().join("t/page.html"), "{% if %}").unwrap();
        assert!(compile().unwrap_err().chain().contains("t/page.html"));
    }

    #[test]
    fn initials_are_of_the_first_and_last_word() {
        assert_eq!(initials("ann marie doe"), "AD");
        assert_eq!(initials("Ünal"), "Ü");
        assert_eq!(initials(""), "");
    }
}
