//! The opened installation: keys, database, modules, drivers.

use std::sync::{Arc, Mutex};

use bursar_app::App;
use bursar_billing::invoices::brand::DocumentLook;
use bursar_context::{Cx, Foundation, settings};
use bursar_db::{Db, OpenOptions, Tx};
use bursar_fault::Fault;
use bursar_i18n::{Locale, Translator};
use bursar_identity::RoleBook;
use bursar_ids::{Rng, TenantId};
use bursar_mail::PublicAddress;
use bursar_messaging::OfficeName;
use bursar_time::{Clock, SystemClock, TimeZone};
use bursar_vault::{KeyRing, Vault};
use serde::{Deserialize, Serialize};

use crate::config::Config;
use crate::drivers::Drivers;
use crate::modules;

/// Where the business's own settings lie.
pub const PROFILE_KEY: &str = "tenant.profile";
const KEY_FILE: &str = "keys";

/// What belongs to the business as a whole.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default)]
pub struct Profile {
    /// The time zone of its billing dates.
    pub zone: String,
}

impl Default for Profile {
    fn default() -> Self {
        Self { zone: "UTC".to_owned() }
    }
}

/// An opened installation.
pub struct Office {
    /// The modules, built.
    pub app: App,
    /// Gateways and other drivers.
    pub drivers: Drivers,
    /// Seals secrets at rest.
    pub vault: Vault,
    /// What every context shares.
    pub foundation: Foundation,
}

impl Office {
    /// Opens keys and database, brings the schema to head and builds the modules.
    pub async fn open(config: &Config) -> Result<Self, Fault> {
        Self::open_with(config, Arc::new(SystemClock), Rng::from_os()).await
    }

    /// With a clock and randomness of the caller's (the demo lives through a year in seconds).
    pub async fn open_with(config: &Config, clock: Arc<dyn Clock>, rng: Rng) -> Result<Self, Fault> {
        Self::open_as(config, clock, rng, OpenOptions::default()).await
    }

    /// The same for a business that can be made again, so that no commit waits for the disk.
    pub async fn open_hasty(config: &Config, clock: Arc<dyn Clock>, rng: Rng) -> Result<Self, Fault> {
        Self::open_as(config, clock, rng, OpenOptions { durable: false, ..OpenOptions::default() }).await
    }

    async fn open_as(
        config: &Config,
        clock: Arc<dyn Clock>,
        mut rng: Rng,
        mut options: OpenOptions,
    ) -> Result<Self, Fault> {
        std::fs::create_dir_all(&config.data).map_err(|e| {
            Fault::wrap(format!("the data directory {} cannot be made", config.data.display()), e)
        })?;
        let vault = open_vault(config, &mut rng)?;
        let drivers = Drivers::open(&config.data, vault.clone())?;
        let app = App::build(&modules::all(&drivers))?;
        if let Some(connections) = config.connections {
            options.connections = connections;
        }
        let db = Db::open(config.database.clone(), &options)?;
        db.migrate(app.migrations(), clock.now()).await?;
        let mut attachments = app.attachments();
        attachments.insert(Arc::new(PublicAddress(config.public_address())));
        // News is written by mail in the transaction it tells of: it needs the texts, and who may know.
        let texts = app.look().texts.catalogue()?;
        attachments.insert(Arc::new(Translator::new(texts, Locale::default())));
        attachments.insert(Arc::new(DocumentLook(|tx| Box::pin(crate::web::on_paper(tx)))));
        attachments.insert(Arc::new(OfficeName(|tx| Box::pin(bursar_billing::sellers::name(tx)))));
        attachments.insert(Arc::new(RoleBook::new(app.permissions())));
        let mut foundation = Foundation {
            tenant: TenantId::new("main").map_err(|e| Fault::new(e.to_string()))?,
            clock,
            zone: TimeZone::UTC,
            rng: Arc::new(Mutex::new(rng)),
            db,
            attachments: Arc::new(attachments),
        };
        foundation.zone = zone(&foundation).await?;
        Ok(Self { app, drivers, vault, foundation })
    }

    /// A context of the product itself.
    pub fn system(&self, why: &'static str) -> Cx {
        Cx::system(self.foundation.clone(), "bursar", why)
    }
}

/// Reads or makes the keys that seal secrets.
pub fn open_vault(config: &Config, rng: &mut Rng) -> Result<Vault, Fault> {
    let path = config.data.join(KEY_FILE);
    let ring = KeyRing::load_or_create(&path, rng)
        .map_err(|e| Fault::wrap(format!("the key file {} cannot be used", path.display()), e))?;
    Ok(Vault::new(ring))
}

async fn zone(foundation: &Foundation) -> Result<TimeZone, Fault> {
    let cx = Cx::system(foundation.clone(), "bursar", "reading the business's profile");
    let profile: Profile = cx.read(async |tx: &mut Tx| settings::get(tx, PROFILE_KEY).await).await?;
    TimeZone::get(&profile.zone)
        .map_err(|e| Fault::wrap(format!("the business's time zone {:?} is not known", profile.zone), e))
}
