//! Five questions on a role's duties, made from the law of a day and from the rules the gates use: no answer stands in a sentence of ours, each is worked
//! out by what a gate, a calculator or a guide would say. When the law or a city's circular changes, the right answers change with it.
//!
//! Three kinds: a made-up case put before a gate; a contribution, a term or a benefit worked out; a sentence of the role's guide with its figure left out.
//! What the readings of the law differ on is not asked: nobody fails on a question that lawyers argue about.

use super::data::value_text;
use super::guide::{Duty, Role};
use super::say::{basis, step_line};
use crate::words::{long_date, rupiah_text};
use crate::{Language, Refused};
use assess::gate::{Facts, Judged, Level, Moment, Standing, Verdict, judge, rules};
use kernel::date::add_days;
use kernel::money::grouped;
use kernel::{Date, Exact, Rupiah};
use law::benefit::{Cause, DeathFacts, Member, Wage, death};
use law::contribution::{Base, Case, by_contract_value, determine, total_of_gross};
use law::deadline::registration;
use law::{Law, Unit, Value};
use phrases::{say_named, say_with};
use serde::{Deserialize, Serialize};

/// Questions of a test.
pub const QUESTIONS: usize = 5;

/// Answers to choose from, where they are figures.
const OPTIONS: usize = 4;

/// A question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// What is asked.
    pub text: String,
    /// Answers to choose from, each other than the others.
    pub options: Vec<String>,
    /// Which of them is right.
    pub right: usize,
    /// Why, with articles.
    pub why: Vec<String>,
}

/// Numbers drawn from a seed: the same seed makes the same test by the same law.
struct Drawn(blake3::OutputReader);

impl Drawn {
    fn of(seed: &[u8]) -> Self {
        Self(blake3::Hasher::new_derive_key("payung 2026 questions of a test").update(seed).finalize_xof())
    }

    /// A number below another, which is small beside 2^64.
    fn below(&mut self, end: usize) -> usize {
        let mut bytes = [0u8; 8];
        self.0.fill(&mut bytes);
        usize::try_from(u64::from_le_bytes(bytes) % end.max(1) as u64).unwrap_or(0)
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}

/// Values tried until all readings of the law give one contribution: they differ in how programmes are rounded, which seldom shows.
const DRAWS: usize = 20;

/// A value small enough for one rate: 50 million rupiah.
const FIRST_SLICE: i64 = 50_000_000;

/// Whoever is asked, and by which law.
struct Asking<'a> {
    on: Date,
    law: &'a Law,
    language: Language,
}

/// The test of a role by the law of a day.
///
/// # Errors
/// A sentence where the law of that day says too little for a test.
pub fn quiz(role: Role, on: Date, seed: &[u8], law: &Law, language: Language) -> Result<Vec<Question>, Refused> {
    let asking = Asking { on, law, language };
    let mut drawn = Drawn::of(seed);
    let mut moments = moments(role).to_vec();
    drawn.shuffle(&mut moments);
    let mut duties: Vec<Duty> = role.duties().copied().collect();
    drawn.shuffle(&mut duties);
    let mut out: Vec<Question> = Vec::new();
    // At most two of the gates, then what is worked out, then sentences of the guide; the gates again where the guide has too few.
    let (first, rest) = moments.split_at(moments.len().min(2));
    out.extend(first.iter().filter_map(|m| asking.gate(*m, &mut drawn)));
    if role == Role::Worker {
        out.extend(asking.benefit(&mut drawn));
    } else {
        out.extend(asking.contribution(&mut drawn));
    }
    if matches!(role, Role::Ppk | Role::Contractor | Role::Consultant) {
        out.extend(asking.deadline(&mut drawn));
    }
    out.extend(duties.iter().filter_map(|duty| asking.left_out(duty, &mut drawn)).take(QUESTIONS));
    out.extend(rest.iter().filter_map(|m| asking.gate(*m, &mut drawn)));
    out.truncate(QUESTIONS);
    drawn.shuffle(&mut out);
    if out.len() < QUESTIONS {
        return Err(Refused(say_named(language, "quiz-too-little", &[])));
    }
    Ok(out)
}

