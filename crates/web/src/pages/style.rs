//! Every piece of the design on one page.

use crate::answer::{Answer, Outcome};
use crate::caller::Caller;
use crate::frame::Frame;
use crate::pages::STATES;
use crate::site::Site;
use askama::Template;

#[derive(Template)]
#[template(path = "style.html")]
struct Page {
    f: Frame,
    states: [&'static str; 8],
}

/// `/gaya`
pub(crate) fn page(site: &Site, caller: &Caller) -> Outcome {
    Ok(Answer::Page(Page { f: Frame::of(site, caller, "web-style-title", ""), states: STATES }.render()?))
}
