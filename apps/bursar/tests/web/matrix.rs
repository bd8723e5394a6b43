//! Who may use which route: every registered route against every kind of visitor, compared with a committed file.
//!
//! After adding a route or changing a role, write the file anew and read the difference:
//! `BURSAR_WRITE_MATRIX=1 cargo test -p bursar --test web matrix`.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use bursar_identity::{PRESETS, RoleBook, TeamRole};
use bursar_ids::Actor;
use bursar_time::Instant;
use bursar_web::{Principal, PrincipalKind, Standing};

use crate::House;

const FILE: &str = "tests/matrix.txt";

fn person(actor: Actor, kind: PrincipalKind, permissions: BTreeSet<String>, standing: Standing) -> Principal {
    Principal { actor, name: "Somebody".to_owned(), kind, permissions, session_hash: [0; 32], standing }
}

/// Everybody who may come, the strangers first. All of them have just proved who they are; what a route asks beside is
/// in its own column.
fn visitors(book: &RoleBook, now: Instant) -> Vec<(String, Option<Principal>)> {
    let fresh = || Standing { fresh_until: Some(now.plus_minutes(1)), ..Standing::default() };
    let customer = || PrincipalKind::Customer { customer_ids: vec![1] };
    let mut all = vec![("nobody".to_owned(), None)];
    for role in TeamRole::ALL {
        let user = person(Actor::User(1), customer(), book.of_team(role), fresh());
        all.push((format!("team {}", role.code()), Some(user)));
    }
    let eyes = Standing { impersonator: Some("Staff".to_owned()), ..Standing::default() };
    let actor = Actor::StaffAs { staff: 1, user: 1 };
    let owner = book.of_team(TeamRole::Owner);
    all.push(("impersonator".to_owned(), Some(person(actor, customer(), owner, eyes))));
    for preset in PRESETS {
        let rights = book.of_staff(preset.code, None);
        let staff = person(Actor::Staff(1), PrincipalKind::Staff, rights, fresh());
        all.push((format!("staff {}", preset.code), Some(staff)));
    }
    let token = Standing { is_token: true, ..Standing::default() };
    let rights = book.of_staff("owner", None);
    all.push((
        "owner's token".to_owned(),
        Some(person(Actor::ApiKey(1), PrincipalKind::Staff, rights, token)),
    ));
    all
}

fn sign(verdict: &str) -> char {
    match verdict {
        "enters" => 'x',
        "signs in" => '?',
        "sees nothing" => '.',
        "is denied" => '-',
        "is not the person" => '!',
        other => panic!("the matrix has no sign for {other:?}"),
    }
}

fn matrix(house: &House) -> String {
    let book = RoleBook::new(house.office.app.permissions());
    let now = house.cx.now();
    let visitors = visitors(&book, now);
    let mut text = String::from(
        "x enters   - is told which permission is missing   . sees nothing   ? is sent to sign in   ! is not the person\n\n",
    );
    for (place, (name, _)) in visitors.iter().enumerate() {
        writeln!(text, "{:>1$} {name}", place + 1, 2).unwrap();
    }
    text.push('\n');
    for row in house.table.rows() {
        let signs: String = visitors.iter().map(|(_, who)| sign(row.verdict(who.as_ref(), now))).collect();
        let line = format!(
            "{signs}  {:<5} {:<60} {:<34} {}",
            row.method,
            row.path,
            row.access.to_string(),
            row.demands
        );
        writeln!(text, "{}", line.trim_end()).unwrap();
    }
    text
}

#[tokio::test]
async fn the_matrix_of_permissions_is_the_committed_one() {
    let house = House::build().await;
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE);
    let found = matrix(&house);
    if std::env::var_os("BURSAR_WRITE_MATRIX").is_some() {
        std::fs::write(&path, &found).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    let different: Vec<_> = found.lines().filter(|line| !committed.lines().any(|it| it == *line)).collect();
    let gone: Vec<_> = committed.lines().filter(|line| !found.lines().any(|it| it == *line)).collect();
    assert!(
        different.is_empty() && gone.is_empty(),
        "{FILE} does not say what the routes do; see the head of this test.\nnow:\n{}\nin the file:\n{}",
        different.join("\n"),
        gone.join("\n")
    );
}
