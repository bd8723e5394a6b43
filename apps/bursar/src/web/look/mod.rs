//! What the pages look like: the business's name, two colours and a logo.
//!
//! Pages are made far more often than their look is changed, so the look in force is kept beside the database: it is
//! read when the program starts, when settings are saved, and every few seconds for what another process saved.

mod logo;
mod pages;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bursar_app::Registry;
use bursar_billing::document;
use bursar_context::{Cx, settings};
use bursar_db::Tx;
use bursar_fault::{Fault, FieldError};
use bursar_web::{
    Brand, BrandBook, Colour, LocalPath, Setting, SettingsDocument, SettingsGroup, SettingsLink,
    SettingsPage, SettingsWatch,
};
use serde::{Deserialize, Serialize};

use super::desk::PROFILE_EDIT;
use logo::Logo;

/// How long another process may show what was changed here.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// The two colours of a business, as `#rrggbb`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Look {
    primary: String,
    accent: String,
}

impl Default for Look {
    fn default() -> Self {
        let brand = Brand::default();
        Self { primary: brand.primary.to_string(), accent: brand.accent.to_string() }
    }
}

impl SettingsDocument for Look {
    const KEY: &'static str = "desk.look";
    const PERMISSION: &'static str = PROFILE_EDIT;

    fn wrong(&self) -> Vec<FieldError> {
        let colours = [("primary", &self.primary), ("accent", &self.accent)];
        colours
            .into_iter()
            .filter_map(|(field, typed)| Some(FieldError::new(field, coloured(typed).err()?)))
            .collect()
    }
}

/// What a colour leads to.
fn coloured(typed: &str) -> Result<String, String> {
    match Colour::parse(typed) {
        Some(colour) => Ok(format!("Text on it is written in {}.", colour.text_on_it())),
        None => Err("Give a colour by its six digits, for example #1d4ed8: two each of red, green and blue."
            .to_owned()),
    }
}

fn page() -> SettingsPage {
    let colours = vec![
        Setting::text("primary", "Main colour", 7)
            .help("Buttons, links and marks, for example #1d4ed8. Where it would be hard to read as text, pages use a darker or lighter one.")
            .example(coloured),
        Setting::text("accent", "Second colour", 7)
            .help("Highlights, for example #0f766e.")
            .example(coloured),
    ];
    let groups = vec![SettingsGroup::new("Colours", "On every page: office, portal and shop.", colours)];
    SettingsPage::of::<Look>("/admin/settings/look", "Colours", groups)
        .described("eye", "The two colours of your pages.")
}

pub(super) fn register(registry: &mut Registry) {
    registry.template("look/logo.html", include_str!("../../../templates/desk/logo.html"));
    registry.settings(page());
    registry.settings_link(SettingsLink {
        href: pages::AT,
        title: "Logo",
        icon: "eye",
        about: "The picture beside or instead of your name on every page: brand, logo, image.",
        permission: PROFILE_EDIT,
    });
    registry.routes(pages::routes());
}

/// What the pages look like by the database.
async fn stored(tx: &mut Tx) -> Result<Brand, Fault> {
    let name = bursar_billing::sellers::name(tx).await?;
    let (look, logo) = (Look::load(tx).await?, settings::get::<Logo>(tx, logo::KEY).await?);
    let usual = Brand::default();
    Ok(Brand {
        // The pages carry the name that invoices carry.
        name: if name.is_empty() { usual.name } else { name },
        primary: Colour::parse(&look.primary).unwrap_or(usual.primary),
        accent: Colour::parse(&look.accent).unwrap_or(usual.accent),
        logo: logo.path().as_deref().and_then(LocalPath::parse),
    })
}

/// The look that documents get: theirs is their own as long as nobody has chosen colours.
pub(crate) async fn on_paper(tx: &mut Tx) -> Result<document::Brand, Fault> {
    let (look, usual, paper) = (Look::load(tx).await?, Look::default(), document::Brand::default());
    let chosen = |colour: &str, untouched: &str| {
        if colour == untouched { None } else { document::Colour::parse(colour).ok() }
    };
    let logo = logo::find(tx).await?.and_then(|(logo, bytes)| logo.on_paper(bytes));
    Ok(document::Brand {
        logo,
        primary: chosen(&look.primary, &usual.primary).unwrap_or(paper.primary),
        accent: chosen(&look.accent, &usual.accent).unwrap_or(paper.accent),
    })
}

/// Keeps the look in force at what the database says.
#[derive(Debug, Clone)]
pub struct Looks {
    system: Cx,
    book: Arc<BrandBook>,
}

impl Looks {
    /// The look of now. `system` is who reads it.
    pub(super) async fn open(system: Cx) -> Result<Self, Fault> {
        let looks = Self { system, book: Arc::default() };
        looks.refresh().await?;
        Ok(looks)
    }

    /// The look, for whoever makes pages.
    pub(super) fn book(&self) -> Arc<BrandBook> {
        Arc::clone(&self.book)
    }

    async fn refresh(&self) -> Result<(), Fault> {
        let brand = self.system.read(async |tx: &mut Tx| stored(tx).await).await?;
        self.book.change(brand);
        Ok(())
    }

    /// Follows what other processes save, until it is told to stop.
    pub async fn follow(&self, stop: impl Future<Output = ()>) {
        let mut stop = std::pin::pin!(stop);
        let mut ticks = tokio::time::interval(LOOK_EVERY);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = &mut stop => return,
                _ = ticks.tick() => {
                    if let Err(fault) = self.refresh().await {
                        tracing::warn!(fault = fault.chain(), "the look of the pages could not be read");
                    }
                }
            }
        }
    }
}

#[async_trait]
impl SettingsWatch for Looks {
    async fn saved(&self, _: &Cx) -> Result<(), Fault> {
        self.refresh().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_colour_is_one_and_it_says_what_reads_well_on_it() {
        assert_eq!(coloured("#facc15"), Ok("Text on it is written in #111827.".to_owned()));
        for wrong in ["", "red", "#fff", "#12345g", "1d4ed8"] {
            assert!(coloured(wrong).is_err(), "{wrong}");
        }
        let wrong = Look { primary: "#fff".to_owned(), ..Look::default() }.wrong();
        assert_eq!(wrong.iter().map(|it| it.field.as_ref()).collect::<Vec<_>>(), ["primary"]);
        assert_eq!(Look::default().wrong(), Vec::<FieldError>::new());
        assert_eq!(page().mistakes(), Vec::<String>::new());
    }
}
