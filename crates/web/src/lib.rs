//! The desk in a browser: pages rendered here, working without scripts, and the same questions as JSON.
//!
//! * **In:** HTTP requests.
//! * **Out:** pages, files, JSON. Every page asks `app` with a permit; what may be seen is decided there.
//! * **Does not know:** SQL, the law, how anything is computed.
//! * **Read first:** [`routes`], then a page under `pages/`.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::panic))]

mod addresses;
mod answer;
mod api;
mod arrivals;
mod assets;
mod caller;
mod cities;
mod frame;
mod pages;
mod province;
mod routes;
mod site;
mod typed;
pub mod wait;

pub use addresses::ROUTES;
pub use api::document;
pub use cities::{by_host, host_of_address};
pub use province::{Province, province};
pub use routes::router;
pub use site::{Settings, Site};

use app::Fault;
use std::future::Future;

/// Serves until `stop` resolves; requests under way are finished.
///
/// # Errors
/// [`Fault`] of the network.
pub async fn serve(
    sites: axum::Router,
    listener: tokio::net::TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(), Fault> {
    axum::serve(listener, sites).with_graceful_shutdown(stop).await.map_err(|e| Fault(e.to_string()))
}
