//! Starting other programs.

use crate::install;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

/// The root of the workspace.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_owned()
}

/// The released program, where cargo put it: whoever keeps one build for several clones names its place.
pub(crate) fn released() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| PathBuf::from("target"), PathBuf::from);
    root().join(target).join("release/payung")
}

/// Runs a step and says how long it took.
pub(crate) fn step(name: &str, program: &str, arguments: &[&str]) -> Result<(), String> {
    step_with(name, program, arguments, &[])
}

/// Runs a step with variables of its own.
pub(crate) fn step_with(
    name: &str,
    program: &str,
    arguments: &[&str],
    variables: &[(&str, &str)],
) -> Result<(), String> {
    eprintln!("── {name}: {program} {}", arguments.join(" "));
    let begun = Instant::now();
    let status = Command::new(program)
        .args(arguments)
        .current_dir(root())
        .envs(lean())
        .envs(variables.iter().copied())
        .status()
        .map_err(|e| format!("{name}: {program} did not start: {e}"))?;
    if !status.success() {
        return Err(format!("{name} failed: {program} {}", arguments.join(" ")));
    }
    eprintln!("── {name}: {} s", begun.elapsed().as_secs());
    Ok(())
}

/// Where nothing is built twice, what a second build would need only fills the disk.
fn lean() -> Option<(&'static str, &'static str)> {
    install::is_ci().then_some(("CARGO_INCREMENTAL", "0"))
}

/// What a program prints.
pub(crate) fn output(program: &str, arguments: &[&str]) -> Result<String, String> {
    let out = Command::new(program)
        .args(arguments)
        .current_dir(root())
        .output()
        .map_err(|e| format!("{program} did not start: {e}"))?;
    Ok(String::from_utf8_lossy(&out.stdout).into_owned())
}
