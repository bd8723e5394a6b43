//! Paths, bodies and failures as the panel has them.

use std::collections::BTreeMap;

use bursar_fakeserver::{Asked, Reply};
use serde_json::{Value, json};

use super::panel::{Panel, Server, User};
use super::{APPLICATION_KEY, CLIENT_KEY, item};

const PER_PAGE: usize = 50;

pub(super) fn answer(panel: &mut Panel, asked: &Asked, is_pelican: bool) -> Reply {
    let parts = asked.parts();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let key =
        asked.header("authorization").and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
    let is_json = asked.header("accept").is_some_and(|accept| accept.contains("json"));
    if !is_json {
        // Without it the panel treats the caller as a browser.
        return Reply::empty(302).with_header("location", "/auth/login");
    }
    match parts.as_slice() {
        ["api", "application", rest @ ..] if key == APPLICATION_KEY => {
            application(panel, asked, rest, is_pelican)
        }
        ["api", "client", rest @ ..] if key == CLIENT_KEY => client(panel, asked, rest),
        ["api", ..] => failed(401, "AuthenticationException", "Unauthenticated."),
        _ => Reply::text(404, "<html>Not Found</html>"),
    }
}

/// The panel's envelope around a failure.
pub(super) fn failed(status: u16, code: &str, detail: &str) -> Reply {
    Reply::json(
        status,
        &json!({ "errors": [{ "code": code, "status": status.to_string(), "detail": detail }] }),
    )
}

fn invalid(field: &str, rule: &str) -> Reply {
    let error = json!({
        "code": "ValidationException", "status": "422", "detail": format!("The {field} is wrong ({rule})."),
        "meta": { "source_field": field, "rule": rule },
    });
    Reply::json(422, &json!({ "errors": [error] }))
}

fn absent() -> Reply {
    failed(404, "NotFoundHttpException", "The requested resource could not be found on the server.")
}

pub(super) fn identifier(id: i64) -> String {
    format!("{id:08x}")
}

fn application(panel: &mut Panel, asked: &Asked, rest: &[&str], is_pelican: bool) -> Reply {
    match (asked.method.as_str(), rest) {
        ("GET", ["nodes"]) => list(asked, vec![node(panel)]),
        ("GET", ["locations"]) if !is_pelican => {
            list(asked, vec![item("location", json!({ "id": 1, "short": "fra", "long": "Frankfurt" }))])
        }
        ("GET", ["nests"]) if !is_pelican => list(asked, vec![nest()]),
        ("GET", ["nests", "1", "eggs", egg]) if !is_pelican => egg_or_absent(egg),
        ("GET", ["eggs"]) if is_pelican => list(asked, vec![egg()]),
        ("GET", ["eggs", egg]) if is_pelican => egg_or_absent(egg),
        ("GET", ["users"]) => users(panel, asked),
        ("POST", ["users"]) => create_user(panel, asked),
        ("GET", ["users", "external", external]) => {
            let found = panel.users.iter().find(|(_, user)| user.external_id.as_deref() == Some(*external));
            found.map_or_else(absent, |(id, own)| Reply::json(200, &user(*id, own)))
        }
        ("GET" | "PATCH", ["users", id]) => of_user(panel, asked, id),
        ("GET", ["servers"]) => {
            let all = panel.servers.keys().map(|id| server(panel, *id, is_pelican)).collect();
            list(asked, all)
        }
        ("POST", ["servers"]) => create_server(panel, asked, is_pelican),
        ("GET", ["servers", "external", external]) => {
            let own =
                panel.servers.iter().find(|(_, server)| server.external_id.as_deref() == Some(*external));
            match own.map(|(id, _)| *id) {
                Some(id) => Reply::json(200, &server(panel, id, is_pelican)),
                None => absent(),
            }
        }
        (_, ["servers", id, rest @ ..]) => match id.parse::<i64>() {
            Ok(id) if panel.servers.contains_key(&id) => of_server(panel, asked, id, rest, is_pelican),
            _ => absent(),
        },
        _ => absent(),
    }
}

