//! `cargo xtask test`: everything CI runs, in order of cheapness.

use crate::database::Server;
use crate::{browser, install, run, tidy};
use std::path::Path;

/// Runs all.
pub(crate) fn all() -> Result<(), String> {
    let mut skipped = Vec::new();
    tidy::check()?;
    run::step("format", "cargo", &["fmt", "--all", "--check"])?;
    // The lint denies warnings, not the build: so a developer's artefacts and these are the same.
    run::step("lint", "cargo", &["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"])?;
    run::step("tests", "cargo", &["test", "--workspace", "--quiet"])?;
    if !tests_on_server()? {
        skipped.push(NO_SERVER);
    }
    run::step("release", "cargo", &["build", "--release", "--quiet"])?;
    demo()?;
    if install::browser()? {
        for language in ["id", "en"] {
            browser::check_report(&run::root().join(format!("target/xtask-demo-{language}/monev/report.html")))?;
        }
        let axe = install::axe(&run::root().join("target/axe"))?;
        match (axe, install::schemathesis(&run::root().join("target/schemathesis"))?) {
            (Some(axe), Some(tester)) => walk(&axe, &tester)?,
            (None, _) => skipped.push("walk through the desk: axe-core could not be fetched"),
            (_, None) => skipped.push("walk through the desk: schemathesis could not be fetched"),
        }
    } else {
        skipped.push("browser: no chromium here, and not allowed to install it");
    }
    for skip in &skipped {
        eprintln!("SKIPPED {skip}");
    }
    if install::is_ci() && !skipped.is_empty() {
        return Err("under CI a skip is a failure".to_owned());
    }
    println!("all steps passed, {} skipped", skipped.len());
    Ok(())
}

/// Why the tests on a server are not run.
const NO_SERVER: &str = "tests on PostgreSQL: no server here, and not allowed to install it";

/// The tests on a server alone.
pub(crate) fn postgresql() -> Result<(), String> {
    if tests_on_server()? { Ok(()) } else { Err(NO_SERVER.to_owned()) }
}

/// What touches the database, once more on a server. `Ok(false)` means: no server, skip.
fn tests_on_server() -> Result<bool, String> {
    let Some(server) = Server::start()? else { return Ok(false) };
    // The whole workspace is named, so that nothing is built anew.
    let arguments = ["test", "--workspace", "--quiet", "--test", "both", "--test", "answers", "--test", "it"];
    run::step_with("tests on PostgreSQL", "cargo", &arguments, &[("PAYUNG_TEST_DATABASE", &server.address())])?;
    Ok(true)
}

/// The README's first command, twice: the second run changes nothing and says so.
fn demo() -> Result<(), String> {
    let program = run::released();
    let program = program.to_string_lossy();
    for (language, word) in [("id", "tidak berubah"), ("en", "unchanged")] {
        let home = run::root().join(format!("target/xtask-demo-{language}"));
        let _ = std::fs::remove_dir_all(&home);
        let home_text = home.to_string_lossy().into_owned();
        let arguments = ["demo", "--no-serve", "--home", &home_text, "--lang", language];
        run::step("demo", &program, &arguments)?;
        let again = run::output(&program, &arguments)?;
        if !again.lines().any(|l| l == word) {
            return Err(format!("the second demo did not say '{word}':\n{again}"));
        }
        run::step("rebuild", &program, &["rebuild", "--verify", "--home", &home_text])?;
        exists(&home.join("monev/monev.xlsx"))?;
    }
    Ok(())
}

/// Every role through the desk in a real browser; pictures stay in `target/webwalk`.
fn walk(axe: &Path, tester: &Path) -> Result<(), String> {
    let home = run::root().join("target/xtask-demo-id");
    let root = run::root();
    let paths = [run::released(), home, axe.to_owned(), root.join("target/webwalk"), tester.to_owned()];
    let paths: Vec<String> = paths.iter().map(|p| p.to_string_lossy().into_owned()).collect();
    let mut arguments = vec!["run", "--quiet", "-p", "webwalk", "--"];
    arguments.extend(paths.iter().map(String::as_str));
    run::step("walk", "cargo", &arguments)
}

fn exists(path: &Path) -> Result<(), String> {
    if path.is_file() { Ok(()) } else { Err(format!("{} was not written", path.display())) }
}
