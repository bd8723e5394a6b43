//! Cards as the template sees them.

use bursar_i18n::{Locale, format_date};
use serde_json::{Value, json};

use super::card::{Card, CardRow, CardView, Chart, ChartLabel};
use crate::resource::{Amount, Figure};

/// A card with its figures.
pub(crate) fn card(card: &Card, view: &CardView, locale: Locale) -> Value {
    let is_empty = view.figures.is_empty() && view.charts.is_empty() && view.rows.is_empty();
    json!({
        "name": card.name, "title": card.title, "size": card.size.code(), "href": card.href,
        "figures": view.figures.iter().map(figure).collect::<Vec<_>>(),
        "charts": view.charts.iter().map(|it| chart(it, locale)).collect::<Vec<_>>(),
        "rows": view.rows.iter().map(row).collect::<Vec<_>>(),
        "empty": if is_empty { view.empty } else { "" },
    })
}

/// Amounts are formatted by the template, in the language of the page.
fn amount(value: Amount) -> Value {
    match value {
        Amount::Number(number) => json!({ "number": number, "money": null }),
        Amount::Money(money) => json!({ "number": null, "money": money }),
    }
}

fn figure(figure: &Figure) -> Value {
    let before = figure.before.map(|before| {
        let percent = figure.value.percent_over(before);
        json!({ "value": amount(before), "percent": percent.map(i64::abs), "goes": percent.map(direction) })
    });
    let whole: i128 = figure.parts.iter().map(|(_, part)| i128::from(part.size().max(0))).sum();
    let parts: Vec<Value> = figure
        .parts
        .iter()
        .map(|(label, part)| {
            let share = i128::from(part.size().max(0)) * 100 / whole.max(1);
            json!({ "label": label, "value": amount(*part), "share": i64::try_from(share).unwrap_or(100) })
        })
        .collect();
    json!({ "label": figure.label, "value": amount(figure.value), "before": before, "parts": parts })
}

const fn direction(percent: i64) -> &'static str {
    match percent {
        ..0 => "down",
        0 => "flat",
        1.. => "up",
    }
}

fn row(row: &CardRow) -> Value {
    json!({
        "label": row.label, "note": row.note, "href": row.href, "value": row.value.map(amount), "at": row.at,
    })
}

fn chart(chart: &Chart, locale: Locale) -> Value {
    let labels: Vec<String> = chart.labels.iter().map(|it| label(it, locale)).collect();
    let series: Vec<Value> = chart
        .series
        .iter()
        .map(|it| json!({ "name": it.name, "values": it.values.iter().map(|value| value.size()).collect::<Vec<_>>() }))
        .collect();
    let lines: Vec<Value> = labels
        .iter()
        .enumerate()
        .map(|(at, label)| {
            let values: Vec<Value> =
                chart.series.iter().filter_map(|it| it.values.get(at).copied()).map(amount).collect();
            json!({ "label": label, "values": values })
        })
        .collect();
    let money = chart.money();
    json!({
        "title": chart.title, "names": chart.series.iter().map(|it| &it.name).collect::<Vec<_>>(), "lines": lines,
        "drawn": {
            "kind": chart.kind.code(), "labels": labels, "series": series,
            "currency": money.map(|it| it.currency().code()),
            "exponent": money.map_or(0, |it| it.currency().exponent()),
        },
    })
}

fn label(label: &ChartLabel, locale: Locale) -> String {
    match label {
        ChartLabel::Day(date) => format_date(*date, locale),
        ChartLabel::Month(date) => format!("{:04}-{:02}", date.year(), date.month()),
        ChartLabel::Words(words) => words.clone(),
    }
}

#[cfg(test)]
mod tests {
    use bursar_money::{Currency, Money};

    use super::*;

    #[test]
    fn a_figure_says_how_much_it_changed_in_whole_per_cent() {
        let eur = |minor| Amount::Money(Money::new(minor, Currency::EUR));
        let told = |value, before| {
            let found = figure(&Figure { value, before: Some(before), ..Figure::of("x", value) });
            (found["before"]["percent"].clone(), found["before"]["goes"].clone())
        };
        assert_eq!(told(eur(11_200), eur(10_000)), (json!(12), json!("up")));
        assert_eq!(told(eur(5_000), eur(8_000)), (json!(37), json!("down")));
        assert_eq!(told(eur(5), eur(5)), (json!(0), json!("flat")));
        // Against nothing there is no per cent.
        assert_eq!(told(eur(5), eur(0)), (Value::Null, Value::Null));
    }
}
