//! The shell put together: settings, ports, templates, navigation, and the router over all modules.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use axum::{Extension, Router};
use bursar_fault::Fault;
use bursar_i18n::{Catalogue, Locale, Texts};
use bursar_ids::Rng;
use tower_http::compression::CompressionLayer;

use crate::board::Card;
use crate::client::TrustedProxies;
use crate::cookies::{SCHEME_COOKIE, Transport};
use crate::csrf::ShellKey;
use crate::form::Form;
use crate::frame::Frames;
use crate::local_path::LocalPath;
use crate::nav::Nav;
use crate::notice::NoticeKind;
use crate::page_link::PageLink;
use crate::panel::Panel;
use crate::principal::{Authenticate, Site};
use crate::problem::{PageResult, Problem};
use crate::resource::Resource;
use crate::routes::{Public, RouteError, RouteTable, Routes, assemble};
use crate::settings::{SettingsLink, SettingsPage};
use crate::templates::{Compiled, Templates};
use crate::visit::{Scheme, Visit};
use crate::{SHELL_MODULE, assets, gate, words};

/// How the shell runs.
#[derive(Debug, Clone)]
pub struct WebSettings {
    /// Whether people reach us over TLS.
    pub transport: Transport,
    /// The key for form tokens and signed cookies, the same on every node.
    pub key: ShellKey,
    /// Whose word counts about where a request comes from.
    pub proxies: TrustedProxies,
    /// The largest body of a request, in bytes.
    pub body_limit_bytes: usize,
    /// How long a request may take, its body included, in seconds.
    pub request_timeout_seconds: u64,
}

impl WebSettings {
    /// Settings with the usual limits (1 MiB, 30 seconds) and no proxy in front.
    pub const fn new(transport: Transport, key: ShellKey) -> Self {
        let proxies = TrustedProxies::none();
        Self { transport, key, proxies, body_limit_bytes: 1 << 20, request_timeout_seconds: 30 }
    }

    pub(crate) fn request_timeout(&self) -> Duration {
        Duration::from_secs(self.request_timeout_seconds)
    }
}

/// The shell.
pub struct Web {
    pub(crate) settings: WebSettings,
    pub(crate) site: Arc<dyn Site>,
    pub(crate) authenticate: Arc<dyn Authenticate>,
    pub(crate) templates: Compiled,
    pub(crate) catalogue: Arc<Catalogue>,
    pub(crate) nav: Vec<Nav>,
    pub(crate) links: Vec<PageLink>,
    pub(crate) frames: Frames,
    pub(crate) resources: Vec<Arc<Resource>>,
    pub(crate) cards: Vec<Card>,
    pub(crate) panels: Vec<Panel>,
    pub(crate) settings_pages: Vec<Arc<SettingsPage>>,
    pub(crate) settings_links: Vec<SettingsLink>,
    pub(crate) notices: Vec<NoticeKind>,
    rng: Mutex<Rng>,
}

impl Web {
    /// Compiles the templates and takes everything the shell works with. `rng` makes nonces, masks and request ids; in
    /// production it is seeded from the operating system.
    pub fn new(
        settings: WebSettings,
        site: Arc<dyn Site>,
        authenticate: Arc<dyn Authenticate>,
        look: Look,
        mut rng: Rng,
    ) -> Result<Arc<Self>, Fault> {
        let catalogue = look.texts.catalogue()?;
        let templates = look.templates.compile(&catalogue)?;
        let Look { nav, links, resources, cards, panels, settings_pages, settings_links, notices, .. } = look;
        let frames = Frames::new(&mut rng);
        let rng = Mutex::new(rng);
        Ok(Arc::new(Self {
            settings,
            site,
            authenticate,
            templates,
            catalogue,
            nav,
            links,
            frames,
            resources,
            cards,
            panels,
            settings_pages,
            settings_links,
            notices,
            rng,
        }))
    }

    /// Random bytes.
    pub(crate) fn random<const N: usize>(&self) -> [u8; N] {
        self.rng.lock().expect("nothing panics while it holds the generator").bytes()
    }

    /// A random text of `bytes` bytes of randomness, base64url.
    pub(crate) fn token(&self, bytes: usize) -> String {
        self.rng.lock().expect("nothing panics while it holds the generator").token(bytes)
    }

