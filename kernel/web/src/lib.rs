//! The thin web shell: server, layouts, forms, form tokens, security headers, assets, error pages.
//!
//! A module registers [`Routes`] that say who may use them, templates and navigation; a handler takes a [`Visit`],
//! calls its action and answers with [`Visit::page`] or [`Visit::redirect_with`]. Every request passes the same gate:
//! arrival at the tenant, who asks, access, form token, time and size limits, then the handler, then the headers.
//! What no route states is denied. Knows nothing of any business noun, and reaches people and tenants only through the
//! ports [`Site`] and [`Authenticate`].

mod ask;
mod assets;
mod board;
mod brand;
mod client;
mod cookies;
mod csrf;
mod flash;
mod form;
mod frame;
mod gate;
mod language;
mod layout;
mod local_path;
mod markdown;
mod markup;
mod nav;
mod notice;
mod outward;
mod page_link;
mod panel;
mod principal;
mod problem;
mod punctual;
mod resource;
mod routes;
mod serve;
mod settings;
mod sizes;
mod templates;
mod upload;
mod visit;
mod web;
mod words;

pub use assets::{ASSET_PREFIX, asset_compressed_bytes, asset_url};
pub use board::{Card, CardRow, CardSize, CardView, Chart, ChartKind, ChartLabel, LoadCard, Series};
pub use brand::{Brand, BrandBook, Colour};
pub use client::{ClientAddress, Network, NotANetwork, PeerAddress, TrustedProxies};
pub use cookies::{CookieName, SESSION_COOKIE, Transport};
pub use csrf::{CSRF_FIELD, CSRF_HEADER, ShellKey};
pub use flash::{Flash, FlashLevel};
pub use form::{Form, FormView};
pub use local_path::LocalPath;
pub use markdown::markdown_to_html;
pub use nav::Nav;
pub use notice::{NoticeKind, Severity};
pub use page_link::{LinkView, PageLink};
pub use panel::{
    Cell, LoadPanel, PANEL_ROWS, Panel, PanelAsk, PanelButton, PanelQuery, PanelQuestion, PanelSide,
    PanelView, Panels,
};
pub use principal::{Account, Arrival, Authenticate, Principal, PrincipalKind, Site, Standing, Surface};
pub use problem::{PageResult, Problem};
pub use resource::{
    Amount, BulkAction, Button, Column, Done, Figure, Figures, Filter, Find, Lens, Names, Owners, Paths,
};
pub use resource::{Reading, Resource, RunAction, Sort, humanised};
pub use routes::{Access, Demands, Permission, Public, RouteError, RouteRow, RouteTable, Routes, SignedIn};
pub use serve::{serve, shutdown_signal};
pub use settings::{
    Example, LoadChoices, NotSaved, Setting, SettingsDocument, SettingsGroup, SettingsLink, SettingsPage,
    SettingsWatch, save_settings,
};
pub use sizes::size_text;
pub use templates::{Compiled, Templates, escape_html};
pub use upload::Upload;
pub use visit::Visit;
pub use web::{Look, Web, WebSettings};

/// The name under which the shell registers its own templates and routes.
pub const SHELL_MODULE: &str = "shell";

/// The shell's own tables: views of lists that people saved, and how they arranged the first page.
pub fn migrations() -> bursar_db::Migrations {
    bursar_db::migrations!(
        "web",
        "0001_saved_views" => "../migrations/0001_saved_views.sql",
        "0002_boards" => "../migrations/0002_boards.sql",
    )
}

/// Every statement of the shell, for the test that prepares them.
pub fn statements() -> Vec<&'static bursar_db::Statement> {
    [resource::STATEMENTS, board::STATEMENTS].concat()
}
