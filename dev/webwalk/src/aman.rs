//! Vulnerable workers and gifts: from the statement to months of cover, with two people.

use crate::walk::{AGENCY, Step, Walker, said};
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
        let third = self.invite("wakil.kota", "supervisor", AGENCY).await?;
        let (manpower, supervisor) = (self.taken(&manpower).await?, self.taken(&supervisor).await?);
        self.taken(&third).await?;
        for _ in 0..2 {
            self.go("/orang").await?;
            self.press("form[action^='/orang/hak/'] button").await?;
            self.expect("Orang").await?;
        }
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
        self.car().await?;
        self.training(home).await
    }

    /// The outreach car: stops out of what is proposed, a day's tours, what came of a visit.
    async fn car(&mut self) -> Step {
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
}
