//! Requests and answers as TCAdmin spells them: one address, forms, and status 200 whatever happened.

use bursar_hosting::server;
use bursar_outbound::{Answer, Call, CallError, Endpoint, Forbidden, Request};

use crate::map;
use crate::settings;
use crate::xml;

/// The panel's interface within one call.
pub(crate) struct Api<'a> {
    call: &'a Call,
    endpoint: Endpoint,
    username: &'a str,
    password: &'a str,
}

/// Why a function did nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Failure {
    /// There is no such service, in the words that staff gave.
    Absent,
    /// The panel said what is wrong.
    Reason(String),
    /// No outcome.
    Call(CallError),
}

impl From<Failure> for CallError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Absent => Self::Refused("TCAdmin has no such service".to_owned()),
            Failure::Reason(text) => Self::Refused(text),
            Failure::Call(error) => error,
        }
    }
}

/// Something that a service can be made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Game {
    pub(crate) id: String,
    pub(crate) name: String,
}

impl<'a> Api<'a> {
    pub(crate) fn open(call: &'a Call) -> Result<Self, CallError> {
        Ok(Self {
            call,
            endpoint: server::endpoint(call)?,
            username: server::setting(call, settings::USERNAME, "user name")?,
            password: server::secret(call, settings::PASSWORD, "password")?,
        })
    }

    pub(crate) fn base(&self) -> &str {
        self.endpoint.base()
    }

    /// Has a function done, and gives what it says to it.
    pub(crate) async fn tell(&self, function: &str, fields: &[(&str, &str)]) -> Result<String, Failure> {
        let answer = self.send(function, "text", fields).await?;
        let reply = Reply::read(&answer).map_err(Failure::Call)?;
        self.outcome(&answer, reply)
    }

    pub(crate) async fn games(&self) -> Result<Vec<Game>, CallError> {
        let answer = self.send("GetSupportedGames", "xml", &[]).await.map_err(CallError::from)?;
        let reply = Reply::read(&answer)?;
        self.outcome(&answer, reply).map_err(CallError::from)?;
        let text = String::from_utf8_lossy(answer.body());
        let games = xml::all(&text, "game")
            .into_iter()
            .filter_map(|game| Some(Game { id: xml::text(game, "gameid")?, name: xml::text(game, "name")? }));
        Ok(games.filter(|game| !game.id.is_empty() && !game.name.is_empty()).collect())
    }

    async fn send(
        &self,
        function: &str,
        response_type: &str,
        fields: &[(&str, &str)],
    ) -> Result<Answer, Failure> {
        let mut form = vec![
            ("tcadmin_username", self.username),
            ("tcadmin_password", self.password),
            ("function", function),
            ("response_type", response_type),
        ];
        form.extend_from_slice(fields);
        let mut request =
            Request::post(&self.endpoint, "/billingapi.aspx").header("accept-charset", "UTF-8").form(&form);
        for (name, value) in fields {
            if name.contains("password") && !value.is_empty() {
                request = request.hiding(value);
            }
        }
        let answer = request.send(self.call).await.map_err(Failure::Call)?;
        if answer.is_success() {
            return Ok(answer);
        }
        Err(Failure::Call(match answer.failure(Forbidden::IsCredentials) {
            // Business is answered with 200: whatever else answers here is not the interface.
            CallError::Refused(text) => CallError::Unreadable(text),
            other => other,
        }))
    }

    fn outcome(&self, answer: &Answer, reply: Reply) -> Result<String, Failure> {
        if reply.error_code == 0 {
            return Ok(reply.text);
        }
        let said = answer.redact(&reply.error_text);
        let said = if said.is_empty() { format!("error {}", reply.error_code) } else { said };
        let absent = self.call.settings().text(settings::ABSENT_WORDS).unwrap_or_default();
        Err(map::failure(&said, absent))
    }
}

/// What the panel said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reply {
    pub(crate) text: String,
    pub(crate) error_code: i64,
    pub(crate) error_text: String,
}

impl Reply {
    fn read(answer: &Answer) -> Result<Self, CallError> {
        let text = String::from_utf8_lossy(answer.body());
        Self::parse(&text)
            .ok_or_else(|| CallError::Unreadable(format!("no answer of TCAdmin's: {}", answer.excerpt())))
    }

    /// Either form, whichever was asked for. An answer without a number for its error is none: pages of errors, of other
    /// servers and of nobody.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.trim_start_matches('\u{feff}');
        if text.trim_start().starts_with('<') {
            let results = *xml::all(text, "results").first()?;
            return Some(Self {
                text: xml::text(results, "returntext").unwrap_or_default(),
                error_code: xml::text(results, "errorcode")?.parse().ok()?,
                error_text: xml::text(results, "errortext").unwrap_or_default(),
            });
        }
        let line = text.replace(['\r', '\n'], "");
        let mut parts = line.splitn(4, '\t');
        let (_code, text) = (parts.next()?, parts.next()?);
        let error_code = parts.next()?.trim().parse().ok()?;
        let error_text = parts.next().unwrap_or_default().trim().to_owned();
        Some(Self { text: text.trim().to_owned(), error_code, error_text })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_are_read_and_nothing_else() {
        let read = |text: &str| Reply::parse(text).map(|it| (it.text, it.error_code, it.error_text));
        let made = Some(("cust42".to_owned(), 0, String::new()));
        assert_eq!(read("0\tcust42\t0\t\r\n"), made);
        assert_eq!(read("0\tcust42\t0"), made);
        let xml = "<results><returncode>0</returncode><returntext>cust42</returntext><errorcode>0</errorcode>\
                   <errortext></errortext></results>";
        assert_eq!(read(xml), made);
        assert_eq!(read(&format!("\u{feff}<?xml version=\"1.0\"?>{xml}")), made);
        assert_eq!(
            read("0\t\t-12\tService\tnot found"),
            Some((String::new(), -12, "Service\tnot found".to_owned()))
        );
        for nothing in [
            "",
            "OK",
            "<html><body>404</body></html>",
            "0\tcust42",
            "0\tcust42\tmaybe\t",
            "<results><returntext>x</returntext></results>",
        ] {
            assert_eq!(read(nothing), None, "{nothing}");
        }
    }
}
