//! What a product asks of who orders it: a host name, an operating system, a customer number. Staff write the questions,
//! customers answer them, and whoever delivers reads the answers by name.

use std::collections::BTreeMap;

use bursar_audit::Audit;
use bursar_context::Cx;
use bursar_db::{Row, Tx, params};
use bursar_fault::{Fault, FieldError};
use bursar_time::Date;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::error::OrderError;
use crate::permissions;

bursar_db::statements! {
    /// The questions of a product and those of every product, in order.
    pub(crate) OF_PRODUCT = "SELECT id, product_id, name, label, kind, help, choices, required, position
        FROM ordering_questions WHERE product_id = $1 OR product_id IS NULL ORDER BY position, id LIMIT 200";
    /// All of them.
    pub(crate) LIST = "SELECT id, product_id, name, label, kind, help, choices, required, position
        FROM ordering_questions ORDER BY position, id LIMIT 2000";
    /// Who asks under a name already.
    pub(crate) SAME_NAME = "SELECT id FROM ordering_questions
        WHERE name = $1 AND (product_id = $2 OR product_id IS NULL OR $2 IS NULL) LIMIT 1";
    /// A new question.
    pub(crate) INSERT = "INSERT INTO ordering_questions (id, product_id, name, label, kind, help, choices, required,
        position) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    /// Asks no more; answers stay with the orders.
    pub(crate) DELETE = "DELETE FROM ordering_questions WHERE id = $1";
}

const LONGEST_LINE: usize = 200;
const LONGEST_TEXT: usize = 4_000;
const MOST_CHOICES: usize = 100;

/// How a question is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuestionKind {
    /// One line.
    Line,
    /// Several lines.
    Text,
    /// One of a list.
    Choice,
    /// Yes or nothing.
    YesNo,
    /// A host name: `www.example.org`.
    Hostname,
    /// A day.
    Date,
}

impl QuestionKind {
    /// Every kind.
    pub const ALL: [Self; 6] =
        [Self::Line, Self::Text, Self::Choice, Self::YesNo, Self::Hostname, Self::Date];

    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Line => "line",
            Self::Text => "text",
            Self::Choice => "choice",
            Self::YesNo => "yes_no",
            Self::Hostname => "hostname",
            Self::Date => "date",
        }
    }

    /// Reads a stored code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// A question to be asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NewQuestion {
    /// Who asks; `None` for every product.
    pub product_id: Option<i64>,
    /// The answer's name for who delivers: lower case, digits and underscores.
    pub name: String,
    /// As shown.
    pub label: String,
    /// How it is answered.
    pub kind: QuestionKind,
    /// Shown beside it.
    pub help: String,
    /// For `Choice`.
    pub choices: Vec<String>,
    /// An order without an answer is refused.
    pub required: bool,
    /// Smaller first.
    pub position: i64,
}

/// A question as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Question {
    /// Identity.
    pub id: i64,
    /// The rest.
    #[serde(flatten)]
    pub asked: NewQuestion,
}

impl NewQuestion {
    fn checked(&self) -> Result<Self, OrderError> {
        let tidy = |text: &str| text.trim().to_owned();
        let choices: Vec<String> = match self.kind {
            QuestionKind::Choice => {
                self.choices.iter().map(|choice| tidy(choice)).filter(|choice| !choice.is_empty()).collect()
            }
            QuestionKind::Line
            | QuestionKind::Text
            | QuestionKind::YesNo
            | QuestionKind::Hostname
            | QuestionKind::Date => Vec::new(),
        };
        let asked = Self {
            name: tidy(&self.name),
            label: tidy(&self.label),
            help: tidy(&self.help),
            choices,
            ..self.clone()
        };
        let mut wrong = Vec::new();
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if asked.name.is_empty() || asked.name.len() > 60 || !asked.name.chars().all(plain) {
            wrong.push(FieldError::new("name", "Use 1 to 60 small letters, digits and underscores."));
        }
        if asked.label.is_empty() || asked.label.chars().count() > LONGEST_LINE {
            wrong.push(FieldError::new("label", format!("Use 1 to {LONGEST_LINE} characters.")));
        }
        if asked.help.chars().count() > 1_000 {
            wrong.push(FieldError::new("help", "Use at most 1,000 characters."));
        }
        let too_long = |choice: &String| choice.chars().count() > LONGEST_LINE;
        if asked.kind == QuestionKind::Choice
            && (asked.choices.is_empty()
                || asked.choices.len() > MOST_CHOICES
                || asked.choices.iter().any(too_long))
        {
            wrong.push(FieldError::new(
                "choices",
                format!(
                    "Give 1 to {MOST_CHOICES} choices, one a line, each at most {LONGEST_LINE} characters."
                ),
            ));
        }
        if wrong.is_empty() { Ok(asked) } else { Err(OrderError::Invalid(wrong)) }
    }
}

