//! Second factors: a passkey that comes first or second, codes of an app, and the codes one keeps for a bad day.

use bursar_scenarios::{Browser, House, Looks, OWNER_EMAIL, OWNER_PASSWORD, Role};
use serde_json::json;

/// RFC 6238 by the browser's own means, so that the server's are not held against themselves.
const CODE_OF: &str = "const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
    const bits = [...a.replace(/ /g, '')].map((it) => letters.indexOf(it).toString(2).padStart(5, '0')).join('');
    const key = Uint8Array.from(bits.match(/.{8}/g).map((it) => parseInt(it, 2)));
    const step = new DataView(new ArrayBuffer(8));
    step.setBigUint64(0, BigInt(Math.floor(b / 30)));
    return (async () => {
      const kind = {name: 'HMAC', hash: 'SHA-1'};
      const kept = await crypto.subtle.importKey('raw', key, kind, false, ['sign']);
      const tag = new DataView(await crypto.subtle.sign('HMAC', kept, step.buffer));
      const word = tag.getUint32(tag.getUint8(19) & 15) & 0x7fffffff;
      return String(word % 1000000).padStart(6, '0');
    })()";

/// What the app of somebody who typed the key in shows at this moment.
fn code(browser: &mut Browser<'_>, secret: &str) -> String {
    let seconds = browser.house().cx().now().micros() / 1_000_000;
    let code = browser.script(CODE_OF, &[json!(secret), json!(seconds)]);
    code.as_str().expect("six digits").to_owned()
}

/// Everything the page sets in code letters.
fn codes(browser: &mut Browser<'_>) -> Vec<String> {
    let all =
        browser.script("return [...document.querySelectorAll('main code')].map((it) => it.innerText)", &[]);
    all.as_array().into_iter().flatten().filter_map(|it| it.as_str()).map(str::to_owned).collect()
}

fn sign_out(browser: &mut Browser<'_>, name: &str) {
    browser.click(name);
    browser.click("Sign out");
}

fn give_password(owner: &mut Browser<'_>) {
    owner.visit("/admin/sign-in");
    owner.fill("E-mail address", OWNER_EMAIL);
    owner.fill("Password", OWNER_PASSWORD);
    owner.click("Sign in");
    owner.expect_text("One more step");
}

#[test]
fn a_passkey_signs_in_alone_and_after_a_password() {
    for looks in [Looks::all("en")[0], Looks::all("en")[3]] {
        let house = House::empty();
        let mut owner = Browser::at(&house);
        owner.look_as(looks);
        let laptop = owner.plug_in_authenticator();
        owner.sign_in(Role::Owner);
        owner.visit("/admin/security");
        owner.fill("Name", "My laptop");
        owner.click("Add a passkey");
        owner.expect_text("Keep your recovery codes");
        assert_eq!(owner.passkeys(&laptop).len(), 1);
        assert_eq!(owner.faults(), Vec::<String>::new());
        let kept = codes(&mut owner);
        owner.click("I have kept them");
        owner.visit("/admin/security");
        owner.expect_text("My laptop");
        assert_eq!(owner.faults(), Vec::<String>::new());
        owner.screenshot(&format!("security.{looks}"));

        // Alone.
        sign_out(&mut owner, "Ann Becker");
        owner.visit("/admin/sign-in");
        owner.click("Use a passkey");
        owner.expect_text("Ann Becker");
        assert_eq!(owner.path(), "/admin");

        // After the password, once the finger is recognised.
        sign_out(&mut owner, "Ann Becker");
        give_password(&mut owner);
        assert_eq!(owner.faults(), Vec::<String>::new());
        owner.screenshot(&format!("second.{looks}"));
        owner.set_recognised(&laptop, false);
        owner.click("Use a passkey");
        owner.expect_text("That did not work or was cancelled.");
        assert_eq!(owner.faults(), Vec::<String>::new());
        owner.screenshot(&format!("passkey.{looks}"));
        owner.set_recognised(&laptop, true);
        owner.click("Try again");
        owner.expect_text("Ann Becker");

        // Without the laptop, by a code that was kept; once.
        sign_out(&mut owner, "Ann Becker");
        give_password(&mut owner);
        owner.fill("Recovery code", &kept[0]);
        owner.click("Sign in");
        assert_eq!(owner.path(), "/admin");
        sign_out(&mut owner, "Ann Becker");
        give_password(&mut owner);
        owner.fill("Recovery code", &kept[0]);
        owner.click_wrong("Sign in");
        owner.expect_text("This code is not right.");
        owner.fill("Recovery code", &kept[1]);
        owner.click("Sign in");
        owner.visit("/admin/security");
        for how in ["password and recovery code", "password and passkey"] {
            owner.expect_text(how);
        }
    }
}

/// Comes in by a link from the mail and is asked for more.
fn follow_link(buyer: &mut Browser<'_>, customer: i64) {
    let link = buyer.house().portal_link(customer);
    buyer.visit(&link);
    buyer.press_the_button();
    buyer.expect_text("One more step");
}

#[test]
fn a_code_app_is_asked_after_a_link_too() {
    let house = House::empty();
    for looks in [Looks::all("en")[1], Looks::all("en")[2]] {
        let customer = house.customer("Kiyo Trading");
        let mut buyer = Browser::at(&house);
        buyer.look_as(looks);
        buyer.sign_in(Role::Customer(customer));
        buyer.visit("/portal/security");
        buyer.click("Set up a code app");
        assert_eq!(buyer.faults(), Vec::<String>::new());
        buyer.screenshot(&format!("code-app.{looks}"));
        let secret = codes(&mut buyer).remove(0);
        let right = code(&mut buyer, &secret);
        buyer.fill("Code", if right == "000000" { "000001" } else { "000000" });
        buyer.click_wrong("Turn it on");
        buyer.expect_text("Look at the newest one, and whether the phone’s clock is.");
        buyer.fill("Code", &right);
        buyer.click("Turn it on");
        let kept = codes(&mut buyer);
        assert_eq!(buyer.faults(), Vec::<String>::new());
        buyer.screenshot(&format!("recovery-codes.{looks}"));
        buyer.click("I have kept them");

        sign_out(&mut buyer, "Chloé Martin");
        follow_link(&mut buyer, customer);
        // A code that was used is worth nothing, not even to who looked over the shoulder.
        buyer.fill("Code", &right);
        buyer.click_wrong("Sign in");
        buyer.expect_text("This code is not right.");
        house.clock().set(house.cx().now().plus_seconds(30));
        let next = code(&mut buyer, &secret);
        buyer.fill("Code", &next);
        buyer.click("Sign in");
        assert_eq!(buyer.path(), "/portal");
        sign_out(&mut buyer, "Chloé Martin");
        follow_link(&mut buyer, customer);
        buyer.fill("Code", &kept[0]);
        buyer.click("Sign in");
        assert_eq!(buyer.path(), "/portal");
        buyer.visit("/portal/security");
        buyer.expect_text(&format!("{} recovery codes left.", kept.len() - 1));
    }
}