/// Gates a role stands before.
fn moments(role: Role) -> &'static [Moment] {
    match role {
        Role::Ppk => &[Moment::Contract, Moment::StartOrder, Moment::Addendum, Moment::Handover],
        Role::Contractor | Role::Treasury => &[Moment::Advance, Moment::Instalment, Moment::Balance],
        Role::Consultant => &[Moment::Instalment, Moment::Balance],
        Role::Worker => &[],
    }
}

/// Right answers, as the gate gives them: what is only advised lets pass and is said.
const VERDICTS: [&str; 5] = ["pass", "advice", "condition", "hold", "unknown"];

fn verdict_of(judged: &Judged) -> &'static str {
    let unmet = judged.reasons.iter().any(|r| r.standing == Standing::Unmet);
    match judged.verdict {
        Verdict::Pass if unmet => "advice",
        other => other.name(),
    }
}

/// A contract value as they come: full five million rupiah.
fn value(drawn: &mut Drawn) -> i64 {
    5_000_000 * (20 + drawn.below(460) as i64)
}

impl Asking<'_> {
    fn say(&self, name: &str, arguments: &[(&str, String)]) -> String {
        say_with(self.language, name, arguments)
    }

    fn rp(&self, amount: i64) -> String {
        format!("Rp{}", rupiah_text(Rupiah(amount), self.language))
    }

    /// The contribution on a value without tax and how it came about; none where readings differ.
    fn due(&self, net: i64) -> Option<(i64, Vec<String>)> {
        let case = Case::new(Base::Net(Exact::whole(net)), self.on);
        let readings = determine(&case, self.law).ok()?;
        let total = readings.default().contribution.total;
        let agreed = readings.all.iter().all(|u| u.value.contribution.total == total);
        let sum = by_contract_value(Exact::whole(net), &self.law.at(self.on)).ok()?;
        agreed.then(|| (total.0, sum.steps.iter().map(|s| step_line(s, self.language)).collect()))
    }

    /// Puts the right answer among others that differ from it, in an order drawn by lot.
    fn question(
        &self,
        text: String,
        right: String,
        others: impl IntoIterator<Item = String>,
        why: Vec<String>,
        drawn: &mut Drawn,
    ) -> Option<Question> {
        let mut options = vec![right.clone()];
        for other in others {
            if options.len() < OPTIONS && !options.contains(&other) {
                options.push(other);
            }
        }
        if options.len() < 3 {
            return None;
        }
        drawn.shuffle(&mut options);
        let right = options.iter().position(|o| *o == right)?;
        Some(Question { text, options, right, why })
    }

    fn gate(&self, moment: Moment, drawn: &mut Drawn) -> Option<Question> {
        let value = value(drawn);
        // It is given in the question: under whichever reading of the tax, the gate compares with it.
        let due = total_of_gross(Exact::whole(value), &self.law.at(self.on)).ok()?.0;
        let rules = rules(moment, self.on, self.law);
        if rules.is_empty() {
            return None;
        }
        let until = add_days(self.on, 60)?;
        let state = drawn.below(5);
        let mut facts = Facts {
            day: self.on.to_string(),
            value: Some(value),
            end: Some(until.to_string()),
            due: Some(due),
            lists: [true, true],
            registrations: vec!["1".to_owned()],
            declared: Some(value),
            cover_until: Some(until.to_string()),
            paid: due,
            people: Some([20, 0]),
            line: Some(due),
            ..Facts::default()
        };
        let out = value / 10 * 3;
        (facts.paid_out, facts.asked) = match moment {
            Moment::Advance => (0, Some(out)),
            Moment::Instalment => (out, Some(out)),
            Moment::Balance => (out * 2, Some(value - out * 2)),
            _ => (0, None),
        };
        let (name, said) = match (moment, state) {
            (Moment::Contract, 0 | 1) => {
                facts.line = Some(due / 2);
                ("line-short", due / 2)
            }
            (Moment::Contract, _) => ("line", due),
            (Moment::Addendum, 0 | 1) => {
                facts.declared = Some(value / 10 * 8);
                ("declared-short", value / 10 * 8)
            }
            (Moment::Addendum, _) => ("declared", value),
            (_, 0) => {
                (facts.registrations, facts.declared, facts.cover_until, facts.paid) = (Vec::new(), None, None, 0);
                ("unregistered", 0)
            }
            (_, 1) => {
                facts.paid = 0;
                ("unpaid", 0)
            }
            (_, 2) => {
                facts.paid = due / 2;
                ("half", due / 2)
            }
            (_, 3) => {
                (facts.registrations, facts.lists[0], facts.paid) = (Vec::new(), false, 0);
                ("no-list", 0)
            }
            _ => ("paid", due),
        };
        let judged = judge(moment, &facts, &rules);
        let step = say_named(self.language, &format!("gate-moment-{}", moment.name()), &[]);
        let amount = facts.asked.map(|a| self.say("quiz-amount", &[("amount", self.rp(a))])).unwrap_or_default();
        let text = self.say(
            "quiz-gate",
            &[
                ("value", self.rp(value)),
                ("due", self.rp(due)),
                ("state", self.say(&format!("quiz-state-{name}"), &[("amount", self.rp(said))])),
                ("step", format!("{step}{amount}")),
            ],
        );
        let verdict = verdict_of(&judged);
        let why = judged.reasons.iter().map(|r| {
            let word = |prefix: &str, name: &str| say_named(self.language, &format!("{prefix}{name}"), &[]);
            let requirement = word("gate-requirement-", r.rule.requirement.name());
            let standing = word("gate-standing-", r.standing.name());
            let level = match r.standing {
                Standing::Unmet => format!("; {}", word("guide-level-", r.rule.level.name())),
                _ => String::new(),
            };
            format!("{requirement}: {standing}{level} ({}, {})", r.rule.instrument, r.rule.article)
        });
        Some(Question {
            text,
            options: VERDICTS.iter().map(|v| say_named(self.language, &format!("quiz-verdict-{v}"), &[])).collect(),
            right: VERDICTS.iter().position(|v| *v == verdict)?,
            why: why.collect(),
        })
    }

    fn contribution(&self, drawn: &mut Drawn) -> Option<Question> {
        let found = (0..DRAWS).find_map(|_| {
            let value = value(drawn);
            self.due(value).map(|(due, why)| (value, due, why))
        });
        let (value, due, why) = found?;
        let (value_said, date) = (self.rp(value), long_date(self.on, self.language));
        let text = self.say("quiz-contribution", &[("value", value_said), ("date", date)]);
        // What comes out where the rate of the first slice is put on all of it, and where a nought is lost.
        let slice = self.due(FIRST_SLICE).map(|(first, _)| first * (value / FIRST_SLICE));
        let others = slice.into_iter().chain([due * 2, due / 2, due * 10, due / 10]).map(|n| self.rp(n));
        self.question(text, self.rp(due), others.collect::<Vec<_>>(), why, drawn)
    }

    fn deadline(&self, drawn: &mut Drawn) -> Option<Question> {
        let order = add_days(self.on, -i32::try_from(drawn.below(200)).ok()?)?;
        // Orders are given on working days.
        let order = add_days(order, -i32::from(order.weekday().to_monday_zero_offset().saturating_sub(4)))?;
        let last = registration(order, self.law).ok()?;
        if last.strict.value != last.lenient {
            return None;
        }
        let text = self.say("quiz-deadline", &[("date", long_date(order, self.language))]);
        let day = |d: Date| long_date(d, self.language);
        // The same count without days off, a week, a month; and the order itself.
        let others = [14, 7, 30, 0].into_iter().filter_map(|n| add_days(order, n)).map(day);
        let why = last.strict.steps.iter().map(|s| step_line(s, self.language)).collect();
        self.question(text, day(last.strict.value), others.collect::<Vec<_>>(), why, drawn)
    }

    fn benefit(&self, drawn: &mut Drawn) -> Option<Question> {
        let wage = 100_000 * (30 + drawn.below(30) as i64);
        let facts = DeathFacts {
            member: Member::Jakon,
            cause: Cause::WorkAccident,
            wage: Some(Wage::Monthly(Exact::whole(wage))),
            children: Vec::new(),
            years_insured: None,
        };
        let all = self.law.under_every_reading(self.on, |law| death(&facts, law), |a, b| a.total == b.total).ok()?;
        if all.is_contested() {
            return None;
        }
        let benefit = all.default();
        let text = self.say("quiz-death", &[("wage", self.rp(wage))]);
        let total = benefit.total.0;
        let others = [total / 2, wage * 12, total * 2, wage * 24].map(|n| self.rp(n));
        let why = benefit.steps.iter().map(|s| step_line(s, self.language)).collect();
        self.question(text, self.rp(total), others, why, drawn)
    }

    /// A sentence of the guide without its one figure.
    fn left_out(&self, duty: &Duty, drawn: &mut Drawn) -> Option<Question> {
        let mut named = duty.law.iter().filter(|(name, _)| !name.is_empty());
        let ((name, path), None) = (named.next()?, named.next()) else { return None };
        let readings = self.law.at(self.on).readings(path).ok()?;
        let [reading] = readings else { return None };
        let unit = self.law.parameter(path)?.unit;
        let text = |value: &Value| match (value, *name) {
            (Value::Choice(choice), "level") => say_named(self.language, &format!("guide-level-{choice}"), &[]),
            (value, _) => value_text(value, unit, self.language),
        };
        let others = others(&reading.value, name, unit)?;
        let said = |word: &str| say_named(self.language, &format!("guide-{}", duty.code), &[(*name, word)]);
        let why = vec![format!(
            "{} ({})",
            said(&text(&reading.value)),
            basis(&reading.citation, reading.confidence, self.language)
        )];
        let question = self.say("quiz-left-out", &[("sentence", said("…"))]);
        let others = others.iter().map(text).collect::<Vec<_>>();
        self.question(question, text(&reading.value), others, why, drawn)
    }
}

