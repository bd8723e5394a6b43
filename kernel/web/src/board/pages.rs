//! The page of the cards, and what people do to them there.

use axum::Extension;
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::Fault;
use serde_json::{Value, json};

use super::arrange::{Act, Layout};
use super::card::Card;
use super::{store, view};
use crate::form::Form;
use crate::principal::Surface;
use crate::problem::{PageResult, Problem};
use crate::routes::{Routes, SignedIn};
use crate::visit::Visit;

const BOARD: &str = "/admin";

pub(crate) fn routes(module: &'static str) -> Routes {
    let staff = || SignedIn(Surface::Staff);
    Routes::<()>::new(module)
        .get(BOARD, staff(), show)
        .post("/admin/board", staff(), act)
        .post("/admin/board/order", staff(), reorder)
        .post("/admin/board/reset", staff(), reset)
        .with_state(())
}

/// The cards a person may see, in the usual order.
fn cards_of(visit: &Visit, cx: &Cx) -> Vec<Card> {
    let mut cards: Vec<Card> =
        visit.0.web.cards.iter().filter(|card| cx.can(card.permission)).copied().collect();
    cards.sort_by_key(|card| (card.order, card.name));
    cards
}

fn names(cards: &[Card]) -> Vec<&'static str> {
    cards.iter().map(|card| card.name).collect()
}

async fn show(visit: Visit, Extension(cx): Extension<Cx>) -> PageResult {
    let cards = cards_of(&visit, &cx);
    let known = cards.clone();
    let (layout, views) = cx
        .read(async move |tx: &mut Tx| {
            let layout = store::find(tx).await?;
            let ordered = layout.ordered(&names(&known));
            let shown = ordered.iter().filter(|name| !layout.is_hidden(name));
            let shown = shown.filter_map(|name| known.iter().find(|card| card.name == *name)).copied();
            let readers =
                shown.map(|card| async move |tx: &mut Tx| Ok::<_, Fault>((card, (card.load)(tx).await?)));
            let views = tx.together(readers).await?;
            Ok::<_, Fault>((layout, views))
        })
        .await?;
    let telling = views.iter().filter(|(_, found)| !found.is_silent());
    let shown: Vec<Value> = telling.map(|(card, found)| view::card(card, found, visit.locale())).collect();
    let hidden: Vec<Value> = cards
        .iter()
        .filter(|card| layout.is_hidden(card.name))
        .map(|card| json!({ "name": card.name, "title": card.title }))
        .collect();
    let has_charts = views.iter().any(|(_, found)| !found.charts.is_empty());
    visit.page(
        "shell/board.html",
        json!({
            "cards": shown, "hidden": hidden, "has_charts": has_charts,
            "is_arranged": layout != Layout::default(),
        }),
    )
}

async fn act(visit: Visit, Extension(cx): Extension<Cx>, form: Form) -> PageResult {
    let all = names(&cards_of(&visit, &cx));
    let name = all.iter().copied().find(|name| *name == form.text("card"));
    let (Some(name), Some(act)) = (name, Act::parse(form.text("act"))) else {
        return Err(Problem::not_found());
    };
    cx.write(async move |tx: &mut Tx| {
        let layout = store::find(tx).await?.after(&all, name, act);
        store::save(tx, &layout).await
    })
    .await?;
    visit.redirect(BOARD)
}

/// What a pointer dragged: the names of the seen cards, in order, one after the other.
async fn reorder(visit: Visit, Extension(cx): Extension<Cx>, form: Form) -> PageResult {
    let all = names(&cards_of(&visit, &cx));
    let wished: Vec<String> = form.text("order").split(',').map(|name| name.trim().to_owned()).collect();
    cx.write(async move |tx: &mut Tx| {
        let seen: Vec<&str> = wished.iter().map(String::as_str).collect();
        let layout = store::find(tx).await?.dragged(&all, &seen);
        store::save(tx, &layout).await
    })
    .await?;
    visit.redirect(BOARD)
}

async fn reset(visit: Visit, Extension(cx): Extension<Cx>) -> PageResult {
    cx.write(async |tx: &mut Tx| store::forget(tx).await).await?;
    visit.redirect(BOARD)
}
