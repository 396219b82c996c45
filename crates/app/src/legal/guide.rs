//! What each role has to do, by the law of one day: two pages for the wall of an office or the door of a site hut.
//!
//! The sentences are ours and hold no figure; every term, rate and amount comes from the law data, with its article, and with the other readings where there
//! are some. A city whose circular binds a gate prints its own guide by that alone.

use super::data::value_text;
use super::say::{basis, declined, pick};
use crate::words::{long_date, percent_text};
use crate::{Fault, Language, Refused};
use kernel::{Date, Exact};
use law::{Bracket, Declined, Law, LawGap, Value};
use letters::{Part, Sheet};
use phrases::say_named;
use serde::Serialize;

/// For whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Commitment officer.
    Ppk,
    /// Firm that builds.
    Contractor,
    /// Planning and supervising consultant.
    Consultant,
    /// Finance clerk who pays.
    Treasury,
    /// Whoever works there.
    Worker,
}

impl Role {
    /// In the order they are listed.
    pub const ALL: [Role; 5] = [Role::Ppk, Role::Contractor, Role::Consultant, Role::Treasury, Role::Worker];

    /// In addresses and commands.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Role::Ppk => "ppk",
            Role::Contractor => "contractor",
            Role::Consultant => "consultant",
            Role::Treasury => "treasury",
            Role::Worker => "worker",
        }
    }

    /// The role of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.name() == name)
    }

    /// Its duties, in order.
    pub(super) fn duties(self) -> impl Iterator<Item = &'static Duty> {
        self.sections().iter().flat_map(|s| s.duties)
    }

    fn sections(self) -> &'static [Section] {
        match self {
            Role::Ppk => PPK,
            Role::Contractor => CONTRACTOR,
            Role::Consultant => CONSULTANT,
            Role::Treasury => TREASURY,
            Role::Worker => WORKER,
        }
    }
}

/// A duty: its sentence `guide-CODE`, and what the law says for the sentence's words. A word without a name is only cited.
#[derive(Clone, Copy)]
pub(super) struct Duty {
    pub(super) code: &'static str,
    pub(super) law: &'static [(&'static str, &'static str)],
}

/// Duties of one moment: its head `guide-head-MOMENT`.
struct Section {
    moment: &'static str,
    duties: &'static [Duty],
}

const fn duty(code: &'static str, law: &'static [(&'static str, &'static str)]) -> Duty {
    Duty { code, law }
}

const fn section(moment: &'static str, duties: &'static [Duty]) -> Section {
    Section { moment, duties }
}

const REGISTER: Duty = duty("register", &[("term", "deadline/registration"), ("", "jakon/duty")]);
const CERTIFICATE: Duty = duty("certificate", &[("term", "deadline/certificate"), ("", "jakon/certificate")]);
const INSTALMENTS: Duty = duty("instalments", &[("parts", "jakon/instalments")]);
const ONE_REGISTRATION: Duty = duty("one-registration", &[("", "jakon/one_registration")]);
const TRUE_DATA: Duty = duty("true-data", &[("", "jakon/true_data")]);
const ROSTER: Duty = duty("roster", &[("term", "deadline/roster-change")]);
const NEW_WORKER: Duty = duty("new-worker", &[("term", "deadline/new-worker")]);
const LATE_FEE: Duty = duty("late-fee", &[("rate", "jakon/late_fee_rate")]);
const UNPROTECTED: Duty = duty("unprotected", &[("", "jakon/employer_pays")]);
const ACCIDENT_FIRST: Duty = duty("accident-first", &[("term", "deadline/accident-stage-1")]);
const ACCIDENT_SECOND: Duty = duty("accident-second", &[("term", "deadline/accident-stage-2")]);
const LATE_REPORT: Duty = duty("late-report", &[("payer", "benefit/payer_late_report")]);
const TREATMENT: Duty = duty("treatment", &[("", "benefit/treatment")]);
const WARNINGS: Duty = duty(
    "warnings",
    &[
        ("count", "sanction/warnings"),
        ("term", "sanction/warning"),
        ("", "sanction/fine_rate"),
        ("", "sanction/services"),
    ],
);
const GATE_ADVANCE: Duty = duty("gate-advance", &[("level", "gate/advance-first-paid")]);
const GATE_INSTALMENT: Duty = duty("gate-instalment", &[("level", "gate/instalment-paid-share")]);
const GATE_BALANCE: Duty = duty("gate-balance", &[("level", "gate/balance-paid-all")]);
const SLIP: Duty = duty("slip", &[("days", "gate/slip_days")]);
const ADDENDUM: Duty = duty("addendum", &[("level", "gate/addendum-value-covered"), ("", "jakon/addendum")]);
const EXTENSION: Duty = duty("extension", &[("level", "gate/addendum-period-covered"), ("", "jakon/extension")]);

