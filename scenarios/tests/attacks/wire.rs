//! Below the pages: slow clients, bodies and heads without measure, requests that hide another one.

use bursar_scenarios::{Caller, House, Line};
use bursar_time::Stopwatch;

/// Longer than the server bears with a head that does not end.
const MOST_MICROS: i64 = 40_000_000;

/// Somebody else is served as if nothing happened.
fn expect_service(house: &House) {
    let heard = Caller::at(house).get("/shop");
    assert_eq!(heard.status, 200, "{}", heard.text());
}

/// What is there all the while: nobody pays for clients that are slow on purpose, and in the end they are put out.
#[test]
fn slow_clients_keep_nobody_waiting_and_are_cut_off() {
    let house = House::empty();
    let watch = Stopwatch::start();
    let mut silent: Vec<Line> = (0..150).map(|_| Line::to(&house)).collect();
    let mut greeting: Vec<Line> = (0..20).map(|_| Line::to(&house)).collect();
    for line in &mut greeting {
        line.say("PRI * HTTP/2.0").expect("it listens");
    }
    // A body that never comes: these hold a request open, which ends by its own time limit.
    let mut stalled: Vec<Line> = (0..40).map(|_| Line::to(&house)).collect();
    for line in &mut stalled {
        line.say("POST /shop/currency HTTP/1.1\r\nhost: a\r\ncontent-length: 1000\r\n\r\ncurrency=")
            .expect("it listens");
    }
    let mut dripping: Vec<Line> = (0..60).map(|_| Line::to(&house)).collect();
    for line in &mut dripping {
        line.say("GET /shop HTTP/1.1\r\nhost: a\r\nx-slow: ").expect("it listens");
    }
    while !(silent.is_empty() && dripping.is_empty() && greeting.is_empty()) {
        assert!(watch.elapsed_micros() < MOST_MICROS, "{} silent, {} dripping", silent.len(), dripping.len());
        expect_service(&house);
        // A byte each, as slowly as the pages of others come.
        dripping.retain_mut(|line| line.say("z").is_ok() && !line.is_cut_off());
        silent.retain_mut(|line| !line.is_cut_off());
        greeting.retain_mut(|line| !line.is_cut_off());
    }
    expect_service(&house);
}

fn answer_to(house: &House, request: &[u8]) -> Option<u16> {
    let mut line = Line::to(house);
    // It may be refused and closed before all of it is sent.
    let _sent = line.say(request);
    line.hear().map(|heard| heard.status)
}

#[test]
fn bodies_beyond_the_limit_are_refused_whether_they_say_their_length_or_not() {
    let house = House::empty();
    let before = resident_kib();
    let declared = b"POST /shop/currency HTTP/1.1\r\nhost: a\r\ncontent-length: 10000000000\r\n\r\n";
    assert_eq!(answer_to(&house, declared), Some(413));
    for _ in 0..20 {
        let mut line = Line::to(&house);
        line.say("POST /shop/currency HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n")
            .expect("it listens");
        let piece = [b"10000\r\n".as_slice(), &[b'a'; 0x1_0000], b"\r\n"].concat();
        // 64 MiB if it would take them; it says no after the first.
        let taken = (0..1_024).take_while(|_| !line.is_answered() && line.say(&piece).is_ok()).count();
        assert!(taken < 1_024, "it took everything");
        assert_eq!(line.hear().map(|heard| heard.status), Some(413));
    }
    let grown = resident_kib().saturating_sub(before);
    assert!(grown < 64 * 1_024, "1.25 GiB were offered and {grown} KiB were kept");
    expect_service(&house);
}

/// Memory of this process, in which the server runs.
fn resident_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux says how much memory is used");
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("and names it so");
    line.split_whitespace().nth(1).and_then(|kib| kib.parse().ok()).expect("in KiB")
}

#[test]
fn heads_beyond_the_limit_are_refused() {
    let house = House::empty();
    let long = "a".repeat(64 * 1_024);
    let many: String = (0..2_000).map(|turn| format!("x-{turn}: 1\r\n")).collect();
    for request in [
        format!("GET /shop HTTP/1.1\r\nhost: a\r\nx-long: {long}\r\n\r\n"),
        format!("GET /shop HTTP/1.1\r\nhost: a\r\n{many}\r\n"),
        format!("GET /shop?{long} HTTP/1.1\r\nhost: a\r\n\r\n"),
        format!("GET /shop HTTP/1.1\r\nhost: a\r\ncookie: {long}\r\n\r\n"),
        format!("{long} /shop HTTP/1.1\r\nhost: a\r\n\r\n"),
    ] {
        let status = answer_to(&house, request.as_bytes());
        assert!(matches!(status, None | Some(400 | 414 | 431)), "{status:?} to {}", &request[..40]);
    }
    expect_service(&house);
}

