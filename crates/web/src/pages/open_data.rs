//! Open data: what everybody may take away, and in which shape.

use crate::answer::{Answer, Outcome};
use crate::caller::Caller;
use crate::frame::Frame;
use crate::site::Site;
use app::open_data;
use askama::Template;
use authz::{Coverage, Export, PublicProject};

#[derive(Template)]
#[template(path = "open_data.html")]
struct Page {
    f: Frame,
}

/// GET `/data-terbuka`
pub(crate) fn page(site: &Site, caller: &Caller) -> Outcome {
    caller.permit::<Export, PublicProject>()?;
    Ok(Answer::Page(Page { f: Frame::of(site, caller, "open-title", "") }.render()?))
}

/// GET `/data-terbuka/angka.csv`
pub(crate) fn figures(site: &Site, caller: &Caller) -> Outcome {
    caller.permit::<Export, PublicProject>()?;
    Ok(Answer::File("angka.csv".to_owned(), "text/csv; charset=utf-8", open_data::figures(&site.desk)?))
}

/// GET `/data-terbuka/cakupan.csv`
pub(crate) fn coverage(site: &Site, caller: &Caller) -> Outcome {
    let permit = caller.permit::<Export, Coverage>()?;
    let csv = open_data::coverage(&site.desk, &permit)?;
    Ok(Answer::File("cakupan.csv".to_owned(), "text/csv; charset=utf-8", csv))
}
