//! Brings the pages' third-party files into `kernel/web/assets`, and the tests' into `scenarios/fixtures`, at fixed
//! versions with recorded integrity.
//!
//! What is downloaded here is committed: neither a build nor a running server ever asks another host for anything.
//! Needs `npm` and `tar` on the path. To move to a newer version, change the version and the integrity below together
//! (`npm view NAME@VERSION dist.integrity`) and look at every page.

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha512};

struct Package {
    name: &'static str,
    version: &'static str,
    /// `dist.integrity` of the npm registry.
    integrity: &'static str,
}

const TABLER: Package = Package {
    name: "@tabler/core",
    version: "1.6.1",
    integrity: "sha512-lgmR9gcxRp5JlLxcmRi9Rz85JrEvH6Bz71KnlcPVSa97wtwQNjgSs3g3fxwbAlulHyRMghhIV04QUuW3pqDsIg==",
};
const HTMX: Package = Package {
    name: "htmx.org",
    version: "2.0.11",
    integrity: "sha512-Thx/WtpeOQqSrqBCw/A1cwGJGg4UrVa3+sW0GmrM3p4gJgO89ecH4qtbnyzDDWFvBTqjnIMCgELTNt636dtamA==",
};
const ICONS: Package = Package {
    name: "@tabler/icons",
    version: "3.51.0",
    integrity: "sha512-0pinvPZz7YeX+OSfxuEAbnEPWbocVXW5iU8h5lh41pYG8sZuQfpWECC980lxOT0clGIcNGn8xsBr+zKaRGdA/g==",
};

/// The letters of the pages: Latin alone, and what else Latin scripts need, which few pages ask for.
const INTER: Package = Package {
    name: "@fontsource-variable/inter",
    version: "5.3.0",
    integrity: "sha512-OupL48va4JNofb97w6NYeF9S7W/kHNKM0Er8Dem5nqi4jeOLrVJDoE8tZEpnMJmtkvNbB1EIPPwHcdkF6b1oUA==",
};
const ECHARTS: Package = Package {
    name: "echarts",
    version: "6.1.0",
    integrity: "sha512-q0yaFPggC9FUdsWH4blavRWFmxdrIodbkoKNAjJudAI6CA9gNPxHtV2RcZNEepZVlk4yvBYkOkbk6HIVpIyHZA==",
};
/// Checks the pages in the browser tests; it is never served.
const AXE: Package = Package {
    name: "axe-core",
    version: "4.14.1",
    integrity: "sha512-FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ==",
};

/// The outline icons the pages use; a page that needs another adds its name here and runs the command again.
const ICON_NAMES: &[&str] = &[
    "adjustments",
    "alert-circle",
    "alert-triangle",
    "arrow-down-right",
    "arrow-left",
    "arrow-right",
    "arrow-up-right",
    "ban",
    "bell",
    "building",
    "building-bank",
    "calendar",
    "cash",
    "chart-bar",
    "check",
    "checklist",
    "chevron-down",
    "chevron-left",
    "chevron-right",
    "circle-check",
    "clock",
    "coins",
    "copy",
    "credit-card",
    "device-desktop",
    "dots-vertical",
    "download",
    "external-link",
    "eye",
    "file-invoice",
    "file-text",
    "filter",
    "headset",
    "history",
    "home",
    "hourglass",
    "inbox",
    "info-circle",
    "key",
    "language",
    "list-details",
    "lock",
    "login",
    "logout",
    "mail",
    "menu-2",
    "moon",
    "package",
    "pencil",
    "phone",
    "player-pause",
    "player-play",
    "plus",
    "receipt",
    "receipt-refund",
    "refresh",
    "repeat",
    "report-money",
    "scale",
    "search",
    "send",
    "server",
    "settings",
    "shield-check",
    "shopping-cart",
    "sun",
    "tags",
    "trash",
    "user",
    "user-plus",
    "users",
    "wallet",
    "world",
    "x",
];

/// The Tabler package carries its licence only as a line in each file.
const TABLER_LICENCE_HEAD: &str = "MIT License\n\nCopyright (c) 2018-2026 The Tabler Authors\nCopyright (c) 2018-2026 codecalm.net Paweł Kuna\n";