const PPK: &[Section] = &[
    section("contract", &[duty("gate-contract", &[("level", "gate/contract-line")]), ONE_REGISTRATION]),
    section("start", &[duty("gate-start", &[("level", "gate/start-order-registered")]), REGISTER, CERTIFICATE]),
    section("change", &[ADDENDUM, EXTENSION]),
    section("pay", &[GATE_ADVANCE, GATE_INSTALMENT, GATE_BALANCE, SLIP]),
    section("finish", &[duty("gate-handover", &[("level", "gate/handover-paid-all")])]),
    section("otherwise", &[WARNINGS, UNPROTECTED]),
];

const CONTRACTOR: &[Section] = &[
    section("start", &[REGISTER, TRUE_DATA, INSTALMENTS, CERTIFICATE, ONE_REGISTRATION]),
    section("work", &[NEW_WORKER, ROSTER, ADDENDUM, EXTENSION]),
    section("accident", &[TREATMENT, ACCIDENT_FIRST, ACCIDENT_SECOND, LATE_REPORT]),
    section("pay", &[GATE_ADVANCE, GATE_INSTALMENT, GATE_BALANCE]),
    section("otherwise", &[LATE_FEE, WARNINGS, UNPROTECTED]),
];

const CONSULTANT: &[Section] = &[
    section("start", &[duty("consultant", &[("", "jakon/duty_consultants")]), REGISTER, TRUE_DATA, INSTALMENTS]),
    section("work", &[NEW_WORKER, ROSTER]),
    section("accident", &[ACCIDENT_FIRST, ACCIDENT_SECOND, LATE_REPORT]),
    section("otherwise", &[LATE_FEE, WARNINGS, UNPROTECTED]),
];

const TREASURY: &[Section] = &[
    section("pay", &[GATE_ADVANCE, GATE_INSTALMENT, GATE_BALANCE]),
    section("check", &[SLIP, INSTALMENTS, CERTIFICATE]),
    section("change", &[ADDENDUM, EXTENSION]),
    section("otherwise", &[LATE_FEE, WARNINGS]),
];

const WORKER: &[Section] = &[
    section(
        "start",
        &[
            duty("worker-covered", &[("", "jakon/duty")]),
            duty("worker-contribution", &[("", "jakon/jkk_wage_rate"), ("", "jakon/jkk_scale")]),
        ],
    ),
    section("check", &[duty("worker-check", &[]), duty("worker-complain", &[])]),
    section(
        "accident",
        &[
            duty("worker-report", &[("term", "deadline/accident-stage-1")]),
            TREATMENT,
            duty("worker-wages", &[("scale", "benefit/incapacity_blocks")]),
            UNPROTECTED,
        ],
    ),
    section(
        "family",
        &[
            duty("worker-death", &[("amount", "benefit/death_floor")]),
            duty("worker-death-other", &[("amount", "benefit/jkm_lump")]),
            duty("worker-claim", &[("term", "deadline/claim")]),
        ],
    ),
];

/// One duty, said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Said {
    /// The sentence.
    pub text: String,
    /// Articles, marked where we are not sure.
    pub basis: Vec<String>,
    /// Other readings of the law: what each gives, why, and where it stands.
    pub other: Vec<String>,
}

/// Duties of one moment, said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Moment {
    /// Head.
    pub head: String,
    /// In order.
    pub duties: Vec<Said>,
}

