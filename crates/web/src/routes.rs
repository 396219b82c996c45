//! Every address of the site, and what stands around all of them.

use crate::answer::{Outcome, Trouble, run};
use crate::api;
use crate::arrivals::{complain, logo, upload, upload_award, upload_map, upload_roster};
use crate::caller::{Asking, Caller};
use crate::pages::finding_one::Then;
use crate::pages::{
    accident, account, allotment, attend, audit, award, bank, board, check, city_map, complaint, coverage, dashboard,
    donation, donor, enrol, entry, files, finding_one, findings, foreman, gate, guide, imports, law, letter_one,
    letterhead, letters, mail, manage, match_project, matches, meeting, members, officer, open_data, outreach, passkey,
    people, person, plan, project, projects, public, register_form, rights, roster, roster_list, second_look, slip,
    steer, style, surge, today, training, twins, vulnerable, whatif, worklist,
};
use crate::site::Site;
use crate::typed::{Asked, Keyed, Typed};
use app::desk::award::DOCUMENT_BYTES_MAX;
use app::desk::letters::LOGO_BYTES_MAX;
use app::desk::photo;
use app::desk::receive::FILE_BYTES_MAX;
use axum::Router;
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{DefaultBodyLimit, MatchedPath, Path, Query, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use std::sync::Arc;
use std::time::Duration;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::csrf::CsrfLayer;
use tower_http::timeout::TimeoutLayer;

/// A form is small; a file has a limit of its own.
pub(crate) const FORM_BYTES_MAX: usize = 64 << 10;

/// Whatever is mended in one list.
const LIST_BYTES_MAX: usize = 1 << 20;

/// A list of workers is no larger than this; a scanned one is no list.
const ROSTER_BYTES_MAX: usize = 16 << 20;

/// Photos with a complaint.
const PHOTOS_BYTES_MAX: usize = photo::BYTES_MAX * photo::MOST;

/// A page that takes longer is given up; a file may take a slow line an hour.
const PAGE_SECONDS: u64 = 60;

pub(crate) type S = State<Arc<Site>>;

/// A page without arguments.
macro_rules! page {
    ($page:path) => {
        |State(site): S, asking: Asking| run(site, asking, $page)
    };
}

/// A page with what the address asks.
macro_rules! asked {
    ($page:path) => {
        |State(site): S, asking: Asking, Asked(asked)| run(site, asking, move |s, c| $page(s, c, &asked))
    };
}

/// A question of a program: what its address asks, or none where that does not read.
macro_rules! queried {
    ($page:path) => {
        |State(site): S, asking: Asking, query: Result<Query<_>, QueryRejection>| {
            run(site, asking, move |s, c| $page(s, c, query.ok().map(|Query(asked)| asked)))
        }
    };
}

/// A page with a text of its path.
macro_rules! named {
    ($page:path) => {
        |State(site): S, asking: Asking, Path(name): Path<String>| run(site, asking, move |s, c| $page(s, c, &name))
    };
}

/// A page with a number of its path.
macro_rules! numbered {
    ($page:expr) => {
        |State(site): S, asking: Asking, Path(id): Path<String>| {
            run(site, asking, move |s: &Site, c: &Caller| {
                let page: fn(&Site, &Caller, i64) -> Outcome = $page;
                page(s, c, id.parse().map_err(|_| Trouble::NotFound)?)
            })
        }
    };
}

/// A form about a number of its path.
macro_rules! numbered_form {
    ($page:path) => {
        |State(site): S, asking: Asking, Path(id): Path<String>, Typed(typed)| {
            run(site, asking, move |s, c| {
                let typed = typed.ok_or(Trouble::Bad("web-trouble-form"))?;
                $page(s, c, id.parse().map_err(|_| Trouble::NotFound)?, &typed)
            })
        }
    };
}

/// What a program says in JSON, or none where that does not read.
macro_rules! said {
    ($page:path) => {
        |State(site): S, asking: Asking, said: Result<axum::Json<Keyed<_>>, JsonRejection>| {
            run(site, asking, move |s, c| $page(s, c, said.ok().map(|axum::Json(Keyed(said))| said)))
        }
    };
}

/// What a program says in JSON about something its path names, or none where that does not read.
macro_rules! said_of {
    ($page:path) => {
        |State(site): S, asking: Asking, Path(name): Path<String>, said: Result<axum::Json<Keyed<_>>, JsonRejection>| {
            run(site, asking, move |s, c| $page(s, c, &name, said.ok().map(|axum::Json(Keyed(said))| said)))
        }
    };
}

/// A question of a program about something its path names.
macro_rules! queried_of {
    ($page:path) => {
        |State(site): S, asking: Asking, Path(name): Path<String>, query: Result<Query<_>, QueryRejection>| {
            run(site, asking, move |s, c| $page(s, c, &name, query.ok().map(|Query(asked)| asked)))
        }
    };
}

/// A form about something its path names.
macro_rules! about {
    ($page:path) => {
        |State(site): S, asking: Asking, Path(name): Path<String>, Typed(typed)| {
            run(site, asking, move |s, c| $page(s, c, &name, &typed.ok_or(Trouble::Bad("web-trouble-form"))?))
        }
    };
}

/// A form.
macro_rules! form {
    ($page:path) => {
        |State(site): S, asking: Asking, Typed(typed)| {
            run(site, asking, move |s, c| $page(s, c, &typed.ok_or(Trouble::Bad("web-trouble-form"))?))
        }
    };
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Following {
    lalu: String,
}

fn pages() -> Router<Arc<Site>> {
    Router::new()
        .route("/", get(page!(public::home)))
        .route("/publik", get(asked!(public::list)))
        .route("/publik/{code}", get(named!(public::one)))
        .route(
            "/cek/{code}",
            get(named!(check::page)).post(|State(site): S, asking: Asking, Path(code): Path<String>, Typed(typed)| {
                run(site, asking, move |s, c| check::ask(s, c, &code, &typed.ok_or(Trouble::Bad("web-trouble-form"))?))
            }),
        )
        .route("/proyek/{code}/pekerja/poster", get(named!(check::poster)))
        .route(
            "/proyek/{code}/pekerja/mandor",
            get(named!(foreman::links)).post(
                |State(site): S, asking: Asking, Path(code): Path<String>, Typed(typed)| {
                    run(site, asking, move |s, c| {
                        foreman::make(s, c, &code, &typed.ok_or(Trouble::Bad("web-trouble-form"))?)
                    })
                },
            ),
        )
        .route(
            "/proyek/{code}/pekerja/mandor/{id}/henti",
            post(|State(site): S, asking: Asking, Path((code, id)): Path<(String, String)>| {
                run(site, asking, move |s, c| foreman::end(s, c, &code, id.parse().map_err(|_| Trouble::NotFound)?))
            }),
        )
        .route("/mandor/daftar", get(page!(foreman::list)))
        .route("/mandor/kerja.js", get(|| async { crate::assets::phone_worker() }))
        .route("/mandor/manifest.json", get(|| async { foreman::manifest() }))
        .route("/warga/daftar", get(page!(enrol::list)))
        .route("/warga/kerja.js", get(|| async { crate::assets::phone_worker() }))
        .route("/warga/manifest.json", get(|| async { enrol::manifest() }))
        .route("/warga/data", get(page!(enrol::data)).post(said!(enrol::hear)))
        .route("/mandor/data", get(page!(foreman::data)).post(said!(foreman::hear)))
        .route("/mendaftar", get(page!(public::how)))
        .route("/lapor", get(page!(public::report)))
        .route("/lapor/jawaban", get(page!(complaint::look_up)).post(form!(complaint::by_code)))
        .route("/kecelakaan", get(page!(accident::list)))
        .route(
            "/kecelakaan/{id}",
            get(|State(site): S, asking: Asking, Path(id): Path<String>, Asked(a)| {
                run(site, asking, move |s, c| accident::one(s, c, id.parse().map_err(|_| Trouble::NotFound)?, &a))
            })
            .post(numbered_form!(accident::step)),
        )
        .route(
            "/kecelakaan/{id}/tahap/{stage}",
            get(|State(site): S, asking: Asking, Path((id, stage)): Path<(String, String)>| {
                run(site, asking, move |s, c| {
                    let number = |text: &str| text.parse().map_err(|_| Trouble::NotFound);
                    accident::paper(s, c, number(&id)?, u8::try_from(number(&stage)?).unwrap_or(0))
                })
            }),
        )
        .route(
            "/proyek/{code}/kecelakaan",
            get(named!(accident::form)).post(
                |State(site): S, asking: Asking, Path(code): Path<String>, Typed(typed)| {
                    run(site, asking, move |s, c| {
                        accident::tell(s, c, &code, typed.ok_or(Trouble::Bad("web-trouble-form"))?)
                    })
                },
            ),
        )
        .route("/aduan", get(page!(complaint::list)))
        .route("/aduan/{id}/proyek", post(numbered_form!(complaint::place)))
        .route(
            "/aduan/{id}/foto/{photo}",
            get(|State(site): S, asking: Asking, Path((id, photo)): Path<(String, String)>| {
                run(site, asking, move |s, c| {
                    let number = |text: &str| text.parse().map_err(|_| Trouble::NotFound);
                    complaint::photo(s, c, number(&id)?, number(&photo)?)
                })
            }),
        )
        .route("/aduan/{id}", get(numbered!(complaint::one)).post(numbered_form!(complaint::step)))
        .route(
            "/kalkulator",
            get(|State(site): S, asking: Asking, Asked(a)| run(site, asking, move |s, c| law::calculator(s, c, a))),
        )
        .route("/hukum", get(page!(law::list)))
        .route("/hukum/{*path}", get(named!(law::one)))
        .route("/masuk", get(asked!(entry::form)).post(form!(entry::first)))
        .route("/masuk/kode", get(asked!(entry::code_form)).post(form!(entry::second)))
        .route("/masuk/sandi-kunci/mulai", post(page!(passkey::ask)))
        .route("/masuk/sandi-kunci", post(form!(passkey::enter)))
        .route("/masuk/luar", get(asked!(entry::leave)))
        .route("/masuk/luar/kembali", get(asked!(entry::come_back)))
        .route("/keluar", post(page!(entry::out)))
        .route(
            "/bahasa/{code}",
            get(|State(site): S, asking: Asking, Path(code): Path<String>, Asked(going)| {
                run(site, asking, move |s, c| entry::language(s, c, &code, &going))
            }),
        )
        .route(
            "/undangan/{token}",
            get(named!(entry::invitation)).post(
                |State(site): S, asking: Asking, Path(token): Path<String>, Typed(typed)| {
                    run(site, asking, move |s, c| {
                        entry::accept(s, c, &token, &typed.ok_or(Trouble::Bad("web-trouble-form"))?)
                    })
                },
            ),
        )
        .route("/gaya", get(page!(style::page)))
        .route("/hari-ini", get(page!(today::page)))
        .route(
            "/proyek",
            get(|State(site): S, asking: Asking, Asked(a)| run(site, asking, move |s, c| projects::list(s, c, a))),
        )
        .route("/proyek.csv", get(export(false)))
        .route("/proyek.xlsx", get(export(true)))
        .route(
            "/proyek/{code}",
            get(|State(site): S, asking: Asking, Path(code): Path<String>, Asked(a)| {
                run(site, asking, move |s, c| project::page(s, c, &code, &a))
            }),
        )
        .route(
            "/proyek/{code}/pekerja",
            get(|State(site): S, asking: Asking, Path(code): Path<String>, Asked(a)| {
                run(site, asking, move |s, c| roster::page(s, c, &code, &a))
            })
            .post(|State(site): S, asking: Asking, Path(code): Path<String>, Typed(typed)| {
                run(site, asking, move |s, c| {
                    let typed: Vec<(String, String)> = typed.ok_or(Trouble::Bad("web-trouble-form"))?;
                    roster::say(s, c, &code, &typed)
                })
            }),
        )
        .route(
            "/proyek/{code}/pekerja/batal/{id}",
            post(|State(site): S, asking: Asking, Path((code, id)): Path<(String, String)>| {
                run(site, asking, move |s, c| {
                    roster::take_back(s, c, &code, id.parse().map_err(|_| Trouble::NotFound)?)
                })
            }),
        )
        .route(
            "/proyek/{code}/pekerja/kosong.xlsx",
            get(|State(site): S, asking: Asking, Path(_): Path<String>| run(site, asking, roster::empty)),
        )
        .route(
            "/proyek/{code}/pekerja/bpjs.xlsx",
            get(|State(site): S, asking: Asking, Path(code): Path<String>, Asked(a)| {
                run(site, asking, move |s, c| roster::sheet(s, c, &code, &a))
            }),
        )
        .route("/pekerja", get(page!(rights::search)).post(form!(rights::find)))
        .route("/pekerja/kembar", get(page!(twins::page)).post(form!(twins::decide)))
        .route("/pekerja/{person}/bundel", post(about!(rights::bundle)))
        .route("/pekerja/{person}/hapus", post(about!(rights::ask)))
        .route("/penghapusan", get(page!(rights::list)))
        .route("/penghapusan/{id}", post(numbered_form!(rights::decide)))
        .route("/pekerja/{person}", get(named!(person::page)).post(about!(person::reveal)))
        .route("/temuan", get(asked!(findings::page)))
        .route(
            "/temuan/{code}/{mark}",
            get(|State(site): S, asking: Asking, Path((code, mark)): Path<(String, String)>| {
                run(site, asking, move |s, c| finding_one::page(s, c, &code, &mark))
            })
            .post(
                |State(site): S, asking: Asking, Path((code, mark)): Path<(String, String)>, Typed(typed)| {
                    run(site, asking, move |s, c| {
                        finding_one::say(s, c, &code, &mark, &typed.ok_or(Trouble::Bad("web-trouble-form"))?)
                    })
                },
            ),
        )
        .route("/temuan/putusan/{id}/setuju", post(numbered!(|s, c, id| finding_one::then(s, c, id, Then::Agree))))
        .route("/temuan/putusan/{id}/tolak", post(numbered!(|s, c, id| finding_one::then(s, c, id, Then::Decline))))
        .route("/temuan/putusan/{id}/cabut", post(numbered!(|s, c, id| finding_one::then(s, c, id, Then::TakeBack))))
        .route(
            "/temuan/{code}",
            get(|State(site): S, asking: Asking, Path(code): Path<String>, Asked(a)| {
                run(site, asking, move |s, c| findings::rule(s, c, &code, &a))
            }),
        )
        .route(
            "/petugas/{officer}",
            get(named!(officer::page)).post(
                |State(site): S, asking: Asking, Path(officer): Path<String>, Typed(typed)| {
                    run(site, asking, move |s, c| {
                        officer::reveal(s, c, &officer, &typed.ok_or(Trouble::Bad("web-trouble-form"))?)
                    })
                },
            ),
        )
        .route("/pasangan", get(asked!(matches::page)).post(form!(matches::store)))
        .route("/pasangan/kedua", get(asked!(second_look::page)).post(form!(second_look::store)))
        .route("/pasangan/kesepakatan", get(page!(second_look::agree)))
        .route(
            "/proyek/{code}/pendaftaran",
            get(|State(site): S, asking: Asking, Path(code): Path<String>, Asked(a)| {
                run(site, asking, move |s, c| match_project::page(s, c, &code, &a))
            })
            .post(|State(site): S, asking: Asking, Path(code): Path<String>, Typed(typed)| {
                run(site, asking, move |s, c| {
                    let typed: Vec<(String, String)> = typed.ok_or(Trouble::Bad("web-trouble-form"))?;
                    match_project::store(s, c, &code, &typed)
                })
            }),
        )
        .route(
            "/impor/{id}",
            get(|State(site): S, asking: Asking, Path(id): Path<String>, Asked(then): Asked<Following>| {
                run(site, asking, move |s, c| {
                    imports::preview(s, c, id.parse().map_err(|_| Trouble::NotFound)?, &then.lalu)
                })
            }),
        )
        .route("/impor/{ids}/simpan", post(about!(imports::store)))
        .route(
            "/impor/{ids}/baca",
            post(|State(site): S, asking: Asking, Path(ids): Path<String>, Typed(typed)| {
                run(site, asking, move |s, c| {
                    let typed: Vec<(String, String)> = typed.ok_or(Trouble::Bad("web-trouble-form"))?;
                    imports::read_so(s, c, &ids, &typed)
                })
            }),
        )
        .route("/tugas/{id}", get(numbered!(imports::job)))
        .route("/tugas/{id}/batal", post(numbered!(imports::cancel)))
        .route("/berkas/{id}", get(numbered!(files::page)))
        .route("/berkas/{id}/batal", post(numbered_form!(files::withdraw)))
        .route("/surat", get(asked!(letters::page)).post(form!(letters::draft)))
        .route("/surat/massal", post(form!(letters::draft_all)))
        .route("/surat/rilis", post(form!(letters::release_all)))
        .route("/surat/{id}", get(numbered!(letter_one::page)).post(numbered_form!(letter_one::write)))
        .route("/surat/{id}/pdf", get(numbered!(letter_one::pdf)))
        .route("/surat/{id}/rilis", post(numbered_form!(letter_one::release)))
        .route("/surat/{id}/buang", post(numbered!(letter_one::discard)))
        .route("/surat/{id}/tarik", post(numbered_form!(letter_one::withdraw)))
        .route("/surat/{id}/kirim", post(numbered!(letter_one::send)))
        .route("/surat/{id}/dibaca", post(numbered!(mail::read)))
        .route("/surat-masuk", get(page!(mail::list)))
        .route("/surat-masuk/{id}", get(numbered!(mail::one)).post(numbered_form!(mail::answer)))
        .route("/surat-masuk/{id}/pdf", get(numbered!(mail::pdf)))
        .route(
            "/proyek/{code}/gerbang",
            get(|State(site): S, asking: Asking, Path(code): Path<String>, Asked(a)| {
                run(site, asking, move |s, c| gate::page(s, c, &code, &a))
            })
            .post(about!(gate::give)),
        )
        .route("/gerbang", get(asked!(gate::overrides)))
        .route("/gerbang/{id}", get(numbered!(gate::one)))
        .route("/gerbang/coba", get(page!(whatif::form)).post(form!(whatif::ask)))
        .route("/gerbang/bukti", post(form!(gate::bundle)))
        .route("/gerbang/{id}/slip", post(numbered_form!(gate::give_slip)))
        .route("/slip/{number}", get(named!(slip::one)))
        .route("/slip/{number}/pdf", get(named!(slip::pdf)))
        .route("/slip/{number}/json", get(named!(slip::json)))
        .route("/slip/{number}/tarik", post(about!(slip::withdraw)))
        .route("/verify", get(page!(slip::verify)))
        .route("/verify.html", get(page!(slip::verify_file)))
        .route("/panduan", get(page!(guide::list)))
        .route("/panduan/{role}", get(named!(guide::one)))
        .route("/panduan/{role}/pdf", get(named!(guide::pdf)))
        .route("/aman", get(page!(donation::public)))
        .route("/aman/rencana", get(asked!(plan::page)))
        .route("/mobil", get(page!(outreach::page)).post(form!(outreach::say)))
        .route("/mobil/{id}", get(numbered!(outreach::one)).post(numbered_form!(outreach::tell)))
        .route("/mobil/{id}/ponsel", get(numbered!(enrol::links)).post(numbered_form!(enrol::make)))
        .route("/bimtek", get(page!(training::page)).post(form!(training::plan)))
        .route("/bimtek/{id}", get(numbered!(training::one)).post(numbered_form!(training::say)))
        .route("/bimtek/{id}/kode", get(numbered!(training::code)))
        .route(
            "/bimtek/{id}/undangan/{invite}",
            get(|State(site): S, asking: Asking, Path((id, invite)): Path<(String, String)>| {
                run(site, asking, move |s, c| {
                    let number = |text: &str| text.parse().map_err(|_| Trouble::NotFound);
                    training::letter(s, c, number(&id)?, number(&invite)?)
                })
            }),
        )
        .route("/hadir/{code}", get(named!(attend::page)).post(about!(attend::come)))
        .route("/uji/{code}", get(named!(attend::test)).post(about!(attend::answer)))
        .route("/uji/{code}/sertifikat", get(named!(attend::certificate)))
        .route("/rentan", get(page!(vulnerable::page)))
        .route("/rentan/daftar", get(asked!(vulnerable::list)))
        .route("/donasi", get(page!(donation::page)).post(form!(donation::say)))
        .route("/donasi/buku", get(asked!(donation::book)))
        .route("/donasi/buku.csv", get(page!(donation::export)))
        .route("/donasi/buku/{id}", post(numbered!(donation::undo)))
        .route("/donasi/donatur", get(asked!(donor::list)).post(form!(donor::add)))
        .route("/donasi/donatur/{id}", get(numbered!(donor::one)).post(numbered_form!(donor::say)))
        .route("/donasi/donatur/{id}/terima-kasih", get(numbered!(donor::thank)))
        .route("/donasi/rekening", get(page!(bank::page)).post(form!(bank::say)))
        .route("/donasi/alokasi", get(asked!(allotment::page)).post(form!(allotment::ask)))
        .route("/donasi/alokasi/{id}", get(numbered!(allotment::one)).post(numbered_form!(allotment::say)))
        .route("/data-terbuka", get(page!(open_data::page)))
        .route("/data-terbuka/cakupan.csv", get(page!(open_data::coverage)))
        .route("/data-terbuka/angka.csv", get(page!(open_data::figures)))
        .route("/api/v1/public/oc4ids", get(queried!(api::oc4ids)))
        .route("/api/v1/public/ocds", get(queried!(api::ocds)))
        .route("/api/v1/public/catalogue", get(page!(api::catalogue)))
        .route("/api/v1/public/slips", get(page!(api::slips)))
        .route("/gerbang/{id}/kecuali", post(numbered_form!(gate::ask_override)))
        .route("/gerbang/kecuali/{id}", post(numbered_form!(gate::decide_override)))
        .route("/proyek/{code}/formulir", get(named!(register_form::page)))
        .route("/periksa/{token}", get(named!(letter_one::verify)))
        .route("/kop", get(asked!(letterhead::page)).post(form!(letterhead::store)))
        .route("/rapat", get(page!(meeting::page)).post(form!(meeting::call)))
        .route("/rapat/{id}", get(numbered!(meeting::one)).post(numbered_form!(meeting::say)))
        .route("/rapat/{id}/hadir", get(numbered!(meeting::attendance)))
        .route("/rapat/{id}/berita-acara", get(numbered!(meeting::minutes)))
        .route("/cakupan/langkah", get(asked!(steer::page)))
        .route("/paritrana", get(page!(award::page)).post(form!(award::enter)))
        .route("/paritrana/{id}", get(numbered!(award::one)).post(numbered_form!(award::act)))
        .route("/paritrana/{id}/berkas.pdf", get(numbered!(award::pdf)))
        .route("/paritrana/{id}/berkas.xlsx", get(numbered!(award::xlsx)))
        .route(
            "/paritrana/{id}/dokumen/{document}",
            get(|State(site): S, asking: Asking, Path((_, document)): Path<(String, String)>| {
                run(site, asking, move |s, c| award::bytes(s, c, document.parse().map_err(|_| Trouble::NotFound)?))
            }),
        )
        .route("/akhir-tahun", get(page!(surge::page)))
        .route("/kerja", get(page!(worklist::page)).post(form!(worklist::draw)))
        .route("/kerja/{id}", get(numbered!(worklist::one)).post(numbered_form!(worklist::tell)))
        .route("/cakupan", get(page!(coverage::page)).post(form!(coverage::say)))
        .route("/dasbor", get(page!(dashboard::page)))
        .route("/dasbor/pekerja", get(page!(people::page)))
        .route("/dasbor/satu/{who}", get(named!(board::page)))
        .route("/dasbor/bulan.svg", get(page!(dashboard::drawing)))
        .route("/orang", get(page!(members::page)).post(form!(members::invite)))
        .route("/orang/{id}/henti", post(numbered!(|s, c, id| members::suspend(s, c, id, true))))
        .route("/orang/{id}/pulih", post(numbered!(|s, c, id| members::suspend(s, c, id, false))))
        .route("/orang/hak/{id}", post(numbered!(members::release)))
        .route("/jejak", get(asked!(audit::page)))
        .route("/kelola", get(page!(manage::page)))
        .route("/pekerjaan", get(page!(manage::jobs)))
        .route("/tugas/{id}/ulang", post(numbered!(manage::again)))
        .route("/cadangan", get(page!(manage::backups)).post(page!(manage::back_up)))
        .route("/data-pribadi", get(page!(manage::personal)))
        .route("/akun", get(asked!(account::page)))
        .route("/akun/sesi", post(form!(account::end_sessions)))
        .route("/akun/pengingat", post(form!(account::remind)))
        .route("/akun/sandi-kunci/mulai", post(page!(passkey::offer)))
        .route("/akun/sandi-kunci", post(form!(passkey::keep)))
        .route("/akun/sandi-kunci/{id}/cabut", post(numbered!(passkey::end)))
        .route("/akun/kunci", post(form!(account::make_key)))
        .route("/akun/kunci/{id}/cabut", post(numbered!(account::end_key)))
        .route("/akun/tampilan", post(form!(account::keep_view)))
        .route("/akun/tampilan/{id}/hapus", post(numbered!(account::drop_view)))
        .route("/api/v1/openapi.json", get(page!(api::described)))
        .route("/api/v1/public/projects", get(queried!(api::public_search)))
        .route("/api/v1/public/projects/{code}", get(named!(api::public)))
        .route("/api/v1/public/contribution", get(queried!(api::contribution)))
        .route("/api/v1/projects", get(queried!(api::projects)))
        .route("/api/v1/projects/{code}", get(named!(api::project)))
        .route("/api/v1/findings", get(queried!(api::findings)))
        .route("/api/v1/dci/registry/sync/enrolled", post(said!(api::enrolled)))
        .route("/api/v1/dci/registry/sync/search", post(said!(api::sync_search)))
        .route("/api/v1/dci/registry/search", post(said!(api::search)))
        .route(api::MESSAGES, post(said!(api::message)))
        .route("/api/v1/projects/{code}/people", get(queried_of!(api::people)))
        .route("/api/v1/projects/{code}/gates", get(queried_of!(api::gates)))
        .route("/api/v1/projects/{code}/phones", get(named!(api::phones)))
        .route("/api/v1/public/projects/{code}/check", post(said_of!(api::check)))
        .route("/api/v1/people/pairs", get(page!(api::pairs)))
        .route("/api/v1/people/{person}/bundle", post(said_of!(api::bundle)))
        .route("/api/v1/complaints", get(page!(api::complaint_list)))
        .route("/api/v1/complaints/{id}", get(numbered!(api::complaint)))
        .route("/api/v1/erasures", get(page!(api::erasures)))
        .route("/api/v1/meetings", get(page!(api::meetings)))
        .route("/api/v1/awards", get(page!(api::awards)))
        .route("/api/v1/surge", get(page!(api::surge)))
        .route("/api/v1/worklist", get(page!(api::worklist)))
        .route("/api/v1/coverage", get(page!(api::coverage)))
        .route("/api/v1/training", get(page!(api::training)))
        .route("/api/v1/outreach", get(page!(api::outreach)))
        .route("/api/v1/vulnerable", get(page!(api::vulnerable)))
        .route("/api/v1/donations", get(page!(api::donations)))
        .route("/api/v1/donations/entries", get(queried!(api::entries)))
        .route("/api/v1/mail", get(page!(api::mail)))
        .route("/api/v1/people/{person}", get(named!(api::person)))
        .route("/api/v1/accidents", get(page!(api::accident_list)))
        .route("/api/v1/figures", get(page!(api::figures)))
}

type Later = std::pin::Pin<Box<dyn Future<Output = Response> + Send>>;

fn export(xlsx: bool) -> impl Fn(S, Asking, Asked<projects::Asked>) -> Later + Clone {
    move |State(site), asking, Asked(a)| Box::pin(run(site, asking, move |s, c| projects::export(s, c, &a, xlsx)))
}

/// The whole site.
pub fn router(site: Arc<Site>) -> Router {
    let uploads = Router::new()
        .route("/impor", get(page!(imports::page)).post(upload))
        .layer(DefaultBodyLimit::max(FILE_BYTES_MAX as usize + (1 << 20)))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, Duration::from_secs(3_600)));
    // What is mended in a long list is a long form, and a day's payments are a long question.
    let lists = Router::new()
        .route("/api/v1/gates", post(said!(api::day)))
        .route(
            "/proyek/{code}/pekerja/daftar/{id}",
            get(|State(site): S, asking: Asking, Path((code, id)): Path<(String, String)>| {
                run(site, asking, move |s, c| {
                    roster_list::page(s, c, &code, id.parse().map_err(|_| Trouble::NotFound)?)
                })
            })
            .post(
                |State(site): S, asking: Asking, Path((code, id)): Path<(String, String)>, Typed(typed)| {
                    run(site, asking, move |s, c| {
                        let typed: Vec<(String, String)> = typed.ok_or(Trouble::Bad("web-trouble-form"))?;
                        roster_list::act(s, c, &code, id.parse().map_err(|_| Trouble::NotFound)?, &typed)
                    })
                },
            ),
        )
        .layer(DefaultBodyLimit::max(LIST_BYTES_MAX))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, Duration::from_secs(PAGE_SECONDS)));
    let rosters = Router::new()
        .route("/proyek/{code}/pekerja/unggah", post(upload_roster))
        .layer(DefaultBodyLimit::max(ROSTER_BYTES_MAX + FORM_BYTES_MAX))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, Duration::from_secs(600)));
    let pictures = Router::new()
        .route("/kop/lambang", post(logo))
        .layer(DefaultBodyLimit::max(LOGO_BYTES_MAX + FORM_BYTES_MAX))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, Duration::from_secs(PAGE_SECONDS)));
    let documents = Router::new()
        .route("/paritrana/{id}/unggah", post(upload_award))
        .route("/peta", get(page!(city_map::page)).post(upload_map))
        .layer(DefaultBodyLimit::max(DOCUMENT_BYTES_MAX + FORM_BYTES_MAX))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, Duration::from_secs(600)));
    let complaints = Router::new()
        .route("/lapor/baru", get(asked!(complaint::form)).post(complain))
        .layer(DefaultBodyLimit::max(PHOTOS_BYTES_MAX + FORM_BYTES_MAX))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, Duration::from_secs(600)));
    pages()
        .layer(DefaultBodyLimit::max(FORM_BYTES_MAX))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, Duration::from_secs(PAGE_SECONDS)))
        .merge(uploads)
        .merge(pictures)
        .merge(lists)
        .merge(rosters)
        .merge(complaints)
        .merge(documents)
        .route(
            "/aset/{name}",
            get(|Path(name): Path<String>| async move {
                crate::assets::serve(&name).unwrap_or_else(|| StatusCode::NOT_FOUND.into_response())
            }),
        )
        .route("/sehat", get(|| async { "ok\n" }))
        .route("/siap", get(ready))
        .route("/metrik", get(|State(site): S| async move { site.metrics() }))
        .fallback(|State(site): S, asking: Asking| run(site, asking, |_, _| Err(Trouble::NotFound)))
        .layer(middleware::from_fn_with_state(Arc::clone(&site), around))
        .layer(CsrfLayer::new())
        .layer(CompressionLayer::new())
        .layer(CatchPanicLayer::new())
        .with_state(site)
}