/// Wrong values that look like a right one; none where there are no such.
fn others(right: &Value, name: &str, unit: Unit) -> Option<Vec<Value>> {
    let numbers = |n: i64, round: &[i64]| {
        let near = [n * 2, n / 2, n * 3];
        near.into_iter().chain(round.iter().copied()).filter(|m| *m > 0 && *m != n).collect::<Vec<i64>>()
    };
    match (right, unit) {
        (Value::Choice(_), _) if name == "level" => {
            Some(Level::ALL.iter().map(|l| Value::Choice(l.name().to_owned())).collect())
        }
        (Value::Term(term), _) => {
            let counts = numbers(i64::from(term.count), &[7, 14, 30]);
            let count = |n: i64| Some(Value::Term(law::model::Term { count: u32::try_from(n).ok()?, of: term.of }));
            counts.into_iter().map(count).collect()
        }
        (Value::Number(n), Unit::Rupiah | Unit::Ppm) => Some(numbers(*n, &[]).into_iter().map(Value::Number).collect()),
        (Value::Number(n), Unit::Days | Unit::Months | Unit::Years | Unit::Count) => {
            Some(numbers(*n, &[1, 7, 30]).into_iter().map(Value::Number).collect())
        }
        _ => None,
    }
}

/// A score as people write it: `4/5`.
#[must_use]
pub fn score_text(score: i64) -> String {
    format!("{}/{}", grouped(score, '.'), QUESTIONS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    const LANGUAGES: [Language; 2] = [Language::Indonesian, Language::English];

    fn on() -> Date {
        "2026-11-26".parse().unwrap()
    }

    #[test]
    fn every_role_gets_five_questions_with_one_right_answer_each() {
        let (mut texts, mut rights) = (BTreeSet::new(), BTreeSet::new());
        for role in Role::ALL {
            for language in LANGUAGES {
                for seed in 0..40u64 {
                    let made = quiz(role, on(), &seed.to_le_bytes(), Law::builtin(), language).unwrap();
                    assert_eq!(made.len(), QUESTIONS);
                    let asked: BTreeSet<&str> = made.iter().map(|q| q.text.as_str()).collect();
                    assert_eq!(asked.len(), QUESTIONS, "{role:?}: nothing is asked twice: {asked:?}");
                    for q in &made {
                        let options: BTreeSet<&String> = q.options.iter().collect();
                        assert_eq!(options.len(), q.options.len(), "{q:?}");
                        assert!(q.options.len() >= 3 && q.right < q.options.len() && !q.why.is_empty(), "{q:?}");
                        for text in q.options.iter().chain(&q.why).chain([&q.text]) {
                            let is_key =
                                ["quiz-", "guide-", "gate-", "step-", "word-"].iter().any(|k| text.contains(k));
                            assert!(!is_key && !text.contains(['{', '\u{2068}']), "{text}");
                        }
                        rights.insert(q.right);
                    }
                    texts.insert(made.iter().map(|q| q.text.clone()).collect::<Vec<_>>());
                }
            }
        }
        assert!(texts.len() > 390, "two seeds make two tests: {}", texts.len());
        assert!(rights.len() >= 4, "the right answer stands in every place: {rights:?}");
    }

    /// Under a circular that binds, the right answers are others, and the same seed asks the same.
    #[test]
    fn the_rules_of_the_city_make_the_answers() {
        let rule = |path: &str| {
            format!(
                "path: gate/{path}\nvalues:\n  - from: 2026-01-01\n    readings:\n      - id: edaran_kota\n        default: true\n        choice: hold\n        citation: {{ instrument: SE Wali Kota 12/2026, article: angka 4 }}\n        confidence: instrument\n        checked: 2026-11-26\n"
            )
        };
        let files: Vec<(String, String)> = ["advance-first-paid", "instalment-paid-share", "balance-paid-all"]
            .map(|path| (path.to_owned(), rule(path)))
            .into();
        let city = super::super::lay(Law::builtin(), &files).unwrap();
        let mut held = 0;
        for seed in 0..40u64 {
            let of = |law: &Law| quiz(Role::Treasury, on(), &seed.to_le_bytes(), law, Language::Indonesian).unwrap();
            let (national, bound) = (of(Law::builtin()), of(&city));
            assert_eq!(national, of(Law::builtin()), "the same test again");
            let hold = say_named(Language::Indonesian, "quiz-verdict-hold", &[]);
            let holds = |all: &[Question]| all.iter().filter(|q| q.options[q.right] == hold).count();
            assert_eq!(holds(&national), 0, "national law holds no payment");
            held += holds(&bound);
        }
        assert!(held > 20, "{held}");
    }

    #[test]
    fn what_is_worked_out_is_right() {
        let asking = Asking { on: on(), law: Law::builtin(), language: Language::Indonesian };
        for seed in 0..50u64 {
            let mut drawn = Drawn::of(&seed.to_le_bytes());
            let q = asking.contribution(&mut drawn).unwrap();
            let value: i64 =
                q.text.split("Rp").nth(1).unwrap().split(' ').next().unwrap().replace('.', "").parse().unwrap();
            let due = by_contract_value(Exact::whole(value), &Law::builtin().at(on())).unwrap();
            assert_eq!(q.options[q.right], asking.rp(due.total.0), "{}", q.text);
        }
        let before = quiz(Role::Ppk, "2010-01-01".parse().unwrap(), b"", Law::builtin(), Language::Indonesian);
        assert!(before.is_err(), "the law of that day says too little");
    }
}
