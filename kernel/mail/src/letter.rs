//! The paper a mail is written on.

use bursar_i18n::Locale;

/// How the tenant's mails look. Colours are `#rrggbb`; whoever fills this in has checked them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letterhead {
    /// The company's name.
    pub name: String,
    /// Bar and buttons.
    pub primary: String,
    /// Text on them.
    pub primary_text: String,
    /// Small print: address, register entry.
    pub footer: String,
    /// Where one can choose which mails to get; on mails that one can do without.
    pub preferences: Option<Preferences>,
}

/// The way out of a mail that is not essential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preferences {
    /// The whole address.
    pub url: String,
    /// What the link says, in the reader's language.
    pub label: String,
}

impl Letterhead {
    /// The whole HTML document around a body. Tables and inline styles, because mail programs know little else.
    pub(crate) fn around(&self, locale: Locale, subject: &str, body: &str) -> String {
        let (name, subject) = (escaped(&self.name), escaped(subject));
        let (language, direction) = (locale.code(), locale.direction().code());
        let (primary, primary_text) = (&self.primary, &self.primary_text);
        let mut foot = String::new();
        for line in self.footer.lines().filter(|line| !line.trim().is_empty()) {
            foot.push_str(&escaped(line.trim()));
            foot.push_str("<br>");
        }
        if let Some(preferences) = &self.preferences {
            let (url, label) = (escaped(&preferences.url), escaped(&preferences.label));
            foot.push_str(&format!("<a href=\"{url}\" style=\"color:#5b6472\">{label}</a>"));
        }
        format!(
            "<!doctype html>\n<html lang=\"{language}\" dir=\"{direction}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"color-scheme\" content=\"light\">\n<title>{subject}</title>\n</head>\n\
             <body style=\"margin:0;padding:0;background:#f3f4f6\">\n\
             <table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" \
             style=\"background:#f3f4f6\"><tr><td align=\"center\" style=\"padding:24px 12px\">\n\
             <table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" dir=\"{direction}\" \
             style=\"max-width:600px;background:#ffffff;border-radius:10px;overflow:hidden;\
             font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;font-size:16px;line-height:1.55;\
             color:#1f2937\">\n\
             <tr><td style=\"background:{primary};color:{primary_text};padding:18px 28px;font-size:17px;\
             font-weight:600\">{name}</td></tr>\n\
             <tr><td style=\"padding:28px\">\n{body}</td></tr>\n\
             <tr><td style=\"padding:18px 28px;border-top:1px solid #e5e7eb;color:#5b6472;font-size:13px\">\
             {foot}</td></tr>\n</table>\n</td></tr></table>\n</body>\n</html>\n"
        )
    }

    /// What stands under the plain text.
    pub(crate) fn plain_foot(&self) -> String {
        let mut foot = format!("-- \n{}\n", self.name);
        for line in self.footer.lines().filter(|line| !line.trim().is_empty()) {
            foot.push_str(line.trim());
            foot.push('\n');
        }
        if let Some(preferences) = &self.preferences {
            foot.push_str(&format!("{}: {}\n", preferences.label, preferences.url));
        }
        foot
    }
}

pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}
