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
        self.look("/kecelakaan", "people").await
    }

    /// Lays the sample list down for a project, looks at it, stores it, says that somebody left, and opens one person.
    pub(crate) async fn people(&mut self, home: &Path) -> Step {
        self.go("/proyek").await?;
        let project = self.script("return document.querySelector('tbody a').getAttribute('href')").await?;
        let project = project.as_str().ok_or("no project")?.to_owned();
        let roster = format!("{project}/pekerja");
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
        self.go(&roster).await?;
        self.press("[name=orang]").await?;
        self.press("button[value=keluar]").await?;
        self.expect("Perubahan tersimpan").await?;
        let person =
            self.script("return document.querySelector('a[href^=\"/pekerja/\"]').getAttribute('href')").await?;
        self.look(person.as_str().unwrap_or_default(), "people").await?;
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
