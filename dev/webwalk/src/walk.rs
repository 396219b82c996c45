//! The walk.

use crate::desk::{Running, driver, serve};
use crate::tell::SCREEN;
use fantoccini::wd::{PrintConfiguration, PrintMargins, PrintOrientation, PrintSize};
use fantoccini::{Client, ClientBuilder, Locator};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Where a page that has to fit ends at most: 1024 less what a browser and the task bar take.
const ONE_SCREEN: u64 = 900;

/// Pixels of a picture at most; a longer page is cut.
const PICTURE_HEIGHT_MAX: u64 = 6_000;

/// Widths of a cheap phone and an office screen, in CSS pixels.
const WIDTHS: [(u32, &str); 2] = [(360, "phone"), (1280, "office")];

/// An agency of the made-up city.
const AGENCY: &str = "DINAS PEKERJAAN UMUM DAN PENATAAN RUANG";

/// Heaviest page, everything it loads included, in bytes.
const PAGE_BYTES_MAX: u64 = 100_000;

pub(crate) struct Walker {
    pub(crate) browser: Client,
    pub(crate) base: String,
    axe: String,
    out: PathBuf,
    pages: usize,
    /// The program under test; none while the line is cut.
    desk: Option<Running>,
    pub(crate) program: PathBuf,
}

pub(crate) type Step<T = ()> = Result<T, String>;

pub(crate) fn said(error: impl std::fmt::Display) -> String {
    error.to_string()
}

/// A role, its scope as typed in the invitation, and the pages it must reach.
struct RoleWalk {
    role: &'static str,
    pages: &'static [&'static str],
    refused: &'static str,
}

const ROLES: [RoleWalk; 10] = [
    RoleWalk {
        role: "procurement_clerk",
        pages: &["/hari-ini", "/proyek", "/temuan", "/pasangan", "/impor"],
        refused: "/jejak",
    },
    RoleWalk { role: "ppk", pages: &["/hari-ini", "/proyek", "/temuan", "/dasbor"], refused: "/impor" },
    RoleWalk { role: "finance_clerk", pages: &["/hari-ini", "/proyek", "/impor"], refused: "/pasangan" },
    RoleWalk {
        role: "account_rep",
        pages: &["/hari-ini", "/pasangan", "/pasangan?sisa=1", "/impor", "/pekerja/kembar"],
        refused: "/orang",
    },
    RoleWalk { role: "manpower_officer", pages: &["/hari-ini", "/aduan", "/temuan", "/dasbor"], refused: "/pasangan" },
    RoleWalk { role: "auditor", pages: &["/jejak", "/temuan", "/impor"], refused: "/orang" },
    RoleWalk { role: "data_protection", pages: &["/jejak", "/dasbor", "/pekerja", "/penghapusan"], refused: "/proyek" },
    RoleWalk {
        role: "supervisor",
        pages: &["/hari-ini", "/temuan", "/surat", "/surat?bagian=terbit", "/dasbor"],
        refused: "/impor",
    },
    RoleWalk { role: "contractor", pages: &["/hari-ini", "/proyek", "/temuan", "/surat-masuk"], refused: "/surat" },
    RoleWalk { role: "donor", pages: &["/dasbor"], refused: "/proyek" },
];

/// Walks through everything; the answer is how many pages were looked at.
pub(crate) async fn all(program: &Path, home: &Path, axe: &Path, out: &Path, tester: &Path) -> Step<usize> {
    std::fs::create_dir_all(out).map_err(said)?;
    let desk = serve(program, home, "127.0.0.1:0")?;
    let (Some(base), link) = (desk.piece("http://127.0.0.1"), desk.piece("/undangan/")) else {
        return Err(format!("no address: {:?}", desk.said));
    };
    let base: String = base.split('/').take(3).collect::<Vec<_>>().join("/");
    let link = link.ok_or("the data folder has an administrator already; the walk needs a fresh one")?;
    let chromium = driver()?;
    let port =
        chromium.said.last().and_then(|l| l.rsplit(' ').next()).unwrap_or_default().trim_end_matches('.').to_owned();
    let options = serde_json::json!({ "goog:chromeOptions": { "args": [
        "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars", "--disable-background-networking",
    ] } });
    let serde_json::Value::Object(options) = options else { return Err("options".to_owned()) };
    let connector = hyper_util::client::legacy::connect::HttpConnector::new();
    let browser = ClientBuilder::new(connector)
        .capabilities(options)
        .connect(&format!("http://127.0.0.1:{port}"))
        .await
        .map_err(said)?;
    let axe = std::fs::read_to_string(axe).map_err(|e| format!("{}: {e}", axe.display()))?;
    let mut walker =
        Walker { browser, base, axe, out: out.to_owned(), pages: 0, desk: Some(desk), program: program.to_owned() };
    let walked = walker.walk(home, &link, tester).await;
    let _ = walker.browser.clone().close().await;
    walked.map(|()| walker.pages)
}

