//! The report in a real browser: it must fit a phone and an office screen, in both languages.

use crate::install::BROWSER;
use crate::run::root;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Widths in CSS pixels.
const WIDTHS: [u32; 2] = [390, 1280];

/// Checks a report: no sideways scrolling, the summary visible, rows where rows are expected.
pub(crate) fn check_report(report: &Path) -> Result<(), String> {
    let html = std::fs::read_to_string(report).map_err(|e| format!("{}: {e}", report.display()))?;
    let folder = root().join("target/browser");
    std::fs::create_dir_all(&folder).map_err(|e| e.to_string())?;
    for width in WIDTHS {
        // The page carries no script of its own; the probe is added to a copy.
        let probe = "<script>addEventListener('load',()=>{const d=document.documentElement;\
            document.title='W'+d.scrollWidth+' T'+document.querySelectorAll('.tile b').length+' R'+document.querySelectorAll('tbody tr').length;});</script></body>";
        let copy: PathBuf = folder.join(format!("report-{width}.html"));
        std::fs::write(&copy, html.replace("</body>", probe)).map_err(|e| e.to_string())?;
        let profile = folder.join(format!("profile-{width}"));
        let out = Command::new(BROWSER)
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
            .args([
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--hide-scrollbars",
            ])
            .arg(format!("--user-data-dir={}", profile.display()))
            .arg(format!("--window-size={width},900"))
            .arg("--dump-dom")
            .arg(format!("file://{}", copy.display()))
            .output()
            .map_err(|e| format!("browser: {e}"))?;
        let dom = String::from_utf8_lossy(&out.stdout);
        let title = dom.split("<title>").nth(1).and_then(|t| t.split("</title>").next()).unwrap_or_default();
        let number = |letter: char| -> Option<u32> {
            title.split(' ').find_map(|w| w.strip_prefix(letter)).and_then(|n| n.parse().ok())
        };
        let (Some(wide), Some(tiles), Some(rows)) = (number('W'), number('T'), number('R')) else {
            return Err(format!("the browser did not measure the page at {width}: '{title}'"));
        };
        // Headless windows have a least width of 500.
        let allowed = width.max(500);
        if wide > allowed || tiles != 3 || rows < 10 {
            return Err(format!("at {width}: page {wide} wide, {tiles} tiles, {rows} rows"));
        }
        eprintln!("── browser at {width}: {wide} wide, {rows} rows");
    }
    Ok(())
}
