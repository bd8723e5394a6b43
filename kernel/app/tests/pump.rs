//! A queue of a module's own, worked off by draining, by a server's background work, and not after it was told to stop.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use bursar_app::{App, Background, Module, Pump, Registry};
use bursar_context::Cx;
use bursar_db::{Migrations, Statement};
use bursar_fault::Fault;
use bursar_testkit::on_both_engines;
use bursar_time::Instant;

/// So many pieces, each done by one turn.
#[derive(Default)]
struct Pieces {
    waiting: AtomicUsize,
    done: AtomicUsize,
}

struct Mill(Arc<Pieces>, &'static str);

#[async_trait]
impl Pump for Mill {
    fn name(&self) -> &'static str {
        self.1
    }

    async fn drain(&self, _: &Cx, going_on: &(dyn Fn() -> bool + Sync)) -> Result<usize, Fault> {
        let mut ran = 0;
        while going_on() && self.0.waiting.load(Ordering::SeqCst) > 0 {
            self.0.waiting.fetch_sub(1, Ordering::SeqCst);
            self.0.done.fetch_add(1, Ordering::SeqCst);
            ran += 1;
            tokio::task::yield_now().await;
        }
        Ok(ran)
    }

    async fn next_at(&self, cx: &Cx) -> Result<Option<Instant>, Fault> {
        Ok((self.0.waiting.load(Ordering::SeqCst) > 0).then(|| cx.now()))
    }
}

struct Works(Arc<Pieces>, &'static str);

impl Module for Works {
    fn name(&self) -> &'static str {
        "works"
    }

    fn migrations(&self) -> Migrations {
        Migrations { module: "works", ..bursar_events::migrations() }
    }

    fn statements(&self) -> Vec<&'static Statement> {
        Vec::new()
    }

    fn register(&self, registry: &mut Registry) {
        registry.pump(Arc::new(Mill(Arc::clone(&self.0), self.1)));
    }
}

fn kernel() -> Vec<Migrations> {
    vec![bursar_events::migrations(), bursar_jobs::migrations(), bursar_audit::migrations()]
}

#[test]
fn a_pump_is_worked_off_by_draining_and_by_a_server() {
    on_both_engines(kernel(), async |cx| {
        let pieces = Arc::new(Pieces::default());
        let app = App::build(&[Box::new(Works(Arc::clone(&pieces), "works.mill"))]).unwrap();
        assert_eq!(app.next_at(&cx).await.unwrap(), None);
        pieces.waiting.store(5, Ordering::SeqCst);
        assert_eq!(app.next_at(&cx).await.unwrap(), Some(cx.now()));
        assert_eq!(app.drain(&cx).await.unwrap(), 5);
        pieces.waiting.store(7, Ordering::SeqCst);
        let background = Background::new(app, 1);
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let work = background.run(cx.cx(), async {
            stopped.await.ok();
        });
        let watch = async {
            while pieces.done.load(Ordering::SeqCst) < 12 {
                tokio::task::yield_now().await;
            }
            // What comes while it sleeps is found when it is woken.
            pieces.waiting.store(1, Ordering::SeqCst);
            background.wake();
            while pieces.done.load(Ordering::SeqCst) < 13 {
                tokio::task::yield_now().await;
            }
            stop.send(()).expect("background work still waits");
        };
        let limit = std::time::Duration::from_secs(60);
        tokio::time::timeout(limit, async { tokio::join!(work, watch) }).await.expect("it ends in time");
    });
}

#[test]
fn a_pump_of_another_module_s_name_keeps_the_program_from_starting() {
    let fault = App::build(&[Box::new(Works(Arc::default(), "mills.grind"))]).unwrap_err();
    assert!(fault.to_string().contains("pump mills.grind of module works"), "{fault}");
}
