//! What stands around a page: what layouts are given, and the layout of the office that is rendered once and kept.

use std::sync::Arc;

use axum::http::StatusCode;
use bursar_fault::Fault;
use bursar_i18n::Locale;
use bursar_time::Date;
use minijinja::context;
use minijinja::value::{Serde, Value};
use serde::Serialize;

use crate::brand::{DARK_GROUND, LIGHT_GROUND};
use crate::csrf::CSRF_FIELD;
use crate::flash::Flash;
use crate::frame::{Frame, Parts, Slot};
use crate::local_path::LocalPath;
use crate::markup::escaped;
use crate::nav::nav_for;
use crate::principal::{Account, Principal, Surface};
use crate::problem::PageResult;
use crate::visit::{Inner, Visit};

/// What the layouts need.
#[derive(Serialize)]
struct ShellView<'a> {
    product: &'static str,
    brand: BrandView<'a>,
    locale: &'static str,
    languages: Vec<LanguageView>,
    direction: &'static str,
    zone: String,
    scheme: &'static str,
    nonce: &'a str,
    csrf: String,
    csrf_field: &'static str,
    path: &'a str,
    here: &'a str,
    home: &'static str,
    sign_in: &'static str,
    sign_out: &'static str,
    nav: Vec<crate::nav::NavSection>,
    /// Whether there are lists to search.
    has_search: bool,
    person: Option<PersonView<'a>>,
    /// What the bell counts: empty for nothing new. There is no bell without it.
    bell: Option<String>,
    flash: Option<&'a Flash>,
    today: Date,
    request_id: &'a str,
    /// The page it goes into has its styles, under a nonce of its own.
    is_swapped_in: bool,
    /// What divides the parts of a page that is rendered without its layout; see `shell/parts.html`.
    mark: &'a str,
}

#[derive(Serialize)]
struct BrandView<'a> {
    name: &'a str,
    logo: Option<&'a str>,
    primary: String,
    primary_text: String,
    /// The first colour as text on light and on dark pages.
    primary_on_light: String,
    primary_on_dark: String,
    accent: String,
    accent_text: String,
}

/// A language one can choose.
#[derive(Serialize)]
struct LanguageView {
    code: &'static str,
    name: &'static str,
    direction: &'static str,
}

#[derive(Serialize)]
struct PersonView<'a> {
    name: &'a str,
    is_staff: bool,
    /// Who looks through this person's eyes.
    impersonator: Option<&'a str>,
    /// The customers to switch between; empty when there is no choice.
    accounts: &'a [Account],
}

/// What a bell shows: nothing for none, and no more than two digits.
fn counted(unread: u32) -> String {
    match unread {
        0 => String::new(),
        1..=99 => unread.to_string(),
        _ => "99+".to_owned(),
    }
}

impl<'a> PersonView<'a> {
    fn of(who: &'a Principal) -> Self {
        let accounts = &who.standing.accounts;
        Self {
            name: &who.name,
            is_staff: who.surface() == Surface::Staff,
            impersonator: who.standing.impersonator.as_deref(),
            accounts: if accounts.len() > 1 { accounts } else { &[] },
        }
    }
}

impl Visit {
    /// A page of the office whose content is HTML already.
    pub(crate) fn framed(&self, status: StatusCode, title: &str, content: &str) -> PageResult {
        let parts = Parts { title: &escaped(title), content, ..Parts::default() };
        Ok(self.html(status, self.in_frame(self.shell_view(), &parts)?))
    }

    pub(crate) fn page_with_status<C: Serialize>(
        &self,
        status: StatusCode,
        template: &str,
        context: C,
    ) -> PageResult {
        let is_staff = self.who().is_some_and(|who| who.surface() == Surface::Staff);
        let html = if is_staff && self.0.web.templates.is_in_office(template) {
            self.office_page(template, context)?
        } else {
            self.render(template, context)?
        };
        Ok(self.html(status, html))
    }

    /// The text of a page, for handlers that build their own response.
    pub fn render<C: Serialize>(&self, template: &str, context: C) -> Result<String, Fault> {
        let shell = Value::from(Serde(self.shell_view()));
        let context = context! { shell, ..Value::from(Serde(context)) };
        self.0.web.templates.render(template, self.locale(), context)
    }

    /// A template that stands inside a page: it says what a page says, and has no layout.
    pub(crate) fn render_inside(&self, template: &str, context: Value) -> Result<String, Fault> {
        let shell = self.inner_shell();
        self.0.web.templates.render(template, self.locale(), context! { shell, ..context })
    }

    /// The shell as what stands inside the layout sees it, made once a visit: without the navigation, which is most of
    /// it, and with the mark that divides the parts of a page.
    fn inner_shell(&self) -> Value {
        let make = || {
            let mark = self.0.web.frames.marks.of(Slot::Content);
            Value::from(Serde(ShellView { mark, ..self.shell_without_nav() }))
        };
        self.0.inner_shell.get_or_init(make).clone()
    }

