//! Between the panel's spelling and ours. Pure.

use std::collections::BTreeMap;

use bursar_hosting::{Access, AccessKind, Customer, Observed, Reference, Specification, State, Tag};
use bursar_outbound::Settings;
use serde_json::{Value, json};

use crate::settings;
use crate::wire::{Egg, FeatureLimits, Limits, Server};

/// "1:5" is egg 5 of nest 1; "5" is an egg of a panel without nests.
pub(crate) fn egg_of(plan: &Settings) -> (Option<&str>, &str) {
    let text = plan.text(settings::EGG).unwrap_or_default();
    match text.split_once(':') {
        Some((nest, egg)) => (Some(nest), egg),
        None => (None, text),
    }
}

fn egg_text(server: &Server) -> String {
    match server.nest {
        Some(nest) => format!("{nest}:{}", server.egg),
        None => server.egg.to_string(),
    }
}

/// The customer's name on the panel.
pub(crate) fn external_customer(prefix: &str, customer: &Customer) -> String {
    format!("{prefix}-customer-{}", customer.number)
}

pub(crate) fn user_body(external: &str, customer: &Customer, password: &str) -> Value {
    // Both names are needed, and people may have given us neither.
    let or =
        |name: &str, usual: &str| if name.trim().is_empty() { usual.to_owned() } else { name.to_owned() };
    json!({
        "external_id": external,
        "email": customer.email,
        // Unique, in small letters, and what the customer signs in with.
        "username": external.to_ascii_lowercase(),
        "first_name": or(&customer.first_name, "Customer"),
        "last_name": or(&customer.last_name, &customer.number.to_string()),
        "password": password,
    })
}

pub(crate) fn limits(plan: &Settings) -> Limits {
    let number = |name: &str| plan.number(name).unwrap_or_default();
    Limits {
        memory: number(settings::MEMORY),
        swap: number(settings::SWAP),
        disk: number(settings::DISK),
        // The panel's own middle.
        io: 500,
        cpu: number(settings::CPU),
    }
}

pub(crate) fn feature_limits(plan: &Settings) -> FeatureLimits {
    let number = |name: &str| Some(plan.number(name).unwrap_or_default());
    FeatureLimits {
        databases: number(settings::DATABASES),
        allocations: number(settings::ALLOCATIONS),
        backups: number(settings::BACKUPS),
    }
}

pub(crate) fn limits_body(limits: &Limits) -> Value {
    json!({
        "memory": limits.memory, "swap": limits.swap, "disk": limits.disk, "io": limits.io, "cpu": limits.cpu,
        "threads": null,
    })
}

pub(crate) fn feature_limits_body(limits: &FeatureLimits) -> Value {
    json!({ "databases": limits.databases, "allocations": limits.allocations, "backups": limits.backups })
}

/// Every variable of the egg with its own value, and the plan's over it.
pub(crate) fn environment(egg: &Egg, plan: &Settings) -> BTreeMap<String, String> {
    let variables = egg.relationships.variables.as_ref().and_then(|list| list["data"].as_array());
    let mut all: BTreeMap<String, String> = BTreeMap::new();
    for variable in variables.into_iter().flatten() {
        let attributes = &variable["attributes"];
        if let Some(name) = attributes["env_variable"].as_str() {
            let value = &attributes["default_value"];
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            all.insert(name.to_owned(), if value.is_null() { String::new() } else { text });
        }
    }
    let own = plan.text(settings::ENVIRONMENT).unwrap_or_default();
    all.extend(own.lines().filter_map(|line| {
        let (name, value) = line.split_once('=')?;
        Some((name.trim().to_owned(), value.trim().to_owned()))
    }));
    all
}

