//! Lists over the kernel's own records, which belong to no module: who did what, and the jobs that wait.

use std::pin::Pin;

use axum::Extension;
use axum::extract::Path;
use bursar_audit::Audit;
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::{Denied, Fault};
use bursar_jobs::Runner;
use bursar_web::{
    BulkAction, Column, Done, Filter, Lens, PageResult, Permission, Problem, Resource, Routes, Sort, Visit,
    paths,
};
use serde_json::{Value, json};

use super::desk::{AUDIT_VIEW, PROBLEM_MEND, PROBLEM_VIEW};

/// What a job that is not dead waits for.
const JOB_STATE: &str = "CASE WHEN j.state = 'dead' THEN 'dead' WHEN j.last_error IS NOT NULL THEN 'retrying'
    ELSE 'waiting' END";

pub(super) fn audit() -> Resource {
    Resource::new("audit", "Audit log", paths!("/admin/audit"), AUDIT_VIEW)
        .described(
            "history",
            "Who did what to which subject. Nobody can change it, and a removed line is noticed.",
        )
        .in_nav("Work", 340)
        .from("audit_log AS l", "l.id")
        .opens("/admin/audit/")
        .columns(vec![
            Column::text("action", "Action", "l.action").opens(),
            Column::text("subject", "Subject", "l.subject"),
            Column::text("who", "Who", "l.actor_name"),
            Column::instant("at", "When", "l.at").sorts("newest"),
            Column::number("number", "Number", "l.id").extra(),
            Column::text("before", "Before", "l.before").extra(),
            Column::text("after", "After", "l.after").extra(),
            Column::text("request", "Request", "l.request_id").extra(),
        ])
        .filters(vec![
            Filter::exact("subject", "Subject, such as customer:12", "l.subject"),
            Filter::exact("action", "Action", "l.action"),
            Filter::choice(
                "kind",
                "Who",
                "l.actor_kind",
                vec![
                    ("staff", "Staff"),
                    ("user", "Customers"),
                    ("api_key", "Programs"),
                    ("system", "Bursar itself"),
                ],
            ),
            Filter::id("actor", "Number of the person", "l.actor_id"),
        ])
        .lenses(vec![Lens::new("", "All", "", &["newest"])])
        .empty("Nothing is recorded yet", "What people do here is recorded as they do it.")
}

pub(super) fn jobs() -> Resource {
    Resource::new("jobs", "Jobs", paths!("/admin/jobs"), PROBLEM_VIEW)
        .described("clock", "Work that must happen later. What failed too often waits for a person.")
        .in_nav("Work", 310)
        .from("kernel_jobs AS j", "j.id")
        .columns(vec![
            Column::text("kind", "Job", "j.kind").note("j.last_error"),
            Column::badge("state", "State", JOB_STATE),
            Column::number("attempts", "Attempts", "j.attempts"),
            Column::instant("due", "Due", "j.run_at"),
            Column::instant("created", "Since", "j.created_at").sorts("newest"),
            Column::text("payload", "For", "j.payload").extra(),
            Column::number("number", "Number", "j.id").extra(),
        ])
        .filters(vec![Filter::exact("kind", "Job", "j.kind")])
        .sorts(vec![Sort::instant("due", "Due", "j.run_at")])
        .lenses(vec![
            Lens::new("", "All", "", &["newest"]),
            Lens::new("ready", "Waiting", "j.state = 'ready'", &["due"]),
            Lens::new("dead", "Dead letters", "j.state = 'dead'", &["newest"]).counted(),
        ])
        .actions(vec![
            BulkAction::new("retry", "Try again", PROBLEM_MEND, "These jobs run again at once.", retry)
                .applies("j.state = 'dead'"),
            BulkAction::new(
                "drop",
                "Drop",
                PROBLEM_MEND,
                "These jobs are given up and never run. What they should have done stays undone.",
                give_up,
            )
            .applies("j.state = 'dead'"),
        ])
        .empty("No jobs wait", "Everything that was to be done is done.")
}

