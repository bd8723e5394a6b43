//! Documents for the tests: each shows something a plain invoice does not.

use bursar_time::Date;

use super::{
    Brand, Colour, DocumentData, DocumentKind, DocumentLine, LabelledText, Labels, Logo, LogoFormat, Paper,
    Party, Payment, SecondaryTotals, Stamp, TaxRow, Totals,
};

/// Named documents, in the order of their golden files.
pub(crate) fn all() -> Vec<(&'static str, DocumentData)> {
    vec![
        ("simple_eur", simple_eur()),
        ("jpy_paid", jpy_paid()),
        ("kwd_reverse_charge", kwd_reverse_charge()),
        ("long_120_lines", long_120_lines()),
        ("arabic_credit_note", arabic_credit_note()),
        ("german_draft_hebrew_buyer", german_draft_hebrew_buyer()),
        ("bengali", bengali()),
    ]
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn lines_of(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|&text| text.to_owned()).collect()
}

pub(crate) fn logo() -> Logo {
    let svg = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 220 56"><rect width="56" height="56" rx="13" fill="#1f3a5f"/><path d="M15 39V17h9l8 13V17h9v22h-9l-8-13v13z" fill="#fff"/><g fill="#1f3a5f"><rect x="72" y="15" width="148" height="11" rx="3"/><rect x="72" y="33" width="96" height="8" rx="3" fill="#2f80c2"/></g></svg>"##;
    Logo { format: LogoFormat::Svg, bytes: svg.as_bytes().to_vec() }
}

fn seller() -> Party {
    Party {
        name: "Nordlicht Hosting".into(),
        company: some("Nordlicht Hosting GmbH"),
        address: lines_of(&["Speicherstraße 14", "20457 Hamburg"]),
        country: some("Germany"),
        tax_id: some("DE312345678"),
        email: some("billing@nordlicht.example"),
    }
}

pub(crate) fn line(description: &str, quantity: &str, unit_price: &str, amount: &str) -> DocumentLine {
    DocumentLine {
        description: description.into(),
        quantity: some(quantity),
        unit_price: some(unit_price),
        amount: amount.into(),
        ..DocumentLine::default()
    }
}

/// 5 lines, 19 % VAT: 12.90 + 35.70 + 7.92 + 4.00 + 49.00 = 109.52 less 10.00 discount = 99.52; VAT 18.91; total 118.43.
pub(crate) fn simple_eur() -> DocumentData {
    let period = some("1 Jan 2026 – 31 Jan 2026");
    let taxed = |mut line: DocumentLine, period: &Option<String>| {
        line.tax = some("19 %");
        line.period.clone_from(period);
        line
    };
    DocumentData {
        kind: DocumentKind::Invoice,
        number: "NL-2026-000417".into(),
        dated_on: Date::constant(2026, 1, 2),
        issued_on: some("2 January 2026"),
        due_on: some("16 January 2026"),
        references: vec![
            LabelledText::new("Customer number", "10284"),
            LabelledText::new("Your reference", "PO 7781 / Marketing"),
        ],
        stamp: Stamp::None,
        seller: seller(),
        buyer: Party {
            name: "Ann Ó Briain".into(),
            company: some("Fjord & Sons Ltd"),
            address: lines_of(&["27 Harbour Row", "Cork T12 W8PX"]),
            country: some("Ireland"),
            tax_id: None,
            email: some("accounts@fjord-and-sons.example"),
        },
        legal: lines_of(&[
            "Nordlicht Hosting GmbH",
            "Amtsgericht Hamburg HRB 123456",
            "Geschäftsführerin: Dr. Ilse Brandt",
            "USt-IdNr. DE312345678",
        ]),
        lines: vec![
            taxed(
                line("VPS-2 · vps-81.nordlicht.example\n2 vCPU, 4 GB RAM, 80 GB NVMe", "1", "12.90", "12.90"),
                &period,
            ),
            taxed(line("Managed WordPress", "3", "11.90", "35.70"), &period),
            taxed(line("Backup storage", "132 GB", "0.06", "7.92"), &period),
            taxed(line("Additional IPv4 address\n203.0.113.17, 203.0.113.18", "2", "2.00", "4.00"), &period),
            taxed(line("Migration by our engineers", "0.5 h", "98.00", "49.00"), &None),
        ],
        totals: Totals {
            subtotal: some("109.52 EUR"),
            discount: some("−10.00 EUR"),
            taxes: vec![TaxRow {
                name: "VAT".into(),
                rate: "19 %".into(),
                base: some("99.52 EUR"),
                amount: "18.91 EUR".into(),
            }],
            total: "118.43 EUR".into(),
            paid: None,
            credit_applied: some("−18.43 EUR"),
            balance_due: some("100.00 EUR"),
        },
        secondary: None,
        notes: lines_of(&["Thank you for hosting with us."]),
        payment: Some(Payment {
            details: vec![
                LabelledText::new("Account holder", "Nordlicht Hosting GmbH"),
                LabelledText::new("IBAN", "DE02 1203 0000 0000 2020 51"),
                LabelledText::new("BIC", "BYLADEM1001"),
                LabelledText::new("Reference", "NL-2026-000417"),
            ],
            instructions:
                "Please pay within 14 days.\nWith a card on file we collect the amount on the due date."
                    .into(),
            link: some("https://my.nordlicht.example/invoices/NL-2026-000417"),
        }),
        currency: "EUR".into(),
        brand: Brand { logo: Some(logo()), ..Brand::default() },
        labels: Labels::for_language("en"),
        language: "en".into(),
        paper: Paper::A4,
    }
}

