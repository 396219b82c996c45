//! Style and script, built in, named by their content so that browsers keep them for good.

use axum::http::header;
use axum::response::{IntoResponse, Response};
use std::sync::LazyLock;

/// A file of ours.
pub(crate) struct Asset {
    pub(crate) text: &'static str,
    pub(crate) kind: &'static str,
    pub(crate) address: &'static str,
}

fn asset(name: &str, kind: &'static str, text: &'static str) -> Asset {
    let hash = blake3::hash(text.as_bytes()).to_hex();
    let address: &'static str = Box::leak(format!("/aset/{}-{name}", &hash.as_str()[..10]).into_boxed_str());
    Asset { text, kind, address }
}

pub(crate) static CSS: LazyLock<Asset> =
    LazyLock::new(|| asset("payung.css", "text/css; charset=utf-8", include_str!("../static/payung.css")));
pub(crate) static JS: LazyLock<Asset> =
    LazyLock::new(|| asset("payung.js", "text/javascript; charset=utf-8", include_str!("../static/payung.js")));
pub(crate) static FOREMAN: LazyLock<Asset> =
    LazyLock::new(|| asset("mandor.js", "text/javascript; charset=utf-8", include_str!("../static/mandor.js")));

/// What pages of phones have in common: the sealed queue, the talk with the desk.
pub(crate) static PHONE: LazyLock<Asset> =
    LazyLock::new(|| asset("ponsel.js", "text/javascript; charset=utf-8", include_str!("../static/ponsel.js")));
pub(crate) static ENROL: LazyLock<Asset> =
    LazyLock::new(|| asset("warga.js", "text/javascript; charset=utf-8", include_str!("../static/warga.js")));
pub(crate) static ICON: LazyLock<Asset> =
    LazyLock::new(|| asset("payung.svg", "image/svg+xml", include_str!("../static/payung.svg")));

pub(crate) static WORK: LazyLock<Asset> =
    LazyLock::new(|| asset("cek.js", "text/javascript; charset=utf-8", include_str!("../static/cek.js")));

/// What keeps a phone's page on the phone. Under one name beside its page: a browser asks for it again by itself.
pub(crate) fn phone_worker() -> Response {
    let headers = [(header::CONTENT_TYPE, "text/javascript; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")];
    (headers, include_str!("../static/ponsel-kerja.js")).into_response()
}

/// What lets a phone keep a page like a program of its own, by the folder of the page.
pub(crate) fn manifest(folder: &str, title: &str) -> Response {
    let icon = |size: &str| serde_json::json!({ "src": ICON.address, "sizes": size, "type": "image/svg+xml", "purpose": "any" });
    let said = serde_json::json!({
        "name": title, "short_name": "Payung", "lang": "id", "start_url": format!("/{folder}/daftar"), "scope": format!("/{folder}/"),
        "display": "standalone", "background_color": "#ffffff", "theme_color": "#0b5a73",
        "icons": [icon("192x192"), icon("512x512")],
    });
    let headers = [(header::CONTENT_TYPE, "application/manifest+json"), (header::CACHE_CONTROL, "no-cache")];
    (headers, said.to_string()).into_response()
}

/// Serves one, whatever the hash: an old page finds the new style.
pub(crate) fn serve(name: &str) -> Option<Response> {
    let asset = [&*CSS, &*JS, &*FOREMAN, &*WORK, &*PHONE, &*ENROL, &*ICON]
        .into_iter()
        .find(|a| a.address.rsplit('-').next() == name.rsplit('-').next())?;
    let headers = [(header::CONTENT_TYPE, asset.kind), (header::CACHE_CONTROL, "public, max-age=31536000, immutable")];
    Some((headers, asset.text).into_response())
}
