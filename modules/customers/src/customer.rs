use std::collections::BTreeMap;

use bursar_ids::{Entity, Id};
use bursar_money::Currency;
use bursar_time::Instant;
use serde::{Deserialize, Serialize};

use crate::check::Check;
use crate::contacts::Contact;
use crate::error::CustomerError;

/// Most characters of a name, an address line and the like.
pub(crate) const LINE: usize = 200;
const MOST_CUSTOM_FIELDS: usize = 100;
const LONGEST_CUSTOM_VALUE: usize = 10_000;

macro_rules! coded {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $code)] $variant),+ }

        impl $name {
            /// All of them, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The text in the database and in forms.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// Reads [`code`](Self::code); `None` for any other text.
            pub fn parse(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.code() == code)
            }
        }
    };
}

coded! {
    /// What a customer is to us.
    Status {
        /// Buys and signs in.
        Active = "active",
        /// Has nothing at the moment; becomes active with the next order.
        Inactive = "inactive",
        /// Staff stopped it for now; what is owed still falls due.
        Suspended = "suspended",
        /// Not wanted any more.
        Banned = "banned",
        /// Left.
        Closed = "closed",
    }
}

coded! {
    /// How a billing run puts subscriptions on invoices.
    Grouping {
        /// One invoice per subscription.
        Separate = "separate",
        /// One invoice per day for all that falls due.
        Daily = "daily",
    }
}

coded! {
    /// What is known of the tax number.
    TaxIdStatus {
        /// There is none.
        None = "none",
        /// Nobody has asked yet.
        Unchecked = "unchecked",
        /// A register knows it.
        Valid = "valid",
        /// The register does not know it.
        Invalid = "invalid",
    }
}

/// A name and where letters go, shared by customers and contacts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Postal {
    /// Given name.
    pub first_name: String,
    /// Family name.
    pub last_name: String,
    /// Company, empty for a person.
    pub company: String,
    /// E-mail address.
    pub email: String,
    /// Telephone, as people write it.
    pub phone: String,
    /// Street and number.
    pub address1: String,
    /// Second line.
    pub address2: String,
    /// Town.
    pub city: String,
    /// State, province or region.
    pub state: String,
    /// Postal code.
    pub postcode: String,
    /// ISO 3166-1 alpha-2, upper case.
    pub country: String,
    /// Tax number as written by the customer, without spaces around it.
    pub tax_id: String,
}

impl Postal {
    /// First and last name.
    pub fn full_name(&self) -> String {
        [self.first_name.as_str(), &self.last_name].join(" ").trim().to_owned()
    }

    /// The company, or the person when there is none.
    pub fn display_name(&self) -> String {
        if self.company.is_empty() { self.full_name() } else { self.company.clone() }
    }

    /// Without spaces around anything, country and tax number in capitals, address in lower case where it may be.
    #[must_use]
    pub fn tidied(&self) -> Self {
        let tidy = |text: &String| text.trim().to_owned();
        Self {
            first_name: tidy(&self.first_name),
            last_name: tidy(&self.last_name),
            company: tidy(&self.company),
            email: tidy(&self.email).to_lowercase(),
            phone: tidy(&self.phone),
            address1: tidy(&self.address1),
            address2: tidy(&self.address2),
            city: tidy(&self.city),
            state: tidy(&self.state),
            postcode: tidy(&self.postcode),
            country: tidy(&self.country).to_uppercase(),
            tax_id: tidy(&self.tax_id).to_uppercase(),
        }
    }

    pub(crate) fn check(&self, check: &mut Check) {
        check.named(&self.display_name());
        for (field, text) in [
            ("first_name", &self.first_name),
            ("last_name", &self.last_name),
            ("company", &self.company),
            ("address1", &self.address1),
            ("address2", &self.address2),
            ("city", &self.city),
            ("state", &self.state),
        ] {
            check.line(field, text, LINE);
        }
        check.line("postcode", &self.postcode, 20);
        check.email("email", &self.email);
        check.phone("phone", &self.phone);
        check.country("country", &self.country);
        check.tax_id("tax_id", &self.tax_id);
    }
}

/// What people may change about a customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerDetails {
    /// Name and address.
    #[serde(flatten)]
    pub postal: Postal,
    /// No tax is charged, whatever the rules say.
    pub tax_exempt: bool,
    /// `en`, `de`, `pt-BR`.
    pub language: String,
    /// Customer group.
    pub group_id: Option<i64>,
    /// How subscriptions are put on invoices.
    pub grouping: Grouping,
    /// Credit pays new invoices by itself.
    pub auto_apply_credit: bool,
    /// Never charged a late fee.
    pub late_fee_exempt: bool,
    /// Never reminded or suspended for debt.
    pub dunning_exempt: bool,
    /// The contact printed on invoices instead of the customer.
    pub billing_contact_id: Option<i64>,
    /// The contact goods are sent to.
    pub shipping_contact_id: Option<i64>,
    /// Gateway id for automatic payments; empty for the tenant's default.
    pub default_gateway: String,
    /// Values of the tenant's own fields, by name.
    pub custom_fields: BTreeMap<String, String>,
}