/// Tidies and checks answers; the field of a fault is `answer-` and the question's name. What nobody asked is dropped.
///
/// # Errors
/// Every answer that cannot be used.
pub fn check_answers(
    questions: &[Question],
    given: &BTreeMap<String, String>,
) -> Result<BTreeMap<String, String>, Vec<FieldError>> {
    let (mut answers, mut wrong) = (BTreeMap::new(), Vec::new());
    for Question { asked, .. } in questions {
        let text = given.get(&asked.name).map_or("", |text| text.trim());
        if text.is_empty() {
            if asked.required {
                wrong.push(FieldError::new(format!("answer-{}", asked.name), "Please fill this in."));
            }
            continue;
        }
        match check_answer(asked, text) {
            Ok(answer) => drop(answers.insert(asked.name.clone(), answer)),
            Err(why) => wrong.push(FieldError::new(format!("answer-{}", asked.name), why)),
        }
    }
    if wrong.is_empty() { Ok(answers) } else { Err(wrong) }
}

fn check_answer(asked: &NewQuestion, text: &str) -> Result<String, String> {
    let most = if asked.kind == QuestionKind::Text { LONGEST_TEXT } else { LONGEST_LINE };
    if text.chars().count() > most {
        return Err(format!("Use at most {most} characters."));
    }
    let control =
        |c: char| c.is_control() && !(asked.kind == QuestionKind::Text && matches!(c, '\n' | '\r' | '\t'));
    if text.chars().any(control) {
        return Err("Use letters, digits and signs on one line.".to_owned());
    }
    match asked.kind {
        QuestionKind::Line | QuestionKind::Text => Ok(text.to_owned()),
        QuestionKind::Choice if asked.choices.iter().any(|choice| choice == text) => Ok(text.to_owned()),
        QuestionKind::Choice => Err("Choose one from the list.".to_owned()),
        QuestionKind::YesNo => Ok("yes".to_owned()),
        QuestionKind::Hostname => hostname(text).ok_or_else(|| {
            "Enter a host name such as www.example.org, without http:// or a path.".to_owned()
        }),
        QuestionKind::Date => text
            .parse::<Date>()
            .map(|on| on.to_string())
            .map_err(|_| "Enter a date such as 2026-12-31.".to_owned()),
    }
}

/// Letters, digits and hyphens between dots, at least two labels, at most 253 characters (RFC 1123).
fn hostname(text: &str) -> Option<String> {
    let name = text.trim_end_matches('.').to_ascii_lowercase();
    let fits = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    (name.len() <= 253 && name.contains('.') && name.split('.').all(fits)).then_some(name)
}

/// What a product asks, in order.
///
/// # Errors
/// Faults of the database.
pub async fn questions_of(tx: &mut Tx, product_id: i64) -> Result<Vec<Question>, Fault> {
    tx.query(&OF_PRODUCT, params![product_id], question).await
}

/// Answers beside what was asked, in the order in which it is asked. What is not asked any more goes by its name.
///
/// # Errors
/// Faults of the database.
pub async fn in_words(
    tx: &mut Tx,
    product_id: i64,
    answers: &BTreeMap<String, String>,
) -> Result<Vec<(String, String)>, Fault> {
    if answers.is_empty() {
        return Ok(Vec::new());
    }
    let mut left = answers.clone();
    let mut said = Vec::with_capacity(left.len());
    for asked in questions_of(tx, product_id).await? {
        if let Some(answer) = left.remove(&asked.asked.name) {
            said.push((asked.asked.label, answer));
        }
    }
    said.extend(left.into_iter().map(|(name, answer)| (name.replace('_', " "), answer)));
    Ok(said)
}

/// Every question.
///
/// # Errors
/// Faults of the database.
pub async fn questions(tx: &mut Tx) -> Result<Vec<Question>, Fault> {
    tx.query(&LIST, params![], question).await
}

