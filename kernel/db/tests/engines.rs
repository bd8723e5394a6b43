//! What the layer promises, on both engines.

use bursar_db::{Engine, FromColumn as _, Glance, Migrations, Tx, params};
use bursar_fault::{Fault, FaultClass};
use bursar_testkit::{Setup, TestCx, on_both_engines, on_postgres_with, open_again};
use bursar_time::Date;

bursar_db::statements! {
    INSERT = "INSERT INTO t_rows (id, name, on_date, blob, n) VALUES ($1, $2, $3, $4, $5)";
    SWAPPED = "SELECT $2, $1 || '' FROM t_rows LIMIT 1";
    ALL = "SELECT id, name, on_date, blob, n FROM t_rows ORDER BY id";
    BY_IDS = "SELECT name FROM t_rows WHERE id {any:$1} ORDER BY id";
    SUM = "SELECT CAST(SUM(n) AS BIGINT) FROM t_rows WHERE id > $1";
    BETWEEN = "SELECT n FROM t_rows WHERE id > $1 AND id < $2";
    ADD = "UPDATE t_rows SET n = n + $2 WHERE id = $1";
    ADD_AND_SAY = "UPDATE t_rows SET n = n + $2 WHERE id >= $1 RETURNING n";
    LIKE = "SELECT COUNT(*) FROM t_rows WHERE name {like} $1";
    PAIRS = "SELECT CAST(SUM(b) AS BIGINT) FROM t_pairs";
}
bursar_db::bulk! {
    INSERT_PAIRS = insert "t_pairs" { a: int, b: int, v: text };
    UPDATE_PAIRS = update "t_pairs" set { b: int, v: text } where { a: int, b: int };
}

fn schema() -> Vec<Migrations> {
    vec![bursar_db::migrations!("t", "0001" => "migrations/0001.sql")]
}

async fn add(cx: &TestCx, name: &'static str, n: i64) -> Result<i64, Fault> {
    cx.write(async move |tx: &mut Tx| {
        let id = tx.new_raw_id()?;
        let on: Date = tx.today();
        tx.exec(&INSERT, params![id, name, on, &b"\x00\xff"[..], n]).await?;
        Ok(id)
    })
    .await
}

#[test]
fn values_come_back_as_they_went_in() {
    on_both_engines(schema(), async |cx| {
        let id = add(&cx, "ann", 7).await.unwrap();
        let rows = cx
            .read(async |tx: &mut Tx| {
                tx.query(&ALL, params![], |row| {
                    Ok((
                        row.get::<i64>(0)?,
                        row.text(1)?.to_owned(),
                        row.get::<Option<Date>>(2)?,
                        row.get::<Vec<u8>>(3)?,
                        i64::from_column(row, 4)?,
                    ))
                })
                .await
            })
            .await
            .unwrap();
        let day = Date::new(2026, 1, 1).unwrap();
        assert_eq!(rows, vec![(id, "ann".to_owned(), Some(day), vec![0, 255], 7)]);
    });
}

#[test]
fn placeholders_mean_their_number_on_both_engines() {
    on_both_engines(schema(), async |cx| {
        add(&cx, "x", 1).await.unwrap();
        let pair = cx
            .read(async |tx: &mut Tx| {
                tx.query_one(&SWAPPED, params!["first", "second"], |row| {
                    Ok((row.get::<String>(0)?, row.get::<String>(1)?))
                })
                .await
            })
            .await
            .unwrap();
        assert_eq!(pair, ("second".to_owned(), "first".to_owned()));
    });
}

#[test]
fn null_into_a_number_is_a_fault_not_zero() {
    on_both_engines(schema(), async |cx| {
        let sum =
            cx.read(async |tx: &mut Tx| tx.query_one(&SUM, params![0], |r| r.get::<i64>(0)).await).await;
        assert_eq!(sum.unwrap_err().class(), FaultClass::Corrupt);
        let none = cx
            .read(async |tx: &mut Tx| tx.query_one(&SUM, params![0], |r| r.get::<Option<i64>>(0)).await)
            .await;
        assert_eq!(none.unwrap(), None);
    });
}