    /// A page in the layout of the office: only what is the page's own is rendered.
    fn office_page<C: Serialize>(&self, template: &str, context: C) -> Result<String, Fault> {
        let context = context! { shell => self.inner_shell(), ..Value::from(Serde(context)) };
        let html = self.0.web.templates.render_parts(template, self.locale(), context)?;
        let parts = Parts::of(&html, self.0.web.frames.marks.of(Slot::Content))
            .ok_or_else(|| Fault::new(format!("{template} has no parts that go into the layout")))?;
        self.in_frame(self.shell_view(), &parts)
    }

    /// The layout with the parts of a page in it. `view` is all that the layout is given.
    fn in_frame<'a>(&'a self, mut view: ShellView<'a>, parts: &Parts<'_>) -> Result<String, Fault> {
        let marks = &self.0.web.frames.marks;
        view.nonce = marks.of(Slot::Nonce);
        view.path = marks.of(Slot::Path);
        view.here = marks.of(Slot::Here);
        view.request_id = marks.of(Slot::RequestId);
        let csrf = std::mem::replace(&mut view.csrf, marks.of(Slot::Csrf).to_owned());
        let bell = view.bell.take();
        view.bell = bell.as_ref().map(|_| marks.of(Slot::Bell).to_owned());
        let key = serde_json::to_vec(&view)
            .map_err(|e| Fault::wrap("what the layout is given cannot be written as JSON", e))?;
        let frame = match self.0.web.frames.find(&key) {
            Some(frame) => frame,
            None => {
                let context = context! {
                    shell => Value::from(Serde(view)),
                    title => marks.of(Slot::Title), head => marks.of(Slot::Head),
                    scripts => marks.of(Slot::Scripts), content => marks.of(Slot::Content),
                };
                let html = self.0.web.templates.render("shell/framed.html", self.locale(), context)?;
                let frame = Arc::new(Frame::cut(&html, marks));
                // A message is shown once and to one person.
                if self.0.flash.is_none() {
                    self.0.web.frames.keep(key, Arc::clone(&frame));
                }
                frame
            }
        };
        Ok(frame.fill(parts, |slot| match slot {
            Slot::Nonce => self.0.nonce.clone(),
            Slot::Csrf => csrf.clone(),
            Slot::Path => self.0.path.clone(),
            Slot::Here => self.0.path_and_query.clone(),
            Slot::RequestId => self.0.request_id.clone(),
            Slot::Bell => bell.clone().unwrap_or_default(),
            Slot::Title | Slot::Head | Slot::Scripts | Slot::Content => String::new(),
        }))
    }

    fn shell_view(&self) -> ShellView<'_> {
        let nav = self.who().map(|who| nav_for(&self.0.web.nav, who, &self.0.path, self.translator()));
        ShellView { nav: nav.unwrap_or_default(), ..self.shell_without_nav() }
    }

    fn shell_without_nav(&self) -> ShellView<'_> {
        let Inner { arrival, who, .. } = &*self.0;
        let surface = who.as_ref().map_or_else(|| Surface::of_path(&self.0.path), Principal::surface);
        ShellView {
            product: "Bursar",
            brand: BrandView {
                name: &arrival.brand.name,
                logo: arrival.brand.logo.as_ref().map(LocalPath::as_str),
                primary: arrival.brand.primary.to_string(),
                primary_text: arrival.brand.primary.text_on_it().to_string(),
                primary_on_light: arrival.brand.primary.as_text_on(LIGHT_GROUND).to_string(),
                primary_on_dark: arrival.brand.primary.as_text_on(DARK_GROUND).to_string(),
                accent: arrival.brand.accent.to_string(),
                accent_text: arrival.brand.accent.text_on_it().to_string(),
            },
            locale: self.locale().code(),
            languages: Locale::ALL
                .into_iter()
                .map(|locale| LanguageView {
                    code: locale.code(),
                    name: locale.name(),
                    direction: locale.direction().code(),
                })
                .collect(),
            direction: self.locale().direction().code(),
            zone: arrival.zone.iana_name().unwrap_or("UTC").to_owned(),
            scheme: self.0.scheme.code(),
            nonce: &self.0.nonce,
            csrf: self.csrf_token(),
            csrf_field: CSRF_FIELD,
            path: &self.0.path,
            here: &self.0.path_and_query,
            home: surface.home_path(),
            sign_in: surface.sign_in_path(),
            sign_out: surface.sign_out_path(),
            nav: Vec::new(),
            has_search: !self.0.web.resources.is_empty(),
            person: who.as_ref().map(PersonView::of),
            bell: self.0.unread.map(counted),
            flash: self.0.flash.as_ref(),
            today: self.today(),
            request_id: &self.0.request_id,
            is_swapped_in: self.0.is_swapped_in,
            mark: "",
        }
    }
}