pub(super) fn routes() -> Routes {
    Routes::<()>::new("desk").get("/admin/audit/{id}", Permission(AUDIT_VIEW), show).with_state(())
}

async fn show(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>) -> PageResult {
    cx.require(AUDIT_VIEW)?;
    let found = cx.read(async move |tx: &mut Tx| bursar_audit::find(tx, id).await).await?;
    let entry = found.ok_or_else(Problem::not_found)?;
    let (before, after) = (part(entry.before.as_deref()), part(entry.after.as_deref()));
    visit.page(
        "desk/audit/admin_show.html",
        json!({
            "id": entry.id, "at": entry.at, "who": entry.actor_name, "action": entry.action,
            "subject": entry.subject, "request": entry.request_id, "hash": entry.hash,
            "fields": fields(&before, &after),
        }),
    )
}

fn part(text: Option<&str>) -> Value {
    text.and_then(|text| serde_json::from_str(text).ok()).unwrap_or(Value::Null)
}

/// Field by field what was and what is; a part that is no object is one field.
fn fields(before: &Value, after: &Value) -> Vec<Value> {
    let words = |value: Option<&Value>| match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    };
    let line = |name: &str, old: String, new: String| {
        let is_changed = old != new;
        json!({ "name": name, "before": old, "after": new, "is_changed": is_changed })
    };
    match (before.as_object(), after.as_object()) {
        (None, None) if before.is_null() && after.is_null() => Vec::new(),
        (None, None) => vec![line("value", words(Some(before)), words(Some(after)))],
        (old, new) => {
            let mut names: Vec<&String> = old.into_iter().chain(new).flat_map(|it| it.keys()).collect();
            names.sort();
            names.dedup();
            let value = |of: Option<&serde_json::Map<String, Value>>, name: &String| {
                words(of.and_then(|it| it.get(name)))
            };
            names.into_iter().map(|name| line(name, value(old, name), value(new, name))).collect()
        }
    }
}

type Doing = Pin<Box<dyn Future<Output = Result<Done, Fault>> + Send>>;

fn retry(cx: Cx, ids: Vec<i64>) -> Doing {
    Box::pin(mend(cx, ids, "retry"))
}

fn give_up(cx: Cx, ids: Vec<i64>) -> Doing {
    Box::pin(mend(cx, ids, "drop"))
}

/// Each job by itself: one that somebody else dealt with meanwhile does not keep the others back.
async fn mend(cx: Cx, ids: Vec<i64>, what: &'static str) -> Result<Done, Fault> {
    let mut done = Done::default();
    if let Err(Denied { permission }) = cx.require(PROBLEM_MEND) {
        return Err(Fault::new(format!("{permission} is needed and the page did not ask")));
    }
    let mut mended = Vec::new();
    for id in ids {
        let found = match what {
            "retry" => Runner::revive(&cx, id).await?,
            _ => Runner::drop_dead(&cx, id).await?,
        };
        if found {
            mended.push(id);
        } else {
            done.refused.push((id, "Somebody else has dealt with it.".to_owned()));
        }
    }
    done.done = mended.len();
    let action = format!("{PROBLEM_MEND}.{what}");
    cx.write(async move |tx: &mut Tx| {
        let subjects: Vec<String> = mended.iter().map(|id| format!("jobs:{id}")).collect();
        let acts = subjects
            .iter()
            .map(|subject| Audit { action: &action, subject, before: None, after: None })
            .collect();
        bursar_audit::record_all(tx, acts).await
    })
    .await?;
    Ok(done)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_shown_field_by_field() {
        let found = fields(
            &json!({"name": "Ann", "city": "Bonn"}),
            &json!({"name": "Anna", "city": "Bonn", "age": 7}),
        );
        let expected = json!([
            {"name": "age", "before": "", "after": "7", "is_changed": true},
            {"name": "city", "before": "Bonn", "after": "Bonn", "is_changed": false},
            {"name": "name", "before": "Ann", "after": "Anna", "is_changed": true},
        ]);
        assert_eq!(json!(found), expected);
        assert_eq!(fields(&Value::Null, &Value::Null), Vec::<Value>::new());
    }
}
