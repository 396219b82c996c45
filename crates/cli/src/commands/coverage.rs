//! `payung coverage`: distinct people month by month, and what others say of how many there are.

use super::people::{desk, no_right};
use super::{Done, print_json, print_lines};
use crate::options::{Cli, CoverageArgs};
use app::authz::{Actor, Coverage, Read, permit};
use app::desk::coverage::{self, Segment, kept_scores, month_text};
use app::{Fault, words};
use phrases::say_named;
use serde_json::json;

pub(crate) fn run(cli: &Cli, args: &CoverageArgs) -> Result<Done, Fault> {
    let l = cli.language();
    let desk = desk(cli)?;
    let permit = permit::<Read, Coverage>(&Actor::operator()).ok_or_else(no_right)?;
    let figures = coverage::figures(&desk, &permit)?;
    let (said, kept) = desk.read(|s| Ok::<_, Fault>((s.coverage_words(&permit)?, s.coverage_forecasts(&permit)?)))?;
    let against = coverage::against(&figures, &said);
    let by = |counts: &[u64; 4]| -> serde_json::Value {
        Segment::ALL
            .iter()
            .map(|s| (s.name().to_owned(), json!(counts[*s as usize])))
            .collect::<serde_json::Map<_, _>>()
            .into()
    };
    if args.json {
        print_json(&json!({
            "as_of": figures.as_of,
            "months": figures.months.iter().map(|m| json!({
                "month": month_text(m.month), "known": m.known, "registered": m.registered, "active": m.active, "several": m.several,
                "registered_by": by(&m.registered_by), "active_by": by(&m.active_by),
            })).collect::<Vec<_>>(),
            "told": Segment::ALL.iter().map(|s| (s.name().to_owned(), json!(figures.told[*s as usize]))).collect::<serde_json::Map<_, _>>(),
            "ahead": figures.ahead.iter().map(|(m, n, interval)| json!({ "month": month_text(*m), "active": n, "interval": interval })).collect::<Vec<_>>(),
            "scores": figures.scores, "kept_scores": kept_scores(&figures, &kept),
            "numberless": figures.numberless, "undated": figures.undated, "unknown_cover": figures.unknown_cover,
            "districts": figures.districts, "kinds": figures.kinds, "groups": figures.groups,
            "bases": against.iter().map(|a| json!({
                "name": a.base.name, "segment": a.base.segment, "month": a.base.month, "count": a.base.count, "interval": a.base.interval,
                "source": a.base.source, "dated": a.base.dated, "active": a.people, "share": a.share.ok(), "withheld": a.share.err(),
                "target_ppm": a.target.as_ref().map(|(t, _)| t.count), "missing": a.target.as_ref().map(|(_, n)| n), "odds_ppm": a.odds_ppm,
            })).collect::<Vec<_>>(),
            "todo": coverage::todo(&figures, &said).iter().map(|t| json!({
                "what": t.what, "count": t.count, "says": t.says, "month": t.month,
            })).collect::<Vec<_>>(),
        }))?;
        return Ok(Done::Well);
    }
    let say = |key: &str| say_named(l, key, &[]);
    let count = |n: u64| words::count_text(n, l);
    let percent = |ppm: i64| words::share_text(ppm, 2, l);
    let heads = ["coverage-active", "coverage-registered", "coverage-known"].map(say);
    let mut lines = vec![say("coverage-months")];
    lines.extend(figures.months.iter().rev().take(coverage::SHOWN).map(|m| {
        let counts = [m.active, m.registered, m.known].map(count);
        let pairs: Vec<String> = heads.iter().zip(&counts).map(|(head, n)| format!("{head} {n}")).collect();
        format!("  {}: {}", month_text(m.month), pairs.join(", "))
    }));
    lines.push(say("coverage-against"));
    lines.extend(against.iter().map(|a| {
        let share = match &a.share {
            Ok(r) => format!("{} ({} – {})", percent(r.ppm), percent(r.interval_ppm[0]), percent(r.interval_ppm[1])),
            Err(why) => say(&format!("coverage-withheld-{}", why.name())),
        };
        format!("  {} ({}): {share}", a.base.name, a.base.source)
    }));
    if against.is_empty() {
        lines.push(format!("  {}", say("coverage-no-base")));
    }
    print_lines(&lines)?;
    Ok(Done::Well)
}