fn list(asked: &Asked, all: Vec<Value>) -> Reply {
    let number = |name: &str| asked.query(name).and_then(|text| text.parse::<usize>().ok());
    // Two on a page at most, so that readers have to turn it.
    let per_page = number("per_page").unwrap_or(PER_PAGE).clamp(1, 2);
    let page = number("page").unwrap_or(1).max(1);
    let pages = all.len().div_ceil(per_page).max(1);
    let total = all.len();
    let part: Vec<Value> = all.into_iter().skip((page - 1) * per_page).take(per_page).collect();
    let pagination = json!({
        "total": total, "count": part.len(), "per_page": per_page, "current_page": page, "total_pages": pages, "links": {},
    });
    Reply::json(200, &json!({ "object": "list", "data": part, "meta": { "pagination": pagination } }))
}

fn node(panel: &Panel) -> Value {
    let sum = |name: &str| panel.servers.values().filter_map(|server| server.limits.get(name)).sum::<i64>();
    item(
        "node",
        json!({
            "id": 2, "name": "node1", "location_id": 1, "fqdn": "node1.example", "scheme": "https", "public": true,
            "maintenance_mode": false, "memory": 262_144, "disk": 2_097_152, "daemon_listen": 8080, "daemon_sftp": 2022,
            "allocated_resources": { "memory": sum("memory"), "disk": sum("disk") },
        }),
    )
}

fn egg() -> Value {
    let variable = |name: &str, value: &str| {
        item(
            "egg_variable",
            json!({ "env_variable": name, "default_value": value, "rules": "required|string" }),
        )
    };
    item(
        "egg",
        json!({
            "id": 5, "uuid": "5da37ef6", "name": "Paper", "nest": 1, "docker_image": "ghcr.io/example/yolks:java_21",
            "docker_images": { "Java 21": "ghcr.io/example/yolks:java_21" }, "startup": "java -jar {{SERVER_JARFILE}}",
            "relationships": { "variables": { "object": "list", "data": [
                variable("SERVER_JARFILE", "server.jar"), variable("MINECRAFT_VERSION", "latest"),
            ] } },
        }),
    )
}

fn egg_or_absent(id: &str) -> Reply {
    if id == "5" { Reply::json(200, &egg()) } else { absent() }
}

fn nest() -> Value {
    let eggs = json!({ "object": "list", "data": [egg()] });
    item("nest", json!({ "id": 1, "name": "Minecraft", "relationships": { "eggs": eggs } }))
}

fn user(id: i64, user: &User) -> Value {
    item(
        "user",
        json!({
            "id": id, "external_id": user.external_id, "email": user.email, "username": user.username,
            "first_name": user.first_name, "last_name": user.last_name, "root_admin": false,
        }),
    )
}

/// Filters find parts.
fn users(panel: &Panel, asked: &Asked) -> Reply {
    let wanted = asked.query("filter[email]").unwrap_or_default();
    let found = panel.users.iter().filter(|(_, user)| user.email.contains(wanted));
    list(asked, found.map(|(id, own)| user(*id, own)).collect())
}

fn text(body: &Value, name: &str) -> String {
    body[name].as_str().unwrap_or_default().to_owned()
}

fn user_of(body: &Value) -> Result<User, Reply> {
    let username = text(body, "username").to_lowercase();
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    if username.len() < 3
        || !username.chars().all(plain)
        || !username.starts_with(|c: char| c.is_ascii_alphanumeric())
    {
        return Err(invalid("username", "regex"));
    }
    for name in ["email", "first_name", "last_name"] {
        if text(body, name).trim().is_empty() {
            return Err(invalid(name, "required"));
        }
    }
    Ok(User {
        external_id: body["external_id"].as_str().map(str::to_owned),
        email: text(body, "email"),
        username,
        first_name: text(body, "first_name"),
        last_name: text(body, "last_name"),
    })
}

