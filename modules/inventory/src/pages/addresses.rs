//! One address.

use axum::Extension;
use axum::extract::Path;
use bursar_context::Cx;
use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_time::Instant;
use bursar_web::{Flash, Form, PageResult, Permission, Problem, Routes, Visit};
use serde_json::{Value, json};

use super::{refuse, sentence};
use crate::addresses::{find_pool, set_reverse_dns, store, unblock_address};
use crate::permissions::{ADDRESS_EDIT, ADDRESS_VIEW};

const SHOW: &str = "inventory/addresses/admin_show.html";

pub(super) fn routes() -> Routes {
    Routes::<()>::new("inventory")
        .get("/admin/ip-addresses/{id}", Permission(ADDRESS_VIEW), page)
        .post("/admin/ip-addresses/{id}", Permission(ADDRESS_EDIT), save)
        .post("/admin/ip-addresses/{id}/unblock", Permission(ADDRESS_EDIT), unblock)
        .with_state(())
}

fn at(id: i64) -> String {
    format!("/admin/ip-addresses/{id}")
}

async fn context(visit: &Visit, cx: &Cx, id: i64, typed: Option<&Form>) -> PageResult<Value> {
    let found = cx
        .read(async move |tx: &mut Tx| {
            let row = tx
                .query_opt(&store::SHOW, params![id], |row| {
                    let facts = json!({
                        "address": row.get::<String>(0)?, "pool_id": row.get::<i64>(1)?,
                        "state": row.get::<String>(2)?, "service": row.get::<Option<i64>>(3)?,
                        "free_at": row.get::<Option<Instant>>(4)?.map(Instant::micros),
                        "reverse_dns": row.get::<String>(5)?, "note": row.get::<String>(6)?,
                        "changed_at": row.get::<Instant>(7)?.micros(),
                    });
                    Ok((facts, row.get::<i64>(1)?))
                })
                .await?;
            let Some((facts, pool)) = row else { return Ok::<_, Fault>(None) };
            Ok(find_pool(tx, pool).await?.map(|pool| (facts, pool.details.name)))
        })
        .await?;
    let (mut facts, pool) = found.ok_or_else(Problem::not_found)?;
    let stored = Form::filled([("reverse_dns", facts["reverse_dns"].as_str().unwrap_or_default())]);
    facts["id"] = json!(id);
    facts["pool"] = json!(pool);
    facts["form"] = json!(typed.unwrap_or(&stored).view());
    facts["may_edit"] = json!(visit.can(ADDRESS_EDIT));
    Ok(facts)
}

async fn page(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>) -> PageResult {
    let context = context(&visit, &cx, id, None).await?;
    visit.page(SHOW, context)
}

async fn save(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>, mut form: Form) -> PageResult {
    match set_reverse_dns(&cx, id, form.text("reverse_dns").to_owned()).await {
        Ok(()) => visit.redirect_with(at(id), Flash::success("The name is saved.")),
        Err(error) => {
            refuse(&mut form, error)?;
            let context = context(&visit, &cx, id, Some(&form)).await?;
            visit.refused_form(SHOW, context)
        }
    }
}

async fn unblock(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>) -> PageResult {
    let flash = match unblock_address(&cx, id).await {
        Ok(()) => Flash::success("The address may be given away again."),
        Err(error) => Flash::danger(sentence(error)?),
    };
    visit.redirect_with(at(id), flash)
}
