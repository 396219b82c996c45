//! Several cities in one program: each answers to its own name only, from its own database, with its own keys.
//!
//! Nothing is shared between two sites but the program, so no check on a row can be forgotten: a session, a link or
//! a number of one city means nothing in another.

use crate::{Site, router};
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use std::collections::BTreeMap;
use std::sync::Arc;
use tower::ServiceExt as _;

/// The name browsers ask for, of an address such as `https://payung.kota.go.id`: lower case, without the port.
pub fn host_of_address(address: &str) -> Option<String> {
    let uri: Uri = address.parse().ok()?;
    uri.scheme().and(uri.host()).map(plain)
}

fn plain(host: &str) -> String {
    host.trim_end_matches('.').to_lowercase()
}

/// The name a request asks for.
fn host_of_request(request: &Request) -> Option<String> {
    if let Some(host) = request.uri().host() {
        return Some(plain(host));
    }
    let authority: axum::http::uri::Authority = request.headers().get(header::HOST)?.to_str().ok()?.parse().ok()?;
    Some(plain(authority.host()))
}

struct Cities {
    sites: Vec<Arc<Site>>,
    by_host: BTreeMap<String, Router>,
}

/// All sites, by the name each answers to; and what stands beside them under a name of its own.
pub fn by_host(sites: impl Iterator<Item = (String, Arc<Site>)>, beside: Option<(String, Router)>) -> Router {
    let (mut all, mut by_host) = (Vec::new(), BTreeMap::new());
    for (host, site) in sites {
        all.push(Arc::clone(&site));
        by_host.insert(host, router(site));
    }
    by_host.extend(beside);
    Router::new().fallback(lead).with_state(Arc::new(Cities { sites: all, by_host }))
}

async fn lead(State(cities): State<Arc<Cities>>, request: Request) -> Response {
    let city = host_of_request(&request).and_then(|host| cities.by_host.get(&host).cloned());
    match (city, request.uri().path()) {
        (Some(city), _) => city.oneshot(request).await.unwrap_or_else(|never| match never {}),
        // Whoever watches the machine asks by number, and for all cities at once.
        (None, "/sehat") => "ok\n".into_response(),
        (None, "/siap") => ready(cities).await,
        (None, _) => {
            // Which cities there are is not told to whoever guesses.
            (
                StatusCode::MISDIRECTED_REQUEST,
                "Alamat ini bukan milik kota mana pun di sini. No city here answers to this address.\n",
            )
                .into_response()
        }
    }
}

async fn ready(cities: Arc<Cities>) -> Response {
    let asked = tokio::task::spawn_blocking(move || cities.sites.iter().all(|site| site.is_ready())).await;
    match asked {
        Ok(true) => "ready\n".into_response(),
        _ => (StatusCode::SERVICE_UNAVAILABLE, "not ready\n").into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::host_of_address;

    #[test]
    fn an_address_names_a_host() {
        assert_eq!(host_of_address("https://Payung.Kota.go.id/").as_deref(), Some("payung.kota.go.id"));
        assert_eq!(host_of_address("http://a.test:7070").as_deref(), Some("a.test"));
        assert_eq!(host_of_address("payung.kota.go.id"), None);
        assert_eq!(host_of_address(""), None);
    }
}