fn create_user(panel: &mut Panel, asked: &Asked) -> Reply {
    let new = match user_of(&asked.json()) {
        Ok(user) => user,
        Err(reply) => return reply,
    };
    for (field, taken) in [
        (
            "external_id",
            panel
                .users
                .values()
                .any(|user| user.external_id.is_some() && user.external_id == new.external_id),
        ),
        ("email", panel.users.values().any(|user| user.email == new.email)),
        ("username", panel.users.values().any(|user| user.username == new.username)),
    ] {
        if taken {
            return invalid(field, "unique");
        }
    }
    let id = panel.number();
    let reply = Reply::json(201, &user(id, &new));
    panel.users.insert(id, new);
    reply
}

fn of_user(panel: &mut Panel, asked: &Asked, id: &str) -> Reply {
    let Some(own) = id.parse::<i64>().ok().and_then(|id| panel.users.get_mut(&id)) else { return absent() };
    if asked.method == "PATCH" {
        match user_of(&asked.json()) {
            Ok(changed) => *own = User { external_id: own.external_id.clone(), ..changed },
            Err(reply) => return reply,
        }
    }
    let id = id.parse::<i64>().unwrap_or_default();
    Reply::json(200, &user(id, own))
}

fn server(panel: &Panel, id: i64, is_pelican: bool) -> Value {
    let own = &panel.servers[&id];
    let allocations: Vec<Value> = own
        .port
        .iter()
        .map(|port| {
            item(
                "allocation",
                json!({ "id": port, "ip": "203.0.113.5", "alias": null, "port": port, "assigned": true }),
            )
        })
        .collect();
    let mut limits: Value = own
        .limits
        .iter()
        .map(|(name, value)| (name.clone(), json!(value)))
        .collect::<serde_json::Map<_, _>>()
        .into();
    limits["threads"] = Value::Null;
    let owner = panel.users.get(&own.user).map(|known| user(own.user, known));
    let mut attributes = json!({
        "id": id, "external_id": own.external_id, "uuid": format!("{}-0000", identifier(id)), "identifier": identifier(id),
        "name": own.name, "description": "", "status": own.status, "suspended": own.status.as_deref() == Some("suspended"),
        "limits": limits, "feature_limits": own.features, "user": own.user, "node": 2, "allocation": own.port, "egg": own.egg,
        "container": { "installed": i32::from(own.status.is_none()), "environment": own.environment },
        "relationships": { "allocations": { "object": "list", "data": allocations }, "node": node(panel), "user": owner },
    });
    if !is_pelican {
        attributes["nest"] = json!(1);
    }
    item("server", attributes)
}

fn numbers(value: &Value, names: &[&str]) -> Option<BTreeMap<String, i64>> {
    names.iter().map(|name| Some(((*name).to_owned(), value[*name].as_i64()?))).collect()
}

const LIMITS: [&str; 5] = ["memory", "swap", "disk", "io", "cpu"];

fn features(value: &Value) -> BTreeMap<String, Option<i64>> {
    ["databases", "allocations", "backups"].map(|name| (name.to_owned(), value[name].as_i64())).into()
}

fn create_server(panel: &mut Panel, asked: &Asked, is_pelican: bool) -> Reply {
    let body = asked.json();
    let external = body["external_id"].as_str().map(str::to_owned);
    if external.as_deref().is_some_and(|external| panel.of(external).is_some()) {
        return invalid("external_id", "unique");
    }
    let user = body["user"].as_i64().unwrap_or_default();
    if !panel.users.contains_key(&user) {
        return invalid("user", "exists");
    }
    if body["egg"].as_i64() != Some(5) {
        return invalid("egg", "exists");
    }
    for variable in ["SERVER_JARFILE", "MINECRAFT_VERSION"] {
        if text(&body["environment"], variable).is_empty() {
            return invalid(&format!("environment.{variable}"), "required");
        }
    }
    let Some(limits) = numbers(&body["limits"], &LIMITS) else { return invalid("limits.memory", "required") };
    let place = if is_pelican { "tags" } else { "locations" };
    if !body["deploy"][place].is_array() || !body["deploy"]["port_range"].is_array() {
        return invalid(&format!("deploy.{place}"), "present");
    }
    let Some(port) = panel.free_ports.first().copied() else {
        return failed(
            400,
            "NoViableAllocationException",
            "No allocation satisfying the requirements could be found.",
        );
    };
    let has_ports = body["deploy"]["port_range"].as_array().is_some_and(|ports| !ports.is_empty());
    let port = (!is_pelican || has_ports).then_some(port);
    if let Some(port) = port {
        panel.free_ports.remove(&port);
    }
    let environment = body["environment"].as_object().into_iter().flatten();
    let mut new = Server {
        external_id: external,
        name: text(&body, "name"),
        user,
        egg: 5,
        status: None,
        power: "offline".to_owned(),
        port,
        limits,
        features: features(&body["feature_limits"]),
        environment: environment
            .map(|(name, value)| (name.clone(), value.as_str().unwrap_or_default().to_owned()))
            .collect(),
        installs_badly: std::mem::take(&mut panel.next_installation_fails),
        left: 0,
        uptime: 0,
    };
    new.install();
    let id = panel.number();
    panel.servers.insert(id, new);
    Reply::json(201, &server(panel, id, is_pelican))
}

