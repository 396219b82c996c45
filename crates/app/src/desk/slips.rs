//! Slips: what a gate said, signed, on paper and as a file, for whoever is not at the desk.

use super::gate::{self, Facts, Judged, Verdict};
use super::letters::{self, Amiss, Style, framed};
use super::{Desk, event};
use crate::{Fault, Language, clock, signing, words};
use ::letters::{Block, Issued};
use authz::{Change, Gate, Permit, PublicProject, Read};
use kernel::{Date, date::add_days};
use store::SlipIssue;
pub use store::SlipRow;
use verify::slip::{LIST, SLIP};
use verify::{Kind, Known, Payload, Withdrawal, WithdrawalKind, Withdrawals, sign};

/// The language slips are printed in, as letters are.
const LANGUAGE: Language = Language::Indonesian;

/// Letters of a reason, at least and at most.
const REASON: std::ops::RangeInclusive<usize> = 5..=500;

/// Why there is no slip; each has a sentence of its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoSlip {
    /// No such verdict for this person.
    Verdict,
    /// The verdict holds or is unknown, and nobody set it aside: no clearance.
    NotCleared,
    /// The verdict is of a day too long ago.
    Old,
    /// The letterhead is not complete.
    Style(Amiss),
}

/// Names of kinds, as they are asked for.
pub fn kind_of(name: &str) -> Option<Kind> {
    match name {
        "clearance" => Some(Kind::Clearance),
        "status" => Some(Kind::Status),
        _ => None,
    }
}

fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Clearance => "clearance",
        Kind::Status => "status",
    }
}

/// Gives a slip about a verdict; its number.
///
/// # Errors
/// [`Fault`] of database, disk or typesetter: then none was given. Inside, why there is none.
pub fn give(
    desk: &Desk,
    (read, change): (&Permit<Read, Gate>, &Permit<Change, Gate>),
    (verdict, kind): (i64, Kind),
    request: &str,
) -> Result<Result<String, NoSlip>, Fault> {
    let style = letters::style(desk)?;
    if let Err(amiss) = style.check() {
        return Ok(Err(NoSlip::Style(amiss)));
    }
    let Some((row, facts, judged)) = gate::given(desk, read, verdict)? else { return Ok(Err(NoSlip::Verdict)) };
    let today = clock::today();
    let aside = aside_until(desk, read, verdict, today)?;
    let lets = matches!(judged.verdict, Verdict::Pass | Verdict::Condition);
    if kind == Kind::Clearance && !lets && aside.is_none() {
        return Ok(Err(NoSlip::NotCleared));
    }
    let day: Date = row.day.parse().map_err(|_| Fault(format!("verdict {verdict}: day")))?;
    let days = desk.law.at(today).number("gate/slip_days").map_or(1, |n| n.0);
    let last = i32::try_from(days - 1).ok().and_then(|n| add_days(day, n)).unwrap_or(day);
    // What two persons set aside lasts no longer than they said.
    let until = if lets { last } else { aside.map_or(last, |until| until.min(last)) };
    if until < today {
        return Ok(Err(NoSlip::Old));
    }
    let city = style.lines.first().cloned().unwrap_or_default();
    let (keys, key, secret) = signing::signer(&desk.home, &city, today)?;
    let digest = verify::bundle::digest_of_verdict(&row.facts, &row.rules, &row.verdict);
    let mut make = |sequence: i64| {
        let payload = Payload {
            city: keys.city.clone(),
            number: format!("SK-{}-{sequence:06}", today.year()),
            kind,
            project: row.project.clone(),
            name: kernel::text::excerpt(&row.name, 200),
            moment: row.moment.clone(),
            verdict: judged.verdict.name().to_owned(),
            aside: !lets && aside.is_some(),
            day: row.day.clone(),
            from: today.to_string(),
            until: until.to_string(),
            made: today.to_string(),
            key: key.clone(),
            digest: digest.clone(),
        };
        let fault = |e: String| store::Fault::Damaged(e);
        let text = sign(SLIP, &payload, &secret).map_err(|e| fault(e.to_string()))?;
        let pdf = print(desk.address(), &style, (&payload, &facts, &judged), &text, today).map_err(|e| fault(e.0))?;
        Ok(SlipIssue {
            number: payload.number,
            key: payload.key,
            digest: payload.digest,
            until: payload.until,
            text,
            pdf,
        })
    };
    let told = event(change.actor(), "slip_give", "slip", request);
    let when = (i64::from(today.year()), clock::now());
    let about = (verdict, kind_name(kind));
    let number = desk.write(|s| s.slip_add(change, about, (when.0, &when.1), told, &mut make).map_err(Fault::from))?;
    Ok(number.ok_or(NoSlip::Verdict))
}

/// Last day of an override of a verdict that two persons released and that still holds.
fn aside_until(desk: &Desk, read: &Permit<Read, Gate>, verdict: i64, today: Date) -> Result<Option<Date>, Fault> {
    let overrides = desk.read(|s| s.override_list(read, Some(verdict), 10).map_err(Fault::from))?;
    let released = overrides.iter().filter(|o| o.outcome == "released").filter_map(|o| o.until.parse::<Date>().ok());
    Ok(released.max().filter(|until| *until >= today))
}

/// What the square code of a slip holds: an address whose `#` a browser keeps to itself, and behind it the text.
pub fn code_of(address: &str, text: &str) -> String {
    format!("{address}/verify#{text}")
}

