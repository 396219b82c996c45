//! One answer that comes by itself: listens at an address until a message of a transaction is there, and says yes to it.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use serde_json::Value;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::oneshot;

type Place = Arc<Mutex<Option<oneshot::Sender<Value>>>>;

/// Waits for `POST /registry/on-search` about a transaction; none where it does not come in time. Messages of other transactions are refused.
///
/// # Errors
/// Of the network.
pub async fn for_answer(
    listener: tokio::net::TcpListener,
    transaction: String,
    most: Duration,
) -> std::io::Result<Option<Value>> {
    let (say, hear) = oneshot::channel();
    let place: Place = Arc::new(Mutex::new(Some(say)));
    let take = move |State(place): State<Place>, axum::Json(message): axum::Json<Value>| {
        let is_ours = message["message"]["transaction_id"] == transaction.as_str();
        async move {
            if !is_ours {
                return StatusCode::NOT_FOUND;
            }
            if let Some(say) = place.lock().unwrap_or_else(PoisonError::into_inner).take() {
                let _ = say.send(message);
            }
            StatusCode::OK
        }
    };
    let site = Router::new().route("/registry/on-search", post(take)).with_state(place);
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = tokio::spawn(async move {
        axum::serve(listener, site)
            .with_graceful_shutdown(async {
                let _ = stopped.await;
            })
            .await
    });
    let answer = tokio::time::timeout(most, hear).await.ok().and_then(Result::ok);
    let _ = stop.send(());
    let _ = serving.await;
    Ok(answer)
}
