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

pub(crate) static WORK: LazyLock<Asset> =
    LazyLock::new(|| asset("cek.js", "text/javascript; charset=utf-8", include_str!("../static/cek.js")));

/// What keeps the foreman's page on the phone. Under one name: a browser asks for it again by itself.
pub(crate) fn foreman_worker() -> Response {
    let headers = [(header::CONTENT_TYPE, "text/javascript; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")];
    (headers, include_str!("../static/mandor-kerja.js")).into_response()
}

/// Serves one, whatever the hash: an old page finds the new style.
pub(crate) fn serve(name: &str) -> Option<Response> {
    let asset = [&*CSS, &*JS, &*FOREMAN, &*WORK]
        .into_iter()
        .find(|a| a.address.rsplit('-').next() == name.rsplit('-').next())?;
    let headers = [(header::CONTENT_TYPE, asset.kind), (header::CACHE_CONTROL, "public, max-age=31536000, immutable")];
    Some((headers, asset.text).into_response())
}
