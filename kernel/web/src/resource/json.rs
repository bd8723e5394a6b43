//! A list as JSON: for programs, and for whoever wants to look behind a page.

use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode, header};
use serde_json::{Map, Value, json};

use super::column::{Cell, Column};
use super::fetch::{Line, Page};
use super::place::Place;
use super::resource::Resource;

/// `{"rows": […], "next": …, "previous": …}`; the addresses are `null` where there is nothing.
pub(crate) fn answer(resource: &Resource, place: &Place, page: &Page) -> Response<Body> {
    if !place.errors.is_empty() {
        let fields: Vec<Value> = place
            .errors
            .iter()
            .map(|error| json!({ "field": error.field, "message": error.message }))
            .collect();
        let message = "Something in the address cannot be read.";
        let body = json!({ "error": { "message": message, "fields": fields } });
        return respond(StatusCode::UNPROCESSABLE_ENTITY, &body);
    }
    let columns: Vec<&Column> = place.columns.iter().map(|index| &resource.columns[*index]).collect();
    let rows: Vec<Value> = page.lines.iter().map(|line| row(&columns, line)).collect();
    let here = place.address(resource, resource.paths.json);
    let next = page.lines.last().filter(|_| page.has_next).map(|last| here.clone().after(&last.edge).text());
    let previous =
        page.lines.first().filter(|_| page.has_previous).map(|first| here.before(&first.edge).text());
    respond(StatusCode::OK, &json!({ "rows": rows, "next": next, "previous": previous }))
}

fn respond(status: StatusCode, body: &Value) -> Response<Body> {
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

pub(crate) fn row(columns: &[&Column], line: &Line) -> Value {
    let mut row = Map::new();
    row.insert("id".to_owned(), json!(line.edge.id));
    for (column, shown) in columns.iter().zip(&line.shown) {
        row.insert(column.key.to_owned(), value(&shown.cell));
    }
    Value::Object(row)
}

/// Amounts keep their minor units, because a number with a point is a float to most readers of JSON.
fn value(cell: &Cell) -> Value {
    match cell {
        Cell::None => Value::Null,
        Cell::Text(text) => json!(text),
        Cell::Number(number) => json!(number),
        Cell::Money(money) => {
            json!({ "minor": money.minor(), "currency": money.currency().code(), "amount": money.to_plain() })
        }
        Cell::Date(date) => json!(date.to_string()),
        Cell::Instant(instant) => json!(instant.rfc3339()),
        Cell::YesNo(yes) => json!(yes),
        Cell::Named { id, name } => json!({ "id": id, "name": name }),
    }
}