    /// The whole product as one service, and the table of its routes.
    ///
    /// # Errors
    /// When two routes are the same, or one needs a permission that is not in `permissions`.
    pub fn router(
        self: &Arc<Self>,
        mut modules: Vec<Routes<()>>,
        permissions: &BTreeSet<&str>,
    ) -> Result<(Router, RouteTable), RouteError> {
        modules.push(shell_routes());
        if !self.resources.is_empty() {
            modules.push(crate::resource::search_routes(SHELL_MODULE));
        }
        if !self.cards.is_empty() {
            modules.push(crate::board::routes(SHELL_MODULE));
        }
        if !self.settings_pages.is_empty() {
            modules.push(crate::settings::index_routes(SHELL_MODULE));
        }
        let rows =
            modules.iter().flat_map(|module| module.routes.iter().map(|route| route.row.clone())).collect();
        let table = RouteTable::check(rows, permissions)?;
        let guarded = assemble(modules, |row, handler| {
            let guard = gate::Guard { web: Arc::clone(self), access: row.access, demands: row.demands };
            handler.layer(from_fn_with_state(guard, gate::guard))
        });
        let pages = guarded
            .fallback(async || Problem::not_found())
            .method_not_allowed_fallback(async || {
                Problem::new(axum::http::StatusCode::METHOD_NOT_ALLOWED, "shell-problem-method")
            })
            .layer(from_fn_with_state(Arc::clone(self), gate::receive))
            .layer(CompressionLayer::new());
        let assets = Router::new()
            .route("/assets/{file}", get(serve_asset))
            .layer(from_fn_with_state(Arc::clone(self), gate::harden_asset));
        Ok((assets.merge(pages), table))
    }
}

/// What modules contribute to the look: templates, texts and navigation.
#[derive(Debug, Clone)]
pub struct Look {
    /// The templates; they begin with the shell's own.
    pub templates: Templates,
    /// The texts; they begin with the shell's own.
    pub texts: Texts,
    /// The navigation.
    pub nav: Vec<Nav>,
    /// Links on pages of other modules' subjects.
    pub links: Vec<PageLink>,
    /// The lists, for what looks into all of them.
    pub resources: Vec<Arc<Resource>>,
    /// The cards of the first page.
    pub cards: Vec<Card>,
    /// The panels of pages about one subject.
    pub panels: Vec<Panel>,
    /// The pages of settings.
    pub settings_pages: Vec<Arc<SettingsPage>>,
    /// Pages of settings that are written by hand.
    pub settings_links: Vec<SettingsLink>,
    /// The kinds of news that people can hear of.
    pub notices: Vec<NoticeKind>,
}

impl Default for Look {
    fn default() -> Self {
        Self {
            templates: Templates::new(),
            texts: words::shell_texts(),
            nav: Vec::new(),
            links: Vec::new(),
            resources: Vec::new(),
            cards: Vec::new(),
            panels: Vec::new(),
            settings_pages: Vec::new(),
            settings_links: Vec::new(),
            notices: Vec::new(),
        }
    }
}

async fn serve_asset(Path(file): Path<String>, headers: HeaderMap) -> axum::response::Response {
    assets::answer(&file, &headers)
}

fn shell_routes() -> Routes<()> {
    Routes::new(SHELL_MODULE)
        .post("/shell/scheme", Public, choose_scheme)
        .post("/shell/language", Public, choose_language)
        .with_state(())
}

/// Remembers light, dark or system for a year and goes back to where the visitor was.
async fn choose_scheme(State(()): State<()>, Extension(visit): Extension<Visit>, form: Form) -> PageResult {
    let scheme = Scheme::parse(form.text("scheme")).unwrap_or_default();
    let mut response = visit.redirect(LocalPath::parse_or(Some(form.text("return_to")), "/"))?;
    visit.store_cookie(&mut response, SCHEME_COOKIE, scheme.code(), Some(365 * 24 * 60 * 60));
    Ok(response)
}

/// Remembers the language for a year and goes back to where the visitor was.
async fn choose_language(State(()): State<()>, Extension(visit): Extension<Visit>, form: Form) -> PageResult {
    let locale = Locale::parse(form.text("locale")).unwrap_or_else(|| visit.locale());
    let mut response = visit.redirect(LocalPath::parse_or(Some(form.text("return_to")), "/"))?;
    visit.store_language(&mut response, locale);
    Ok(response)
}
