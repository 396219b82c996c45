//! The program under test and the browser's driver, ended when dropped.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// A running child.
pub(crate) struct Running {
    child: Child,
    /// What it said first.
    pub(crate) said: Vec<String>,
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Starts a program and waits for a line that holds a word.
pub(crate) fn start(command: &mut Command, until: &str) -> Result<Running, String> {
    let mut child =
        command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().map_err(|e| format!("{command:?}: {e}"))?;
    let mut said = Vec::new();
    if let Some(out) = child.stdout.take() {
        for line in BufReader::new(out).lines() {
            let line = line.map_err(|e| e.to_string())?;
            let is_last = line.contains(until);
            said.push(line);
            if is_last {
                return Ok(Running { child, said });
            }
        }
    }
    let _ = child.kill();
    Err(format!("{command:?} ended before it said {until}: {said:?}"))
}

impl Running {
    /// The first piece of what was said that begins with a text, up to a blank.
    pub(crate) fn piece(&self, begin: &str) -> Option<String> {
        let line = self.said.iter().find(|l| l.contains(begin))?;
        let at = line.find(begin)?;
        Some(line[at..].split_whitespace().next()?.trim_end_matches('.').to_owned())
    }
}

/// The desk over a data folder.
pub(crate) fn serve(program: &Path, home: &Path, listen: &str) -> Result<Running, String> {
    start(Command::new(program).arg("--home").arg(home).args(["serve", "--listen", listen]), "Ctrl+C")
}

/// Chromium's driver.
pub(crate) fn driver() -> Result<Running, String> {
    // The browser lives where the city does: from five in the afternoon UTC it is tomorrow there.
    start(Command::new("chromedriver").arg("--port=0").env("TZ", "Asia/Jakarta"), "started successfully on port")
}

/// What the tester looks for. Not `positive_data_acceptance`: a day before the law in store begins is well formed and
/// still has no answer.
const NOT_CHECKED: &str = "positive_data_acceptance";

/// Asks the JSON interface thousands of made-up questions by its own description: no fault, nothing undescribed.
pub(crate) fn test_interface(tester: &Path, base: &str, key: &str) -> Result<(), String> {
    let tester = tester.canonicalize().map_err(|e| format!("{}: {e}", tester.display()))?;
    // It keeps a folder of what it tried where it runs.
    let place = tester.ancestors().nth(2).unwrap_or(&tester);
    let out = Command::new(&tester)
        .current_dir(place)
        .args(["run", &format!("{base}/api/v1/openapi.json"), "--exclude-checks", NOT_CHECKED])
        .args(["--header", &format!("Authorization: Bearer {key}"), "--max-examples", "100", "--seed", "20261125"])
        .output()
        .map_err(|e| format!("{}: {e}", tester.display()))?;
    let said = String::from_utf8_lossy(&out.stdout);
    // Its warnings are for whoever reads them; the walk fails on what it found wrong.
    let _ = std::fs::write(place.join("said.txt"), said.as_bytes());
    let summary = said.lines().rev().find(|line| line.contains("===")).unwrap_or_default();
    eprintln!("── JSON interface: {}", summary.trim_matches(['=', ' ']));
    if out.status.success() { Ok(()) } else { Err(format!("the JSON interface did not hold:\n{said}")) }
}
