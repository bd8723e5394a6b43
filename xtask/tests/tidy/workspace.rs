//! Reading the repository.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// The root of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the root").to_owned()
}

/// One tracked file.
#[derive(Debug)]
pub struct Tracked {
    /// Relative to the root, with slashes.
    pub path: String,
    /// Its text; what is not UTF-8 has none and is left out.
    pub text: String,
}

/// Every tracked text file of our own; the vendored ones are others' work.
pub fn tracked() -> Vec<Tracked> {
    // A checkout that belongs to another user, as in a container, may be listed all the same.
    let listed = run("git", &["-c", "safe.directory=*", "ls-files", "-z"]);
    let files: Vec<_> = listed
        .split('\0')
        .filter(|path| !path.is_empty() && *path != "Cargo.lock")
        .filter(|path| {
            !["kernel/web/assets/", "scenarios/fixtures/"].iter().any(|folder| path.starts_with(folder))
        })
        .filter_map(|path| {
            let text = std::fs::read_to_string(root().join(path)).ok()?;
            Some(Tracked { path: path.to_owned(), text })
        })
        .collect();
    assert!(files.len() > 100, "git lists the repository's files");
    files
}

/// One crate of the workspace.
#[derive(Debug)]
pub struct Member {
    /// Its folder relative to the root: `kernel/db`.
    pub folder: String,
    /// What it depends on.
    pub dependencies: Vec<Dependency>,
}

/// One edge.
#[derive(Debug)]
pub struct Dependency {
    /// The crate's name.
    pub name: String,
    /// Its folder, when it is a crate of the workspace.
    pub folder: Option<String>,
    /// For tests only.
    pub dev: bool,
}

/// Every crate of the workspace with its direct dependencies.
pub fn members() -> Vec<Member> {
    let metadata = metadata(&["--no-deps"]);
    let packages = metadata["packages"].as_array().expect("packages");
    packages
        .iter()
        .map(|package| Member {
            folder: relative(package["manifest_path"].as_str().expect("a path"), "/Cargo.toml"),
            dependencies: package["dependencies"]
                .as_array()
                .expect("dependencies")
                .iter()
                .map(edge)
                .collect(),
        })
        .collect()
}

fn edge(dependency: &Value) -> Dependency {
    Dependency {
        name: dependency["name"].as_str().expect("a name").to_owned(),
        folder: dependency["path"].as_str().map(|path| relative(path, "")),
        dev: dependency["kind"].as_str() == Some("dev"),
    }
}

fn relative(path: &str, ending: &str) -> String {
    let path = path.strip_suffix(ending).expect("the path ends so");
    let inside = Path::new(path).strip_prefix(root()).expect("the workspace lies in the root");
    inside.to_str().expect("paths are UTF-8").replace('\\', "/")
}

/// What cargo knows about the workspace.
pub fn metadata(more: &[&str]) -> Value {
    let mut arguments = vec!["metadata", "--format-version", "1", "--locked"];
    arguments.extend(more);
    serde_json::from_str(&run(env!("CARGO"), &arguments)).expect("cargo writes JSON")
}

/// The output of a command run in the root.
pub fn run(program: &str, arguments: &[&str]) -> String {
    let output =
        Command::new(program).args(arguments).current_dir(root()).output().expect("it can be started");
    assert!(output.status.success(), "{program} failed: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("the output is text")
}

/// Fails with every problem, one a line.
pub fn refuse(problems: &[String]) {
    assert!(problems.is_empty(), "{} problems:\n  {}", problems.len(), problems.join("\n  "));
}