impl Walker {
    async fn walk(&mut self, home: &Path, link: &str, tester: &Path) -> Step {
        for page in [
            "/",
            "/publik",
            "/mendaftar",
            "/data-terbuka",
            "/lapor",
            "/lapor/baru?q=jalan",
            "/lapor/jawaban",
            "/kalkulator?nilai=199.800.000&tanggal=2025-03-03",
            "/panduan",
            "/panduan/contractor",
            "/panduan/worker",
            "/aman",
            "/aman/rencana?mulai=2026-10&bulan=12&anggaran=500.000.000&orang=3000&pembayar=donatur",
            "/hukum",
            "/masuk",
            "/gaya",
            "/tidak-ada",
        ] {
            self.look(page, "publik").await?;
        }
        self.accept(link, "ratna@jambikota.go.id", "Ratna Dewi").await?;
        self.wait_for_picture().await?;
        self.administrator(home).await?;
        self.gates(home).await?;
        self.take_drawing().await?;
        self.manage().await?;
        let key = self.account().await?;
        self.passkey().await?;
        crate::desk::test_interface(tester, &self.base, &key)?;
        let agency = self.first_agency().await?;
        for role in &ROLES {
            let scope = if role.role == "ppk" { agency.as_str() } else { "" };
            self.role(role, scope, (home, tester)).await?;
        }
        self.aman(home).await
    }

    /// The desk is gone, as when there is no line.
    pub(crate) fn cut_the_line(&mut self) {
        self.desk = None;
    }

    /// The desk is back under the same address.
    pub(crate) fn mend_the_line(&mut self, home: &Path) -> Step {
        let listen = self.base.trim_start_matches("http://").to_owned();
        self.desk = Some(serve(&self.program, home, &listen)?);
        Ok(())
    }

    pub(crate) async fn go(&self, path: &str) -> Step {
        self.browser.goto(&format!("{}{path}", self.base)).await.map_err(said)
    }

    /// What the page says; nothing while the browser is between two pages.
    pub(crate) async fn text(&self) -> String {
        let Ok(body) = self.browser.find(Locator::Css("body")).await else { return String::new() };
        body.text().await.unwrap_or_default()
    }