#[test]
fn violations_are_recognised_and_nothing_is_half_done() {
    on_both_engines(schema(), async |cx| {
        add(&cx, "ann", 1).await.unwrap();
        assert_eq!(add(&cx, "ann", 1).await.unwrap_err().class(), FaultClass::UniqueViolation);
        assert_eq!(add(&cx, "bob", -1).await.unwrap_err().class(), FaultClass::CheckViolation);
        let failed = cx
            .write(async |tx: &mut Tx| {
                let id = tx.new_raw_id()?;
                tx.exec(&INSERT, params![id, "carl", None::<&str>, None::<&[u8]>, 1_i64]).await?;
                Err::<(), Fault>(Fault::new("no"))
            })
            .await;
        assert!(failed.is_err());
        let names = cx
            .read(async |tx: &mut Tx| tx.query(&ALL, params![], |r| r.get::<String>(1)).await)
            .await
            .unwrap();
        assert_eq!(names, ["ann"]);
    });
}

#[test]
fn lists_of_ids_and_case_blind_search_work() {
    on_both_engines(schema(), async |cx| {
        let a = add(&cx, "Ann", 1).await.unwrap();
        let _b = add(&cx, "Bob", 1).await.unwrap();
        let c = add(&cx, "Carl", 1).await.unwrap();
        let names = cx
            .read(async move |tx: &mut Tx| {
                let ids = [c, a, 999_999];
                tx.query(&BY_IDS, params![ids.as_slice()], |r| r.get::<String>(0)).await
            })
            .await
            .unwrap();
        assert_eq!(names, ["Ann", "Carl"]);
        let hits = cx
            .read(async |tx: &mut Tx| tx.query_one(&LIKE, params!["%AN%"], |r| r.get::<i64>(0)).await)
            .await;
        assert_eq!(hits.unwrap(), 1);
    });
}

#[test]
fn bulk_rows_are_written_and_guarded_updates_count() {
    on_both_engines(schema(), async |cx| {
        let (written, changed, sum) = cx
            .write(async |tx: &mut Tx| {
                let mut writer = tx.bulk(&INSERT_PAIRS)?;
                for n in 0..1000_i64 {
                    writer.row(params![n, n, None::<&str>])?;
                }
                let written = writer.finish().await?;
                let mut writer = tx.bulk(&UPDATE_PAIRS)?;
                writer.row(params![1000_i64, "moved", 5_i64, 5_i64])?;
                writer.row(params![1_i64, "stale", 6_i64, 999_i64])?;
                let changed = writer.finish().await?;
                let sum = tx.query_one(&PAIRS, params![], |r| r.get::<i64>(0)).await?;
                Ok::<_, Fault>((written, changed, sum))
            })
            .await
            .unwrap();
        assert_eq!((written, changed), (1000, 1));
        assert_eq!(sum, 999 * 1000 / 2 + 1000 - 5);
    });
}

#[test]
fn a_unit_that_waits_for_something_else_is_refused_on_sqlite() {
    on_both_engines(schema(), async |cx| {
        let outcome = cx
            .write(async |tx: &mut Tx| {
                let id = tx.new_raw_id()?;
                tx.exec(&INSERT, params![id, "ann", None::<&str>, None::<&[u8]>, 1_i64]).await?;
                std::future::pending::<()>().now_or_never_pends(tx.engine()).await;
                Ok::<_, Fault>(())
            })
            .await;
        let sqlite = cx.db().engine() == bursar_db::Engine::Sqlite;
        assert_eq!(outcome.is_err(), sqlite);
        let left =
            cx.read(async |tx: &mut Tx| tx.query(&ALL, params![], |r| r.get::<i64>(0)).await).await.unwrap();
        assert_eq!(left.len(), usize::from(!sqlite), "a refused unit leaves nothing");
    });
}

trait PendOnSqlite {
    async fn now_or_never_pends(self, engine: bursar_db::Engine);
}
impl PendOnSqlite for std::future::Pending<()> {
    async fn now_or_never_pends(self, engine: bursar_db::Engine) {
        if engine == bursar_db::Engine::Sqlite {
            self.await;
        }
    }
}

#[test]
fn parallel_read_then_write_loses_nothing() {
    on_both_engines(schema(), async |cx| {
        let id = add(&cx, "counter", 0).await.unwrap();
        let tasks: Vec<_> = (0..8)
            .map(|_| {
                let cx = cx.clone();
                async move {
                    for _ in 0..10 {
                        cx.write(async move |tx: &mut Tx| {
                            let n = tx.query_one(&SUM, params![0_i64], |r| r.get::<i64>(0)).await?;
                            // Reads, decides, writes the difference: lost unless the whole unit is serialisable.
                            let target = n + 1;
                            tx.exec(&ADD, params![id, target - n]).await
                        })
                        .await
                        .unwrap();
                    }
                }
            })
            .collect();
        futures_util::future::join_all(tasks).await;
        let n = cx
            .read(async |tx: &mut Tx| tx.query_one(&SUM, params![0], |r| r.get::<i64>(0)).await)
            .await
            .unwrap();
        assert_eq!(n, 80);
    });
}

