//! What every page stands in: head, navigation, words and figures in the reader's language.

use crate::caller::Caller;
use crate::site::Site;
use app::Language;
use app::words;
use authz::{Action, Resource, may};
use kernel::Date;

/// One entry of the navigation.
pub(crate) struct NavItem {
    pub(crate) href: &'static str,
    pub(crate) text: String,
    pub(crate) here: bool,
}

/// The frame.
pub(crate) struct Frame {
    pub(crate) language: Language,
    pub(crate) title: String,
    pub(crate) nav: Vec<NavItem>,
    pub(crate) who: String,
    pub(crate) path: String,
    pub(crate) made_up: bool,
    pub(crate) as_of: String,
    pub(crate) css: &'static str,
    pub(crate) js: &'static str,
}

/// The right that shows an entry; none: everybody.
pub(crate) type Right = Option<(Action, Resource)>;

/// Pages of the navigation: address, word, right.
const NAV: [(&str, &str, Right); 20] = [
    ("/hari-ini", "web-nav-today", Some((Action::Read, Resource::Project))),
    ("/proyek", "web-nav-projects", Some((Action::Read, Resource::Project))),
    ("/temuan", "web-nav-findings", Some((Action::Read, Resource::Finding))),
    ("/kecelakaan", "accident-list", Some((Action::Read, Resource::Accident))),
    ("/aduan", "complaint-list", Some((Action::Read, Resource::Complaint))),
    ("/surat", "web-nav-letters", Some((Action::Read, Resource::Letter))),
    ("/surat-masuk", "mail-title", Some((Action::Read, Resource::Mail))),
    ("/pasangan", "web-nav-matches", Some((Action::Read, Resource::Match))),
    ("/impor", "web-nav-imports", Some((Action::Read, Resource::Import))),
    ("/rentan", "web-nav-vulnerable", Some((Action::Read, Resource::Vulnerable))),
    ("/donasi", "web-nav-donation", Some((Action::Read, Resource::Donation))),
    ("/mobil", "web-nav-outreach", Some((Action::Read, Resource::Outreach))),
    ("/bimtek", "web-nav-training", Some((Action::Read, Resource::Training))),
    ("/rapat", "web-nav-meeting", Some((Action::Read, Resource::Meeting))),
    ("/cakupan", "web-nav-coverage", Some((Action::Read, Resource::Coverage))),
    ("/dasbor", "web-nav-dashboard", Some((Action::Read, Resource::Figure))),
    ("/kalkulator", "web-nav-calculator", None),
    ("/hukum", "web-nav-law", None),
    ("/orang", "web-nav-members", Some((Action::Read, Resource::Member))),
    ("/jejak", "web-nav-audit", Some((Action::Read, Resource::Audit))),
];

impl Frame {
    /// The frame of a page; `here` is its place in the navigation.
    pub(crate) fn of(site: &Site, caller: &Caller, title: &str, here: &str) -> Self {
        let picture = site.desk.read(|s| s.picture().map_err(app::Fault::from)).ok().flatten();
        let mut frame = Self::plain(caller.language(), title);
        frame.nav = NAV
            .iter()
            .filter(|(_, _, right)| right.is_none_or(|(action, resource)| may(&caller.actor, action, resource)))
            .map(|(href, word, _)| NavItem { href, text: frame.t(word), here: *href == here })
            .collect();
        if caller.signed.as_ref().is_some_and(|s| s.full) {
            frame.nav.push(NavItem { href: "/kelola", text: frame.t("web-nav-manage"), here: here == "/kelola" });
        }
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

    /// A count.
    pub(crate) fn n(&self, count: &i64) -> String {
        words::count_text(count.unsigned_abs(), self.language)
    }

    /// A count.
    pub(crate) fn u(&self, count: &u64) -> String {
        words::count_text(*count, self.language)
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
    let inside = to.starts_with('/') && !to.starts_with("//") && !to.contains(['\\', '\r', '\n']);
    if inside { to } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_elsewhere() {
        assert_eq!(within_site("/proyek?q=a"), "/proyek?q=a");
        for bad in ["//evil.id", "https://evil.id", "/\\evil.id", "evil", "/a\r\nSet-Cookie: x"] {
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
        for (_, word, _) in NAV {
            assert!(phrases::Key::find(word).is_some(), "{word}");
        }
    }
}
