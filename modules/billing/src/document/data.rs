//! What stands on a document. Everything a person reads arrives as text, already formatted and translated: the template
//! computes nothing, so a document can only ever show what the invoice says.

use bursar_time::Date;
use serde::{Deserialize, Serialize};

use super::Labels;

/// One invoice, credit note or draft, ready to print.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DocumentData {
    /// What the document is; decides its title and some of its words.
    pub kind: DocumentKind,
    /// Its number; for a draft, whatever staff should see in its place (may be empty).
    pub number: String,
    /// The date in the PDF's metadata: the date of issue, or for a draft the day it is looked at. Not printed.
    pub dated_on: Date,
    /// Date of issue as people read it; absent on a draft.
    pub issued_on: Option<String>,
    /// Due date as people read it.
    pub due_on: Option<String>,
    /// More rows under the dates: customer number, purchase order, "corrects invoice …".
    pub references: Vec<LabelledText>,
    /// The mark beside the title.
    pub stamp: Stamp,
    /// Who issues it.
    pub seller: Party,
    /// Who it is made out to.
    pub buyer: Party,
    /// Legal data of the seller for the foot of each page: company, register, directors. Joined by dots; up to
    /// twelve lines of print in all.
    pub legal: Vec<String>,
    /// What is charged or credited, in order.
    pub lines: Vec<DocumentLine>,
    /// The sums below the lines.
    pub totals: Totals,
    /// The same sums in another currency, where the law asks for it.
    pub secondary: Option<SecondaryTotals>,
    /// Sentences below the totals: reverse charge, thanks, terms.
    pub notes: Vec<String>,
    /// How to pay; absent when there is nothing to pay.
    pub payment: Option<Payment>,
    /// ISO 4217 code of the amounts, shown where an amount stands alone.
    pub currency: String,
    /// Logo and colours of the seller.
    pub brand: Brand,
    /// Every word of the template itself.
    pub labels: Labels,
    /// BCP 47 tag of the document's language (`de`, `pt-BR`); also decides its direction and hyphenation.
    pub language: String,
    /// Size of the paper.
    pub paper: Paper,
}

/// What a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    /// An issued invoice.
    Invoice,
    /// An issued credit note: amounts are what is given back.
    CreditNote,
    /// An invoice that is not issued; says so across the page.
    Draft,
}

/// The mark beside the title.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stamp {
    /// No mark.
    #[default]
    None,
    /// Settled in full.
    Paid,
    /// Past its due date.
    Overdue,
    /// Of no effect; also said across the page.
    Void,
}

/// Seller or buyer. Empty and absent fields leave no gap.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// The person, or the trading name of a seller.
    pub name: String,
    /// The company, printed first when present.
    pub company: Option<String>,
    /// Street, city, postal code, in the order of the country.
    pub address: Vec<String>,
    /// The country's name in the document's language.
    pub country: Option<String>,
    /// VAT, GST or other tax number.
    pub tax_id: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
}

/// A line of the document.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentLine {
    /// The first line of text is set as the title, further lines smaller below it.
    pub description: String,
    /// Whether it is the fee for setting up what its description names, which is said below it.
    #[serde(default)]
    pub is_setup: bool,
    /// What time it is for: "1 Jan 2026 – 31 Jan 2026".
    pub period: Option<String>,
    /// Quantity, with its unit when it has one.
    pub quantity: Option<String>,
    /// Price of one.
    pub unit_price: Option<String>,
    /// Discount on this line; the column appears when any line has one.
    pub discount: Option<String>,
    /// Amount before tax; the column appears when any line has one.
    pub net: Option<String>,
    /// Tax on this line, as a rate or an amount; the column appears when any line has one.
    pub tax: Option<String>,
    /// What the line comes to.
    pub amount: String,
}

/// The sums below the lines, from top to bottom. Absent rows are not printed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Sum of the lines.
    pub subtotal: Option<String>,
    /// Discount on the whole document.
    pub discount: Option<String>,
    /// One row for each tax and rate.
    pub taxes: Vec<TaxRow>,
    /// The total.
    pub total: String,
    /// What was paid already.
    pub paid: Option<String>,
    /// Credit of the customer that was used.
    pub credit_applied: Option<String>,
    /// What is still to pay; printed largest, here and at the head of the document.
    pub balance_due: Option<String>,
}