/// Downloads, checks and copies everything.
pub fn run() -> Result<String, Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let (into, fixtures) = (root.join("kernel/web/assets"), root.join("scenarios/fixtures"));
    fs::create_dir_all(&into)?;
    fs::create_dir_all(&fixtures)?;
    let scratch = tempfile::tempdir()?;
    let tabler = unpack(&TABLER, scratch.path())?;
    let htmx = unpack(&HTMX, scratch.path())?;
    let icons = unpack(&ICONS, scratch.path())?;
    let axe = unpack(&AXE, scratch.path())?;
    let inter = unpack(&INTER, scratch.path())?;
    let echarts = unpack(&ECHARTS, scratch.path())?;

    copy_text(&tabler.join("dist/css/tabler.min.css"), &into.join("tabler.min.css"))?;
    copy_text(&tabler.join("dist/css/tabler.rtl.min.css"), &into.join("tabler.rtl.min.css"))?;
    copy_text(&htmx.join("dist/htmx.min.js"), &into.join("htmx.min.js"))?;
    fs::write(into.join("icons.svg"), sprite(&icons)?)?;

    for part in ["latin", "latin-ext"] {
        let font = format!("files/inter-{part}-wght-normal.woff2");
        fs::copy(inter.join(font), into.join(format!("inter-{part}.woff2")))?;
    }
    fs::copy(inter.join("LICENSE"), into.join("LICENSE.inter.txt"))?;
    copy_text(&echarts.join("dist/echarts.simple.min.js"), &into.join("echarts.simple.min.js"))?;
    fs::copy(echarts.join("LICENSE"), into.join("LICENSE.echarts.txt"))?;
    fs::copy(echarts.join("NOTICE"), into.join("NOTICE.echarts.txt"))?;

    let mit = fs::read_to_string(icons.join("LICENSE"))?;
    let terms =
        mit.find("Permission is hereby granted").ok_or("the icons' licence is not the MIT text any more")?;
    fs::write(into.join("LICENSE.tabler-icons.txt"), &mit)?;
    fs::write(into.join("LICENSE.tabler.txt"), format!("{TABLER_LICENCE_HEAD}\n{}", &mit[terms..]))?;
    fs::copy(htmx.join("LICENSE"), into.join("LICENSE.htmx.txt"))?;

    copy_text(&axe.join("axe.min.js"), &fixtures.join("axe.min.js"))?;
    fs::copy(axe.join("LICENSE"), fixtures.join("LICENSE.axe-core.txt"))?;

    let mut versions = String::from("# Made by `cargo xtask assets`; do not edit.\n");
    let packages = [&TABLER, &HTMX, &ICONS, &INTER, &ECHARTS, &AXE];
    for package in packages {
        writeln!(versions, "{} {} {}", package.name, package.version, package.integrity)?;
    }
    fs::write(into.join("VERSIONS"), versions)?;
    Ok(format!("{} icons and the files of {} packages are in place", ICON_NAMES.len(), packages.len()))
}

/// Downloads one package, refuses it when its hash is not the recorded one, and unpacks it.
fn unpack(package: &Package, scratch: &Path) -> Result<PathBuf, Box<dyn Error>> {
    let folder = scratch.join(package.name.replace(['@', '/'], "_"));
    fs::create_dir(&folder)?;
    let status = Command::new("npm")
        .args(["pack", "--silent", &format!("{}@{}", package.name, package.version)])
        .current_dir(&folder)
        .output()?;
    if !status.status.success() {
        return Err(format!("npm pack {}: {}", package.name, String::from_utf8_lossy(&status.stderr)).into());
    }
    let archive = fs::read_dir(&folder)?
        .filter_map(|entry| entry.map(|entry| entry.path()).ok())
        .find(|path| path.extension().is_some_and(|extension| extension == "tgz"))
        .ok_or_else(|| format!("npm pack {} left no archive", package.name))?;
    let found = format!("sha512-{}", STANDARD.encode(Sha512::digest(fs::read(&archive)?)));
    if found != package.integrity {
        return Err(format!("{}@{} is not what was recorded: {found}", package.name, package.version).into());
    }
    let unpacked = Command::new("tar").arg("-xzf").arg(&archive).current_dir(&folder).status()?;
    if !unpacked.success() {
        return Err(format!("tar could not unpack {}", archive.display()).into());
    }
    Ok(folder.join("package"))
}

/// Copies a text file without its source-map comment: the map is not shipped, and browsers would ask for it.
fn copy_text(from: &Path, to: &Path) -> Result<(), Box<dyn Error>> {
    let text = fs::read_to_string(from).map_err(|error| format!("{}: {error}", from.display()))?;
    let end = text
        .rfind("/*# sourceMappingURL")
        .or_else(|| text.rfind("//# sourceMappingURL"))
        .unwrap_or(text.len());
    fs::write(to, &text[..end])?;
    Ok(())
}

/// One SVG with a symbol for every icon, so that a page refers to an icon in one line and the browser keeps them all.
fn sprite(package: &Path) -> Result<String, Box<dyn Error>> {
    let mut sprite = String::from("<svg xmlns=\"http://www.w3.org/2000/svg\">\n");
    for name in ICON_NAMES {
        let path = package.join("icons/outline").join(format!("{name}.svg"));
        let svg = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let open = svg.find('>').ok_or("an icon has no svg element")?;
        let close = svg.rfind("</svg>").ok_or("an icon's svg element is not closed")?;
        // The first path is an invisible frame that only matters to drawing programs.
        let body: String = svg[open + 1..close]
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty() && !line.contains("M0 0h24v24H0z"))
            .collect();
        writeln!(sprite, "<symbol id=\"{name}\" viewBox=\"0 0 24 24\">{body}</symbol>")?;
    }
    sprite.push_str("</svg>\n");
    Ok(sprite)
}
