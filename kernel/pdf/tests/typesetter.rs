//! The sealed world, seen from outside.

use bursar_pdf::{Manuscript, Metadata, PdfError, Template, Typesetter};
use jiff::civil::{Date, date};

const METADATA: Metadata<'static> =
    Metadata { title: "Title (1)", author: "Ärzte & Söhne", identifier: "one" };

fn manuscript<'a>(template: &'a Template, data: &'a str) -> Manuscript<'a> {
    Manuscript { template, data: data.as_bytes(), assets: &[], today: date(2026, 2, 28), metadata: METADATA }
}

fn printed(template: &str, data: &str) -> Result<String, PdfError> {
    let template = Template::new("test", template);
    let placed = Typesetter::new().placed_text(&manuscript(&template, data))?;
    Ok(placed.into_iter().map(|run| run.text).collect::<Vec<_>>().join("|"))
}

fn complaint(template: &str, data: &str) -> (Option<usize>, String) {
    match printed(template, data) {
        Err(PdfError::Template { template, complaints }) => {
            assert_eq!(template, "test");
            (complaints[0].line, complaints[0].message.clone())
        }
        other => panic!("expected a complaint, got {other:?}"),
    }
}

#[test]
fn a_template_reads_its_data_as_text_and_not_as_markup() {
    let shown = printed("#json(\"/data.json\").name", r##"{"name":"*#panic()* $x$"}"##).unwrap();
    assert_eq!(shown, "*#panic()* $x$");
}

#[test]
fn today_is_the_date_of_the_manuscript() {
    let shown = printed("#datetime.today().display()", "null").unwrap();
    assert_eq!(shown, "2026-02-28");
}

#[test]
fn files_outside_of_the_manuscript_do_not_exist() {
    for path in ["/etc/passwd", "/../../etc/passwd", "secrets.txt", "/assets/logo.svg"] {
        let (line, message) = complaint(&format!("\n#read(\"{path}\")"), "null");
        assert_eq!(line, Some(2), "{path}");
        assert!(message.contains("not found") || message.contains("escape"), "{path}: {message}");
    }
}

#[test]
fn packages_do_not_exist() {
    let (line, _) = complaint("#import \"@preview/cetz:0.3.0\": canvas", "null");
    assert_eq!(line, Some(1));
}

#[test]
fn a_mistake_in_a_template_is_told_with_its_line() {
    assert_eq!(complaint("one\n\n#let x = ", "null"), (Some(3), "expected expression".to_owned()));
    let (line, message) = complaint("#let d = json(\"/data.json\")\n#d.nmae", r#"{"name":1}"#);
    assert_eq!(line, Some(2));
    assert!(message.contains("nmae"), "{message}");
}

#[test]
fn the_same_manuscript_gives_the_same_bytes_and_another_date_others() {
    let template = Template::new("test", "#json(\"/data.json\")");
    let on = |today: Date| {
        let manuscript = Manuscript { today, ..manuscript(&template, "\"text\"") };
        Typesetter::new().render(&manuscript).unwrap()
    };
    assert!(on(date(2026, 1, 1)) == on(date(2026, 1, 1)));
    assert!(on(date(2026, 1, 1)) != on(date(2026, 1, 2)));
}

#[test]
fn threads_that_share_a_typesetter_get_what_one_alone_gets() {
    let template =
        Template::new("test", "#set page(height: 4cm)\n#for n in range(40) [#json(\"/data.json\") #n \\ ]");
    let typesetter = Typesetter::new();
    let alone: Vec<Vec<u8>> =
        (0..4).map(|n| typesetter.render(&manuscript(&template, &n.to_string())).unwrap()).collect();
    std::thread::scope(|scope| {
        for (n, expected) in alone.iter().enumerate() {
            let (typesetter, template) = (typesetter.clone(), &template);
            scope.spawn(move || {
                for _ in 0..5 {
                    assert!(*expected == typesetter.render(&manuscript(template, &n.to_string())).unwrap());
                }
            });
        }
    });
}

#[test]
fn an_asset_is_shown_and_its_name_is_checked() {
    let template = Template::new("test", "#image(\"/assets/dot.svg\")");
    let svg = br#"<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"><circle cx="2" cy="2" r="2"/></svg>"#;
    let render = |name: &str| {
        let assets: [(&str, &[u8]); 1] = [(name, svg)];
        Typesetter::new().render(&Manuscript { assets: &assets, ..manuscript(&template, "null") })
    };
    assert!(render("dot.svg").is_ok());
    for name in ["", "dot", ".svg", "a/b.svg", "../data.json", "Dot.svg", "dot.svg.png", "dot svg.png"] {
        assert!(matches!(render(name), Err(PdfError::AssetName(refused)) if refused == name), "{name}");
    }
}

#[test]
fn a_letter_that_no_font_has_is_told() {
    let template = Template::new("test", "#set text(font: \"Inter\")\n#json(\"/data.json\")");
    let typesetter = Typesetter::new();
    let missing = |text: &str| {
        let data = format!("\"{text}\"");
        typesetter.placed_text(&manuscript(&template, &data)).unwrap().iter().any(|run| run.has_missing_glyph)
    };
    for text in
        ["Ærøskøbing Łódź", "Ελλάδα", "Київ", "القاهرة", "ירושלים", "ঢাকা", "दिल्ली", "กรุงเทพ", "€ £ ₹ ₴ − …"]
    {
        assert!(!missing(text), "{text}");
    }
    assert!(missing("東京"), "not embedded: comes with `with_fonts`");
}

#[test]
fn a_date_before_the_first_year_is_refused() {
    let template = Template::new("test", "x");
    let manuscript = Manuscript { today: date(-1, 1, 1), ..manuscript(&template, "null") };
    assert!(matches!(Typesetter::new().render(&manuscript), Err(PdfError::Date(_))));
}
