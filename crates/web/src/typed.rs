//! What a form or an address says. Whatever does not read gets a plain word, never a bare error.

use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::extract::{Form, FromRequest, FromRequestParts, Query, Request};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;
use std::convert::Infallible;

/// What was typed, or nothing sensible.
pub(crate) struct Typed<T>(pub(crate) Option<T>);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Typed<T> {
    type Rejection = Infallible;

    async fn from_request(request: Request, state: &S) -> Result<Self, Infallible> {
        let read: Result<Form<T>, FormRejection> = Form::from_request(request, state).await;
        Ok(Self(read.ok().map(|Form(t)| t)))
    }
}

/// What the address asks, or the default where it makes no sense.
pub(crate) struct Asked<T>(pub(crate) T);

impl<T: DeserializeOwned + Default, S: Send + Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let read: Result<Query<T>, QueryRejection> = Query::from_request_parts(parts, state).await;
        Ok(Self(read.map(|Query(t)| t).unwrap_or_default()))
    }
}
