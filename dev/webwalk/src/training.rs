//! A workshop: planned, guests invited, a phone at the door, five questions, a certificate that this browser verifies, and what changed afterwards.

use crate::walk::{Step, Walker, said};
use app::authz::{Actor, PublicProject, Read, permit};
use app::desk::training::own_page;
use app::desk::{Desk, Outside};
use app::home::Home;
use std::path::Path;

impl Walker {
    pub(crate) async fn training(&mut self, home: &Path) -> Step {
        self.look("/bimtek", "naker-kosong").await?;
        self.plan_workshop("ppk", 0).await?;
        let workshop = self.path().await?;
        self.look(&workshop, "naker-kosong").await?;
        self.script("const d = document.querySelector('main details'); d.open = true; [...d.querySelectorAll('[name=tamu]')].slice(0, 6).forEach((c) => { c.checked = true; })").await?;
        self.fill("lain", "PT Tepian Contoh").await?;
        self.press("button[value=undang]").await?;
        self.expect("UND-").await?;
        self.look(&workshop, "naker").await?;
        let code = format!("{workshop}/kode");
        self.look(&code, "naker").await?;
        self.go(&code).await?;
        let door = self.script("return document.querySelector('.poster .code').textContent").await?;
        let door = door.as_str().and_then(|d| d.find("/hadir/").map(|at| d[at..].to_owned())).ok_or("no door")?;

        // A phone in the room: nobody signs in.
        let officer = self.cookies().await?;
        self.browser.delete_all_cookies().await.map_err(said)?;
        self.look(&door, "tamu").await?;
        self.go(&door).await?;
        self.fill("nama", "Rahmat Hidayat, S.T.").await?;
        self.script("document.querySelector('[name=instansi]').selectedIndex = 1").await?;
        self.press("form.stack button").await?;
        self.expect("Jawab semua pertanyaan").await?;
        let own = self.path().await?;
        self.look(&own, "tamu").await?;
        for (question, right) in right_answers(&self.program, home, &own)?.into_iter().enumerate() {
            // One is answered wrong: the page then says why.
            let place = if question == 2 { usize::from(right == 0) } else { right };
            self.script(&format!("document.querySelector('[name=j{question}][value=\"{place}\"]').checked = true"))
                .await?;
        }
        self.press("form.stack button").await?;
        self.expect("Jawaban benar: 4/5").await?;
        self.look(&own, "tamu-lulus").await?;
        let verify = self.script("return document.querySelector('a[href^=\"/verify#\"]').getAttribute('href')").await?;
        self.go(verify.as_str().ok_or("no certificate to verify")?).await?;
        self.expect("sertifikat ini dari kota ini").await?;
        self.expect("Rahmat Hidayat").await?;
        self.look_here("tamu-sertifikat").await?;

        // A workshop of the spring, told of from its list: the page says what changed since.
        self.sit_as(&officer).await?;
        self.plan_workshop("ppk", -150).await?;
        let spring = self.path().await?;
        let agencies = self.script("return fetch('/api/v1/training').then((r) => r.json()).then((t) => t.agencies.map((a) => a.agency).filter((_, i) => i % 2 === 0))").await?;
        let agencies: Vec<String> = serde_json::from_value(agencies).map_err(said)?;
        let lines: Vec<String> = agencies.iter().enumerate().map(|(i, a)| format!("Peserta {i}; {a}")).collect();
        self.script(&format!("document.querySelector('[name=hadir]').value = {}", serde_json::json!(lines.join("\n"))))
            .await?;
        self.press("button[value=daftar]").await?;
        self.expect("orang dicatat").await?;
        self.look(&spring, "naker").await?;
        self.look("/bimtek", "naker").await?;
        self.expect("Apakah sesudahnya berubah?").await?;
        self.coverage().await?;
        let list = self.work_list().await?;
        self.boards().await?;
        self.look("/akhir-tahun", "naker").await?;
        self.look("/paritrana", "naker-kosong").await?;
        self.press("main form button").await?;
        self.expect("bukti ada").await?;
        let award = self.path().await?;
        self.look(&award, "naker").await?;
        self.look("/paritrana", "naker").await?;
        let meeting = self.meeting().await?;
        self.go("/bahasa/en?ke=/bimtek").await?;
        self.expect("Did anything change afterwards?").await?;
        let steering = [
            "/dasbor/satu/asisten",
            "/cakupan",
            "/cakupan/langkah",
            "/akhir-tahun",
            "/kerja",
            &list,
            "/rapat",
            &meeting,
            "/paritrana",
            &award,
        ];
        for page in ["/bimtek", &workshop, &own, &door].into_iter().chain(steering) {
            self.look(page, "naker-en").await?;
        }
        self.go("/bahasa/id?ke=/bimtek").await?;
        self.expect("Apakah sesudahnya berubah?").await
    }

    /// Dashboards of one screen: no higher than one on a desktop, and one printed page.
    async fn boards(&mut self) -> Step {
        for who in ["wali-kota", "asisten", "naker", "cabang"] {
            let page = format!("/dasbor/satu/{who}");
            self.look(&page, "naker").await?;
            self.one_screen(&page).await?;
        }
        Ok(())
    }

    /// The work list: before it is drawn, drawn, and told of.
    async fn work_list(&mut self) -> Step<String> {
        self.look("/kerja", "naker-kosong").await?;
        self.press("main form button").await?;
        self.expect("Disusun untuk 4 jam").await?;
        let list = self.path().await?;
        self.script("document.querySelectorAll('[name=hasil]').forEach((s, i) => { s.value = ['promised', 'absent', 'reached', 'not_done'][i % 4]; }); document.querySelectorAll('[name=menit]').forEach((m, i) => { m.value = i % 4 === 3 ? '' : 10 + i; })").await?;
        self.press("form.keep button").await?;
        self.expect("Menunggu data").await?;
        self.look(&list, "naker").await?;
        self.look("/kerja", "naker").await?;
        Ok(list)
    }

