use std::fmt::Write as _;
use std::sync::LazyLock;

use bursar_pdf::{PdfError, PlacedText, Typesetter};
use proptest::prelude::*;

use super::samples;
use super::{
    DocumentData, DocumentLine, LabelledText, Logo, LogoFormat, TaxRow, check_logo, document_text,
    render_document,
};

static TYPESETTER: LazyLock<Typesetter> = LazyLock::new(Typesetter::new);

/// All letters that are printed, without spaces (where a line breaks is not what a text says) and without the invisible
/// marks that let long words break and keep numbers in their direction.
fn letters(placed: &[PlacedText]) -> String {
    squeeze(&placed.iter().map(|run| run.text.as_str()).collect::<String>())
}

fn squeeze(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '\u{200b}' | '\u{2066}' | '\u{2069}'))
        .collect()
}

fn layout(placed: &[PlacedText]) -> String {
    let mut out = String::from("page      x      y  size  text\n");
    for run in placed {
        // Adding zero turns -0.0 into 0.0.
        let tenth = |points: f64| (points * 10.0).round() / 10.0 + 0.0;
        let text = run.text.replace(['\u{200b}', '\u{2066}', '\u{2069}'], "");
        writeln!(
            out,
            "{:>4} {:>6.1} {:>6.1} {:>5.1}  {text}",
            run.page,
            tenth(run.x),
            tenth(run.y),
            run.size
        )
        .unwrap();
    }
    out
}

/// Margins are 18 mm, 51 points. A full stop at the end of a line may hang a little into them.
fn is_between_the_margins(run: &PlacedText) -> bool {
    run.x >= 48.0 && run.x + run.width <= run.page_width - 48.0
}

#[test]
fn the_layout_of_each_sample_is_the_one_that_was_accepted() {
    let typesetter = &*TYPESETTER;
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/document/golden");
    for (name, document) in samples::all() {
        let actual = layout(&document_text(typesetter, &document).unwrap());
        let path = format!("{folder}/{name}.txt");
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::create_dir_all(folder).unwrap();
            std::fs::write(&path, &actual).unwrap();
        }
        let expected = std::fs::read_to_string(&path).unwrap_or_default();
        let first_difference = expected.lines().zip(actual.lines()).find(|(a, b)| a != b);
        assert!(
            expected == actual,
            "{name} is laid out differently: {first_difference:?}; look at the PDF, then accept with UPDATE_GOLDEN=1"
        );
    }
}

#[test]
fn nothing_stands_outside_of_the_page_and_no_letter_is_missing() {
    let typesetter = &*TYPESETTER;
    for (name, document) in samples::all() {
        for run in document_text(typesetter, &document).unwrap() {
            // The watermark is turned, so its run says little about where it ends.
            if run.size > 60.0 {
                continue;
            }
            assert!(is_between_the_margins(&run), "{name}: {run:?}");
            assert!(!run.has_missing_glyph, "{name}: {run:?}");
        }
    }
}

#[test]
fn markup_in_what_people_typed_is_printed_as_it_is() {
    let hostile =
        "#eval(\"1+1\") *bold* _it_ $x^2$ @ref <label> `raw` \\u{41} [c] = Head // x /* y */ ~ -- \"q\" 'q'";
    let mut document = samples::simple_eur();
    document.buyer.name = hostile.into();
    document.buyer.company = None;
    document.lines[0].description = hostile.into();
    document.notes = vec![hostile.into()];
    document.legal = vec![hostile.into()];
    document.number = "#panic()".into();
    document.references = vec![LabelledText::new("#a *b*", hostile)];
    if let Some(payment) = &mut document.payment {
        payment.instructions = hostile.into();
    }
    let printed = letters(&document_text(&TYPESETTER, &document).unwrap());
    let times = printed.matches(&squeeze(hostile)).count();
    assert_eq!(times, 6, "{printed}");
    assert!(printed.contains("#panic()"));
    assert!(printed.contains("#a*b*"));
}

#[test]
fn the_same_document_gives_the_same_bytes_from_a_fresh_typesetter_too() {
    let document = samples::arabic_credit_note();
    let first = render_document(&Typesetter::new(), &document).unwrap();
    let typesetter = Typesetter::new();
    render_document(&typesetter, &samples::simple_eur()).unwrap();
    assert!(first.starts_with(b"%PDF-1.7"));
    assert!(first == render_document(&typesetter, &document).unwrap());
}

#[test]
fn the_line_table_repeats_its_header_and_each_page_is_counted() {
    let placed = document_text(&TYPESETTER, &samples::long_120_lines()).unwrap();
    let pages = placed.iter().map(|run| run.page).max().unwrap();
    assert!(pages >= 3, "{pages} pages");
    for page in 1..=pages {
        let on_page: Vec<PlacedText> = placed.iter().filter(|run| run.page == page).cloned().collect();
        let printed = letters(&on_page);
        assert!(printed.contains(&squeeze(&format!("Page {page} of {pages}"))), "page {page}: {printed}");
        if on_page.iter().any(|run| run.text.starts_with("Mailbox")) {
            assert!(on_page.iter().any(|run| run.text == "Description"), "page {page}");
        }
        if page > 1 {
            assert!(
                on_page.iter().any(|run| run.text.contains("NL-2026-000419") && run.y < 60.0),
                "page {page}"
            );
        }
    }
}

