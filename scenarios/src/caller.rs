//! A program that keeps cookies and form tokens as a browser does, and sends what no browser would.

use url::form_urlencoded::Serializer;

use crate::house::House;
use crate::line::{Heard, Line};

/// One visitor without a browser.
pub struct Caller<'h> {
    house: &'h House,
    cookies: Vec<(String, String)>,
    csrf: String,
    /// Heads that every request carries, such as `x-forwarded-host: evil.example`, each with its end of line.
    pub heads: String,
}

impl<'h> Caller<'h> {
    /// Nobody yet.
    pub fn at(house: &'h House) -> Self {
        Self { house, cookies: Vec::new(), csrf: String::new(), heads: String::new() }
    }

    /// The owner, signed in.
    pub fn owner(house: &'h House) -> Self {
        let mut owner = Self::at(house);
        owner.get("/admin/sign-in");
        let (email, password) = house.owner();
        let signed = owner.post("/admin/sign-in", &[("email", email), ("password", password)]);
        assert_eq!(signed.header("location"), "/admin", "{}", signed.text());
        owner
    }

    /// Somebody who signs in for a customer.
    pub fn customer(house: &'h House, customer: i64) -> Self {
        let mut buyer = Self::at(house);
        let link = house.portal_link(customer);
        buyer.get(&link);
        assert_eq!(buyer.post(&link, &[]).header("location"), "/portal");
        buyer
    }

    /// Asks for a page, and remembers its form token.
    pub fn get(&mut self, path: &str) -> Heard {
        self.send("GET", path, "")
    }

    /// Sends a form with the token of the last page.
    pub fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Heard {
        let mut body = Serializer::new(String::new());
        body.append_pair("_csrf", &self.csrf).extend_pairs(fields);
        self.send("POST", path, &body.finish())
    }

    /// Sends one file with the token of the last page, under whatever name and kind.
    pub fn upload(&mut self, path: &str, field: &str, name: &str, kind: &str, file: &[u8]) -> Heard {
        let mut body = format!(
            "--cut\r\ncontent-disposition: form-data; name=\"_csrf\"\r\n\r\n{}\r\n\
             --cut\r\ncontent-disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\ncontent-type: {kind}\r\n\r\n",
            self.csrf
        )
        .into_bytes();
        body.extend_from_slice(file);
        body.extend_from_slice(b"\r\n--cut--\r\n");
        self.send_as("multipart/form-data; boundary=cut", "POST", path, &body)
    }

    /// The cookies it has, as a head.
    pub fn cookies(&self) -> String {
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        cookies.join("; ")
    }

    /// Has a cookie, as if it had been given one.
    pub fn plant(&mut self, name: &str, value: &str) {
        self.cookies.push((name.to_owned(), value.to_owned()));
    }

    /// The value of a hidden field of a page.
    ///
    /// # Panics
    /// When the page has no such field.
    pub fn hidden(page: &Heard, name: &str) -> String {
        let text = page.text();
        let rest = text.split_once(&format!("name=\"{name}\" value=\""));
        rest.unwrap_or_else(|| panic!("no {name} in {text}"))
            .1
            .split('"')
            .next()
            .unwrap_or_default()
            .to_owned()
    }

    fn send(&mut self, method: &str, path: &str, body: &str) -> Heard {
        self.send_as("application/x-www-form-urlencoded", method, path, body.as_bytes())
    }

    fn send_as(&mut self, kind: &str, method: &str, path: &str, body: &[u8]) -> Heard {
        let mut line = Line::to(self.house);
        let host = if self.heads.contains("host:") { "" } else { "host: localhost\r\n" };
        let request = format!(
            "{method} {path} HTTP/1.1\r\n{host}{}accept: text/html\r\ncookie: {}\r\n\
             content-type: {kind}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
            self.heads,
            self.cookies(),
            body.len()
        );
        line.say(request).expect("the office takes a request");
        // Whoever is refused at the head may find the door closed before all is said; the answer tells.
        drop(line.say(body));
        let heard = line.hear().unwrap_or_else(|| panic!("{method} {path} was not answered"));
        self.remember(&heard);
        heard
    }

    fn remember(&mut self, heard: &Heard) {
        for cookie in heard.headers("set-cookie") {
            let (name, rest) = cookie.split_once('=').expect("a cookie has a value");
            let value = rest.split(';').next().unwrap_or_default().to_owned();
            self.cookies.retain(|(known, _)| known != name);
            if !value.is_empty() {
                self.cookies.push((name.to_owned(), value));
            }
        }
        if let Some((_, rest)) = heard.text().split_once("name=\"_csrf\" value=\"") {
            self.csrf = rest.split('"').next().unwrap_or_default().to_owned();
        }
    }
}