#[test]
fn ids_ascend_and_survive_a_unit_that_uses_many() {
    on_both_engines(schema(), async |cx| {
        let ids = cx
            .write(async |tx: &mut Tx| (0..10_000).map(|_| tx.new_raw_id()).collect::<Result<Vec<_>, _>>())
            .await
            .unwrap();
        assert!(ids.is_sorted());
        cx.db().raise_ids(5_000_000, cx.now()).await.unwrap();
        assert!(add(&cx, "late", 1).await.unwrap() > 5_000_000);
    });
}

#[test]
fn a_panic_inside_a_unit_reaches_the_caller_and_the_thread_lives_on() {
    on_both_engines(schema(), async |cx| {
        let inner = cx.cx();
        let died = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(
                inner.write(async |_tx: &mut Tx| -> Result<(), Fault> { panic!("broken invariant") }),
            )
        })
        .join();
        assert!(died.is_err());
        add(&cx, "after", 1).await.unwrap();
    });
}

#[test]
fn a_glance_is_one_statement_that_reads() {
    on_both_engines(schema(), async |cx| {
        add(&cx, "ann", 7).await.unwrap();
        let sum = || Glance::new(&SUM, params![0_i64], |row| row.get::<i64>(0));
        for _ in 0..3 {
            assert_eq!(cx.glance(sum()).await.unwrap(), [7]);
        }
        let changing = || Glance::new(&ADD_AND_SAY, params![1_i64, 1_i64], |row| row.get::<i64>(0));
        let changed = cx.glance(changing()).await.unwrap_err().to_string();
        assert!(changed.contains("ADD_AND_SAY"), "{changed}");
        let unread = Glance::new(&SUM, params![0_i64], |row| row.get::<Date>(0).map(|_| 0_i64));
        assert!(cx.glance(unread).await.unwrap_err().to_string().contains("SUM"));
        assert_eq!(cx.glance(sum()).await.unwrap(), [7], "the connection goes on, and nothing was changed");
    });
}

#[test]
fn many_glances_at_once_each_get_their_own_answer() {
    on_both_engines(schema(), async |cx| {
        cx.write(async |tx: &mut Tx| {
            for n in 0..60_i64 {
                tx.exec(&INSERT, params![n, &format!("ann {n}"), tx.today(), &b""[..], n * n]).await?;
            }
            Ok::<_, Fault>(())
        })
        .await
        .unwrap();
        let square = |n: i64| {
            let cx = cx.cx();
            async move { cx.glance(Glance::new(&BETWEEN, params![n - 1, n + 1], |row| row.get::<i64>(0))).await }
        };
        let found = futures_util::future::join_all((0..600).map(|n| square(n % 60))).await;
        let squares = found.into_iter().collect::<Result<Vec<_>, Fault>>().unwrap().into_iter().flatten();
        assert!(squares.eq((0..600).map(|n| (n % 60) * (n % 60))));
    });
}

#[test]
fn readers_that_run_together_give_what_they_read_in_their_order() {
    on_both_engines(schema(), async |cx| {
        cx.write(async |tx: &mut Tx| {
            for n in 1..=60_i64 {
                let (id, name, on) = (tx.new_raw_id()?, format!("ann {n}"), tx.today());
                tx.exec(&INSERT, params![id, &name, on, &b""[..], n]).await?;
            }
            Ok::<_, Fault>(())
        })
        .await
        .unwrap();
        let count = async |tx: &mut Tx| tx.query_one(&LIKE, params!["ann%"], |row| row.get::<i64>(0)).await;
        let above = move |least: i64| {
            async move |tx: &mut Tx| {
                // Each has more than one statement, and some have more than others.
                for _ in 0..least % 3 {
                    count(tx).await?;
                }
                let text = "SELECT COUNT(*) FROM t_rows WHERE n > $1";
                let counted = tx.query_text(text, params![least], |row| row.get::<i64>(0)).await?;
                Ok::<_, Fault>(counted[0])
            }
        };
        for _ in 0..2 {
            let counted = cx.read(async move |tx: &mut Tx| tx.together((0..60).map(above)).await).await;
            assert!(counted.unwrap().into_iter().eq((1..=60).rev()));
        }
        let both = cx.read(async move |tx: &mut Tx| tx.both(count, above(58)).await).await.unwrap();
        assert_eq!(both, (60, 2));
        let none: Vec<i64> =
            cx.read(async move |tx: &mut Tx| tx.together((0..0).map(above)).await).await.unwrap();
        assert!(none.is_empty());
        let id = add(&cx, "bob", 100).await.unwrap();
        let written = cx
            .write(async move |tx: &mut Tx| {
                tx.together((0..3).map(|_| async |tx: &mut Tx| tx.exec(&ADD, params![id, 1_i64]).await)).await
            })
            .await;
        assert_eq!(written.unwrap(), [1, 1, 1]);
        let sum = cx
            .read(async move |tx: &mut Tx| tx.query_one(&SUM, params![id - 1], |row| row.get::<i64>(0)).await)
            .await;
        assert_eq!(sum.unwrap(), 103);
    });
}

