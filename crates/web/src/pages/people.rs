//! People on projects as figures: where they come from and what they are paid. Never a person; small groups by their size only.

use crate::answer::{Answer, Outcome};
use crate::caller::Caller;
use crate::frame::{Frame, percent};
use crate::pages::overview;
use crate::site::Site;
use app::desk::evidence::{PeopleCount, SMALL_GROUP};
use askama::Template;
use authz::{Figure, Read, Scope};

struct Row {
    name: String,
    href: String,
    people: String,
    known: String,
    local: String,
    resident: String,
    compared: String,
    below: String,
}

struct Group {
    title: String,
    of: String,
    rows: Vec<Row>,
}

#[derive(Template)]
#[template(path = "people.html")]
struct Page {
    f: Frame,
    place: String,
    groups: Vec<Group>,
    all: Row,
    labour: Vec<String>,
    reasons: Vec<(String, String)>,
}

/// GET `/dasbor/pekerja`
pub(crate) fn page(site: &Site, caller: &Caller) -> Outcome {
    let permit = caller.permit::<Read, Figure>()?;
    let f = Frame::of(site, caller, "people-title", "/dasbor");
    let mut o = overview(site)?.unwrap_or_default();
    let city = o.people_agencies.iter().fold([0; 8], |sum, (_, n)| std::array::from_fn(|i| sum[i] + n.0[i]));
    match permit.scope() {
        Scope::Agencies(own) => {
            o.people_agencies.retain(|(name, _)| own.contains(name));
            o.people_vendors.clear();
        }
        Scope::Districts(own) => {
            o.people_districts.retain(|(name, _)| own.contains(name));
            o.people_agencies.clear();
            o.people_vendors.clear();
        }
        Scope::City | Scope::Vendors(_) | Scope::Projects(_) => {}
    }
    let rows = |list: &[(String, PeopleCount)], field: &str| {
        let href = |name: &str| format!("/proyek?{field}={}", percent(name));
        list.iter().map(|(name, n)| row(&f, name, href(name), n.0)).collect()
    };
    let groups = [
        ("people-by-district", "web-col-district", rows(&o.people_districts, "kecamatan")),
        ("people-by-agency", "web-col-agency", rows(&o.people_agencies, "dinas")),
        ("people-by-vendor", "web-col-vendor", rows(&o.people_vendors, "q")),
    ];
    let groups = groups.into_iter().filter(|(_, _, rows): &(_, _, Vec<Row>)| !rows.is_empty());
    let view = Page {
        groups: groups.map(|(title, of, rows)| Group { title: f.t(title), of: f.t(of), rows }).collect(),
        labour: labour(&f, o.labour),
        reasons: o.labour_reasons.iter().map(|(r, n)| (f.word("labour-reason-", r), f.u(n))).collect(),
        all: row(&f, &f.t("people-all"), String::new(), city),
        place: o.place,
        f,
    };
    Ok(Answer::Page(view.render()?))
}

/// How rosters stand to what is usual, and how good the band is.
fn labour(f: &Frame, n: [u64; 5]) -> Vec<String> {
    let say = |name: &str, list: &[(&str, u64)]| {
        let list: Vec<(&str, String)> = list.iter().map(|(k, v)| (*k, f.u(v))).collect();
        let list: Vec<(&str, &str)> = list.iter().map(|(k, v)| (*k, v.as_str())).collect();
        phrases::say_named(f.language, name, &list)
    };
    let [below, inside, above, held, of] = n;
    let mut out = Vec::new();
    if below + inside + above > 0 {
        out.push(say("labour-figures", &[("below", below), ("inside", inside), ("above", above)]));
    }
    if of > 0 {
        out.push(say("labour-held-out", &[("inside", held), ("of", of)]));
    }
    out
}

/// A share in whole percent with the numbers behind it; of a small group nothing.
fn share(f: &Frame, part: u64, of: u64) -> String {
    if of < SMALL_GROUP {
        return "–".to_owned();
    }
    // Half a percent and more rounds up.
    format!("{} ({} %)", f.u(&part), (part * 200 + of) / (of * 2))
}

fn row(f: &Frame, name: &str, href: String, n: [u64; 8]) -> Row {
    let [all, known, local, compared, below, lenient, told, resident] = n;
    let size =
        |n: u64| if (1..SMALL_GROUP).contains(&n) { f.t1("people-few", "max", &f.u(&SMALL_GROUP)) } else { f.u(&n) };
    let low = share(f, below, compared);
    Row {
        name: name.to_owned(),
        href,
        people: size(all),
        known: size(known),
        local: share(f, local, known),
        resident: share(f, resident, told),
        compared: size(compared),
        below: if compared < SMALL_GROUP || below == lenient {
            low
        } else {
            format!("{low}; {}", f.t1("people-lenient", "count", &f.u(&lenient)))
        },
    }
}
