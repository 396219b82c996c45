//! What arrives as a file: lists to import, rosters, a coat of arms, photos. Rights are asked before anything is written to the disk.

use crate::answer::{Trouble, run};
use crate::caller::{Asking, Caller};
use crate::pages::imports::Arrived;
use crate::pages::{award, city_map, complaint, imports, letterhead, roster_list};
use crate::routes::{FORM_BYTES_MAX, S};
use crate::site::Site;
use crate::typed::Typed;
use axum::extract::{FromRequest, Multipart, Path, Request, State};
use axum::http::header;
use axum::response::Response;
use std::sync::Arc;

/// A coat of arms is small: it is read whole, by whoever may change the letterhead.
pub(crate) async fn logo(
    State(site): S,
    asking: Asking,
    form: Result<Multipart, axum::extract::multipart::MultipartRejection>,
) -> Response {
    let mut bytes = None;
    if let Ok(mut form) = form {
        while let Ok(Some(field)) = form.next_field().await {
            if field.name() == Some("lambang") {
                bytes = field.bytes().await.ok().map(|b| b.to_vec());
            }
        }
    }
    run(site, asking, move |s, c| letterhead::logo(s, c, bytes)).await
}

/// May the caller change such a thing? Asked before a file is taken: whoever may not, does not get to fill the disk. Otherwise the answer they get.
async fn admitted<R: authz::Of>(site: &Arc<Site>, asking: &Asking) -> Result<(), Response> {
    let (for_right, checked) = (asking.clone(), Arc::clone(site));
    let allowed = tokio::task::spawn_blocking(move || {
        Caller::of(&checked, for_right).and_then(|c| c.permit::<authz::Change, R>().map(|_| ()))
    })
    .await;
    if matches!(allowed, Ok(Ok(()))) {
        return Ok(());
    }
    let turned_away = run(Arc::clone(site), asking.clone(), |_, c| {
        c.permit::<authz::Change, R>()?;
        Err(Trouble::Bad("web-trouble-form"))
    });
    Err(turned_away.await)
}

/// Files arrive piece by piece and lie on disk under a working name before anybody looks at them.
pub(crate) async fn upload(
    State(site): S,
    asking: Asking,
    form: Result<Multipart, axum::extract::multipart::MultipartRejection>,
) -> Response {
    if let Err(turned_away) = admitted::<authz::Import>(&site, &asking).await {
        return turned_away;
    }
    let Ok(mut form) = form else { return run(site, asking, |_, _| Err(Trouble::Bad("web-trouble-form"))).await };
    let mut files = Vec::new();
    loop {
        match form.next_field().await {
            Ok(None) => break,
            Ok(Some(field)) if field.name() == Some("berkas") && field.file_name().is_some_and(|n| !n.is_empty()) => {
                match arrive(&site, field, "web-import-too-large").await {
                    Ok(file) => files.push(file),
                    Err(trouble) => return run(site, asking, move |_, _| Err(trouble)).await,
                }
            }
            Ok(Some(_)) => {}
            Err(_) => return run(site, asking, |_, _| Err(Trouble::Bad("web-import-too-large"))).await,
        }
    }
    run(site, asking, move |s, c| imports::arrived(s, c, files)).await
}

/// A map of districts.
pub(crate) async fn upload_map(
    State(site): S,
    asking: Asking,
    form: Result<Multipart, axum::extract::multipart::MultipartRejection>,
) -> Response {
    if let Err(turned_away) = admitted::<authz::Setting>(&site, &asking).await {
        return turned_away;
    }
    let (mut file, mut removes) = (None, false);
    if let Ok(mut form) = form {
        while let Ok(Some(field)) = form.next_field().await {
            match field.name() {
                Some("peta") => file = named_bytes(field).await,
                Some("tindakan") => removes = field.text().await.is_ok_and(|t| t == "hapus"),
                _ => {}
            }
        }
    }
    run(site, asking, move |s, c| city_map::arrived(s, c, removes, file)).await
}

/// A small file with its name, without the folder a browser may send.
async fn named_bytes(field: axum::extract::multipart::Field<'_>) -> Option<(String, Vec<u8>)> {
    let name = field.file_name().unwrap_or_default().rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
    field.bytes().await.ok().map(|bytes| (name, bytes.to_vec()))
}

/// A document for a piece of evidence of an award.
pub(crate) async fn upload_award(
    State(site): S,
    asking: Asking,
    Path(id): Path<String>,
    form: Result<Multipart, axum::extract::multipart::MultipartRejection>,
) -> Response {
    if let Err(turned_away) = admitted::<authz::Award>(&site, &asking).await {
        return turned_away;
    }
    let (mut evidence, mut document) = (String::new(), None);
    if let Ok(mut form) = form {
        while let Ok(Some(field)) = form.next_field().await {
            match field.name() {
                Some("bukti") => evidence = field.text().await.unwrap_or_default(),
                Some("berkas") => document = named_bytes(field).await,
                _ => {}
            }
        }
    }
    run(site, asking, move |s, c| award::arrived(s, c, id.parse().map_err(|_| Trouble::NotFound)?, &evidence, document))
        .await
}