/// Two servers in a row must not see different requests in the same bytes: a shape that can be read in two ways is
/// refused, or answered once and the connection closed.
#[test]
fn a_request_cannot_hide_another_one() {
    let house = House::empty();
    let hidden = "GET /about?hidden HTTP/1.1\r\nhost: a\r\n\r\n";
    let shapes = [
        format!("content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n{hidden}"),
        format!("transfer-encoding: chunked\r\ncontent-length: 5\r\n\r\n0\r\n\r\n{hidden}"),
        format!("content-length: 0\r\ncontent-length: {}\r\n\r\n{hidden}", hidden.len()),
        format!("content-length: 0, {}\r\n\r\n{hidden}", hidden.len()),
        format!("content-length: +0\r\n\r\n{hidden}"),
        format!("content-length: -1\r\n\r\n{hidden}"),
        format!("content-length: 0x0\r\n\r\n{hidden}"),
        format!("content-length: 18446744073709551617\r\n\r\n{hidden}"),
        format!("transfer-encoding : chunked\r\n\r\n0\r\n\r\n{hidden}"),
        format!("transfer-encoding: xchunked\r\n\r\n0\r\n\r\n{hidden}"),
        format!("transfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n{hidden}"),
        format!("transfer-encoding: chunked\r\n\r\n-1\r\n\r\n{hidden}"),
        format!("transfer-encoding: chunked\r\n\r\nfffffffffffffffff\r\n\r\n{hidden}"),
        format!("x-folded: a\r\n content-length: 0\r\n\r\n{hidden}"),
        format!("x-bare: a\rcontent-length: 0\r\n\r\n{hidden}"),
        format!("x-nul: a\0b\r\n\r\n{hidden}"),
    ];
    for shape in &shapes {
        let mut line = Line::to(&house);
        line.say(format!("POST /shop/currency HTTP/1.1\r\nhost: a\r\n{shape}")).expect("it listens");
        line.finish();
        let first = line.hear().map(|heard| heard.status);
        // 403: it was read as a form without a token.
        assert!(matches!(first, None | Some(400 | 403 | 413 | 431 | 501)), "{first:?} to {shape:?}");
        let second = line.hear().map(|heard| heard.status);
        // A bad length after which the connection goes on would serve what was hidden.
        let is_ambiguous = !shape.starts_with("x-folded") && !shape.starts_with("x-bare");
        assert!(second.is_none() || !is_ambiguous, "{second:?} after {shape:?}");
    }
    expect_service(&house);
}

#[test]
fn what_is_no_http_is_turned_away() {
    let house = House::empty();
    for bytes in [
        &b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"[..],
        b"GET /shop\r\n\r\n",
        b"GET /shop HTTP/9.9\r\nhost: a\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.9\r\n",
        b"GET http://[::1 HTTP/1.1\r\nhost: a\r\n\r\n",
        b"\0\0\0\0\r\n\r\n",
    ] {
        let mut line = Line::to(&house);
        line.say(bytes).expect("it listens");
        line.finish();
        let status = line.hear().map(|heard| heard.status);
        assert!(matches!(status, None | Some(400 | 505)), "{status:?} to {bytes:?}");
    }
    expect_service(&house);
}

/// No name out of the folder: neither of files that are served, nor of what lies in the database.
#[test]
fn no_path_leads_out_of_where_it_belongs() {
    let house = House::empty();
    let mut owner = Caller::owner(&house);
    for prefix in [
        "/assets/",
        "/admin/site/",
        "/admin/mail/templates/",
        "/admin/services/",
        "/portal/invoices/",
        "/shop/",
    ] {
        for name in [
            "../../../../etc/passwd",
            "..%2f..%2f..%2fetc%2fpasswd",
            "%2e%2e/%2e%2e/etc/passwd",
            "..%5c..%5cetc%5cpasswd",
            "..%252f..%252fetc%252fpasswd",
            "%c0%ae%c0%ae/etc/passwd",
            "/etc/passwd",
            "bursar.css%00.png",
            "....//....//etc/passwd",
            "C:%5cwindows%5cwin.ini",
        ] {
            let heard = owner.get(&format!("{prefix}{name}"));
            let text = heard.text();
            assert!(matches!(heard.status, 400 | 404), "{} to {prefix}{name}", heard.status);
            assert!(!text.contains("root:") && !text.contains("[fonts]"), "{prefix}{name}: {text}");
        }
    }
}