#[test]
fn readers_that_run_together_ask_the_same_thing_once() {
    on_both_engines(schema(), async |cx| {
        if cx.db().engine() == Engine::Sqlite {
            return;
        }
        // The server answers differently each time it is asked.
        let ask = |text: &'static str, value: i64| {
            async move |tx: &mut Tx| {
                let text = format!("SELECT {text} || ' ' || CAST(clock_timestamp() AS TEXT) WHERE $1 > 0");
                let mut found = tx.query_text(&text, params![value], |row| row.get::<String>(0)).await?;
                // Also when one reader asks twice.
                let again = tx.query_text(&text, params![value], |row| row.get::<String>(0)).await?;
                assert_eq!(found, again);
                Ok::<_, Fault>(found.pop().unwrap_or_default())
            }
        };
        let (two, others) = cx
            .read(async move |tx: &mut Tx| {
                // Also of readers in a reader.
                let two = async |tx: &mut Tx| tx.both(ask("'a'", 1), ask("'b'", 1)).await;
                let others = [ask("'a'", 1), ask("'a'", 2), ask("'b'", 1), ask("'a'", 1)];
                tx.both(two, async |tx: &mut Tx| tx.together(others).await).await
            })
            .await
            .unwrap();
        assert_eq!([&two.0, &two.0, &two.1], [&others[0], &others[3], &others[2]]);
        assert_ne!(two.0, others[1], "another value is another question");
        assert_ne!(two.0, two.1);
        let later =
            cx.read(async move |tx: &mut Tx| tx.both(ask("'a'", 1), ask("'b'", 1)).await).await.unwrap();
        assert_ne!(later.0, two.0, "another unit asks anew");
        // One after the other there is nothing to share.
        let [first, second] = cx
            .read(async |tx: &mut Tx| {
                let text = "SELECT CAST(clock_timestamp() AS TEXT)";
                let first = tx.query_text(text, params![], |row| row.get::<String>(0)).await?;
                let second = tx.query_text(text, params![], |row| row.get::<String>(0)).await?;
                Ok::<_, Fault>([first, second])
            })
            .await
            .unwrap();
        assert_ne!(first, second);
    });
}

#[test]
fn of_readers_that_run_together_the_one_that_failed_says_why() {
    on_both_engines(schema(), async |cx| {
        add(&cx, "ann", 7).await.unwrap();
        let fine = async |tx: &mut Tx| {
            for _ in 0..3 {
                tx.query_one(&SUM, params![0_i64], |row| row.get::<i64>(0)).await?;
            }
            Ok::<_, Fault>(7)
        };
        let text =
            "SELECT COUNT(*) FROM t_rows WHERE substr(name, 1, CAST(n AS INTEGER) / 0) = 'a' AND missing = 1";
        let wrong = async move |tx: &mut Tx| {
            Ok::<_, Fault>(tx.query_text(text, params![], |row| row.get::<i64>(0)).await?.len() as i64)
        };
        let two = async move |tx: &mut Tx| tx.both(fine, fine).await.map(|(one, _)| one);
        let three = async move |tx: &mut Tx| Ok(tx.together((0..3).map(|_| fine)).await?[0]);
        let failed = [
            cx.read(async move |tx: &mut Tx| tx.both(fine, wrong).await).await,
            cx.read(async move |tx: &mut Tx| tx.both(wrong, fine).await).await,
            cx.read(async move |tx: &mut Tx| tx.both(two, wrong).await).await,
            cx.read(async move |tx: &mut Tx| tx.both(three, wrong).await).await,
        ];
        for failed in failed {
            let said = format!("{:?}", failed.unwrap_err());
            assert!(said.contains("missing"), "{said}");
        }
        let all = cx
            .read(async move |tx: &mut Tx| {
                tx.together((0..3).map(move |at| {
                    async move |tx: &mut Tx| if at == 1 { wrong(tx).await } else { fine(tx).await }
                }))
                .await
            })
            .await;
        let said = format!("{:?}", all.unwrap_err());
        assert!(said.contains("missing"), "{said}");
        let again = cx.read(async move |tx: &mut Tx| tx.both(fine, fine).await).await.unwrap();
        assert_eq!(again, (7, 7), "the connection goes on");
    });
}

