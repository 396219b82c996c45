//! The house rules that a compiler does not check: arrows, clocks, SQL, floats, pages, leftovers.

use crate::run::root;
use std::fs;
use std::path::{Path, PathBuf};

/// What each crate may use of ours. An arrow that is not here fails the build
/// (docs/architecture.md holds the drawing).
const ARROWS: [(&str, &[&str]); 28] = [
    ("kernel", &[]),
    ("law", &["kernel"]),
    ("registers", &["kernel"]),
    ("intake", &["kernel", "registers"]),
    ("linkage-engine", &[]),
    ("linkage", &["kernel", "registers", "linkage-engine"]),
    ("assess", &["kernel", "law", "registers", "linkage"]),
    ("casework", &["kernel", "law"]),
    ("letters", &[]),
    ("authz", &[]),
    ("audit", &[]),
    ("verify", &[]),
    ("outward", &[]),
    ("psi", &[]),
    ("ledger", &["kernel"]),
    ("allocation", &[]),
    ("outreach", &[]),
    ("atlas", &[]),
    ("store", &["kernel", "registers", "authz", "audit", "ledger"]),
    ("phrases", &[]),
    ("signon", &[]),
    (
        "app",
        &[
            "kernel",
            "law",
            "registers",
            "intake",
            "signon",
            "linkage",
            "linkage-engine",
            "assess",
            "casework",
            "letters",
            "store",
            "phrases",
            "authz",
            "audit",
            "verify",
            "outward",
            "psi",
            "ledger",
            "allocation",
            "outreach",
            "atlas",
        ],
    ),
    ("web", &["app", "authz", "casework", "kernel", "law", "ledger", "phrases", "store", "verify"]),
    (
        "payung",
        &[
            "app",
            "audit",
            "authz",
            "web",
            "intake",
            "kernel",
            "law",
            "linkage",
            "linkage-engine",
            "phrases",
            "testkit",
            "verify",
            "outward",
        ],
    ),
    ("testkit", &["kernel", "law"]),
    ("webwalk", &["app", "verify"]),
    ("xtask", &[]),
    (
        "benches",
        &[
            "app",
            "web",
            "linkage-engine",
            "kernel",
            "law",
            "registers",
            "intake",
            "linkage",
            "assess",
            "store",
            "ledger",
            "allocation",
            "outreach",
            "testkit",
        ],
    ),
];

/// Lines a source file may have.
const LINES_MAX: usize = 800;

/// Runs all checks; the message lists every offence.
pub(crate) fn check() -> Result<(), String> {
    let mut offences = Vec::new();
    let sources = files(&root(), &["rs"]);
    arrows(&mut offences);
    risks(&sources, &mut offences);
    for path in &sources {
        let text = fs::read_to_string(path).unwrap_or_default();
        let name = path.strip_prefix(root()).unwrap_or(path).to_string_lossy().replace('\\', "/");
        source(&name, &text, &mut offences);
    }
    pages(&mut offences);
    for path in files(&root(), &["rs", "md", "toml", "yaml", "ftl", "html", "sql"]) {
        let text = fs::read_to_string(&path).unwrap_or_default();
        let name = path.strip_prefix(root()).unwrap_or(&path).to_string_lossy().into_owned();
        leftovers(&name, &text, &mut offences);
    }
    if offences.is_empty() { Ok(()) } else { Err(format!("tidy:\n  {}", offences.join("\n  "))) }
}

/// Files below a folder with one of the endings; build output and hidden folders left out.
fn files(folder: &Path, endings: &[&str]) -> Vec<PathBuf> {
    let mut out = Vec::new();
    let Ok(entries) = fs::read_dir(folder) else { return out };
    for path in entries.filter_map(|e| e.ok().map(|e| e.path())) {
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        if path.is_dir() {
            if !name.starts_with('.') && !["target", "demo-city", "out"].contains(&name.as_str()) {
                out.extend(files(&path, endings));
            }
        } else if path.extension().is_some_and(|e| endings.iter().any(|x| e == *x)) {
            out.push(path);
        }
    }
    out.sort();
    out
}

fn arrows(offences: &mut Vec<String>) {
    let ours: Vec<&str> = ARROWS.iter().map(|a| a.0).collect();
    for path in files(&root(), &["toml"]).iter().filter(|p| p.ends_with("Cargo.toml")) {
        let text = fs::read_to_string(path).unwrap_or_default();
        let Some(name) = value_after(&text, "name = ") else { continue };
        let Some((_, allowed)) = ARROWS.iter().find(|a| a.0 == name) else {
            if text.contains("[package]") {
                offences
                    .push(format!("{name}: a crate without arrows; add it to the table and to docs/architecture.md"));
            }
            continue;
        };
        // Tests of a crate may use more; its code may not.
        let code = text.split("[dev-dependencies]").next().unwrap_or_default();
        let used = code.split("[dependencies]").nth(1).unwrap_or_default();
        for line in used.lines() {
            let dependency = line.split(['.', ' ', '=']).next().unwrap_or_default();
            if ours.contains(&dependency) && !allowed.contains(&dependency) {
                offences.push(format!("{name} may not use {dependency}"));
            }
        }
    }
}