/// The order for a new server.
pub(crate) fn server_body(
    tag: &Tag,
    specification: &Specification,
    egg: &Egg,
    user: i64,
    is_pelican: bool,
) -> Value {
    let plan = &specification.plan;
    let image = egg.docker_image.clone().or_else(|| egg.docker_images.values().next().cloned());
    let ports: Vec<&str> =
        plan.text(settings::PORTS).into_iter().flat_map(|ports| ports.split(',').map(str::trim)).collect();
    let place = plan.text(settings::LOCATION);
    let mut deploy = json!({ "dedicated_ip": false, "port_range": ports });
    if is_pelican {
        deploy["tags"] = place.into_iter().collect();
    } else {
        deploy["locations"] = place.and_then(|id| id.parse::<i64>().ok()).into_iter().collect();
    }
    json!({
        "external_id": tag.as_str(),
        "name": tag.as_str(),
        "user": user,
        "egg": egg.id,
        "docker_image": image,
        "startup": egg.startup,
        "environment": environment(egg, plan),
        "limits": limits_body(&limits(plan)),
        "feature_limits": feature_limits_body(&feature_limits(plan)),
        "deploy": deploy,
        "start_on_completion": true,
        "skip_scripts": false,
        "oom_disabled": false,
    })
}

/// What the panel shows of a plan.
pub(crate) fn plan(server: &Server) -> Settings {
    let mut plan = Settings::from_iter([
        (settings::EGG, egg_text(server)),
        (settings::MEMORY, server.limits.memory.to_string()),
        (settings::SWAP, server.limits.swap.to_string()),
        (settings::DISK, server.limits.disk.to_string()),
        (settings::CPU, server.limits.cpu.to_string()),
    ]);
    let features = [
        (settings::DATABASES, server.feature_limits.databases),
        (settings::ALLOCATIONS, server.feature_limits.allocations),
        (settings::BACKUPS, server.feature_limits.backups),
    ];
    for (name, value) in features {
        if let Some(value) = value {
            plan.set(name, value.to_string());
        }
    }
    plan
}

/// The state, with the daemon's word on power where it was asked.
pub(crate) fn state(server: &Server, power: Option<&str>) -> State {
    if server.is_suspended() {
        return State::Suspended;
    }
    match (server.status.as_deref(), power) {
        (Some("installing" | "restoring_backup"), _) => State::Building,
        (Some("install_failed" | "reinstall_failed"), _) => {
            State::Failed("The installation failed on the node.".to_owned())
        }
        (Some(other), _) => State::Unrecognised(other.to_owned()),
        (None, Some("offline" | "stopping")) => State::Stopped,
        (None, _) => State::Running,
    }
}

pub(crate) fn reference(server: &Server) -> Reference {
    Reference::new(server.id.to_string())
}

pub(crate) fn observed(server: &Server, base: &str, power: Option<&str>) -> Observed {
    let endpoint = endpoint(server);
    let username =
        server.relationships.user.as_ref().and_then(|user| user["attributes"]["username"].as_str());
    let node = server.relationships.node.as_ref().map(|node| &node["attributes"]);
    let mut access = vec![Access::new(AccessKind::PanelUrl, format!("{base}/server/{}", server.identifier))];
    access.extend(username.map(|name| Access::new(AccessKind::Username, name)));
    access.extend(
        endpoint.iter().map(|(host, port)| Access::new(AccessKind::Endpoint, format!("{host}:{port}"))),
    );
    if let (Some(node), Some(username)) = (node, username)
        && let Some(fqdn) = node["fqdn"].as_str()
    {
        let port = node["daemon_sftp"].as_i64().unwrap_or(2022);
        access.push(Access::new(AccessKind::FileTransfer, format!("{fqdn}:{port}")));
        let name = format!("{username}.{}", server.identifier);
        access.push(Access::new(AccessKind::FileTransferUsername, name));
    }
    Observed {
        reference: reference(server),
        state: state(server, power),
        name: Some(server.name.clone()),
        plan: plan(server),
        addresses: endpoint.into_iter().map(|(host, _)| host).collect(),
        access,
    }
}

