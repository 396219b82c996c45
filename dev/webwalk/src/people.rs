//! The people of a project: a contractor's list from the file to the roster, and one person's days.

use crate::walk::{Step, Walker, said};
use fantoccini::Locator;
use std::path::Path;

impl Walker {
    /// Reports an accident and looks at what the page makes of it.
    async fn accident(&mut self, project: &str) -> Step {
        let form = format!("{project}/kecelakaan");
        self.look(&form, "people").await?;
        self.fill("siapa", "Karto Wiryo").await?;
        self.fill("apa", "Jari telunjuk kanan terjepit mesin potong").await?;
        self.press("form.stack button").await?;
        self.expect("Siapa menanggung").await?;
        let path = self.browser.current_url().await.map_err(said)?.path().to_owned();
        self.look(&path, "people").await?;
        self.look(&format!("{path}/tahap/2"), "people").await?;
        self.look("/kecelakaan", "people").await
    }

    /// A foreman's phone: the list opens, the line goes, somebody joins and somebody leaves, the line comes back.
    async fn foreman(&mut self, roster: &str, home: &Path) -> Step {
        let page = "/mandor/daftar";
        self.look(page, "mandor").await?;
        self.expect("Belum ada daftar pada ponsel ini").await?;
        self.look(&format!("{roster}/mandor"), "people").await?;
        self.fill("nama", "Pak Tarno").await?;
        self.press("main form.stack button").await?;
        self.expect("Tautan baru").await?;
        let link = self.script("return document.querySelector('.poster .code').textContent").await?;
        self.browser.goto(link.as_str().ok_or("no link")?).await.map_err(said)?;
        self.expect("40 orang di proyek").await?;
        self.expect("Semua sudah terkirim").await?;
        let ready = "const done = arguments[0]; navigator.serviceWorker.ready.then(() => done(location.hash))";
        let hash = self.browser.execute_async(ready, vec![]).await.map_err(said)?;
        if hash != serde_json::json!("") {
            return Err(format!("the link stays in the address: {hash}"));
        }
        self.look(page, "mandor-daftar").await?;
        self.cut_the_line();
        self.go(page).await?;
        self.expect("Tanpa sinyal").await?;
        self.fill("nama", "Jumadi Slamet").await?;
        self.press("form.stack button").await?;
        self.expect("1 hal tersimpan").await?;
        self.press("[data-part=people] li:nth-child(2) button").await?;
        self.expect("2 hal tersimpan").await?;
        // The browser is closed and opened again; nothing is lost, and nothing of it lies readable on the phone.
        self.look(page, "mandor-tanpa-sinyal").await?;
        self.expect("2 hal tersimpan").await?;
        let kept = "const done = arguments[0]; indexedDB.open('payung-mandor').onsuccess = (e) => { const r = e.target.result.transaction('kept').objectStore('kept').get('state'); r.onsuccess = () => done(new TextDecoder().decode(r.result.sealed).includes('Jumadi')); }";
        if self.browser.execute_async(kept, vec![]).await.map_err(said)? != serde_json::json!(false) {
            return Err("what waits on the phone can be read there".to_owned());
        }
        self.mend_the_line(home)?;
        self.press("[data-part=again]").await?;
        self.expect("Semua sudah terkirim").await?;
        self.expect("41 orang di proyek").await?;
        self.look(page, "mandor-terkirim").await?;
        self.go(roster).await?;
        self.expect("Jumadi Slamet").await
    }

    /// The small work before a question is really done, and the question is answered after it.
    async fn work(&mut self) -> Step {
        self.fill("kode", "2222-2222").await?;
        let found = "const done = arguments[0], form = document.querySelector('form[data-work]');
            form.requestSubmit = async () => {
              const text = ['payung', form.dataset.day, form.dataset.work, '22222222', '', '', '', form.elements.kerja.value].join('|');
              const digest = new DataView(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
              done(Math.clz32(digest.getUint32(0)) >= Number(form.dataset.bits));
            };
            form.querySelector('button').click();";
        let begun = app::clock::Stopwatch::begin();
        if self.browser.execute_async(found, vec![]).await.map_err(said)? != serde_json::json!(true) {
            return Err("the work before a question is not what the desk asks for".to_owned());
        }
        eprintln!("── work before a question: {} ms in this browser", begun.milliseconds());
        self.script("const f = document.querySelector('form[data-work]'); delete f.requestSubmit; f.requestSubmit()")
            .await?;
        self.expect("Tidak dapat dijawab").await
    }

    /// Lays the sample list down for a project, looks at it, stores it, says that somebody left, and opens one person.
    pub(crate) async fn people(&mut self, home: &Path) -> Step {
        self.go("/proyek").await?;
        let project = self.script("return document.querySelector('tbody a').getAttribute('href')").await?;
        let project = project.as_str().ok_or("no project")?.to_owned();
        let roster = format!("{project}/pekerja");
        self.look(&format!("{project}/formulir"), "people").await?;
        self.look(&format!("{project}/gerbang"), "people").await?;
        self.look(&roster, "people").await?;
        let folder = std::fs::read_dir(home).map_err(said)?.flatten().map(|e| e.path());
        let file =
            folder.map(|f| f.join("contoh-daftar-pekerja.xlsx")).find(|f| f.is_file()).ok_or("no sample list")?;
        self.go(&roster).await?;
        let input = self.browser.find(Locator::Css("[name=berkas]")).await.map_err(said)?;
        input.send_keys(&file.canonicalize().map_err(said)?.to_string_lossy()).await.map_err(said)?;
        self.press("form[enctype] button").await?;
        self.expect("Belum ada yang dicatat").await?;
        let list = self.browser.current_url().await.map_err(said)?.path().to_owned();
        self.look(&list, "people").await?;
        self.press("button[value=catat]").await?;
        self.expect("Dicatat: 40 masuk").await?;
        self.look(&roster, "people").await?;
        self.look(&format!("{roster}/poster"), "people").await?;
        self.accident(&project).await?;
        self.look(&project.replace("/proyek/", "/cek/"), "people").await?;
        self.work().await?;
        self.go(&roster).await?;
        self.press("[name=orang]").await?;
        self.press("button[value=keluar]").await?;
        self.expect("Perubahan tersimpan").await?;
        let person =
            self.script("return document.querySelector('a[href^=\"/pekerja/\"]').getAttribute('href')").await?;
        self.look(person.as_str().unwrap_or_default(), "people").await?;
        self.foreman(&roster, home).await?;
        // The list again: everybody stands there, on the last day too.
        self.go(&roster).await?;
        let input = self.browser.find(Locator::Css("[name=berkas]")).await.map_err(said)?;
        input.send_keys(&file.canonicalize().map_err(said)?.to_string_lossy()).await.map_err(said)?;
        self.press("form[enctype] button").await?;
        self.expect("40 tetap").await?;
        self.press("button[value=buang]").await?;
        // Not before the next page is there: a step of the walk that goes elsewhere would be overtaken by this press.
        self.expect("Unggah daftar").await
    }
}