/// Ready when the database answers.
async fn ready(State(site): S) -> Response {
    match tokio::task::spawn_blocking(move || site.is_ready()).await {
        Ok(true) => "ready\n".into_response(),
        _ => (StatusCode::SERVICE_UNAVAILABLE, "not ready\n").into_response(),
    }
}

/// What every answer carries, and one line in the log: the route, never the address with what it asks.
async fn around(State(site): S, request: Request, next: Next) -> Response {
    let began = app::clock::Stopwatch::begin();
    let method = request.method().clone();
    let matched = request.extensions().get::<MatchedPath>().cloned();
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let set = [
        (
            "content-security-policy",
            "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
        ),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
    ];
    for (name, value) in set {
        // A page that stands alone says itself what it may run.
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if site.settings.secure {
        headers.insert("strict-transport-security", HeaderValue::from_static("max-age=31536000"));
    }
    // Pages hold what only this person may see.
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    let status = response.status().as_u16();
    let route = matched.as_ref().map_or("-", MatchedPath::as_str);
    site.count(route, status);
    if !site.settings.quiet {
        let reference = response.headers().get("x-request-id").and_then(|v| v.to_str().ok()).unwrap_or("");
        eprintln!(
            "{{\"level\":\"info\",\"at\":\"{}\",\"method\":\"{method}\",\"route\":\"{route}\",\"status\":{status},\"ms\":{},\"reference\":\"{reference}\"}}",
            app::clock::now(),
            began.milliseconds()
        );
    }
    response
}
