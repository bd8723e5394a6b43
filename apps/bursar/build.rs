//! Asks the linker for packed relocations where the system can read them.
//!
//! A position-independent program of this size has hundreds of thousands of relative relocations. Unpacked they are 5 MiB
//! that the loader reads once and an idle server then holds. glibc reads packed ones (`DT_RELR`) since 2.36; a program that
//! is to run on older systems is built on one.

use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let is_built_for_here = std::env::var("HOST") == std::env::var("TARGET");
    let is_gnu = std::env::var("CARGO_CFG_TARGET_ENV").is_ok_and(|env| env == "gnu");
    if is_built_for_here && is_gnu && glibc().is_some_and(|version| version >= (2, 36)) {
        println!("cargo::rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    }
}

/// The version of this machine's C library: `getconf` says `glibc 2.36`.
fn glibc() -> Option<(u32, u32)> {
    let said = Command::new("getconf").arg("GNU_LIBC_VERSION").output().ok()?;
    let said = String::from_utf8(said.stdout).ok()?;
    let (major, minor) = said.trim().strip_prefix("glibc ")?.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}
