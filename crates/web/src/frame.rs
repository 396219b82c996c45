//! What every page stands in: head, navigation, words and figures in the reader's language.

use crate::caller::Caller;
use crate::site::Site;
use app::Language;
use app::words;
use authz::{Action, Actor, Resource, may};
use kernel::Date;

/// One entry of the navigation.
pub(crate) struct NavItem {
    pub(crate) href: &'static str,
    pub(crate) text: String,
    pub(crate) here: bool,
}

/// Entries under one word; an entry that stands alone has none.
pub(crate) struct NavGroup {
    pub(crate) word: String,
    pub(crate) here: bool,
    pub(crate) items: Vec<NavItem>,
}

/// The frame.
pub(crate) struct Frame {
    pub(crate) language: Language,
    pub(crate) title: String,
    pub(crate) nav: Vec<NavGroup>,
    pub(crate) who: String,
    pub(crate) path: String,
    pub(crate) made_up: bool,
    pub(crate) as_of: String,
    pub(crate) css: &'static str,
    pub(crate) js: &'static str,
    /// Who reads it.
    actor: Actor,
}

/// The right that shows an entry; none: everybody.
pub(crate) type Right = Option<(Action, Resource)>;

/// A page of the navigation: address, word, right.
type Place = (&'static str, &'static str, Right);

/// The navigation: what is used every day stands alone, the rest under a word.
const NAV: [(&str, &[Place]); 6] = [
    (
        "",
        &[
            ("/hari-ini", "web-nav-today", Some((Action::Read, Resource::Project))),
            ("/proyek", "web-nav-projects", Some((Action::Read, Resource::Project))),
            ("/temuan", "web-nav-findings", Some((Action::Read, Resource::Finding))),
            ("/surat-masuk", "mail-title", Some((Action::Read, Resource::Mail))),
            ("/pasangan", "web-nav-matches", Some((Action::Read, Resource::Match))),
            ("/impor", "web-nav-imports", Some((Action::Read, Resource::Import))),
        ],
    ),
    (
        "web-nav-cases",
        &[
            ("/surat", "web-nav-letters", Some((Action::Read, Resource::Letter))),
            ("/aduan", "complaint-list", Some((Action::Read, Resource::Complaint))),
            ("/kecelakaan", "accident-list", Some((Action::Read, Resource::Accident))),
        ],
    ),
    (
        "web-nav-outside",
        &[
            ("/rentan", "web-nav-vulnerable", Some((Action::Read, Resource::Vulnerable))),
            ("/donasi", "web-nav-donation", Some((Action::Read, Resource::Donation))),
            ("/mobil", "web-nav-outreach", Some((Action::Read, Resource::Outreach))),
            ("/bimtek", "web-nav-training", Some((Action::Read, Resource::Training))),
        ],
    ),
    (
        "web-nav-steer",
        &[
            ("/dasbor", "web-nav-dashboard", Some((Action::Read, Resource::Figure))),
            ("/cakupan", "web-nav-coverage", Some((Action::Read, Resource::Coverage))),
            ("/akhir-tahun", "web-nav-surge", Some((Action::Read, Resource::Coverage))),
            ("/kerja", "web-nav-worklist", Some((Action::Read, Resource::Worklist))),
            ("/rapat", "web-nav-meeting", Some((Action::Read, Resource::Meeting))),
            ("/paritrana", "web-nav-award", Some((Action::Read, Resource::Award))),
        ],
    ),
    ("web-nav-rules", &[("/kalkulator", "web-nav-calculator", None), ("/hukum", "web-nav-law", None)]),
    (
        "web-nav-manage",
        &[
            ("/orang", "web-nav-members", Some((Action::Read, Resource::Member))),
            ("/jejak", "web-nav-audit", Some((Action::Read, Resource::Audit))),
        ],
    ),
];

/// Where somebody who is signed in manages what is theirs.
const MANAGE: &str = "/kelola";

impl Frame {
    /// The frame of a page; `here` is its place in the navigation.
    pub(crate) fn of(site: &Site, caller: &Caller, title: &str, here: &str) -> Self {
        let picture = site.desk.read(|s| s.picture().map_err(app::Fault::from)).ok().flatten();
        let mut frame = Self::plain(caller.language(), title);
        let is_signed = caller.signed.as_ref().is_some_and(|s| s.full);
        for (word, places) in NAV {
            let seen = |right: &Right| right.is_none_or(|(action, resource)| may(&caller.actor, action, resource));
            let item = |&(href, word, _): &Place| NavItem { href, text: frame.t(word), here: href == here };
            let mut items: Vec<NavItem> = places.iter().filter(|(.., right)| seen(right)).map(item).collect();
            if word == "web-nav-manage" && is_signed {
                items.insert(0, NavItem { href: MANAGE, text: frame.t("web-nav-manage"), here: here == MANAGE });
            }
            // A word over one entry only hides it.
            if word.is_empty() || items.len() < 2 {
                let alone = |i: NavItem| NavGroup { word: String::new(), here: i.here, items: vec![i] };
                frame.nav.extend(items.into_iter().map(alone));
            } else {
                let here = items.iter().any(|i| i.here);
                frame.nav.push(NavGroup { word: frame.t(word), here, items });
            }
        }
        frame.actor = caller.actor.clone();
        caller.name().clone_into(&mut frame.who);
        caller.asking.path.clone_into(&mut frame.path);
        if let Some(picture) = picture {
            frame.made_up = picture.body.contains("\"made_up\":true");
            frame.as_of = frame.date(&picture.as_of);
        }
        frame
    }

