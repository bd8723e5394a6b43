//! What drivers without a vendor write down.

use bursar_db::{Tx, params};
use bursar_inventory::groups::Fill;
use bursar_inventory::servers::notebook::ServerNotebook;
use bursar_inventory::servers::save::remove_server;
use bursar_outbound::Notebook as _;
use bursar_testkit::on_both_engines;
use futures_util::future::join_all;

use crate::shop::{Shop, schema};

#[test]
fn a_note_is_written_over_what_was_seen_and_never_over_anything_else() {
    on_both_engines(schema(), async |cx| {
        let shop = Shop::open(&cx, Fill::LeastUsed, &[None, None]).await;
        let notes = ServerNotebook::new(&cx, shop.servers[0]);
        assert_eq!(notes.read("a/1").await, Ok(None));
        assert_eq!(notes.write("a/1", None, Some("first")).await, Ok(true));
        assert_eq!(notes.write("a/1", None, Some("second")).await, Ok(false));
        assert_eq!(notes.write("a/1", Some("other"), Some("second")).await, Ok(false));
        assert_eq!(notes.write("a/1", Some("other"), None).await, Ok(false));
        assert_eq!(notes.read("a/1").await, Ok(Some("first".to_owned())));
        assert_eq!(notes.write("a/1", Some("first"), Some("second")).await, Ok(true));
        assert_eq!(notes.write("a/2", None, None).await, Ok(true), "nothing is there, and stays so");
        assert_eq!(notes.write("a/1", Some("second"), None).await, Ok(true));
        assert_eq!(notes.read("a/1").await, Ok(None));
    });
}

#[test]
fn notes_are_listed_by_their_beginning_and_each_server_has_its_own() {
    on_both_engines(schema(), async |cx| {
        let shop = Shop::open(&cx, Fill::LeastUsed, &[None, None]).await;
        let notes = ServerNotebook::new(&cx, shop.servers[0]);
        // More than are read at once.
        for number in 0..520 {
            assert_eq!(notes.write(&format!("key/{number:04}"), None, Some("taken")).await, Ok(true));
        }
        assert_eq!(notes.write("kez", None, Some("other")).await, Ok(true));
        let listed = notes.list("key/").await.unwrap();
        assert_eq!(listed.len(), 520);
        assert!(listed.is_sorted() && listed[519].0 == "key/0519");
        let other = ServerNotebook::new(&cx, shop.servers[1]);
        assert_eq!(other.list("").await, Ok(Vec::new()));
    });
}

#[test]
fn of_many_rivals_one_is_told_that_it_wrote() {
    on_both_engines(schema(), async |cx| {
        let shop = Shop::open(&cx, Fill::LeastUsed, &[None]).await;
        let notes = ServerNotebook::new(&cx, shop.servers[0]);
        let rivals: Vec<String> = (0..20).map(|number| format!("rival {number}")).collect();
        let asking = rivals.iter().map(|rival| notes.write("licence/key/1", None, Some(rival)));
        let told: Vec<bool> = join_all(asking).await.into_iter().map(Result::unwrap).collect();
        assert_eq!(told.iter().filter(|wrote| **wrote).count(), 1);
        let winner = told.iter().position(|wrote| *wrote).unwrap();
        assert_eq!(notes.read("licence/key/1").await, Ok(Some(rivals[winner].clone())));
    });
}

#[test]
fn the_notes_go_with_their_server() {
    on_both_engines(schema(), async |cx| {
        let shop = Shop::open(&cx, Fill::LeastUsed, &[None]).await;
        let id = shop.servers[0];
        assert_eq!(ServerNotebook::new(&cx, id).write("a", None, Some("b")).await, Ok(true));
        remove_server(&cx, id).await.unwrap();
        let left = cx
            .read(async |tx: &mut Tx| {
                let text = "SELECT COUNT(*) FROM inventory_notes";
                tx.query_text(text, params![], |row| row.get::<i64>(0)).await
            })
            .await
            .unwrap();
        assert_eq!(left, [0]);
    });
}