impl Default for CustomerDetails {
    fn default() -> Self {
        Self {
            postal: Postal::default(),
            tax_exempt: false,
            language: "en".to_owned(),
            group_id: None,
            grouping: Grouping::Daily,
            auto_apply_credit: true,
            late_fee_exempt: false,
            dunning_exempt: false,
            billing_contact_id: None,
            shipping_contact_id: None,
            default_gateway: String::new(),
            custom_fields: BTreeMap::new(),
        }
    }
}

impl CustomerDetails {
    /// Tidied and checked; every fault at once.
    ///
    /// # Errors
    /// [`CustomerError::Invalid`].
    pub fn checked(&self) -> Result<Self, CustomerError> {
        let details = Self {
            postal: self.postal.tidied(),
            language: self.language.trim().to_owned(),
            default_gateway: self.default_gateway.trim().to_owned(),
            ..self.clone()
        };
        let mut check = Check::default();
        details.postal.check(&mut check);
        check.language("language", &details.language);
        if !details.default_gateway.is_empty() {
            check.name("default_gateway", &details.default_gateway);
        }
        if details.custom_fields.len() > MOST_CUSTOM_FIELDS {
            check.fail("custom_fields", format!("Use at most {MOST_CUSTOM_FIELDS} custom fields."));
        }
        for (name, value) in &details.custom_fields {
            check.name("custom_fields", name);
            if value.chars().count() > LONGEST_CUSTOM_VALUE {
                check.fail(
                    "custom_fields",
                    format!("{name}: shorten the value to at most {LONGEST_CUSTOM_VALUE} characters."),
                );
            }
        }
        check.finish()?;
        Ok(details)
    }

    /// The name lists are sorted by.
    pub(crate) fn sort_name(&self) -> String {
        self.postal.display_name().to_lowercase()
    }
}

/// A customer to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCustomer {
    /// For life: invoices and credit are kept in it.
    pub currency: Currency,
    /// Everything else.
    pub details: CustomerDetails,
}

/// A customer as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Customer {
    /// Identity; kept by imports.
    pub id: Id<Self>,
    /// For life.
    pub currency: Currency,
    /// What may change.
    pub details: CustomerDetails,
    /// What they are to us.
    pub status: Status,
    /// What is known of the tax number.
    pub tax_id_status: TaxIdStatus,
    /// When the address was confirmed by a link.
    pub email_verified_at: Option<Instant>,
    /// The identity that the next document prints.
    pub snapshot_id: i64,
    /// Since when.
    pub created_at: Instant,
    /// Last change.
    pub updated_at: Instant,
    /// Counts changes; an update names the one it saw.
    pub version: i64,
}

impl Entity for Customer {
    const PREFIX: &'static str = "cus";
}

/// The legal identity that documents print. Frozen in a snapshot.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// Person.
    pub name: String,
    /// Company, or empty.
    pub company: String,
    /// Street and number.
    pub address1: String,
    /// Second line.
    pub address2: String,
    /// Town.
    pub city: String,
    /// State, province or region.
    pub state: String,
    /// Postal code.
    pub postcode: String,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// Tax number.
    pub tax_id: String,
    /// E-mail address.
    pub email: String,
    /// Language of the document.
    pub language: String,
}

impl Party {
    /// The identity of a customer, or of its billing contact where one is chosen. The contact's own tax number counts
    /// only when it has one.
    pub(crate) fn of(details: &CustomerDetails, billing_contact: Option<&Contact>) -> Self {
        let postal = billing_contact.map_or(&details.postal, |contact| &contact.details.postal);
        let tax_id = if postal.tax_id.is_empty() { &details.postal.tax_id } else { &postal.tax_id };
        Self {
            name: postal.full_name(),
            company: postal.company.clone(),
            address1: postal.address1.clone(),
            address2: postal.address2.clone(),
            city: postal.city.clone(),
            state: postal.state.clone(),
            postcode: postal.postcode.clone(),
            country: postal.country.clone(),
            tax_id: tax_id.clone(),
            email: postal.email.clone(),
            language: details.language.clone(),
        }
    }
}

/// What billing needs to know of a customer, read for many at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BillingProfile {
    /// Whose.
    pub customer: i64,
    /// The currency of every invoice.
    pub currency: Currency,
    /// Place of taxation.
    pub country: String,
    /// Place of taxation.
    pub state: String,
    /// No tax at all.
    pub tax_exempt: bool,
    /// A register knows the tax number.
    pub tax_id_valid: bool,
    /// `Separate` also when the customer's group says so.
    pub grouping: Grouping,
    /// The group's discount, 0 without a group.
    pub group_discount_ppm: i64,
    /// The identity that documents issued now print.
    pub snapshot_id: i64,
    /// Credit pays new invoices by itself.
    pub auto_apply_credit: bool,
    /// Never charged a late fee.
    pub late_fee_exempt: bool,
    /// Never reminded; also when the group says so.
    pub dunning_exempt: bool,
    /// May be billed: neither closed nor banned. An inactive or suspended customer still owes what falls due.
    pub active: bool,
    /// Gateway id for automatic payments; empty for the tenant's default.
    pub default_gateway: String,
}