fn print(
    address: &str,
    style: &Style,
    (p, facts, judged): (&Payload, &Facts, &Judged),
    text: &str,
    today: Date,
) -> Result<Vec<u8>, ::letters::Fault> {
    let say = |key: &str| phrases::say_named(LANGUAGE, key, &[]);
    let date = |day: &str| day.parse().map_or_else(|_| day.to_owned(), |d| words::long_date(d, LANGUAGE));
    let money = |v: i64| format!("Rp{}", words::rupiah_text(kernel::Rupiah(v), LANGUAGE));
    let kind = kind_name(p.kind);
    let mut rows = vec![
        (say("slip-project"), format!("{} ({})", p.name, p.project)),
        (say("slip-step"), say(&format!("gate-moment-{}", p.moment))),
        (say("slip-verdict"), say(&format!("gate-verdict-{}", p.verdict))),
        (say("slip-day"), date(&p.day)),
        (say("slip-from"), date(&p.from)),
        (say("slip-until"), date(&p.until)),
    ];
    if !facts.registrations.is_empty() {
        rows.push((say("gate-fact-registrations"), facts.registrations.join(", ")));
    }
    rows.extend(facts.due.map(|due| (say("gate-fact-due"), money(due))));
    rows.push((say("gate-fact-paid"), money(facts.paid)));
    rows.extend(judged.unpaid.filter(|u| *u > 0).map(|unpaid| (say("gate-fact-unpaid"), money(unpaid))));
    let reasons = judged.reasons.iter().map(|r| {
        let (standing, said) = (r.standing.name(), r.rule.requirement.name());
        let basis = format!("{}, {}", r.rule.instrument, r.rule.article);
        format!("{}: {} ({basis})", say(&format!("gate-requirement-{said}")), say(&format!("gate-standing-{standing}")))
    });
    let mut blocks = vec![
        Block::Text { text: say(&format!("slip-opening-{kind}")) },
        Block::Facts { rows },
        Block::Text { text: say("slip-why") },
        Block::List { items: reasons.collect() },
    ];
    if p.aside {
        blocks.push(Block::Text { text: say("slip-aside") });
    }
    blocks.push(Block::Text { text: say("slip-close") });
    let content = ::letters::Content {
        title: say(&format!("slip-kind-{kind}")),
        subject: say(&format!("slip-kind-{kind}")),
        recipient: vec![say("slip-recipient")],
        blocks,
        ..framed(style, LANGUAGE)
    };
    let code = code_of(address, text);
    let issued = Issued {
        content: &content,
        number: &p.number,
        date: &words::long_date(today, LANGUAGE),
        day: (today.year().into(), today.month().unsigned_abs(), today.day().unsigned_abs()),
        verify_url: &format!("{address}/verify"),
        code: Some(&code),
    };
    issued.pdf()
}

/// Withdraws a slip: `void`, it never held, or `ended`, not from today on. False where there is none for this person that stands, or the reason is none.
///
/// # Errors
/// [`Fault`] of the database.
pub fn withdraw(
    desk: &Desk,
    permits: (&Permit<Read, Gate>, &Permit<Change, Gate>),
    number: &str,
    (kind, reason): (&str, &str),
    request: &str,
) -> Result<bool, Fault> {
    let reason = kernel::text::clean(reason);
    if !matches!(kind, "void" | "ended") || !REASON.contains(&reason.chars().count()) {
        return Ok(false);
    }
    let mut told = event(permits.1.actor(), "slip_withdraw", &format!("slip:{number}"), request);
    kind.clone_into(&mut told.reason);
    let day = clock::today().to_string();
    let said = (day.as_str(), kind, reason.as_str());
    desk.write(|s| s.slip_withdraw(permits, number, said, &clock::now(), told).map_err(Fault::from))
}

/// Public keys and the list of withdrawals as of today, signed. None where this city never gave a slip.
///
/// # Errors
/// [`Fault`] of database or disk.
pub fn verifying(desk: &Desk, permit: &Permit<Read, PublicProject>) -> Result<Option<Known>, Fault> {
    if signing::keys(&desk.home)?.is_none() {
        return Ok(None);
    }
    let today = clock::today();
    let (keys, key, secret) = signing::signer(&desk.home, "", today)?;
    let lost: Vec<String> = keys.keys.iter().filter(|k| k.lost).map(|k| k.id.clone()).collect();
    let (public, certificates) =
        desk.read(|s| Ok::<_, Fault>((s.slip_public(permit, &lost)?, s.certificate_public(permit, &lost)?)))?;
    let slip = |[number, day, kind]: store::WithdrawnSlip| Withdrawal {
        number,
        day,
        kind: if kind == "void" { WithdrawalKind::Void } else { WithdrawalKind::Ended },
    };
    let affirmed = public.under.into_iter().map(|(number, text)| (number, verify::sealed::fingerprint(&text)));
    let said = Withdrawals {
        city: keys.city.clone(),
        made: today.to_string(),
        key,
        slips: public.withdrawn.into_iter().chain(certificates.withdrawn).map(slip).collect(),
        affirmed: affirmed.chain(certificates.under).collect(),
    };
    let withdrawals = sign(LIST, &said, &secret).map_err(|e| Fault(e.to_string()))?;
    Ok(Some(Known { city: keys.city, keys: keys.keys, withdrawals }))
}