/// Asks from now on.
///
/// # Errors
/// [`OrderError::Invalid`].
pub async fn add_question(cx: &Cx, new: NewQuestion) -> Result<i64, OrderError> {
    cx.require(permissions::SETTINGS)?;
    cx.write(async move |tx: &mut Tx| {
        let asked = new.checked()?;
        let values = params![&asked.name, asked.product_id];
        if tx.query_opt(&SAME_NAME, values, |row| row.get::<i64>(0)).await?.is_some() {
            return Err(OrderError::field("name", "This name is taken; answers could not be told apart."));
        }
        let id = tx.new_raw_id()?;
        let choices = serde_json::to_string(&asked.choices).map_err(|e| Fault::wrap("writing choices", e))?;
        let values = params![
            id,
            asked.product_id,
            &asked.name,
            &asked.label,
            asked.kind.code(),
            &asked.help,
            &choices,
            asked.required,
            asked.position
        ];
        tx.exec_one(&INSERT, values).await?;
        let (subject, after) = (format!("question:{id}"), Some(json!(asked)));
        let audit = Audit { action: "ordering.question.add", subject: &subject, before: None, after };
        bursar_audit::record(tx, audit).await?;
        Ok(id)
    })
    .await
}

/// Asks no more.
///
/// # Errors
/// [`OrderError::NotFound`].
pub async fn remove_question(cx: &Cx, id: i64) -> Result<(), OrderError> {
    cx.require(permissions::SETTINGS)?;
    cx.write(async move |tx: &mut Tx| {
        if tx.exec(&DELETE, params![id]).await? == 0 {
            return Err(OrderError::NotFound("question"));
        }
        let subject = format!("question:{id}");
        let audit =
            Audit { action: "ordering.question.remove", subject: &subject, before: None, after: None };
        Ok(bursar_audit::record(tx, audit).await?)
    })
    .await
}

fn question(row: &Row<'_>) -> Result<Question, Fault> {
    let kind = QuestionKind::parse(row.text(4)?);
    Ok(Question {
        id: row.get(0)?,
        asked: NewQuestion {
            product_id: row.get(1)?,
            name: row.get(2)?,
            label: row.get(3)?,
            kind: kind.ok_or_else(|| Fault::corrupt("a question has an unknown kind"))?,
            help: row.get(5)?,
            choices: serde_json::from_str(row.text(6)?)
                .map_err(|e| Fault::corrupt("choices cannot be read").caused_by(e))?,
            required: row.get(7)?,
            position: row.get(8)?,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(name: &str, kind: QuestionKind, required: bool) -> Question {
        let choices = vec!["Debian 13".to_owned(), "Rocky 10".to_owned()];
        let (name, label) = (name.to_owned(), name.to_owned());
        let asked = NewQuestion {
            product_id: None,
            name,
            label,
            kind,
            help: String::new(),
            choices,
            required,
            position: 0,
        };
        Question { id: 1, asked }
    }

    fn check(question: Question, given: &str) -> Result<Option<String>, String> {
        let name = question.asked.name.clone();
        let given = BTreeMap::from([(name.clone(), given.to_owned()), ("other".to_owned(), "x".to_owned())]);
        match check_answers(&[question], &given) {
            Ok(answers) => {
                assert!(!answers.contains_key("other"), "what nobody asked is dropped");
                Ok(answers.get(&name).cloned())
            }
            Err(wrong) => {
                assert_eq!(wrong[0].field, format!("answer-{name}"));
                Err(wrong[0].message.clone())
            }
        }
    }

    #[test]
    fn answers_are_checked_by_what_was_asked() {
        let host = |given: &str| check(ask("host", QuestionKind::Hostname, true), given);
        assert_eq!(host(" WWW.Example.org. "), Ok(Some("www.example.org".to_owned())));
        for bad in ["localhost", "http://a.b", "a..b", "-a.example", "a b.example", "ä.example"] {
            assert!(host(bad).unwrap_err().starts_with("Enter a host name"), "{bad}");
        }
        assert_eq!(host(""), Err("Please fill this in.".to_owned()));
        let day = |given: &str| check(ask("start_on", QuestionKind::Date, true), given);
        assert_eq!(day(" 2026-12-31 "), Ok(Some("2026-12-31".to_owned())));
        for bad in ["31.12.2026", "2026-02-30", "soon"] {
            assert_eq!(day(bad), Err("Enter a date such as 2026-12-31.".to_owned()), "{bad}");
        }
        let system = |given: &str| check(ask("os", QuestionKind::Choice, false), given);
        assert_eq!(system("Debian 13"), Ok(Some("Debian 13".to_owned())));
        assert_eq!(system("Windows"), Err("Choose one from the list.".to_owned()));
        assert_eq!(system(""), Ok(None));
        assert_eq!(check(ask("panel", QuestionKind::YesNo, false), "1"), Ok(Some("yes".to_owned())));
        assert!(check(ask("line", QuestionKind::Line, false), "a\nb").is_err());
        assert_eq!(check(ask("text", QuestionKind::Text, false), "a\nb"), Ok(Some("a\nb".to_owned())));
        assert!(check(ask("line", QuestionKind::Line, false), &"x".repeat(201)).is_err());
    }
}
