//! What a form or an address says. Whatever does not read gets a plain word, never a bare error.

use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::extract::{Form, FromRequest, FromRequestParts, Query, Request};
use axum::http::request::Parts;
use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeOwned, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::convert::Infallible;
use std::fmt;
use std::marker::PhantomData;

/// A form as it was filled in, where a name may stand more than once or is made of a number.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(transparent)]
pub(crate) struct Fields(pub(crate) Vec<(String, String)>);

impl Fields {
    /// What stands under a name the first time; empty where it does not.
    pub(crate) fn first(&self, name: &str) -> &str {
        self.0.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v)
    }

    /// Everything that stands under a name.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(n, _)| n == name).map(|(_, v)| v.as_str())
    }
}

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
        if let Ok(Query(asked)) = read {
            return Ok(Self(asked));
        }
        // A name that stands twice counts once: without it a filter would fall away, and a list be longer than asked for.
        let mut seen = std::collections::BTreeSet::new();
        let query = parts.uri.query().unwrap_or_default();
        let once = query.split('&').filter(|pair| seen.insert(pair.split('=').next().unwrap_or_default()));
        let once = format!("{}?{}", parts.uri.path(), once.collect::<Vec<_>>().join("&"));
        let read = once.parse().ok().and_then(|uri| Query::<T>::try_from_uri(&uri).ok());
        Ok(Self(read.map(|Query(t)| t).unwrap_or_default()))
    }
}

/// What a program says with the names of its fields. A record reads from a bare list of values too, in the order of the fields: what a program sent by mistake would be taken by its place.
#[derive(Debug)]
pub(crate) struct Keyed<T>(pub(crate) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Keyed<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Fields<T> {
            type Value = T;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map))
            }
        }
        deserializer.deserialize_map(Fields(PhantomData)).map(Keyed)
    }
}

/// The same for a record within a record.
pub(crate) fn keyed<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<T, D::Error> {
    Keyed::deserialize(deserializer).map(|Keyed(said)| said)
}