    /// The page says something, at once or within five seconds: a press answers before the next page is there.
    pub(crate) async fn expect(&self, word: &str) -> Step {
        let mut text = String::new();
        for _ in 0..50 {
            text = self.text().await;
            if text.contains(word) {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        let url = self.browser.current_url().await.map_err(said)?;
        Err(format!("{url} does not say '{word}':\n{text}"))
    }

    /// Something stands on the page that was not there before a press.
    async fn wait_for(&self, css: &str) -> Step {
        for _ in 0..50 {
            if self.browser.find(Locator::Css(css)).await.is_ok() {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        Err(format!("{css} did not come: {}", self.text().await))
    }

    pub(crate) async fn fill(&self, name: &str, value: &str) -> Step {
        let field =
            self.browser.find(Locator::Css(&format!("[name={name}]"))).await.map_err(|e| format!("{name}: {e}"))?;
        field.send_keys(value).await.map_err(said)
    }

    pub(crate) async fn press(&self, css: &str) -> Step {
        let button = self.browser.find(Locator::Css(css)).await.map_err(|e| format!("{css}: {e}"))?;
        button.click().await.map_err(|e| format!("{css}: {e}"))
    }

    pub(crate) async fn script(&self, text: &str) -> Step<serde_json::Value> {
        self.browser.execute(text, vec![]).await.map_err(said)
    }

    /// Looks at a page at both widths: no sideways scrolling, nothing axe complains of, light enough.
    pub(crate) async fn look(&mut self, path: &str, role: &str) -> Step {
        for (width, name) in WIDTHS {
            crate::tell::set_width(&self.browser, width, SCREEN).await?;
            self.go(path).await?;
            self.seen((width, name), path, role).await?;
        }
        Ok(())
    }

    /// The same for the page that stands there: what a form answers cannot be asked for again.
    pub(crate) async fn look_here(&mut self, role: &str) -> Step {
        for (width, name) in WIDTHS {
            crate::tell::set_width(&self.browser, width, SCREEN).await?;
            self.seen((width, name), "", role).await?;
        }
        Ok(())
    }

    /// A page that has to fit: on a desktop's screen of 1280 by 1024 less the browser's own bars, and on one sheet of A4 lying.
    pub(crate) async fn one_screen(&mut self, path: &str) -> Step {
        crate::tell::set_width(&self.browser, 1280, SCREEN).await?;
        self.go(path).await?;
        let bottom =
            self.script("return Math.ceil(document.querySelector('main > *').getBoundingClientRect().bottom)").await?;
        let bottom = bottom.as_u64().unwrap_or(u64::MAX);
        if bottom > ONE_SCREEN {
            return Err(format!("{path} ends at {bottom}, below a screen of {ONE_SCREEN}"));
        }
        let sheet = PrintConfiguration::builder()
            .orientation(PrintOrientation::Landscape)
            .size(PrintSize::A4)
            .margins(PrintMargins { top: 0.9, bottom: 0.9, left: 0.9, right: 0.9 })
            .build()
            .map_err(|e| e.to_string())?;
        let pdf = self.browser.print(sheet).await.map_err(said)?;
        let count = |name: &[u8]| pdf.windows(name.len()).filter(|w| *w == name).count();
        let pages = count(b"/Type /Page").saturating_sub(count(b"/Type /Pages"));
        if pages != 1 {
            return Err(format!("{path} prints on {pages} pages"));
        }
        Ok(())
    }

    async fn seen(&mut self, (width, name): (u32, &str), path: &str, role: &str) -> Step {
        let seen = self.script("return innerWidth").await?;
        if seen != serde_json::json!(width) {
            return Err(format!("the page is {seen} wide, not {width}"));
        }
        if self.text().await.contains("Kerusakan di pihak kami") {
            return Err(format!("{path} as {role} is a fault of ours"));
        }
        let wide = self.script("return document.documentElement.scrollWidth").await?.as_u64().unwrap_or(0);
        if wide > u64::from(width) {
            return Err(format!("{path} as {role} is {wide} wide on {width}"));
        }
        let bytes = self
            .script("return performance.getEntriesByType('navigation').concat(performance.getEntriesByType('resource')).reduce((n, e) => n + e.transferSize, 0)")
            .await?
            .as_u64()
            .unwrap_or(u64::MAX);
        if bytes > PAGE_BYTES_MAX {
            return Err(format!("{path} as {role} takes {bytes} bytes"));
        }
        self.script(&self.axe.clone()).await?;
        let found = self
            .browser
            .execute_async(
                "const done = arguments[arguments.length - 1]; axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }).then(r => done(r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.target.join(' ') + ' ' + (n.any[0] ? n.any[0].message : '')).slice(0, 3).join(' | '))), e => done([String(e)]))",
                vec![],
            )
            .await
            .map_err(said)?;
        if found.as_array().is_none_or(|v| !v.is_empty()) {
            return Err(format!("{path} as {role} on a {name}: {found}"));
        }
        // The whole page on the picture, not only what a screen shows of it.
        let height = self.script("return document.documentElement.scrollHeight").await?;
        let height = height.as_u64().unwrap_or(SCREEN).clamp(SCREEN, PICTURE_HEIGHT_MAX);
        crate::tell::set_width(&self.browser, width, height).await?;
        let picture = self.browser.screenshot().await.map_err(said)?;
        let file: String = path.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).take(60).collect();
        std::fs::write(self.out.join(format!("{role}-{file}-{name}.png")), picture).map_err(said)?;
        crate::tell::set_width(&self.browser, width, SCREEN).await?;
        self.pages += 1;
        Ok(())
    }

    /// Takes an invitation up with a password and a code, and is signed in.
    pub(crate) async fn accept(&mut self, link: &str, login: &str, name: &str) -> Step {
        self.look(link, "undangan").await?;
        let hidden = self.browser.find(Locator::Css("[name=rahasia]")).await.map_err(said)?;
        let secret = hidden.prop("value").await.map_err(said)?.unwrap_or_default();
        let bytes = app::desk::unhex(&secret).ok_or("no secret")?;
        let now = app::clock::seconds().unsigned_abs();
        let code = app::desk::sign_in::code_at(&bytes, now).map_err(said)?;
        let fixed = self.script("return document.querySelector('[name=alamat]').readOnly").await?;
        if fixed == serde_json::json!(false) {
            self.fill("alamat", login).await?;
            self.fill("nama", name).await?;
        }
        self.fill("sandi", "pendek").await?;
        self.script("document.querySelectorAll('[minlength]').forEach(e => e.removeAttribute('minlength'))").await?;
        self.fill("kode", &code).await?;
        self.press("main form button").await?;
        self.wait_for("[role=alert]").await?;
        self.fill("sandi", "payung teduh di batanghari").await?;
        self.fill("kode", &code).await?;
        self.press("main form button").await?;
        for _ in 0..50 {
            if !self.browser.current_url().await.map_err(said)?.path().contains("undangan") {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        Err(format!("the invitation was not taken: {}", self.text().await))
    }

    async fn wait_for_picture(&self) -> Step {
        for _ in 0..100 {
            self.go("/proyek").await?;
            if !self.text().await.contains("0 proyek\n") {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        Err("no picture after twenty seconds".to_owned())
    }

    async fn first_agency(&self) -> Step<String> {
        self.go("/proyek?keadaan=exposed").await?;
        let agency = self.script("return document.querySelector('tbody .soft').textContent").await?;
        agency.as_str().map(str::to_owned).ok_or_else(|| "no agency".to_owned())
    }

    /// The whole of a clerk's work: search, a project, a file from look to undo, a match by keyboard.
    async fn administrator(&mut self, home: &Path) -> Step {
        for page in [
            "/hari-ini",
            "/proyek",
            "/proyek?q=jalan&keadaan=exposed",
            "/temuan",
            "/temuan/not-registered",
            "/proyek?jenis=drainage",
            "/pasangan",
            "/pasangan?skor=1",
            "/pasangan?sisa=1",
            "/impor",
            "/dasbor",
            "/dasbor/pekerja",
            "/orang",
        ] {
            self.look(page, "administrator").await?;
        }
        self.go("/proyek?keadaan=exposed").await?;
        let href = self.script("return document.querySelector('tbody a').getAttribute('href')").await?;
        let project = href.as_str().ok_or("no exposed project")?.to_owned();
        self.look(&project, "administrator").await?;
        self.expect("Pelindungan hari demi hari").await?;

        // Search as you type narrows the list without a press.
        self.go("/proyek").await?;
        let before = self.script("return document.querySelectorAll('#list tbody tr').length").await?;
        self.fill("q", "drainase").await?;
        let mut narrowed = false;
        for _ in 0..40 {
            tokio::time::sleep(Duration::from_millis(100)).await;
            let after = self.script("return document.querySelectorAll('#list tbody tr').length").await?;
            narrowed = after.as_u64() < before.as_u64();
            if narrowed {
                break;
            }
        }
        if !narrowed {
            return Err("typing did not narrow the list".to_owned());
        }
        self.go("/temuan").await?;
        let officer =
            self.script("return document.querySelector('a[href^=\"/petugas/\"]').getAttribute('href')").await?;
        self.look(officer.as_str().unwrap_or_default(), "administrator").await?;
        self.import(home).await?;
        self.decide(home).await?;
        self.answer().await?;
        self.write(&project).await
    }

    /// The drawing of the dashboard becomes a picture to take away.
    async fn take_drawing(&mut self) -> Step {
        self.go("/dasbor").await?;
        self.press("a[data-png]").await?;
        for _ in 0..50 {
            let size = self
                .script("const a = document.querySelector('a[data-png]'); return a.download && a.href.startsWith('data:image/png') ? a.href.length : 0")
                .await?;
            if size.as_u64() > Some(2_000) {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        Err("no picture came of the drawing".to_owned())
    }

    /// The installation: its pages, and a backup made by hand.
    async fn manage(&mut self) -> Step {
        for page in ["/kelola", "/pekerjaan", "/data-pribadi"] {
            self.look(page, "administrator").await?;
        }
        self.go("/cadangan").await?;
        self.press("main form button").await?;
        self.expect("dibuktikan").await?;
        self.look("/cadangan", "administrator").await
    }

    /// One's own account: a view of the list is kept, a key is made; the answer is the key.
    async fn account(&mut self) -> Step<String> {
        self.go("/proyek?keadaan=exposed&urut=nilai").await?;
        self.press("#list summary").await?;
        self.fill("nama", "Belum terlindungi, nilai terbesar").await?;
        self.press("#list details button").await?;
        self.expect("Belum terlindungi, nilai terbesar").await?;
        self.look("/proyek?keadaan=exposed&urut=nilai", "administrator-tampilan").await?;
        self.look("/akun", "administrator").await?;
        self.key("Dasbor kota", &["project", "finding", "figure", "gate"]).await
    }

    /// Makes a key that may read these.
    async fn key(&mut self, name: &str, rights: &[&str]) -> Step<String> {
        self.go("/akun").await?;
        self.fill("nama", name).await?;
        for right in rights {
            self.press(&format!("input[name={right}]")).await?;
        }
        self.press("form[action='/akun/kunci'] button").await?;
        self.expect("tidak akan ditampilkan lagi").await?;
        let key = self.script("return document.querySelector('.notice.good .code').textContent").await?;
        key.as_str().map(str::to_owned).ok_or_else(|| "no key".to_owned())
    }

    /// A finding is answered, and asked to be set aside: it waits for somebody else.
    async fn answer(&mut self) -> Step {
        self.go("/temuan/not-registered").await?;
        let link = "return document.querySelector('tbody td:last-child a').getAttribute('href')";
        let finding = self.script(link).await?.as_str().ok_or("no finding")?.to_owned();
        self.look(&finding, "administrator-temuan").await?;
        self.fill("alasan", "Pekerjaan dibatalkan sebelum mulai; lihat berita acara.").await?;
        self.press("input[value=waiver]").await?;
        self.press("form.stack button").await?;
        self.expect("Menunggu orang kedua").await?;
        self.look(&finding, "administrator-temuan-menunggu").await?;
        self.look("/temuan", "administrator-menunggu").await
    }

    /// A letter, from the letterhead to the page that says it is genuine.
    async fn write(&mut self, project: &str) -> Step {
        self.look("/kop", "administrator").await?;
        for (name, value) in [
            ("kop", "PEMERINTAH KOTA JAMBI\nDINAS TENAGA KERJA\nJalan Contoh Nomor 1"),
            ("tempat", "Jambi"),
            ("jabatan", "Kepala Dinas Tenaga Kerja"),
            ("nama", "Drs. Contoh Penanda Tangan"),
            ("nip", "190001012000011001"),
        ] {
            self.fill(name, value).await?;
        }
        self.press("form[action='/kop'] button").await?;
        self.expect("Kop surat tersimpan").await?;
        self.look(&format!("{project}?diketahui=2020-01-01"), "administrator-dulu").await?;
        // Not the project the match was decided on: its picture is being painted again.
        self.go("/temuan/not-registered").await?;
        let other = self
            .script("return [...document.querySelectorAll('tbody td:first-child a')].pop().getAttribute('href')")
            .await?;
        self.go(other.as_str().ok_or("no second project")?).await?;
        self.press("button[value=first_warning]").await?;
        self.expect("Isian surat").await?;
        let letter = self.browser.current_url().await.map_err(said)?.path().to_owned();
        self.look(&letter, "administrator-draf").await?;
        self.look("/surat", "administrator").await?;
        self.look("/surat?bagian=draf", "administrator").await?;
        self.go(&letter).await?;
        self.press("form[action$='/rilis'] button").await?;
        self.expect("/JAKON/").await?;
        self.look(&letter, "administrator-terbit").await?;
        self.look("/surat?bagian=terbit", "administrator").await?;
        self.go(&letter).await?;
        let verify =
            self.script("return document.querySelector('a[href^=\"/periksa/\"]').getAttribute('href')").await?;
        let verify = verify.as_str().ok_or("no page of verification")?.to_owned();
        self.look(&verify, "publik-periksa").await?;
        self.expect("asli dan berlaku").await?;
        // The same pages in the second language.
        self.go("/bahasa/en").await?;
        for page in
            [project, &letter, "/hari-ini", "/surat", "/temuan", "/proyek", "/akun", "/cadangan", "/kop", "/impor"]
        {
            self.look(page, "administrator-en").await?;
        }
        self.go("/bahasa/id").await
    }

    /// Lays a registration on the desk, looks, stores, and waits for the outcome.
    async fn store(&mut self, home: &Path, number: &str, name: &str) -> Step {
        let file = home.join(format!("pendaftaran-{number}.csv"));
        let text =
            format!("nomor_proyek,nama_proyek,nama_perusahaan,tanggal_daftar\n{number},\"{name}\",,2026-07-01\n");
        std::fs::write(&file, text).map_err(said)?;
        self.go("/impor").await?;
        let input = self.browser.find(Locator::Css("[name=berkas]")).await.map_err(said)?;
        input.send_keys(&file.canonicalize().map_err(said)?.to_string_lossy()).await.map_err(said)?;
        self.press("main form button").await?;
        self.expect("Sepuluh baris pertama").await?;
        let preview = self.browser.current_url().await.map_err(said)?.path().to_owned();
        self.look(&preview, "administrator-preview").await?;
        self.press("main form button").await?;
        for _ in 0..100 {
            if self.text().await.contains("1 baris: 1 baru") {
                break;
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        self.expect("1 baris: 1 baru").await?;
        Ok(())
    }

    /// A sheet with headers of its own: which list it is, what each column holds, and then it reads.
    async fn correct(&mut self, home: &Path) -> Step {
        let file = home.join("rekap-tangan.csv");
        std::fs::write(&file, "Proyeknya Apa;SPK Ke;Duitnya\nRehab Pagar;7/SPK/2026;1.500.000,00\n").map_err(said)?;
        self.go("/impor").await?;
        let input = self.browser.find(Locator::Css("[name=berkas]")).await.map_err(said)?;
        input.send_keys(&file.canonicalize().map_err(said)?.to_string_lossy()).await.map_err(said)?;
        self.press("main form button").await?;
        self.expect("Katakan bagaimana berkas ini dibaca").await?;
        let preview = self.browser.current_url().await.map_err(said)?.path().to_owned();
        self.look(&preview, "administrator-tak-terbaca").await?;
        self.script("document.querySelector('[name=daftar]').value = 'kota_rekap'").await?;
        self.press("form[action$='/baca'] button").await?;
        self.expect("SPK Ke").await?;
        for (column, field) in [("kolom_0", "nama_paket"), ("kolom_1", "no_kontrak"), ("kolom_2", "nilai_kontrak")] {
            self.script(&format!("document.querySelector('[name={column}]').value = '{field}'")).await?;
        }
        self.look(&preview, "administrator-kolom").await?;
        for (column, field) in [("kolom_0", "nama_paket"), ("kolom_1", "no_kontrak"), ("kolom_2", "nilai_kontrak")] {
            self.script(&format!("document.querySelector('[name={column}]').value = '{field}'")).await?;
        }
        self.press("form[action$='/baca'] button").await?;
        self.expect("Sepuluh baris pertama").await?;
        self.look(&preview, "administrator-diperbaiki").await
    }

    async fn import(&mut self, home: &Path) -> Step {
        self.correct(home).await?;
        self.store(home, "2699999999999", "Pembangunan Drainase Simpang Empat").await?;
        self.go("/impor").await?;
        let link = self.script("return document.querySelector('table tbody a').getAttribute('href')").await?;
        let link = link.as_str().ok_or("no file")?.to_owned();
        self.look(&link, "administrator").await?;
        self.fill("alasan", "berkas contoh").await?;
        self.press("button.bad").await?;
        self.expect("Dibatalkan").await
    }

    /// A registration that says no more than a name waits for a person; it is decided with one key and taken back.
    async fn decide(&mut self, home: &Path) -> Step {
        self.go("/proyek?keadaan=exposed").await?;
        let name = self.script("return document.querySelector('tbody a').textContent").await?;
        self.store(home, "2699999999998", name.as_str().unwrap_or_default()).await?;
        for _ in 0..100 {
            self.go("/pasangan").await?;
            if !self.text().await.contains("Tidak ada yang menunggu") {
                break;
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        self.look("/pasangan", "administrator-ragu").await?;
        self.look("/pasangan?skor=1", "administrator-ragu").await?;
        self.go("/pasangan").await?;
        self.expect("2699999999998").await?;
        let body = self.browser.find(Locator::Css("body")).await.map_err(said)?;
        body.send_keys("y").await.map_err(said)?;
        self.expect("Keputusan tersimpan").await?;
        self.press(".notice.good button.link").await?;
        self.expect("Pasangan").await?;
        // From the side of a project: what may be of it, and what a search finds.
        self.go("/proyek?keadaan=exposed").await?;
        let project = self.script("return document.querySelector('tbody a').getAttribute('href')").await?;
        let page = format!("{}/pendaftaran?q=a", project.as_str().unwrap_or_default());
        self.look(&page, "administrator").await?;
        self.press("button[value=sama]").await?;
        self.expect("Centang dahulu").await?;
        self.press("input[name=nomor]").await?;
        self.press("button[value=sama]").await?;
        self.expect("Keputusan tersimpan").await?;
        self.look("/pasangan/kesepakatan", "administrator").await?;
        self.look("/pasangan/kedua", "administrator").await?;
        self.press("a[href='/pasangan/kesepakatan']").await
    }

    /// Invites somebody to a role over a part of the city, or all of it; the link.
    pub(crate) async fn invite(&mut self, login: &str, role: &str, scope: &str) -> Step<String> {
        self.go("/orang").await?;
        self.fill("alamat", &format!("{login}@jambikota.go.id")).await?;
        self.fill("nama", &format!("Petugas {role}")).await?;
        self.script(&format!("document.querySelector('[name=peran]').value = '{role}'")).await?;
        self.fill("lingkup", scope).await?;
        self.press("form.stack button").await?;
        self.expect("/undangan/").await?;
        let link =
            self.script("const c = document.querySelector('.notice.good .code'); return c && c.textContent").await?;
        link.as_str().map(str::to_owned).ok_or_else(|| format!("no invitation for {role}"))
    }

    /// An invited person: from the link to the pages of the role, and the one page that is not theirs.
    async fn role(&mut self, role: &RoleWalk, scope: &str, (home, tester): (&Path, &Path)) -> Step {
        let scope = match (role.role, scope) {
            ("contractor", _) => "012345678901000",
            (_, "") => AGENCY,
            (_, scope) => scope,
        };
        let link = self.invite(&role.role.replace('_', "."), role.role, scope).await?;
        let cookies = self.browser.get_all_cookies().await.map_err(said)?;
        self.browser.delete_all_cookies().await.map_err(said)?;
        self.accept(&link, "", "").await?;
        for page in role.pages {
            self.look(page, role.role).await?;
        }
        if role.role == "account_rep" {
            self.people(home).await?;
            let rights = ["project", "person", "accident", "complaint", "gate"];
            let key = self.key("Aplikasi cabang", &rights).await?;
            crate::desk::test_interface(tester, &self.base, &key)?;
        }
        self.go(role.refused).await?;
        self.expect("Tidak boleh").await.map_err(|e| format!("{} reached {}: {e}", role.role, role.refused))?;
        self.browser.delete_all_cookies().await.map_err(said)?;
        self.go("/").await?;
        for cookie in cookies {
            self.browser.add_cookie(cookie).await.map_err(said)?;
        }
        Ok(())
    }
}