    /// A frame without a person and without data.
    pub(crate) fn plain(language: Language, title: &str) -> Self {
        Self {
            language,
            title: phrases::say_named(language, title, &[]),
            nav: Vec::new(),
            who: String::new(),
            path: "/".to_owned(),
            made_up: false,
            as_of: String::new(),
            css: crate::assets::CSS.address,
            js: crate::assets::JS.address,
            actor: Actor::public(),
        }
    }

    /// Code of the language.
    pub(crate) fn lang(&self) -> &'static str {
        self.language.code()
    }

    /// The address that shows this page in the other language.
    pub(crate) fn other_language(&self) -> String {
        let other = if self.language == Language::English { "id" } else { "en" };
        format!("/bahasa/{other}?ke={}", percent(&self.path))
    }

    /// A sentence without arguments.
    pub(crate) fn t(&self, name: &str) -> String {
        phrases::say_named(self.language, name, &[])
    }

    /// A sentence with one argument.
    pub(crate) fn t1(&self, name: &str, argument: &str, value: &str) -> String {
        phrases::say_named(self.language, name, &[(argument, value)])
    }

    /// The word of a code, such as `state-` and `exposed`.
    pub(crate) fn word(&self, prefix: &str, code: &str) -> String {
        phrases::say_named(self.language, &format!("{prefix}{code}"), &[])
    }

    /// May the reader open a page? What they may not stands without a link.
    pub(crate) fn leads(&self, page: &str) -> bool {
        crate::addresses::may_open(&self.actor, page)
    }

    /// A count.
    pub(crate) fn n(&self, count: &i64) -> String {
        words::count_text(count.unsigned_abs(), self.language)
    }

    /// A count.
    pub(crate) fn u(&self, count: &u64) -> String {
        words::count_text(*count, self.language)
    }

    /// Tenths as a number with one place, or none where it is whole.
    pub(crate) fn tenths(&self, tenths: u64) -> String {
        words::tenths_text(tenths, self.language)
    }

    /// Rupiah; a dash for zero, which stands for "not known" in the lists.
    pub(crate) fn rp(&self, amount: &i64) -> String {
        if *amount == 0 {
            "–".to_owned()
        } else {
            format!("Rp{}", words::rupiah_text(kernel::Rupiah(*amount), self.language))
        }
    }

    /// Rupiah where there is an amount.
    pub(crate) fn rp_of(&self, amount: &Option<i64>) -> String {
        amount.map_or_else(|| "–".to_owned(), |a| self.rp(&a))
    }

    /// An ISO day as people write it; a dash for none.
    pub(crate) fn date(&self, iso: &str) -> String {
        match iso.get(..10).unwrap_or(iso).parse::<Date>() {
            Ok(day) => words::long_date(day, self.language),
            Err(_) => "–".to_owned(),
        }
    }

    /// A UTC moment as a day and minute in Jakarta.
    pub(crate) fn moment(&self, utc: &str) -> String {
        words::jakarta_moment(utc, self.language)
    }
}

/// An address within an address.
pub(crate) fn percent(text: &str) -> String {
    text.bytes()
        .map(|b| match b {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => char::from(b).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect()
}

/// A place to go to after something: only within this site.
pub(crate) fn within_site(to: &str) -> &str {
    // A browser passes over tabs and line ends: "/\t/elsewhere" is "//elsewhere" to it.
    let inside = to.starts_with('/') && !to.starts_with("//") && !to.contains(|c: char| c == '\\' || c.is_control());
    if inside { to } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_elsewhere() {
        assert_eq!(within_site("/proyek?q=a"), "/proyek?q=a");
        for bad in
            ["//evil.id", "https://evil.id", "/\\evil.id", "evil", "/a\r\nSet-Cookie: x", "/\t/evil.id", "/\u{1}"]
        {
            assert_eq!(within_site(bad), "/", "{bad}");
        }
    }

    /// Every `t("...")` of a template names a sentence; sentences made of a prefix are tested where they are made.
    #[test]
    fn templates_say_only_what_is_written() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/templates");
        let mut seen = 0;
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap();
            for call in ["f.t(\"", "f.t1(\""] {
                for piece in text.split(call).skip(1) {
                    let name = piece.split('"').next().unwrap();
                    assert!(phrases::Key::find(name).is_some(), "{}: {name}", path.display());
                    seen += 1;
                }
            }
        }
        assert!(seen > 50);
        for (word, places) in NAV {
            for word in places.iter().map(|(_, word, _)| *word).chain([word]).filter(|w| !w.is_empty()) {
                assert!(phrases::Key::find(word).is_some(), "{word}");
            }
        }
    }
}