fn value_after(text: &str, key: &str) -> Option<String> {
    text.lines().find_map(|l| l.strip_prefix(key)).map(|v| v.trim_matches('"').to_owned())
}

/// The part of a file before its tests.
fn code_of(text: &str) -> &str {
    text.split("#[cfg(test)]").next().unwrap_or(text)
}

fn source(name: &str, text: &str, offences: &mut Vec<String>) {
    let own = name.starts_with("dev/xtask");
    let code = code_of(text);
    let lines = text.lines().count();
    if lines > LINES_MAX {
        offences.push(format!("{name}: {lines} lines, more than {LINES_MAX}"));
    }
    let mut forbid = |room: bool, words: &[&str], why: &str| {
        if room && !own {
            for word in words.iter().filter(|w| code.contains(*w)) {
                offences.push(format!("{name}: {word} ({why})"));
            }
        }
    };
    let in_crate = |c: &str| name.starts_with(&format!("crates/{c}/"));
    let at_the_rim = in_crate("app") || in_crate("cli") || name.starts_with("benches/") || name.contains("/tests/");
    forbid(
        !at_the_rim,
        &["Timestamp::now", "SystemTime::now", "Instant::now", "getrandom", "rand::"],
        "clock and randomness belong to app and cli",
    );
    forbid(
        !in_crate("store") && !name.contains("/tests/"),
        &["SELECT ", "INSERT INTO", "DELETE FROM", "CREATE TABLE", "rusqlite"],
        "SQL belongs to store",
    );
    forbid(
        in_crate("kernel") || in_crate("law") || in_crate("ledger") || name.contains("linkage/engine/"),
        &["f32", "f64"],
        "no floats here",
    );
    forbid(true, &["todo!(", "unimplemented!(", "#[ignore", "dbg!("], "nothing unfinished is called done");
}

/// Each risk of the impact assessment names tests, and each test it names is there.
fn risks(sources: &[PathBuf], offences: &mut Vec<String>) {
    const PAGE: &str = "docs/security/dpia.md";
    let page = fs::read_to_string(root().join(PAGE)).unwrap_or_default();
    let table = page.split("## Risks").nth(1).and_then(|t| t.split("\n## ").next()).unwrap_or_default();
    let rows: Vec<&str> = table.lines().filter(|l| l.starts_with("| ")).skip(1).collect();
    if rows.len() < 5 {
        offences.push(format!("{PAGE}: only {} risks were found", rows.len()));
    }
    let code: String = sources.iter().map(|path| fs::read_to_string(path).unwrap_or_default()).collect();
    for row in rows {
        let last = row.trim_end_matches('|').rsplit('|').next().unwrap_or_default();
        let tests: Vec<&str> = last.split('`').skip(1).step_by(2).collect();
        if tests.is_empty() {
            offences.push(format!("{PAGE}: no test stands against: {row}"));
        }
        for test in tests.iter().filter(|test| {
            !code.contains(&format!("#[test]\nfn {test}(")) && !code.contains(&format!("#[test]\n    fn {test}("))
        }) {
            offences.push(format!("{PAGE}: there is no test {test}"));
        }
    }
}

/// Every finding has a page with its sections.
fn pages(offences: &mut Vec<String>) {
    let text = fs::read_to_string(root().join("crates/assess/src/finding.rs")).unwrap_or_default();
    let codes: Vec<&str> = text
        .lines()
        .filter_map(|l| l.split_once("=> \"").map(|p| p.1.trim_end_matches("\",")))
        .filter(|c| c.contains('-') && !c.contains('/'))
        .collect();
    if codes.len() < 12 {
        offences.push(format!("only {} finding codes were found in finding.rs", codes.len()));
    }
    for code in codes {
        let page = fs::read_to_string(root().join(format!("findings/{code}.md"))).unwrap_or_default();
        for section in ["## What", "## Why it matters", "## Not counted", "## Assumptions", "## Basis", "## Next step"]
        {
            if !page.contains(section) {
                offences.push(format!("findings/{code}.md lacks '{section}'"));
            }
        }
    }
}

/// Marks of unfinished work, and paths of one machine.
fn leftovers(name: &str, text: &str, offences: &mut Vec<String>) {
    if name.starts_with("dev/xtask") {
        return;
    }
    for mark in [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("/ro", "ot/"), concat!("/wo", "rk/")] {
        if text.contains(mark) {
            offences.push(format!("{name}: contains {mark}"));
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_house_is_tidy() {
        if let Err(offences) = super::check() {
            panic!("{offences}");
        }
    }

    #[test]
    fn an_offence_is_seen() {
        let mut offences = Vec::new();
        super::source("crates/law/src/x.rs", "let x: f64 = 1.0; SystemTime::now(); SELECT ", &mut offences);
        assert_eq!(offences.len(), 3, "{offences:?}");
    }
}