    /// A meeting: called, a promise the data close and one that waits for a word, who came, minutes; and the next one, which opens with them.
    async fn meeting(&mut self) -> Step<String> {
        self.look("/rapat", "naker-kosong").await?;
        self.call_meeting().await?;
        let meeting = self.path().await?;
        self.look(&meeting, "naker-kosong").await?;
        self.look(&format!("{meeting}/hadir"), "naker").await?;
        let promises = [
            ("DINAS PEKERJAAN UMUM DAN PENATAAN RUANG", "Mendaftarkan seluruh proyek terbuka", "said"),
            ("DINAS KESEHATAN", "Melunasi iuran pertama", "covered"),
        ];
        for (owner, what, cure) in promises {
            self.go(&meeting).await?;
            self.script(&format!("const f = document.querySelector('[name=pemilik]').form; f.closest('details').open = true; f.elements.tutup.value = '{cure}'; f.elements.batas.value = new Date(Date.now() + 14 * 864e5).toISOString().slice(0, 10); if ('{cure}' !== 'said') f.elements.proyek.value = document.querySelector('details.agency a[href^=\"/proyek/\"]').getAttribute('href').slice(8)")).await?;
            self.fill("pemilik", owner).await?;
            self.fill("isi", what).await?;
            self.press("button[value=janji]").await?;
            self.expect(what).await?;
        }
        self.script(
            "document.querySelectorAll('.guests [name=orang]').forEach((n, i) => { n.value = i < 4 ? 2 : ''; })",
        )
        .await?;
        self.fill("catatan", "Surat edaran disiapkan bagian hukum.").await?;
        self.press("button[value=hadir]").await?;
        self.expect("Surat edaran disiapkan").await?;
        self.script("document.querySelectorAll('details.agency').forEach((d, i) => { d.open = i < 2; })").await?;
        self.look_here("naker-rapat").await?;
        self.press("button[value=tutup]").await?;
        self.expect("Berita acara rapat").await?;
        self.look(&meeting, "naker").await?;
        self.call_meeting().await?;
        self.expect("Sejak rapat").await?;
        let next = self.path().await?;
        self.look(&next, "naker").await?;
        self.look("/rapat", "naker").await?;
        Ok(next)
    }

    async fn call_meeting(&mut self) -> Step {
        self.go("/rapat").await?;
        self.script("document.querySelector('main details').open = true").await?;
        self.fill("tempat", "Ruang Asisten Perekonomian").await?;
        self.press("main details form button").await?;
        self.expect("Janji rapat ini").await
    }

    /// Coverage before anybody said of whom it is asked, and after: a survey, a target, and a number of somebody else that differs.
    async fn coverage(&mut self) -> Step {
        self.look("/cakupan", "naker-kosong").await?;
        for (kind, name, count, ends) in [
            ("base", "Sakernas Agustus 2026", "2.150", ("2.000", "2.300")),
            ("target", "RPJMD", "75", ("", "")),
            ("claim", "BPJS Ketenagakerjaan Cabang", "1.204", ("", "")),
            ("base", "Survei yang terlalu kecil", "300", ("", "")),
        ] {
            self.go("/cakupan").await?;
            self.script(&format!("const d = document.querySelector('main details'); d.open = true; d.querySelector('[name=jenis]').value = '{kind}'; d.querySelector('[name=bulan]').value = new Date(Date.now() + 7 * 36e5).toISOString().slice(0, 7); d.querySelector('[name=tanggal]').value = '2026-10-01'; d.querySelector('[name=sedikitnya]').value = '{}'; d.querySelector('[name=sebanyaknya]').value = '{}'", ends.0, ends.1)).await?;
            self.fill("nama", name).await?;
            self.fill("jumlah", count).await?;
            self.fill("sumber", "Terbitan contoh 12/2026").await?;
            self.press("main details button[value=catat]").await?;
            self.expect(name).await?;
        }
        self.expect("tidak ditampilkan").await?;
        self.look("/cakupan", "naker").await?;
        self.look("/cakupan/langkah", "naker").await?;
        self.look("/cakupan/langkah?orang=900&sampai=2027-06&anggaran=20.000.000&jam=60", "naker").await
    }

    async fn plan_workshop(&mut self, role: &str, days: i32) -> Step {
        self.go("/bimtek").await?;
        // Days are those of Jakarta, seven hours before UTC.
        let day = format!("new Date(Date.now() + {days} * 864e5 + 7 * 36e5).toISOString().slice(0, 10)");
        self.script(&format!("document.querySelector('main details').open = true; document.querySelector('[name=peran]').value = '{role}'; document.querySelector('[name=hari]').value = {day}")).await?;
        self.fill("tempat", "Aula Bappeda, Jalan Contoh 5").await?;
        self.press("main details form button").await?;
        self.expect("Undangan").await
    }
}

/// The right answers of somebody's questions, read from the data folder as the desk reads them.
fn right_answers(program: &Path, home: &Path, own: &str) -> Step<Vec<usize>> {
    let desk = Desk::open(Home::open(home).map_err(|e| e.0)?, program, Outside::default()).map_err(|e| e.0)?;
    let public = permit::<Read, PublicProject>(&Actor::public()).ok_or("public")?;
    let code = own.trim_start_matches("/uji/");
    let page = own_page(&desk, &public, code, app::Language::Indonesian).map_err(|e| e.0)?.map_err(|e| e.0)?;
    Ok(page.ok_or("nobody came")?.questions.into_iter().map(|q| q.right).collect())
}
