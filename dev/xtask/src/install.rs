//! What the tests need from Debian: installed where it may be, named where it may not.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Where Debian puts the browser.
pub(crate) const BROWSER: &str = "/usr/bin/chromium";

/// Where Debian puts its driver.
const DRIVER: &str = "/usr/bin/chromedriver";

/// The checker of accessibility, from npm at test time only.
const AXE: &str = "axe-core@4.14.1";

/// The tester of the JSON interface, from PyPI at test time only.
const SCHEMATHESIS: &str = "schemathesis==4.32.5";

/// Fetches axe-core into a folder; the answer is its script, or none where there is no npm or no network.
pub(crate) fn axe(folder: &Path) -> Result<Option<PathBuf>, String> {
    let script = folder.join("package/axe.min.js");
    if script.is_file() {
        return Ok(Some(script));
    }
    std::fs::create_dir_all(folder).map_err(|e| e.to_string())?;
    let run = |program: &str, arguments: &[&str]| {
        Command::new(program).args(arguments).current_dir(folder).status().is_ok_and(|s| s.success())
    };
    if !Path::new("/usr/bin/npm").exists() && is_root() {
        apt(&["install", "-y", "-qq", "--no-install-recommends", "npm"]);
    }
    let fetched =
        run("npm", &["pack", AXE, "--silent"]) && run("tar", &["xzf", &format!("{}.tgz", AXE.replace('@', "-"))]);
    Ok((fetched && script.is_file()).then_some(script))
}

/// Puts the tester of the JSON interface into a folder; the answer is its program, or none where there is no Python or
/// no network.
pub(crate) fn schemathesis(folder: &Path) -> Result<Option<PathBuf>, String> {
    let program = folder.join("bin/schemathesis");
    if program.is_file() {
        return Ok(Some(program));
    }
    let run = |program: &Path, arguments: &[&str]| {
        Command::new(program).args(arguments).stdout(Stdio::null()).status().is_ok_and(|s| s.success())
    };
    let place = folder.to_string_lossy();
    let make = ["-m", "venv", "--clear", &place];
    let mut made = run(Path::new("python3"), &make);
    if !made && is_root() {
        apt(&["install", "-y", "-qq", "--no-install-recommends", "python3", "python3-venv"]);
        made = run(Path::new("/usr/bin/python3"), &make);
    }
    let got =
        made && run(&folder.join("bin/pip"), &["install", "--quiet", "--disable-pip-version-check", SCHEMATHESIS]);
    Ok((got && program.is_file()).then_some(program))
}

/// Debian's installer; was it done?
pub(crate) fn apt(arguments: &[&str]) -> bool {
    Command::new("apt-get").args(arguments).env("DEBIAN_FRONTEND", "noninteractive").status().is_ok_and(|s| s.success())
}

/// Is this CI, where a skip is a failure?
pub(crate) fn is_ci() -> bool {
    std::env::var_os("CI").is_some_and(|v| v == "true")
}

/// Makes sure of the browser. `Ok(false)` means: not here, not installable, skip.
pub(crate) fn browser() -> Result<bool, String> {
    let there = || [BROWSER, DRIVER].iter().all(|p| Path::new(p).exists());
    if there() {
        return Ok(true);
    }
    if !is_root() {
        return Ok(false);
    }
    eprintln!("── installing chromium and its driver from Debian");
    Ok(apt(&["update", "-qq"])
        && apt(&["install", "-y", "-qq", "--no-install-recommends", "chromium", "chromium-driver"])
        && there())
}

/// May packages be installed here?
pub(crate) fn is_root() -> bool {
    crate::run::output("id", &["-u"]).is_ok_and(|id| id.trim() == "0")
}