/// No decimals, Letter paper, settled, no logo.
pub(crate) fn jpy_paid() -> DocumentData {
    DocumentData {
        number: "INV-20991".into(),
        stamp: Stamp::Paid,
        due_on: None,
        buyer: Party {
            name: "Tanaka Trading".into(),
            address: lines_of(&["2-11-3 Meguro", "Tokyo 153-0063"]),
            country: some("Japan"),
            ..Party::default()
        },
        references: Vec::new(),
        lines: vec![
            line("Dedicated server EPYC-32", "1", "¥48,000", "¥48,000"),
            line("Remote hands", "2 h", "¥9,500", "¥19,000"),
        ],
        totals: Totals {
            subtotal: some("¥67,000"),
            taxes: vec![TaxRow {
                name: "Consumption tax".into(),
                rate: "10 %".into(),
                base: some("¥67,000"),
                amount: "¥6,700".into(),
            }],
            total: "¥73,700".into(),
            paid: some("−¥73,700"),
            balance_due: some("¥0"),
            ..Totals::default()
        },
        notes: Vec::new(),
        payment: None,
        currency: "JPY".into(),
        brand: Brand {
            logo: None,
            primary: Colour::from_rgb(0xff, 0xd1, 0x4a),
            accent: Colour::from_rgb(0xff, 0xd1, 0x4a),
        },
        paper: Paper::Letter,
        ..simple_eur()
    }
}

/// Three decimals, reverse charge, amounts repeated in the seller's currency, overdue.
pub(crate) fn kwd_reverse_charge() -> DocumentData {
    let mut document = DocumentData {
        number: "NL-2026-000418".into(),
        stamp: Stamp::Overdue,
        buyer: Party {
            name: "Yousef Al-Sabah".into(),
            company: some("شركة الخليج للاستضافة ذ.م.م"),
            address: lines_of(&["شارع أحمد الجابر، مبنى 12", "P.O. Box 1180", "13012 Kuwait City"]),
            country: some("Kuwait"),
            tax_id: some("KW-9920-118"),
            email: some("ap@gulf.example"),
        },
        lines: vec![
            DocumentLine {
                discount: some("−12.375"), ..line("Rack space, 12U", "1", "123.750", "111.375")
            },
            DocumentLine {
                discount: None,
                ..line("Transit 1 Gbit/s, 95th percentile", "412.5 Mbit/s", "0.118", "48.675")
            },
        ],
        totals: Totals {
            subtotal: some("KWD 160.050"),
            taxes: vec![TaxRow {
                name: "VAT, reverse charge".into(),
                rate: "0 %".into(),
                base: some("KWD 160.050"),
                amount: "KWD 0.000".into(),
            }],
            total: "KWD 160.050".into(),
            balance_due: some("KWD 160.050"),
            ..Totals::default()
        },
        secondary: Some(SecondaryTotals {
            currency: "EUR".into(),
            rate: some("1 KWD = 2.8140 EUR, ECB, 2 January 2026"),
            rows: vec![LabelledText::new("Net", "450.38 EUR"), LabelledText::new("VAT 0 %", "0.00 EUR")],
        }),
        notes: lines_of(&["Reverse charge: the recipient of the service is liable for the tax."]),
        currency: "KWD".into(),
        ..simple_eur()
    };
    if let Some(payment) = &mut document.payment {
        payment.details.truncate(3);
    }
    document
}

