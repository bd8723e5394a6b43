//! A stranger buys: with a code, with tax, and in another writing direction.

use bursar_scenarios::{Browser, House, Looks};

use crate::shelf;

/// Fills in who orders; the labels are those of English pages.
pub fn fill_in_who(stranger: &mut Browser<'_>) {
    for (label, text) in [
        ("First name", "Sam"),
        ("Last name", "Stranger"),
        ("E-mail address", "sam@stranger.example"),
        ("Password", "a long enough password"),
        ("Street and number", "3 Lane"),
        ("Postcode", "10115"),
        ("City", "Berlin"),
    ] {
        stranger.fill(label, text);
    }
    stranger.choose("Country", "Germany");
}

/// Pays what the page shows with a card that works.
pub fn pay_by_card(buyer: &mut Browser<'_>, amount: &str) {
    buyer.choose_radio("tok_visa");
    buyer.click("Pay");
    buyer.expect_text(&format!("{amount} is paid"));
}

/// Two at 20.00 are 40.00, less 10 % 36.00; the code leaves the set-up fees of 5.00 each alone: 46.00; with 19 % VAT
/// (8.74) 54.74.
#[test]
fn a_stranger_buys_with_a_code_and_tax_and_every_paper_says_the_same() {
    let house = House::empty();
    shelf::fill(&house);
    for (turn, looks) in [Looks::all("en")[0], Looks::all("en")[3]].into_iter().enumerate() {
        let mut stranger = Browser::at(&house);
        stranger.look_as(looks);
        stranger.visit("/shop");
        stranger.click("Choose VPS Two");
        stranger.fill("Quantity", "2");
        stranger.click("Put into the cart");
        // 50.00 and 9.50 of tax.
        stranger.expect_text("EUR 59.50");
        stranger.fill("Code", "NONSENSE");
        stranger.click_wrong("Use");
        stranger.expect_text("This code does not exist");
        assert_eq!(stranger.value("Code"), "NONSENSE", "what was typed is kept");
        stranger.fill("Code", "ten");
        stranger.click("Use");
        for figure in ["Set-up", "−€4.00", "€46.00", "€8.74", "EUR 54.74"] {
            stranger.expect_text(figure);
        }
        assert_eq!(stranger.faults(), Vec::<String>::new());
        stranger.screenshot(&format!("cart.{looks}"));
        stranger.click("Go to checkout");
        fill_in_who(&mut stranger);
        stranger.fill("E-mail address", &format!("sam{turn}@stranger.example"));
        assert_eq!(stranger.faults(), Vec::<String>::new());
        stranger.screenshot(&format!("checkout.{looks}"));
        stranger.click("Create account and go on");
        stranger.click("I have read and agree to");
        stranger.click("Order and pay EUR 54.74");
        stranger.screenshot(&format!("pay.{looks}"));
        pay_by_card(&mut stranger, "54.74");
        house.settle();
        stranger.visit("/portal/invoices");
        stranger.click_row("54.74");
        for figure in ["€46.00", "€8.74", "€54.74"] {
            stranger.expect_text(figure);
        }
        assert_eq!(stranger.faults(), Vec::<String>::new());
        stranger.screenshot(&format!("invoice.{looks}"));
        let path = stranger.path();
        let paper = shelf::text_of_pdf(&stranger.download(&format!("{path}/pdf")));
        for figure in ["Set-up", "46.00", "8.74", "54.74", "19"] {
            assert!(paper.contains(figure), "the PDF says {figure}: {paper}");
        }
        let mails = shelf::mails_to(&house, &format!("sam{turn}@stranger.example"));
        assert!(mails.iter().any(|mail| mail.contains("54.74")), "a mail says what was paid: {mails:?}");
    }
}

/// The same from right to left; prices and names stay what they are.
#[test]
fn a_stranger_buys_in_arabic() {
    let house = House::empty();
    shelf::fill(&house);
    let looks = Looks::all("ar")[2];
    let mut stranger = Browser::at(&house);
    stranger.look_as(looks);
    stranger.visit("/shop/vps-two");
    stranger.press_the_button();
    assert_eq!(stranger.path(), "/cart");
    assert_eq!(stranger.faults(), Vec::<String>::new());
    stranger.screenshot(&format!("cart.{looks}"));
    stranger.visit("/checkout");
    stranger.fill_in(&[
        ("first_name", "سامي"),
        ("last_name", "Stranger"),
        ("email", "sami@stranger.example"),
        ("password", "a long enough password"),
        ("address1", "3 Lane"),
        ("postcode", "10115"),
        ("city", "Berlin"),
        ("country", "DE"),
    ]);
    assert_eq!(stranger.faults(), Vec::<String>::new());
    stranger.screenshot(&format!("checkout.{looks}"));
    stranger.press_the_button();
    assert_eq!(stranger.path(), "/checkout");
    stranger.script("document.querySelector('[name=agree]').click()", &[]);
    stranger.press_the_button();
    assert!(stranger.path().ends_with("/pay"), "{}", stranger.path());
    assert_eq!(stranger.faults(), Vec::<String>::new());
    stranger.choose_radio("tok_visa");
    stranger.script("[...document.querySelectorAll('main form button')].pop().click()", &[]);
    // 25.00 with 19 %.
    stranger.expect_text("29.75");
    house.settle();
    stranger.visit("/portal");
    assert_eq!(stranger.script("return document.documentElement.dir", &[]), "rtl");
    assert_eq!(stranger.faults(), Vec::<String>::new());
    stranger.screenshot(&format!("home-after-sale.{looks}"));
}
