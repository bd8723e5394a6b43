//! Finding every page by following links, and holding what was found against the routes the modules registered.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde_json::{Value, json};

use crate::Browser;
use crate::house::House;
use crate::progress::tell;

/// How many addresses of one route are followed: an open invoice has links that a paid one lacks.
const OF_EACH: usize = 10;

/// How often a walk says how far it is.
const TOLD_EVERY: usize = 100;

/// One address that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The route: `/admin/invoices/{id}`.
    pub route: &'static str,
    /// An address of it.
    pub path: String,
    /// Whether it is a page and not a file.
    pub is_page: bool,
    /// How many places it leads to.
    pub links: usize,
}

/// What one role reaches.
#[derive(Debug, Default)]
pub struct Places(BTreeMap<&'static str, Vec<Place>>);

impl Places {
    /// Follows links from `starts`, signed in as the browser is. An address that answers anything but a page or a file
    /// is a dead link and fails.
    pub fn walk(browser: &mut Browser<'_>, starts: &[&str]) -> Self {
        let house = browser.house();
        let mut found = Self::default();
        let mut seen = BTreeSet::new();
        let mut queue: VecDeque<(String, String)> =
            starts.iter().map(|path| ((*path).to_owned(), "the start".to_owned())).collect();
        browser.open(starts.first().expect("a walk starts somewhere"));
        while let Some((path, from)) = queue.pop_front() {
            let Some(route) = route_of(house, &path) else {
                assert!(path.starts_with("/assets/"), "{from} links to {path}, which nothing answers");
                continue;
            };
            let there = found.0.entry(route).or_default();
            if there.len() >= OF_EACH || !seen.insert(path.clone()) {
                continue;
            }
            if seen.len().is_multiple_of(TOLD_EVERY) {
                tell(&format!("reading {path}, the {}th address", seen.len()));
            }
            let answer = fetch(browser, &path);
            if answer["leaves"] == true {
                // Nothing of another host is looked at, and the browser notes that a script may not read it either.
                browser.forget_complaints_of_others();
                there.push(Place { route, path, is_page: false, links: 0 });
                continue;
            }
            let status = answer["status"].as_u64().unwrap_or_default();
            assert_eq!(status, 200, "{from} links to {path}: {}", answer["kind"]);
            if answer["redirected"] == true {
                // What only leads on is no place of its own; where it leads is.
                let on = answer["at"].as_str().unwrap_or_default().to_owned();
                queue.push_back((on, path.clone()));
            }
            let is_html = answer["kind"].as_str().is_some_and(|kind| kind.starts_with("text/html"));
            // A document that is served without scripts is a file to be shown in a frame, such as the text of a mail.
            let is_page = is_html && answer["redirected"] == false && answer["sandboxed"] == false;
            let links = answer["links"].as_array().into_iter().flatten().filter_map(Value::as_str);
            there.push(Place { route, path: path.clone(), is_page, links: links.clone().count() });
            queue.extend(links.map(|link| (link.to_owned(), path.clone())));
        }
        found
    }

    /// One page of every route that has one: the one that leads to most, because there is most to see on it.
    pub fn pages(&self) -> impl Iterator<Item = &Place> {
        // Of several with as much the first, as they were found: the last of an iterator's greatest is taken.
        self.0.values().filter_map(|places| {
            places.iter().filter(|place| place.is_page).rev().max_by_key(|place| place.links)
        })
    }

    /// The routes that were reached.
    pub fn routes(&self) -> impl Iterator<Item = &'static str> {
        self.0.keys().copied()
    }
}

/// The registered route that answers a path. Of two that could, the one with fewer parameters.
fn route_of(house: &House, path: &str) -> Option<&'static str> {
    let gets = house.routes().rows().iter().filter(|row| row.method == "GET");
    gets.filter(|row| fits(row.path, path)).map(|row| row.path).min_by_key(|route| route.matches('{').count())
}

fn fits(route: &str, path: &str) -> bool {
    let path = path.split('?').next().unwrap_or_default();
    let (route, path): (Vec<_>, Vec<_>) = (route.split('/').collect(), path.split('/').collect());
    route.len() == path.len()
        && route.iter().zip(&path).all(|(part, text)| {
            part == text || (part.starts_with('{') && part.ends_with('}') && !text.is_empty())
        })
}

fn fetch(browser: &mut Browser<'_>, path: &str) -> Value {
    browser.head_for(path);
    let script = "
        const asking = {headers: {accept: 'text/html'}};
        let answer = await fetch(a, {...asking, redirect: 'manual'});
        if (answer.type === 'opaqueredirect') {
            try { answer = await fetch(a, asking); }
            catch (error) { return {leaves: true}; }
        }
        const kind = answer.headers.get('content-type') || '';
        const local = (address) => { const url = new URL(address, answer.url); return url.origin === location.origin ? url.pathname + url.search : null; };
        const policy = answer.headers.get('content-security-policy') || '';
        const sandboxed = policy.split(';').some((rule) => rule.trim().startsWith('sandbox'));
        let links = [];
        // A document for a frame leads nowhere, and reading it here would put its styles under the policy of this page.
        if (kind.startsWith('text/html') && !sandboxed) {
            const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
            const leads = (it) => local(it.getAttribute('href') ?? it.getAttribute('src'));
            links = [...page.querySelectorAll('a[href], iframe[src]')].map(leads).filter(Boolean);
        } else await answer.arrayBuffer();
        return {status: answer.status, kind, redirected: answer.redirected, sandboxed, at: local(answer.url), links: [...new Set(links)]};";
    browser.script(&format!("return (async () => {{ {script} }})()"), &[json!(path)])
}
