//! Gates and slips in a real browser: a verdict, its slip, the page that verifies it with and without a desk, and what is set aside.

use crate::walk::{Step, Walker, said};
use std::path::Path;

/// Runs every vector through the page's own check; the answer is what came out otherwise.
const VECTORS: &str = "const [all, keys, done] = arguments;
    (async () => {
      const wrong = [];
      for (const v of all) {
        const { answer } = await payungCheck(v.slip, keys, v.list, v.day);
        if (answer !== v.answer) wrong.push(`${v.name}: ${answer}, not ${v.answer}`);
      }
      return wrong;
    })().then(done, (e) => done([String(e)]));";

impl Walker {
    /// A verdict is given and kept, its slip printed and verified, on the desk and from disk; another is asked to be set aside.
    pub(crate) async fn gates(&mut self, home: &Path) -> Step {
        self.go("/proyek").await?;
        let project = self.script("return document.querySelector('tbody a').getAttribute('href')").await?;
        let gates = format!("{}/gerbang", project.as_str().ok_or("no project")?);
        self.go(&gates).await?;
        self.give("advance").await?;
        self.press("button[value=clearance]").await?;
        self.expect("Surat keterangan boleh").await?;
        let slip = self.path().await?;
        self.look(&slip, "slip").await?;
        let address = "return document.querySelector('a[href^=\"/verify#\"]').getAttribute('href')";
        let verify = self.script(address).await?.as_str().ok_or("no address to verify at")?.to_owned();
        self.look("/verify", "slip").await?;
        self.look(&verify, "slip-asli").await?;
        self.expect("Asli dan berlaku").await?;
        self.vectors().await?;
        self.on_disk(home, verify.trim_start_matches("/verify")).await?;
        self.aside(&gates).await?;
        self.look("/gerbang/coba", "rancangan").await?;
        self.press("form.stack button").await?;
        self.expect("Seandainya sudah berlaku").await?;
        self.look_here("rancangan-hasil").await?;
        self.go(&slip).await?;
        self.press("main details summary").await?;
        self.fill("alasan", "Salah proyek, lihat nota dinas").await?;
        self.press("main details button").await?;
        self.expect("Ditarik").await?;
        self.look(&verify, "slip-ditarik").await?;
        self.expect("Sudah ditarik").await
    }

    pub(crate) async fn path(&self) -> Step<String> {
        Ok(self.browser.current_url().await.map_err(said)?.path().to_owned())
    }

    async fn give(&mut self, step: &str) -> Step {
        let css =
            format!("document.querySelector('input[name=langkah][value={step}]').form.querySelector('button').click()");
        self.script(&css).await?;
        self.expect("Putusan gerbang").await
    }

    async fn vectors(&mut self) -> Step {
        let all = verify::vectors::all();
        let arguments = vec![
            serde_json::to_value(&all).map_err(said)?,
            serde_json::to_value(verify::vectors::keys()).map_err(said)?,
        ];
        let wrong = self.browser.execute_async(VECTORS, arguments).await.map_err(said)?;
        if wrong.as_array().is_none_or(|w| !w.is_empty()) {
            return Err(format!("the page and the crate disagree: {wrong}"));
        }
        eprintln!("── {} slips checked in this browser as the crate checks them", all.len());
        Ok(())
    }

    /// Saved to disk the page checks the same slips, and asks nobody.
    async fn on_disk(&mut self, home: &Path, slip: &str) -> Step {
        self.go("/kelola").await?;
        let fetched = "fetch('/verify.html').then((r) => r.text()).then(arguments[0], (e) => arguments[0](''))";
        let page = self.browser.execute_async(fetched, vec![]).await.map_err(said)?;
        let file = home.join("payung-verify.html");
        std::fs::write(&file, page.as_str().unwrap_or_default()).map_err(said)?;
        let file = file.canonicalize().map_err(said)?;
        self.browser.goto(&format!("file://{}{slip}", file.display())).await.map_err(said)?;
        self.expect("Asli dan berlaku").await?;
        self.vectors().await?;
        self.press("#language").await?;
        self.expect("Genuine and in force").await
    }

    /// What is not a pass may be set aside by two: asked for, it waits, and the page of overrides shows it.
    async fn aside(&mut self, gates: &str) -> Step {
        self.go(gates).await?;
        self.give("tender-line").await?;
        let verdict = self.path().await?;
        self.look(&verdict, "putusan").await?;
        self.press("main details summary").await?;
        self.fill("isi", "Sertifikat asli ditunjukkan di loket.").await?;
        self.script("const d = document.querySelector('[name=sampai]'); d.value = d.min").await?;
        self.press("main details button").await?;
        self.expect("menunggu orang kedua").await?;
        self.look(&verdict, "putusan-dikecualikan").await?;
        self.look("/gerbang", "putusan-dikecualikan").await?;
        self.look("/gerbang?nomor=tidak%20ada", "putusan").await
    }
}