/// Host and port of the server's main allocation.
fn endpoint(server: &Server) -> Option<(String, i64)> {
    let all = server.relationships.allocations.as_ref()?["data"].as_array()?;
    let main =
        all.iter().map(|item| &item["attributes"]).find(|own| own["id"].as_i64() == server.allocation)?;
    let host = main["alias"].as_str().or_else(|| main["ip"].as_str())?;
    Some((host.to_owned(), main["port"].as_i64()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(extra: Value) -> Server {
        let mut value = json!({
            "id": 15, "external_id": "b7", "identifier": "1a2b3c4d", "name": "b7", "status": null, "suspended": false,
            "limits": { "memory": 2048, "swap": 0, "disk": 10240, "io": 500, "cpu": 200, "threads": null },
            "feature_limits": { "databases": 1, "allocations": null, "backups": 2 },
            "user": 7, "node": 2, "allocation": 88, "nest": 1, "egg": 5,
        });
        for (name, field) in extra.as_object().expect("an object") {
            value[name] = field.clone();
        }
        serde_json::from_value(value).expect("a server")
    }

    #[test]
    fn a_state_comes_from_the_panel_and_then_from_the_daemon() {
        let of = |status: Value, power| state(&server(json!({ "status": status })), power);
        assert_eq!(of(json!("installing"), Some("offline")), State::Building);
        assert_eq!(of(json!(null), Some("offline")), State::Stopped);
        assert_eq!(of(json!(null), Some("starting")), State::Running);
        assert_eq!(of(json!(null), None), State::Running);
        assert_eq!(of(json!("suspended"), None), State::Suspended);
        assert!(matches!(of(json!("install_failed"), None), State::Failed(_)));
        assert_eq!(of(json!("dreaming"), None), State::Unrecognised("dreaming".to_owned()));
        let mirrored = server(json!({ "suspended": true }));
        assert_eq!(state(&mirrored, None), State::Suspended, "the older mirror counts too");
    }

    #[test]
    fn what_the_panel_does_not_limit_is_not_compared() {
        let plan = plan(&server(json!({})));
        assert_eq!(
            (plan.text("egg"), plan.text("memory_mib"), plan.text("backups")),
            (Some("1:5"), Some("2048"), Some("2"))
        );
        assert_eq!(plan.text("extra_ports"), None);
        let pelican = server(json!({ "nest": null }));
        assert_eq!(super::plan(&pelican).text("egg"), Some("5"));
    }

    #[test]
    fn customers_are_told_where_to_connect() {
        let relationships = json!({
            "allocations": { "data": [
                { "attributes": { "id": 87, "ip": "203.0.113.5", "alias": null, "port": 1 } },
                { "attributes": { "id": 88, "ip": "203.0.113.5", "alias": "play.example", "port": 25565 } },
            ] },
            "node": { "attributes": { "fqdn": "node1.example", "daemon_sftp": 2022 } },
            "user": { "attributes": { "username": "ann" } },
        });
        let observed =
            observed(&server(json!({ "relationships": relationships })), "https://panel.example", None);
        let value = |kind| {
            observed.access.iter().find(|access| access.kind == kind).map(|access| access.value.as_str())
        };
        assert_eq!(value(AccessKind::Endpoint), Some("play.example:25565"));
        assert_eq!(value(AccessKind::FileTransfer), Some("node1.example:2022"));
        assert_eq!(value(AccessKind::FileTransferUsername), Some("ann.1a2b3c4d"));
        assert_eq!(value(AccessKind::PanelUrl), Some("https://panel.example/server/1a2b3c4d"));
        assert_eq!(observed.addresses, ["play.example"]);
    }

    #[test]
    fn variables_are_the_egg_s_with_the_plan_s_over_them() {
        let egg: Egg = serde_json::from_value(json!({
            "id": 5, "name": "Paper", "relationships": { "variables": { "data": [
                { "attributes": { "env_variable": "SERVER_JARFILE", "default_value": "server.jar" } },
                { "attributes": { "env_variable": "MINECRAFT_VERSION", "default_value": "latest" } },
                { "attributes": { "env_variable": "DL_PATH", "default_value": null } },
            ] } },
        }))
        .expect("an egg");
        let plan = Settings::none().with("environment", "MINECRAFT_VERSION = 1.21\nnonsense\n");
        let expected = [("DL_PATH", ""), ("MINECRAFT_VERSION", "1.21"), ("SERVER_JARFILE", "server.jar")];
        let found = environment(&egg, &plan);
        let found: Vec<(&str, &str)> =
            found.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn customers_without_a_name_get_one() {
        let customer = Customer {
            number: 42,
            email: "a@b.example".to_owned(),
            first_name: String::new(),
            last_name: " ".to_owned(),
        };
        let body = user_body("Acme-customer-42", &customer, "secret");
        assert_eq!((&body["first_name"], &body["last_name"]), (&json!("Customer"), &json!("42")));
        assert_eq!(body["username"], "acme-customer-42");
    }
}