/// A guide.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Guide {
    /// For whom.
    pub role: Role,
    /// The same, in words.
    pub title: String,
    /// Whose law it is: of which day.
    pub on: Date,
    /// In order.
    pub moments: Vec<Moment>,
}

/// The guide of a role by the law of a day.
///
/// # Errors
/// A sentence where the law says nothing on that day.
pub fn guide(role: Role, on: Date, law: &Law, language: Language) -> Result<Guide, Refused> {
    let moment = |s: &Section| -> Result<Moment, LawGap> {
        let duties = s.duties.iter().map(|d| said(d, on, law, language)).collect::<Result<_, _>>()?;
        Ok(Moment { head: say_named(language, &format!("guide-head-{}", s.moment), &[]), duties })
    };
    let moments: Result<Vec<Moment>, LawGap> = role.sections().iter().map(moment).collect();
    let moments = moments.map_err(|gap| declined(&Declined::from(gap), law, language))?;
    Ok(Guide { role, title: say_named(language, &format!("guide-title-{}", role.name()), &[]), on, moments })
}

fn said(duty: &Duty, on: Date, law: &Law, language: Language) -> Result<Said, LawGap> {
    let (mut arguments, mut articles, mut other) = (Vec::new(), Vec::new(), Vec::new());
    for (name, path) in duty.law {
        let readings = law.at(on).readings(path)?;
        let unit = law.parameter(path).map(|p| p.unit);
        let word = |value: &Value| match (value, *name, unit) {
            (Value::Choice(choice), "level", _) => say_named(language, &format!("guide-level-{choice}"), &[]),
            (Value::Choice(choice), ..) => say_named(language, &format!("word-{choice}"), &[]),
            (Value::Scale(scale), ..) => scale_text(scale, language),
            (value, _, Some(unit)) => value_text(value, unit, language),
            _ => String::new(),
        };
        for (i, reading) in readings.iter().enumerate() {
            let article = basis(&reading.citation, reading.confidence, language);
            if i == 0 {
                arguments.push((*name, word(&reading.value)));
                if !articles.contains(&article) {
                    articles.push(article);
                }
            } else {
                let why = reading.why.as_ref().map_or("", |w| pick(w, language));
                let value = word(&reading.value);
                let arguments = [("value", value.as_str()), ("why", why), ("basis", &article)];
                other.push(say_named(language, "guide-other", &arguments));
            }
        }
    }
    let arguments: Vec<(&str, &str)> =
        arguments.iter().filter(|(name, _)| !name.is_empty()).map(|(n, v)| (*n, v.as_str())).collect();
    Ok(Said { text: say_named(language, &format!("guide-{}", duty.code), &arguments), basis: articles, other })
}

/// A scale of months, as somebody who is ill reads it.
fn scale_text(scale: &[Bracket], language: Language) -> String {
    let step = |b: &Bracket| {
        let rate = format!("{} %", percent_text(Exact::whole(b.ppm), language));
        match b.up_to {
            Some(month) => say_named(language, "guide-scale-to", &[("month", &month.to_string()), ("rate", &rate)]),
            None => say_named(language, "guide-scale-rest", &[("rate", &rate)]),
        }
    };
    scale.iter().map(step).collect::<Vec<_>>().join(", ")
}

