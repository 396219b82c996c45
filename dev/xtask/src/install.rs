//! What the tests need from Debian: installed where it may be, named where it may not.

use std::path::Path;
use std::process::Command;

/// Where Debian puts the browser.
pub(crate) const BROWSER: &str = "/usr/bin/chromium";

/// Is this CI, where a skip is a failure?
pub(crate) fn is_ci() -> bool {
    std::env::var_os("CI").is_some_and(|v| v == "true")
}

/// Makes sure of the browser. `Ok(false)` means: not here, not installable, skip.
pub(crate) fn browser() -> Result<bool, String> {
    if Path::new(BROWSER).exists() {
        return Ok(true);
    }
    if !is_root() {
        return Ok(false);
    }
    eprintln!("── installing chromium from Debian");
    let apt = |arguments: &[&str]| {
        Command::new("apt-get")
            .args(arguments)
            .env("DEBIAN_FRONTEND", "noninteractive")
            .status()
            .is_ok_and(|s| s.success())
    };
    Ok(apt(&["update", "-qq"])
        && apt(&["install", "-y", "-qq", "--no-install-recommends", "chromium"])
        && Path::new(BROWSER).exists())
}

fn is_root() -> bool {
    crate::run::output("id", &["-u"]).is_ok_and(|id| id.trim() == "0")
}
