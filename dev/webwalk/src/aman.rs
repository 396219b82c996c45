//! Vulnerable workers and gifts: from the statement to months of cover, with two people.

use crate::walk::{Step, Walker, said};
use fantoccini::cookies::Cookie;
use std::path::Path;

impl Walker {
    pub(crate) async fn cookies(&self) -> Step<Vec<Cookie<'static>>> {
        self.browser.get_all_cookies().await.map_err(said)
    }

    /// Sits down as somebody else.
    pub(crate) async fn sit_as(&self, cookies: &[Cookie<'static>]) -> Step {
        self.browser.delete_all_cookies().await.map_err(said)?;
        self.go("/").await?;
        for cookie in cookies {
            self.browser.add_cookie(cookie.clone()).await.map_err(said)?;
        }
        Ok(())
    }

    async fn taken(&mut self, link: &str) -> Step<Vec<Cookie<'static>>> {
        self.browser.delete_all_cookies().await.map_err(said)?;
        self.accept(link, "", "").await?;
        self.cookies().await
    }

    /// Officers of the whole city, whose rights a third person lets out.
    async fn officers(&mut self) -> Step<[Vec<Cookie<'static>>; 2]> {
        let manpower = self.invite("naker.kota", "manpower_officer", "").await?;
        let supervisor = self.invite("asisten.kota", "supervisor", "").await?;
        // The first supervisor is the second person of the city: the manpower officer's right waits for that one.
        let (manpower, supervisor) = (self.taken(&manpower).await?, self.taken(&supervisor).await?);
        self.go("/orang").await?;
        self.press("form[action^='/orang/hak/'] button").await?;
        self.expect("Orang").await?;
        Ok([manpower, supervisor])
    }

    async fn choose(&self, name: &str, value: &str) -> Step {
        self.script(&format!("document.querySelector('main [name={name}]').value = '{value}'")).await.map(|_| ())
    }

    pub(crate) async fn aman(&mut self, home: &Path) -> Step {
        let [manpower, supervisor] = self.officers().await?;
        self.sit_as(&manpower).await?;
        for page in ["/rentan", "/rentan/daftar?keadaan=konflik", "/rentan/daftar?kelompok=guru_ngaji&keadaan=open"] {
            self.look(page, "naker").await?;
        }
        self.go("/rentan/daftar?keadaan=after_death").await?;
        let person = self.script("return document.querySelector('tbody a').getAttribute('href')").await?;
        self.look(person.as_str().ok_or("nobody was paid for after death")?, "naker").await?;

        for page in ["/donasi", "/donasi/donatur", "/donasi/rekening", "/donasi/alokasi", "/donasi/buku"] {
            self.look(page, "naker-kosong").await?;
        }
        // A donor with a pledge.
        self.go("/donasi/donatur").await?;
        self.fill("nama", "CV Tepian Contoh").await?;
        self.choose("jenis", "firm").await?;
        self.press("form.stack button").await?;
        self.expect("Belum ada janji").await?;
        self.fill("jumlah", "50.000").await?;
        self.choose("irama", "monthly").await?;
        self.choose("mulai", "2026-06").await?;
        self.press("button[value=janji]").await?;
        self.expect("AMAN-").await?;
        let donor = self.browser.current_url().await.map_err(said)?.path().to_owned();

        // Lines enter the book; one is explained by a press, others as gifts of that donor.
        self.go("/donasi/rekening").await?;
        self.press("button[value=masukkan]").await?;
        self.expect("baris. Yang diusulkan").await?;
        self.look("/donasi/rekening", "naker").await?;
        for _ in 0..3 {
            self.go("/donasi/rekening").await?;
            self.press("input[name=sebagai][value^='janji:'] ~ button").await?;
            self.expect("Menunggu penjelasan").await?;
        }
        self.go("/donasi/rekening").await?;
        self.script("const d = [...document.querySelectorAll('details')].find(d => d.querySelector('[value=bunga]')); d.open = true; d.querySelector('[value=bunga]').parentElement.querySelector('button').id = 'bunga'").await?;
        self.press("#bunga").await?;
        self.expect("Menunggu penjelasan").await?;
        self.look(&donor, "naker").await?;

        // What the plan proposes is asked for by one and released by another.
        self.look("/donasi/alokasi", "naker").await?;
        self.go("/donasi/alokasi").await?;
        self.press("button[name=dana]").await?;
        self.expect("menunggu orang kedua").await?;
        let allotment = self.browser.current_url().await.map_err(said)?.path().to_owned();
        self.look(&allotment, "naker").await?;
        self.sit_as(&supervisor).await?;
        self.go(&allotment).await?;
        self.press("button[value=lepas]").await?;
        self.expect("disetujui, belum dibayar").await?;
        self.look(&allotment, "asisten").await?;
        self.look("/donasi", "asisten").await?;
        self.sit_as(&manpower).await?;
        for page in ["/donasi", "/donasi/donatur", "/donasi/alokasi", "/donasi/buku?periksa=1"] {
            self.look(page, "naker").await?;
        }
        self.expect("Semua berjumlah nol").await?;
        self.look("/aman", "naker").await?;
        self.car(home).await?;
        self.training(home).await
    }

    /// The outreach car: stops out of what is proposed, a day's tours, what came of a visit.
    async fn car(&mut self, home: &Path) -> Step {
        self.look("/mobil", "naker-kosong").await?;
        for _ in 0..5 {
            self.go("/mobil").await?;
            self.press("tbody button.quiet[value=tambah]").await?;
            self.expect("Rencanakan hari atau pekan").await?;
        }
        self.press("button[value=rencana]").await?;
        self.expect("Mobil 1").await?;
        let tour = self.browser.current_url().await.map_err(said)?.path().to_owned();
        self.look(&tour, "naker").await?;
        self.script("document.querySelector('td details').open = true").await?;
        self.fill("terdaftar", "7").await?;
        self.fill("menit", "50").await?;
        self.press("td details button").await?;
        self.expect("Terdaftar 7 orang").await?;
        self.go("/mobil").await?;
        self.expect("sudah dikunjungi").await?;
        self.look("/mobil", "naker").await?;
        // Measured roads; the plan made anew says how many it knows, and stands in the place of the older one.
        self.go("/mobil").await?;
        self.script("const t = document.querySelector('[name=jalan]'); t.closest('details').open = true; t.value = t.placeholder").await?;
        self.press("button[value=jalan]").await?;
        self.expect("jalan disimpan").await?;
        self.look_here("naker-jalan").await?;
        self.phone_at_the_car(home, &tour).await?;
        // The same pages in the second language: its words are longer or shorter, and a plural may be missing.
        self.go("/bahasa/en?ke=/mobil").await?;
        self.expect("Plan a day or a week").await?;
        for page in
            ["/rentan", "/donasi", "/donasi/donatur", "/donasi/rekening", "/donasi/alokasi", "/mobil", &tour, "/aman"]
        {
            self.look(page, "naker-en").await?;
        }
        self.go("/bahasa/id?ke=/mobil").await?;
        self.expect("Rencanakan hari atau pekan").await
    }

    /// A phone at the car: it opens its link, loses the line, enrols, is closed and opened, finds the line again. Nothing is lost.
    async fn phone_at_the_car(&mut self, home: &Path, tour: &str) -> Step {
        let links = format!("{tour}/ponsel");
        self.look(&links, "naker-kosong").await?;
        self.go(&links).await?;
        self.fill("nama", "Ponsel Bu Wati").await?;
        self.press("form.row button").await?;
        self.expect("ditunjukkan sekali ini saja").await?;
        self.look_here("naker-tautan").await?;
        let officer = self.cookies().await?;
        let link = self.script("return document.querySelector('.notice .code').textContent").await?;
        self.browser.delete_all_cookies().await.map_err(said)?;
        self.browser.goto(link.as_str().ok_or("no link")?).await.map_err(said)?;
        self.expect("Semua sudah terkirim").await?;
        let ready = "const done = arguments[0]; navigator.serviceWorker.ready.then(() => done(location.hash))";
        self.browser.execute_async(ready, vec![]).await.map_err(said)?;
        let page = "/warga/daftar";
        self.look(page, "warga").await?;
        self.cut_the_line();
        self.go(page).await?;
        self.expect("Tanpa sinyal").await?;
        for name in ["Sumarni Contoh", "Legiman Contoh"] {
            self.fill("kelompok", "Pedagang").await?;
            self.fill("nama", name).await?;
            self.press("form.stack button").await?;
            self.expect(name).await?;
        }
        self.expect("2 hal tersimpan").await?;
        self.look(page, "warga-tanpa-sinyal").await?;
        let kept = "const done = arguments[0]; indexedDB.open('payung-warga').onsuccess = (e) => { const r = e.target.result.transaction('kept').objectStore('kept').get('state'); r.onsuccess = () => done(new TextDecoder().decode(r.result.sealed).includes('Sumarni')); }";
        if self.browser.execute_async(kept, vec![]).await.map_err(said)? != serde_json::json!(false) {
            return Err("who waits on the phone can be read there".to_owned());
        }
        self.mend_the_line(home)?;
        self.press("[data-part=again]").await?;
        // Sent, and told that without a number there is no cover.
        self.expect("NIK-nya kosong").await?;
        self.expect("Semua sudah terkirim").await?;
        self.look(page, "warga-terkirim").await?;
        self.sit_as(&officer).await?;
        self.go(tour).await?;
        self.expect("2 didaftarkan dengan ponsel").await
    }
}