/// The guide on paper, A4 on both sides, and how many pages it takes.
///
/// # Errors
/// [`Fault`] of the typesetter.
pub fn pdf(guide: &Guide, language: Language) -> Result<(Vec<u8>, usize), Fault> {
    let say = |key: &str, arguments: &[(&str, &str)]| say_named(language, key, arguments);
    let day = long_date(guide.on, language);
    let parts = guide.moments.iter().map(|m| Part {
        head: m.head.clone(),
        items: m.duties.iter().map(|d| (d.text.clone(), d.basis.join("; "), d.other.clone())).collect(),
    });
    let sheet = Sheet {
        language: language.code().to_owned(),
        title: guide.title.clone(),
        subtitle: say("guide-subtitle", &[("date", &day)]),
        parts: parts.collect(),
        foot: say("guide-foot", &[]),
        page: say("letter-label-page", &[]),
    };
    let (year, month, day) = (guide.on.year().into(), guide.on.month().unsigned_abs(), guide.on.day().unsigned_abs());
    sheet.pdf((year, month, day)).map_err(|e| Fault(e.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LANGUAGES: [Language; 2] = [Language::Indonesian, Language::English];

    fn every() -> impl Iterator<Item = (Role, Language)> {
        Role::ALL.into_iter().flat_map(|role| LANGUAGES.map(|language| (role, language)))
    }

    #[test]
    fn every_guide_speaks_and_cites() {
        let on = "2026-11-26".parse().unwrap();
        for (role, language) in every() {
            assert_eq!(Role::named(role.name()), Some(role));
            let g = guide(role, on, Law::builtin(), language).unwrap();
            assert!(!g.title.starts_with("guide-") && g.moments.len() >= 4, "{role:?}");
            for (m, s) in g.moments.iter().zip(role.sections()) {
                assert!(!m.head.starts_with("guide-"), "{}", m.head);
                for (said, duty) in m.duties.iter().zip(s.duties) {
                    assert!(
                        !said.text.starts_with("guide-") && !said.text.contains(['{', '\u{2068}']),
                        "{}",
                        said.text
                    );
                    assert!(!said.text.contains("word-") && !said.text.contains("guide-level-"), "{}", said.text);
                    assert_eq!(said.basis.is_empty(), duty.law.is_empty(), "{}", said.text);
                }
            }
        }
    }

    /// A figure in a sentence of ours would stay when the law changes.
    #[test]
    fn no_sentence_of_ours_holds_a_figure() {
        for (role, language) in every() {
            for duty in role.sections().iter().flat_map(|s| s.duties) {
                let blank: Vec<(&str, &str)> = duty.law.iter().map(|(name, _)| (*name, "–")).collect();
                let text = say_named(language, &format!("guide-{}", duty.code), &blank);
                assert!(!text.contains(|c: char| c.is_ascii_digit()), "{text}");
                for (name, _) in duty.law.iter().filter(|(name, _)| !name.is_empty()) {
                    assert!(text.contains('–'), "{name} is said: {text}");
                }
            }
        }
    }

    #[test]
    fn the_law_of_the_day_and_of_the_city_speaks() {
        let text = |role, on: &str, law: &Law| {
            let g = guide(role, on.parse().unwrap(), law, Language::Indonesian).unwrap();
            serde_json::to_string(&g).unwrap()
        };
        assert!(text(Role::Worker, "2018-01-01", Law::builtin()).contains("16.200.000"));
        assert!(text(Role::Worker, "2026-11-26", Law::builtin()).contains("20.000.000"));
        let contractor = text(Role::Contractor, "2026-11-26", Law::builtin());
        assert!(
            contractor.contains("14 hari kerja") && contractor.contains("30 hari kerja"),
            "both readings of a change of workers"
        );
        let circular = "path: gate/advance-first-paid\nvalues:\n  - from: 2026-01-01\n    readings:\n      - id: edaran_kota\n        default: true\n        choice: hold\n        citation: { instrument: SE Wali Kota 12/2026, article: angka 4 }\n        confidence: instrument\n        checked: 2026-11-26\n";
        let city = super::super::lay(Law::builtin(), &[("edaran".into(), circular.into())]).unwrap();
        let (advice, hold) =
            (text(Role::Treasury, "2026-11-26", Law::builtin()), text(Role::Treasury, "2026-11-26", &city));
        assert!(!advice.contains("gerbang menahan") && hold.contains("gerbang menahan"), "{hold}");
        assert!(hold.contains("SE Wali Kota 12/2026"));
        assert!(guide(Role::Ppk, "2012-01-01".parse().unwrap(), Law::builtin(), Language::Indonesian).is_err());
    }

    #[test]
    fn on_paper_it_is_one_sheet() {
        for (role, language) in every() {
            let g = guide(role, "2026-11-26".parse().unwrap(), Law::builtin(), language).unwrap();
            let (bytes, pages) = pdf(&g, language).unwrap();
            assert!(bytes.starts_with(b"%PDF-") && pages <= 2, "{role:?} {language:?}: {pages} pages");
            assert_eq!(bytes, pdf(&g, language).unwrap().0, "the same to the byte");
        }
    }
}
