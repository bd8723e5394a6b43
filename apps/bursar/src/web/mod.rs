//! The web application: the shell over all modules, and the pages that belong to no single one of them.

mod cards;
mod checkout;
mod customer;
mod desk;
mod door;
mod follow;
mod funds;
mod key;
mod language;
mod letters;
mod logs;
mod look;
mod news;
mod problems;
mod profile;
mod sandbox;
mod ways;

use std::sync::Arc;

use axum::{Extension, Router};
use bursar_app::OneTenant;
use bursar_fault::Fault;
use bursar_i18n::Locale;
use bursar_identity::{Gatehouse, Passkeys, RoleBook, SessionAuthenticator};
use bursar_ids::Rng;
use bursar_outbound::Outbound;
use bursar_web::{RouteTable, SettingsWatch, Transport, Web, WebSettings};

use crate::config::Config;
use crate::office::Office;

pub use desk::DeskModule;
pub use look::Looks;
pub(crate) use look::on_paper;
pub use sandbox::deliver_webhooks;

/// Where people reach us, without a slash at the end: for links in mails, which no request may decide about.
#[derive(Debug, Clone)]
pub struct PublicUrl(pub String);

/// The pages of an office, ready to be served.
#[derive(Debug)]
pub struct Served {
    /// Answers requests.
    pub router: Router,
    /// What it answers and to whom.
    pub table: RouteTable,
    /// To be followed while it is served.
    pub looks: Looks,
}

/// Everything the office answers, and the table of its routes. It works once per office.
pub async fn router(office: &Office, config: &Config, public: PublicUrl) -> Result<Served, Fault> {
    let transport = if config.behind_tls { Transport::Tls } else { Transport::Plain };
    let mut settings = WebSettings::new(transport, key::load_or_create(&config.data, &mut Rng::from_os())?);
    settings.proxies = config.proxies.clone();
    let looks = Looks::open(office.system("reading what the pages look like")).await?;
    let passkeys = Passkeys::new(&public.0, &looks.book().current().name).map(Arc::new);
    let site = OneTenant::new(office.foundation.clone(), looks.book(), Locale::default())
        .with_languages(Arc::new(language::CustomerLanguages))
        .with_bell(Arc::new(news::Unread));
    let book = Arc::new(RoleBook::new(office.app.permissions()));
    let authenticate = SessionAuthenticator::new(transport, Arc::clone(&book));
    let mut look = office.app.look();
    if let Some(folder) = &config.theme {
        look.templates.set_theme_folder(folder);
    }
    let web = Web::new(settings, Arc::new(site), Arc::new(authenticate), look, Rng::from_os())?;
    let (router, table) = office.app.router(&web)?;
    let house = Gatehouse {
        book: Arc::clone(&book),
        vault: office.vault.clone(),
        mail: Arc::new(letters::Letters { base: public.0.clone() }),
        base: public.0.clone(),
        passkeys,
        outbound: Outbound::new(),
        patience: Gatehouse::PATIENCE,
    };
    let watch: Arc<dyn SettingsWatch> = Arc::new(looks.clone());
    let router = router.layer(Extension(public)).layer(Extension(book)).layer(Extension(house));
    Ok(Served { router: router.layer(Extension(watch)), table, looks })
}