/// One tax at one rate.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxRow {
    /// "VAT", "TVA", "GST".
    pub name: String,
    /// "19 %".
    pub rate: String,
    /// The amount it is reckoned on.
    pub base: Option<String>,
    /// The tax.
    pub amount: String,
}

/// Sums in a second currency, for example the tax in the seller's own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecondaryTotals {
    /// ISO 4217 code of the second currency.
    pub currency: String,
    /// The rate that was stored with the document, with its source and date: "1 EUR = 0.8412 GBP, ECB, 2 Jan 2026".
    pub rate: Option<String>,
    /// The sums.
    pub rows: Vec<LabelledText>,
}

/// How to pay.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// Account holder, IBAN, BIC, reference: each on a row.
    pub details: Vec<LabelledText>,
    /// Free text; line breaks are kept.
    pub instructions: String,
    /// Address of the page where it can be paid; only `https:` addresses can be clicked.
    pub link: Option<String>,
}

/// A row of a label and its text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabelledText {
    /// What it is.
    pub label: String,
    /// What it says.
    pub text: String,
}

impl LabelledText {
    /// A row.
    pub fn new(label: impl Into<String>, text: impl Into<String>) -> Self {
        Self { label: label.into(), text: text.into() }
    }
}

/// Logo and colours.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Brand {
    /// Shown at the head in place of the seller's name. Not serialised; it travels beside the data.
    #[serde(skip)]
    pub logo: Option<Logo>,
    /// Titles, rules and the balance. When it is too light to read on white, the text is set in dark grey and the
    /// colour is kept for surfaces.
    pub primary: Colour,
    /// Links and the bar at the very top.
    pub accent: Colour,
}

impl Default for Brand {
    fn default() -> Self {
        Self {
            logo: None,
            primary: Colour::from_rgb(0x1f, 0x3a, 0x5f),
            accent: Colour::from_rgb(0x2f, 0x80, 0xc2),
        }
    }
}

/// A picture. Check it once with [`super::check_logo`] when it is uploaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logo {
    /// What the bytes are.
    pub format: LogoFormat,
    /// The file.
    pub bytes: Vec<u8>,
}

/// Kinds of pictures we print.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogoFormat {
    /// Raster with transparency.
    Png,
    /// Photograph.
    Jpeg,
    /// Few colours.
    Gif,
    /// Either.
    Webp,
    /// Vector; what it refers to outside of itself is not fetched.
    Svg,
}

impl LogoFormat {
    /// Every kind.
    pub const ALL: [Self; 5] = [Self::Png, Self::Jpeg, Self::Gif, Self::Webp, Self::Svg];

    /// What a file of this kind ends with.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Jpeg => "jpeg",
            Self::Gif => "gif",
            Self::Webp => "webp",
            Self::Svg => "svg",
        }
    }

    /// The kind of files that end so.
    pub fn parse(ending: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.ending() == ending)
    }
}

/// An opaque colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Colour {
    rgb: [u8; 3],
}

/// Text that is not a colour of the form `#rrggbb`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a colour of the form #rrggbb")]
pub struct NotAColour(pub String);

impl Colour {
    /// From its red, green and blue.
    pub const fn from_rgb(red: u8, green: u8, blue: u8) -> Self {
        Self { rgb: [red, green, blue] }
    }

    /// From `#rrggbb`, in either case.
    pub fn parse(text: &str) -> Result<Self, NotAColour> {
        let refused = || NotAColour(text.to_owned());
        let digits = text.strip_prefix('#').ok_or_else(refused)?;
        if digits.len() != 6 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(refused());
        }
        let number = u32::from_str_radix(digits, 16).map_err(|_| refused())?;
        let [_, red, green, blue] = number.to_be_bytes();
        Ok(Self::from_rgb(red, green, blue))
    }
}

impl std::fmt::Display for Colour {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [red, green, blue] = self.rgb;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

impl TryFrom<String> for Colour {
    type Error = NotAColour;

    fn try_from(text: String) -> Result<Self, NotAColour> {
        Self::parse(&text)
    }
}

impl From<Colour> for String {
    fn from(colour: Colour) -> Self {
        colour.to_string()
    }
}

/// Size of the paper.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Paper {
    /// 210 × 297 mm.
    #[default]
    A4,
    /// 8.5 × 11 in.
    Letter,
}