/// 120 lines over several pages, with names and addresses that fit into no column.
pub(crate) fn long_120_lines() -> DocumentData {
    let lines = (1..=120).map(|n| {
        let description = if n % 40 == 0 {
            format!("https://cdn-{n}.example/{}", "a-very-long-path-without-any-space/".repeat(5))
        } else if n % 7 == 0 {
            format!("Domain customer-{n}.example\nTransfer and renewal for one year\nRegistry fee included")
        } else {
            format!("Mailbox package {n}")
        };
        DocumentLine {
            net: some("1,234.50"),
            tax: some("19 %"),
            ..line(&description, "10", "123.45", "1,469.06")
        }
    });
    DocumentData {
        number: "NL-2026-000419".into(),
        lines: lines.collect(),
        buyer: Party {
            name: "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewissenhaft".into(),
            company: some(
                "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft mbH",
            ),
            address: lines_of(&["W".repeat(60).as_str(), "1010 Wien"]),
            email: some("a-rather-long-mailbox-name-for-the-accounts-department@subdomain.of.a.long.example"),
            ..Party::default()
        },
        totals: Totals {
            subtotal: some("148,140.00 EUR"),
            taxes: vec![TaxRow {
                name: "VAT".into(),
                rate: "19 %".into(),
                base: some("148,140.00 EUR"),
                amount: "28,146.60 EUR".into(),
            }],
            total: "176,286.60 EUR".into(),
            balance_due: some("176,286.60 EUR"),
            ..Totals::default()
        },
        ..simple_eur()
    }
}

/// Right to left throughout, three decimals, credited.
pub(crate) fn arabic_credit_note() -> DocumentData {
    DocumentData {
        kind: DocumentKind::CreditNote,
        number: "CN-2026-000031".into(),
        issued_on: some("2 يناير 2026"),
        due_on: None,
        references: vec![LabelledText::new("يصحح الفاتورة", "NL-2025-009120")],
        buyer: Party {
            name: "محمد بن راشد".into(),
            company: some("مؤسسة النور للتقنية"),
            address: lines_of(&["شارع الملك فهد 221", "الرياض 12271"]),
            country: some("المملكة العربية السعودية"),
            tax_id: some("300123456700003"),
            email: some("noor@example.com"),
        },
        lines: vec![
            line("استضافة مواقع – باقة الأعمال\nexample.com", "1", "-45.500", "-45.500"),
            line("شهادة SSL", "2", "-10.250", "-20.500"),
        ],
        totals: Totals {
            subtotal: some("-66.000 KWD"),
            taxes: vec![TaxRow {
                name: "ضريبة القيمة المضافة".into(),
                rate: "15%".into(),
                base: some("-66.000 KWD"),
                amount: "-9.900 KWD".into(),
            }],
            total: "-75.900 KWD".into(),
            ..Totals::default()
        },
        notes: lines_of(&["أضيف المبلغ إلى رصيدكم."]),
        payment: None,
        currency: "KWD".into(),
        labels: Labels::for_language("ar"),
        language: "ar".into(),
        ..simple_eur()
    }
}

/// A draft in German for a buyer whose name reads right to left.
pub(crate) fn german_draft_hebrew_buyer() -> DocumentData {
    DocumentData {
        kind: DocumentKind::Draft,
        number: String::new(),
        issued_on: None,
        due_on: some("16. Januar 2026"),
        buyer: Party {
            name: "רות כהן".into(),
            address: lines_of(&["רחוב הרצל 15", "תל אביב 6578901"]),
            country: some("Israel"),
            ..Party::default()
        },
        labels: Labels::for_language("de"),
        language: "de-DE".into(),
        ..simple_eur()
    }
}

/// Bengali words and digits.
pub(crate) fn bengali() -> DocumentData {
    DocumentData {
        number: "BD-1044".into(),
        issued_on: some("২ জানুয়ারি ২০২৬"),
        due_on: some("১৬ জানুয়ারি ২০২৬"),
        references: Vec::new(),
        buyer: Party {
            name: "রফিকুল ইসলাম".into(),
            address: lines_of(&["বাড়ি ১২, সড়ক ৫, ধানমন্ডি", "ঢাকা ১২০৫"]),
            country: some("বাংলাদেশ"),
            ..Party::default()
        },
        lines: vec![line("ওয়েব হোস্টিং – ব্যবসায়িক প্যাকেজ", "১", "৳১,২০০.০০", "৳১,২০০.০০")],
        totals: Totals {
            subtotal: some("৳১,২০০.০০"),
            taxes: vec![TaxRow {
                name: "ভ্যাট".into(),
                rate: "১৫%".into(),
                base: None,
                amount: "৳১৮০.০০".into(),
            }],
            total: "৳১,৩৮০.০০".into(),
            balance_due: some("৳১,৩৮০.০০"),
            ..Totals::default()
        },
        notes: Vec::new(),
        currency: "BDT".into(),
        labels: Labels::for_language("bn"),
        language: "bn".into(),
        ..simple_eur()
    }
}
