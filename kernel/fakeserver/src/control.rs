//! Telling a fake by hand to misbehave: `POST /fake/next?fault=lose_after&aim=change`, `POST /fake/plan?seed=7&ppm=20000&
//! latency_ms=200`. Outside every vendor's paths, without credentials: a fake listens for the people on its machine.

use std::time::Duration;

use serde_json::json;

use crate::faults::{Aim, Fault, FaultPlan, Faults};
use crate::message::{Asked, Reply};

/// The answer to a control request; `None` when it is one for the vendor.
pub(crate) fn answer(asked: &Asked, faults: &Faults) -> Option<Reply> {
    let outcome = match asked.path.as_str() {
        "/fake/next" => script(asked, faults),
        "/fake/plan" => plan(asked, faults),
        "/fake/count" => Ok(json!({ "requests": faults.request_count() })),
        _ => return None,
    };
    Some(match outcome {
        Ok(value) => Reply::json(200, &value),
        Err(message) => Reply::json(400, &json!({ "error": message })),
    })
}

fn script(asked: &Asked, faults: &Faults) -> Result<serde_json::Value, String> {
    let name = asked.query("fault").unwrap_or_default();
    let fault =
        Fault::ALL.iter().find(|(known, _)| *known == name).map(|(_, fault)| *fault).ok_or_else(|| {
            let known: Vec<&str> = Fault::ALL.iter().map(|(name, _)| *name).collect();
            format!("fault is one of {}", known.join(", "))
        })?;
    let aim = match asked.query("aim") {
        None | Some("any") => Aim::Any,
        Some("change") => Aim::Change,
        Some(_) => return Err("aim is any or change".to_owned()),
    };
    faults.next(aim, fault);
    Ok(json!({ "next": name }))
}

fn plan(asked: &Asked, faults: &Faults) -> Result<serde_json::Value, String> {
    let number = |name: &str| match asked.query(name) {
        None => Ok(0),
        Some(text) => text.parse::<u32>().map_err(|_| format!("{name} is a whole number")),
    };
    let (seed, ppm, latency_ms) = (number("seed")?, number("ppm")?, number("latency_ms")?);
    let latency = Duration::from_millis(u64::from(latency_ms));
    faults.set_plan(FaultPlan { seed: u64::from(seed), ppm, latency });
    Ok(json!({ "seed": seed, "ppm": ppm, "latency_ms": latency_ms }))
}