fn of_server(panel: &mut Panel, asked: &Asked, id: i64, rest: &[&str], is_pelican: bool) -> Reply {
    let own = panel.servers.get_mut(&id).expect("the caller found it");
    match (asked.method.as_str(), rest) {
        ("GET", []) => Reply::json(200, &server(panel, id, is_pelican)),
        ("DELETE", []) => {
            let gone = panel.servers.remove(&id);
            panel.free_ports.extend(gone.and_then(|server| server.port));
            Reply::empty(204)
        }
        ("POST", ["suspend"]) => {
            own.status = Some("suspended".to_owned());
            "offline".clone_into(&mut own.power);
            Reply::empty(204)
        }
        ("POST", ["unsuspend"]) => {
            own.status = None;
            Reply::empty(204)
        }
        ("POST", ["reinstall"]) => {
            own.install();
            Reply::empty(204)
        }
        ("PATCH", ["build"]) => {
            let body = asked.json();
            let Some(limits) = numbers(&body["limits"], &LIMITS) else {
                return invalid("limits.memory", "required");
            };
            if body["allocation"].as_i64() != own.port {
                return invalid("allocation", "exists");
            }
            own.limits = limits;
            own.features = features(&body["feature_limits"]);
            Reply::json(200, &server(panel, id, is_pelican))
        }
        _ => absent(),
    }
}

fn client(panel: &mut Panel, asked: &Asked, rest: &[&str]) -> Reply {
    let conflict =
        || failed(409, "ServerStateConflictException", "This server is currently in an unsupported state.");
    match (asked.method.as_str(), rest) {
        ("GET", ["account"]) => {
            Reply::json(200, &item("user", json!({ "id": 1, "admin": true, "username": "root" })))
        }
        (method, ["servers", identifier, action]) => {
            let Some(own) = panel.by_identifier(identifier) else { return absent() };
            if own.status.is_some() {
                return conflict();
            }
            match (method, *action) {
                ("GET", "resources") => Reply::json(200, &stats(own)),
                ("POST", "power") => signal(own, &text(&asked.json(), "signal")),
                _ => absent(),
            }
        }
        _ => absent(),
    }
}

fn stats(own: &Server) -> Value {
    let on = i64::from(own.power == "running");
    let resources = json!({
        "memory_bytes": on * 588_701_696, "cpu_absolute": if on == 1 { 12.5 } else { 0.0 }, "disk_bytes": 130_156_361,
        "network_rx_bytes": on * own.uptime * 2_000, "network_tx_bytes": on * own.uptime * 3_000, "uptime": own.uptime * 1_000,
    });
    item("stats", json!({ "current_state": own.power, "is_suspended": false, "resources": resources }))
}

fn signal(own: &mut Server, signal: &str) -> Reply {
    match signal {
        "start" if own.power == "running" => {}
        "start" | "restart" => own.go("starting"),
        "stop" if own.power == "offline" => {}
        "stop" => own.go("stopping"),
        "kill" => "offline".clone_into(&mut own.power),
        _ => return invalid("signal", "in"),
    }
    Reply::empty(204)
}