#[test]
fn migrations_are_applied_once_and_never_edited() {
    on_both_engines(schema(), async |cx| {
        let mut all = vec![bursar_db::kernel_migrations()];
        all.extend(schema());
        assert_eq!(cx.db().migrate(all.clone(), cx.now()).await.unwrap(), 0);
        let edited = Migrations {
            module: "t",
            steps: &[bursar_db::Migration { name: "0001", sql: "CREATE TABLE other (id {ID}) {STRICT};" }],
        };
        let error = cx.db().migrate(vec![edited], cx.now()).await.unwrap_err();
        assert!(error.to_string().contains("never edited"), "{error}");
    });
}

#[test]
fn every_statement_prepares() {
    on_both_engines(schema(), async |cx| {
        cx.read(async |tx: &mut Tx| {
            for statement in STATEMENTS.iter().copied().chain(bursar_db::kernel_statements()) {
                if statement.text() != SWAPPED.text() {
                    tx.prepare(statement).await?;
                }
            }
            for bulk in BULKS {
                tx.prepare_bulk(bulk).await?;
            }
            Ok::<_, Fault>(())
        })
        .await
        .unwrap();
    });
}

/// Nobody waits for the end of a snapshot; that it ends all the same matters to the server's cleaning.
#[test]
fn a_snapshot_ends_with_its_unit() {
    on_postgres_with(Setup::new(schema()), async |cx| {
        add(&cx, "ann", 1).await.unwrap();
        let watch = open_again(&cx);
        // What the other connections to this database are doing.
        let text = "SELECT state FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
            AND state IS NOT NULL AND application_name = ''";
        let others = async || {
            let read = async move |tx: &mut Tx| {
                tx.query_text(text, params![], |row| Ok(row.text(0)?.to_owned())).await
            };
            watch.read(read).await.unwrap_or_else(|fault: Fault| panic!("{fault}"))
        };
        for _ in 0..50 {
            cx.read(async |tx: &mut Tx| tx.query_opt(&SWAPPED, params!["a", "b"], |_| Ok(())).await)
                .await
                .unwrap();
            // The command is on its way; it needs no other unit to be carried out.
            let ends = std::iter::repeat_n((), 10_000);
            let mut states = others().await;
            for () in ends {
                if states.iter().all(|state| state == "idle") {
                    break;
                }
                states = others().await;
            }
            assert!(states.iter().all(|state| state == "idle") && !states.is_empty(), "{states:?}");
        }
    });
}

#[test]
fn connections_that_died_while_idle_are_replaced() {
    on_postgres_with(Setup::new(schema()), async |cx| {
        let watch = open_again(&cx);
        let end = "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()";
        for (n, name) in (0..).zip(["ann", "ben", "cem", "dee", "eve"]) {
            let ends = async || {
                let read =
                    async move |tx: &mut Tx| tx.query_text(end, params![], |row| row.get::<i64>(0)).await;
                watch.read(read).await.unwrap_or_else(|fault: Fault| panic!("{fault}"))
            };
            assert_ne!(ends().await, [0]);
            let sum = async |tx: &mut Tx| tx.query_one(&SUM, params![0_i64], |row| row.get(0)).await;
            let read: Result<Option<i64>, Fault> = cx.read(sum).await;
            assert_eq!(read.unwrap(), (n > 0).then_some(n), "a reading unit is run again");
            let glance = || Glance::new(&SUM, params![0_i64], |row| row.get::<Option<i64>>(0));
            assert_eq!(cx.glance(glance()).await.unwrap(), [(n > 0).then_some(n)]);
            assert_ne!(ends().await, [0]);
            assert_eq!(cx.glance(glance()).await.unwrap(), [(n > 0).then_some(n)], "a glance is run again");
            assert_ne!(ends().await, [0]);
            add(&cx, name, 1).await.unwrap();
        }
    });
}