/// A complaint, with photos or without: browsers send the one, scripts the other.
pub(crate) async fn complain(State(site): S, asking: Asking, request: Request) -> Response {
    let refused = |name: &'static str| move |_: &Site, _: &Caller| Err(Trouble::Bad(name));
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if !kind.starts_with("multipart/form-data") {
        let Typed(typed) = match Typed::<complaint::Typed>::from_request(request, &site).await {
            Ok(typed) => typed,
            Err(never) => match never {},
        };
        return run(site, asking, move |s, c| {
            complaint::send(s, c, &typed.ok_or(Trouble::Bad("web-trouble-form"))?, &[])
        })
        .await;
    }
    let Ok(mut form) = Multipart::from_request(request, &site).await else {
        return run(site, asking, refused("web-trouble-form")).await;
    };
    let (mut typed, mut photos) = (complaint::Typed::default(), Vec::new());
    loop {
        match form.next_field().await {
            Ok(None) => break,
            Ok(Some(field)) if field.name() == Some("foto") => match field.bytes().await {
                // A form without a photo sends an empty one.
                Ok(bytes) if bytes.is_empty() => {}
                Ok(bytes) => photos.push(bytes.to_vec()),
                Err(_) => return run(site, asking, refused("complaint-large-photo")).await,
            },
            Ok(Some(field)) => {
                let name = field.name().unwrap_or_default().to_owned();
                match field.text().await {
                    Ok(text) if text.len() <= FORM_BYTES_MAX => typed.set(&name, text),
                    _ => return run(site, asking, refused("web-trouble-form")).await,
                }
            }
            Err(_) => return run(site, asking, refused("complaint-large-photo")).await,
        }
    }
    run(site, asking, move |s, c| complaint::send(s, c, &typed, &photos)).await
}

/// A list of workers for a project, by whoever may change who stands there.
pub(crate) async fn upload_roster(
    State(site): S,
    asking: Asking,
    Path(code): Path<String>,
    form: Result<Multipart, axum::extract::multipart::MultipartRejection>,
) -> Response {
    if let Err(turned_away) = admitted::<authz::Person>(&site, &asking).await {
        return turned_away;
    }
    let Ok(mut form) = form else { return run(site, asking, |_, _| Err(Trouble::Bad("web-trouble-form"))).await };
    let (mut files, mut day) = (Vec::new(), String::new());
    loop {
        match form.next_field().await {
            Ok(None) => break,
            Ok(Some(field)) if field.name() == Some("berkas") && field.file_name().is_some_and(|n| !n.is_empty()) => {
                match arrive(&site, field, "roster-too-large").await {
                    Ok(file) => files.push(file),
                    Err(trouble) => return run(site, asking, move |_, _| Err(trouble)).await,
                }
            }
            Ok(Some(field)) if field.name() == Some("hari") => day = field.text().await.unwrap_or_default(),
            Ok(Some(_)) => {}
            Err(_) => return run(site, asking, |_, _| Err(Trouble::Bad("roster-too-large"))).await,
        }
    }
    run(site, asking, move |s, c| roster_list::arrived(s, c, &code, &day, files)).await
}

/// Writes a file as it comes; `too_large` is the sentence for one that is larger than its address takes.
async fn arrive(
    site: &Arc<Site>,
    mut field: axum::extract::multipart::Field<'_>,
    too_large: &'static str,
) -> Result<Arrived, Trouble> {
    let name = field.file_name().unwrap_or_default().rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
    let path = site.desk.uploads()?.join(format!("tmp-{}", app::desk::hex(&app::desk::Desk::token()?[..8])));
    let io = |e: std::io::Error| Trouble::Fault(app::Fault(e.to_string()));
    let mut file = std::fs::File::create(&path).map_err(io)?;
    let mut hasher = blake3::Hasher::new();
    let mut bytes = 0u64;
    loop {
        match field.chunk().await {
            Ok(None) => break,
            Ok(Some(chunk)) => {
                bytes += chunk.len() as u64;
                hasher.update(&chunk);
                std::io::Write::write_all(&mut file, &chunk).map_err(io)?;
            }
            Err(_) => {
                let _ = std::fs::remove_file(&path);
                return Err(Trouble::Bad(too_large));
            }
        }
    }
    Ok(Arrived { path, digest: hasher.finalize().to_hex().to_string(), name, bytes })
}
