//! `payung compare`: cards of several cities side by side.

use super::{Done, print_json, print_lines, refuse};
use crate::options::{Cli, CompareArgs};
use app::rollup::{CARDS_MAX, NoCard, compare, read};
use app::{Fault, Refused, words};
use law::Law;
use phrases::{say_named, say_with};
use serde_json::json;

pub(crate) fn run(cli: &Cli, args: &CompareArgs) -> Result<Done, Fault> {
    let l = cli.language();
    let no = |file: &str, no: &NoCard| {
        let said = match no {
            NoCard::Shape(text) => say_named(l, "rollup-no-shape", &[("text", text)]),
            NoCard::Large => say_named(l, "rollup-no-large", &[]),
            NoCard::Counts(what) => say_named(l, "rollup-no-counts", &[("text", what)]),
        };
        Refused(format!("{file}: {said}"))
    };
    if args.cards.len() > CARDS_MAX {
        return Ok(refuse(&no("", &NoCard::Large)));
    }
    let mut cards = Vec::new();
    for path in &args.cards {
        let file = path.display().to_string();
        let bytes = match std::fs::read(path) {
            Ok(bytes) => bytes,
            Err(e) => return Ok(refuse(&Refused(format!("{file}: {e}")))),
        };
        match read(&bytes) {
            // The same city twice would count twice.
            Ok(card) if cards.iter().any(|c: &app::rollup::Card| c.name == card.name) => {
                return Ok(refuse(&Refused(say_named(l, "rollup-no-twice", &[("text", &card.name)]))));
            }
            Ok(card) => cards.push(card),
            Err(why) => return Ok(refuse(&no(&file, &why))),
        }
    }
    let least = Law::builtin().at(app::clock::today()).number("assessment/compare_projects_min");
    let least = u64::try_from(least.map_err(|e| Fault(format!("{e:?}")))?.0).unwrap_or(0);
    let all = compare(cards, &args.name, least);
    if args.json {
        print_json(&json!(all))?;
        return Ok(Done::Well);
    }
    let line = |name: &str, as_of: &str, card: &app::rollup::Card, share: Option<[u64; 3]>| {
        let part = |ppm: u64| words::share_text(i64::try_from(ppm).unwrap_or(i64::MAX), 1, l);
        let share =
            share.map_or_else(|| "…".to_owned(), |[p, a, b]| format!("{} ({} – {})", part(p), part(a), part(b)));
        let said = [
            ("name", name.to_owned()),
            ("as_of", as_of.to_owned()),
            ("projects", words::count_text(card.projects, l)),
            ("exposed", words::count_text(card.states.get("exposed").copied().unwrap_or(0), l)),
            ("share", share),
        ];
        say_with(l, "rollup-line", &said)
    };
    let mut lines: Vec<String> =
        all.rows.iter().map(|r| line(&r.card.name, &r.card.as_of, &r.card, r.exposed)).collect();
    lines.push(line(&all.sum.name, &all.sum.as_of, &all.sum, all.exposed));
    print_lines(&lines)?;
    Ok(Done::Well)
}