#[test]
fn totals_stay_on_one_page_wherever_the_lines_end() {
    let typesetter = &*TYPESETTER;
    // Rows are a sixth as high as the totals, so that every second count leaves none of the places where a page can end.
    for count in (8..28).step_by(2) {
        let mut document = samples::simple_eur();
        document.lines = vec![samples::line("Mailbox", "1", "1.00", "1.00"); count];
        let placed = document_text(typesetter, &document).unwrap();
        let page_of = |text: &str| placed.iter().rfind(|run| run.text == text).map(|run| run.page);
        let subtotal = page_of("Subtotal");
        assert!(subtotal.is_some());
        assert_eq!(subtotal, page_of("Total"), "{count} lines");
        assert_eq!(subtotal, page_of("Balance due"), "{count} lines");
    }
}

#[test]
fn an_arabic_document_runs_from_the_right_and_keeps_signs_before_figures() {
    let placed = document_text(&TYPESETTER, &samples::arabic_credit_note()).unwrap();
    let x_of = |text: &str| placed.iter().find(|run| run.text.contains(text)).unwrap().x;
    // Columns are mirrored: the description is at the right, amounts at the left.
    assert!(x_of("SSL") > x_of("-20.500"));
    assert!(placed.iter().any(|run| run.text == "-20.500"), "sign and figure are one run, left to right");
    assert!(placed.iter().any(|run| run.family == "IBM Plex Sans Arabic"));
}

#[test]
fn a_right_to_left_name_in_a_left_to_right_document_stands_at_the_left() {
    let placed = document_text(&TYPESETTER, &samples::kwd_reverse_charge()).unwrap();
    let latin = placed.iter().find(|run| run.text == "Yousef Al-Sabah").unwrap();
    // Arabic is placed piece by piece, dots apart from their letters; the last letter of a line is its leftmost.
    let arabic = placed.iter().filter(|run| run.family == "IBM Plex Sans Arabic").map(|run| run.x);
    let leftmost = arabic.fold(f64::INFINITY, f64::min);
    assert!((leftmost - latin.x).abs() < 2.0, "{leftmost} {latin:?}");
}

#[test]
fn a_picture_that_is_none_is_refused_before_it_can_stop_invoices() {
    let typesetter = &*TYPESETTER;
    assert!(check_logo(typesetter, &samples::logo()).is_ok());
    let broken = Logo { format: LogoFormat::Png, bytes: b"no picture".to_vec() };
    assert!(matches!(check_logo(typesetter, &broken), Err(PdfError::Template { .. })));
}

fn amount() -> impl Strategy<Value = String> {
    ("-?[0-9]{1,3}(,[0-9]{3}){0,4}(\\.[0-9]{2,3})?", prop::sample::select(vec!["", " EUR", " KWD", " ¥"]))
        .prop_map(|(figure, currency)| format!("{figure}{currency}"))
}

fn document() -> impl Strategy<Value = (DocumentData, Vec<String>)> {
    let line = (
        r"[\p{Latin}\p{Cyrillic}\p{Hebrew}\p{Bengali}ء-ي 0-9#*$_@<>\n-]{0,60}",
        prop::option::of(amount()),
        prop::option::of(amount()),
        prop::option::of(amount()),
        amount(),
    );
    (
        prop::collection::vec(line, 0..16),
        prop::collection::vec((amount(), amount()), 0..4),
        prop::collection::vec(amount(), 6),
        prop::sample::select(vec!["en", "ar", "de"]),
    )
        .prop_map(|(lines, taxes, sums, language)| {
            let mut document = samples::simple_eur();
            document.language = language.into();
            document.lines = lines
                .into_iter()
                .map(|(description, unit_price, discount, net, amount)| DocumentLine {
                    description,
                    unit_price,
                    discount,
                    net,
                    amount,
                    ..DocumentLine::default()
                })
                .collect();
            let tax =
                |(base, amount)| TaxRow { name: "VAT".into(), rate: "19 %".into(), base: Some(base), amount };
            document.totals.taxes = taxes.into_iter().map(tax).collect();
            document.totals.subtotal = Some(sums[0].clone());
            document.totals.discount = Some(sums[1].clone());
            document.totals.total = sums[2].clone();
            document.totals.paid = Some(sums[3].clone());
            document.totals.credit_applied = Some(sums[4].clone());
            document.totals.balance_due = Some(sums[5].clone());
            let mut amounts = sums;
            for line in &document.lines {
                amounts.push(line.amount.clone());
                amounts.extend([&line.unit_price, &line.discount, &line.net].into_iter().flatten().cloned());
            }
            amounts.extend(
                document.totals.taxes.iter().flat_map(|t| [t.base.clone().unwrap(), t.amount.clone()]),
            );
            (document, amounts)
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    #[test]
    fn every_amount_that_is_given_is_printed_within_the_page((document, amounts) in document()) {
        let placed = document_text(&TYPESETTER, &document).unwrap();
        let printed = letters(&placed);
        for amount in amounts {
            prop_assert!(printed.contains(&squeeze(&amount)), "{amount} is not in {printed}");
        }
        for run in &placed {
            prop_assert!(is_between_the_margins(run), "{run:?}");
        }
    }
}
