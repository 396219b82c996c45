//! Permanent disability: PP 44/2015 Article 25 (2) b 3 and the table of Annex III.

use super::{Benefit, Cause, Child, MONTHS_OF_WAGE, Member, PERIODIC, Sheet, TOTAL_SHARE, Wage, death, scholarship};
use crate::explained::{Arg, Step, code};
use crate::model::{Confidence, Reading, Row};
use crate::{Declined, LawAt, LawGap};
use kernel::Exact;

/// The table of losses, parts per million of 80 monthly wages.
pub const LOSSES: &str = "benefit/disability_table";
/// Whether a part of ten decibels or percent counts.
pub const PART_STEPS: &str = "benefit/disability_part_steps";
/// The choice under which only full tens count.
pub const FULL_STEPS: &str = "full_steps";
/// Whether a measured loss is capped at the loss of the whole.
pub const MEASURED_CAP: &str = "benefit/disability_measured_cap";
/// The choice that caps it.
pub const AT_WHOLE: &str = "capped_at_whole";
/// Whether several losses are capped at total disability.
pub const SEVERAL: &str = "benefit/disability_several";
/// The choice that caps.
pub const CAPPED: &str = "capped";
/// What a left-handed worker's sides are.
pub const LEFT_HANDED: &str = "benefit/disability_left_handed";
/// How the sight of two eyes is joined: the weight of the better eye, of four parts.
pub const BETTER_EYE_PARTS: &str = "benefit/sight_better_eye_parts";
/// The row that unequal eyes are counted by.
const VISUAL_ACUITY: &str = "visual-acuity";
/// Parts per million in a percent.
const PPM_PER_PERCENT: i64 = 10_000;
/// The greatest measure of a loss.
const MEASURE_MAX: i64 = 100;

/// One loss, as the doctor's letter states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loss {
    /// A code of the table.
    pub code: String,
    /// How much, for a row by measure (decibels, percent of sight) or with a range (percent).
    pub measure: Option<Exact>,
    /// Percent of its function that a limb has lost, where it is still there.
    pub function_lost: Option<i64>,
}

/// What each eye still sees, in percent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sight {
    /// The better eye.
    pub better: i64,
    /// The worse eye.
    pub worse: i64,
}

/// What there is to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisabilityFacts {
    /// How the person is insured.
    pub member: Member,
    /// The wage.
    pub wage: Wage,
    /// Partial losses; empty for total disability.
    pub losses: Vec<Loss>,
    /// Eyes that see unequally.
    pub sight: Option<Sight>,
    /// Total and permanent: the worker can do no work any more.
    pub total: bool,
    /// Children who study: total disability gives them scholarships, outside the total.
    pub children: Vec<Child>,
    /// The left hand leads: right and left change places in the table.
    pub left_handed: bool,
}

/// All losses there are on a day, in the order of the table, and the reading they stand in.
///
/// # Errors
/// [`LawGap`] before 1 July 2015.
pub fn losses<'a>(law: &LawAt<'a>) -> Result<(&'a [Row], &'a Reading), LawGap> {
    law.rows(LOSSES)
}

/// Partial loss of a limb: `percent of the table x 80 x monthly wage`; of its function: times the
/// percent of function lost. Total disability: `70 % x 80 x wage` and the periodic payment at once.
/// Worked, wage 3,000,000: right thumb 15 % x 80 x 3,000,000 = 36,000,000.
///
/// # Errors
/// [`Declined`] for a code the table does not have, a loss that contains another one named, a
/// measure outside its range, no loss at all, or a loss beside total disability.
pub fn disability(facts: &DisabilityFacts, law: LawAt<'_>) -> Result<Benefit, Declined> {
    let mut sheet = Sheet::new(law)?;
    let wage = facts.wage.monthly(facts.member, &law, &mut sheet.benefit.steps)?;
    let (times, _) = law.number(MONTHS_OF_WAGE)?;
    let whole = wage * times;
    if facts.total {
        if !facts.losses.is_empty() || facts.sight.is_some() {
            return Err(Declined::Contradiction { first: "total".into(), second: "loss".into() });
        }
        let (share, reading) = law.number(TOTAL_SHARE)?;
        let step = Step::new(code::TIMES_WAGE)
            .with("rate_ppm", Arg::Rate(share))
            .with("times", Arg::Count(times))
            .with("wage", Arg::Money(wage));
        sheet.step(step.making(whole.at_ppm(share)).under(reading));
        sheet.pay("total-disability", whole.at_ppm(share), reading)?;
        death::fixed(&mut sheet, "periodic", PERIODIC, code::PERIODIC)?;
        if !facts.children.is_empty() {
            scholarship::promise(&facts.children, Cause::WorkAccident, facts.member, None, &mut sheet)?;
        }
        return sheet.done();
    }
    if !facts.children.is_empty() {
        return Err(Declined::Contradiction { first: "child".into(), second: "loss".into() });
    }
    let shares = shares(facts, &mut sheet)?;
    let sum: Exact = shares.iter().map(|s| s.ppm).sum();
    let capped = cap(sum, shares.len(), &mut sheet)?;
    let mut parts = Vec::new();
    let mut left = capped;
    for share in &shares {
        // A cap takes from the losses named last, so that the parts still sum to what is paid.
        let ppm = share.ppm.min(left);
        left = left - ppm;
        parts.push((share.code.clone(), whole.times(ppm) / 1_000_000, share.reading, share.confidence));
    }
    let (_, reading) = law.rows(LOSSES)?;
    let step = Step::new(code::TIMES_WAGE)
        .with("rate_ppm", Arg::Measure(capped))
        .with("times", Arg::Count(times))
        .with("wage", Arg::Money(wage));
    sheet.step(step.making(whole.times(capped) / 1_000_000).under(reading));
    sheet.pay_parts(parts)?;
    sheet.done()
}

/// A loss and its share of 80 monthly wages, in parts per million, exact.
struct Share<'a> {
    code: String,
    ppm: Exact,
    reading: &'a Reading,
    confidence: Confidence,
}

fn shares<'a>(facts: &DisabilityFacts, sheet: &mut Sheet<'a>) -> Result<Vec<Share<'a>>, Declined> {
    let law = sheet.law;
    let (rows, reading) = law.rows(LOSSES)?;
    let mut losses = facts.losses.clone();
    if let Some(sight) = facts.sight {
        losses.push(from_sight(sight, &law, &mut sheet.benefit.steps)?);
    }
    if losses.is_empty() {
        return Err(Declined::Missing { what: "loss" });
    }
    let find = |code: &str| {
        rows.iter()
            .find(|r| r.code == code)
            .ok_or_else(|| Declined::UnknownCode { what: "loss", code: code.to_owned() })
    };
    for (i, loss) in losses.iter().enumerate() {
        let most = find(&loss.code)?.times_max.unwrap_or(1);
        if losses[..i].iter().filter(|other| other.code == loss.code).count() >= most {
            return Err(Declined::Contradiction { first: loss.code.clone(), second: loss.code.clone() });
        }
        if let Some(part) = losses.iter().find(|other| is_part_of(rows, &other.code, &loss.code)) {
            return Err(Declined::Contradiction { first: loss.code.clone(), second: part.code.clone() });
        }
    }
    if facts.left_handed {
        let (_, reading) = law.choice(LEFT_HANDED)?;
        sheet.step(Step::new(code::SIDES_SWAPPED).under(reading));
    }
    let mut out = Vec::new();
    for loss in &losses {
        let own = find(&loss.code)?;
        let row = if facts.left_handed { find(&other_side(&loss.code))? } else { own };
        let ppm = share_of(loss, row, &own.title, reading, sheet)?;
        let confidence = row.confidence.unwrap_or(reading.confidence);
        out.push(Share { code: loss.code.clone(), ppm, reading, confidence });
    }
    Ok(out)
}

/// Is one loss a part of another, through any number of wholes (phalanx, finger, hand, arm)?
fn is_part_of(rows: &[Row], part: &str, whole: &str) -> bool {
    let wholes = rows.iter().find(|r| r.code == part).map_or(&[][..], |r| r.part_of.as_slice());
    wholes.iter().any(|w| w == whole || is_part_of(rows, w, whole))
}

/// The same loss on the other side; a code without a side is its own.
fn other_side(code: &str) -> String {
    let swap = |word: &str| match word {
        "right" => "left".to_owned(),
        "left" => "right".to_owned(),
        other => other.to_owned(),
    };
    code.split('-').map(swap).collect::<Vec<_>>().join("-")
}

fn share_of(
    loss: &Loss,
    row: &Row,
    title: &crate::Text,
    reading: &Reading,
    sheet: &mut Sheet<'_>,
) -> Result<Exact, Declined> {
    let out_of_range = |least, most| Declined::OutOfRange { what: loss.code.clone(), least, most };
    let confidence = row.confidence.unwrap_or(reading.confidence);
    let law = sheet.law;
    let mut finish = |step: Step, ppm: Exact| {
        let mut step = step.with("what", Arg::Text(title.clone())).with("rate_ppm", Arg::Measure(ppm)).under(reading);
        step.confidence = Some(confidence);
        sheet.benefit.steps.push(step);
        ppm
    };
    let whole = match (row.per, row.number_max, loss.measure) {
        (Some(_), _, None) | (_, Some(_), None) => return Err(Declined::Missing { what: "measure" }),
        (None, None, Some(_)) => {
            return Err(Declined::Contradiction { first: loss.code.clone(), second: "measure".into() });
        }
        (None, None, None) => finish(Step::new(code::LOSS), Exact::whole(row.number)),
        (None, Some(most), Some(measure)) => {
            // A range: the doctor says the percentage itself.
            let ppm = measure * PPM_PER_PERCENT;
            if ppm < Exact::whole(row.number) || ppm > Exact::whole(most) {
                return Err(out_of_range(row.number / PPM_PER_PERCENT, most / PPM_PER_PERCENT));
            }
            finish(Step::new(code::LOSS), ppm)
        }
        (Some(per), _, Some(measure)) => {
            // A percentage ends at 100, and so do the decibels between hearing well and nothing.
            if !measure.is_positive() || measure > Exact::whole(MEASURE_MAX) {
                return Err(out_of_range(1, MEASURE_MAX));
            }
            let (how, _) = law.choice(PART_STEPS)?;
            let steps = if how == FULL_STEPS { (measure / per).floor() } else { measure / per };
            let step = Step::new(code::LOSS_MEASURED)
                .with("measure", Arg::Measure(measure))
                .with("per", Arg::Count(per))
                .with("each_ppm", Arg::Rate(row.number));
            let counted = finish(step, steps * row.number);
            at_most_the_whole(counted, row, sheet)?
        }
    };
    match loss.function_lost {
        None => Ok(whole),
        Some(percent) if (1..=100).contains(&percent) => {
            let ppm = whole * percent / 100;
            let step = Step::new(code::LOSS_FUNCTION).with("percent", Arg::Count(percent));
            sheet.benefit.steps.push(step.with("rate_ppm", Arg::Measure(ppm)).under(reading));
            Ok(ppm)
        }
        Some(_) => Err(out_of_range(1, 100)),
    }
}

/// A measured part beside the loss of the whole: not more than it, or as the table prints it.
fn at_most_the_whole(counted: Exact, row: &Row, sheet: &mut Sheet<'_>) -> Result<Exact, Declined> {
    let law = sheet.law;
    let Some(code) = &row.at_most else { return Ok(counted) };
    let whole = Exact::whole(law.row(LOSSES, code)?.0.number);
    if counted <= whole {
        return Ok(counted);
    }
    let (how, reading) = law.choice(MEASURED_CAP)?;
    if how != AT_WHOLE {
        return Ok(counted);
    }
    sheet.step(Step::new(code::LOSS_AT_MOST).with("rate_ppm", Arg::Measure(whole)).under(reading));
    Ok(whole)
}

/// Eyes that see unequally count as one: three parts the better eye, one part the worse, of four.
/// What is missing to a hundred percent is the loss of acuity.
fn from_sight(sight: Sight, law: &LawAt<'_>, steps: &mut Vec<Step>) -> Result<Loss, Declined> {
    let range = 0..=100;
    if !range.contains(&sight.better) || !range.contains(&sight.worse) || sight.better < sight.worse {
        return Err(Declined::OutOfRange { what: "sight".into(), least: 0, most: 100 });
    }
    let (better_parts, reading) = law.number(BETTER_EYE_PARTS)?;
    let parts = better_parts + 1;
    let seen = Exact::whole(sight.better * better_parts + sight.worse) / parts;
    let step = Step::new(code::SIGHT)
        .with("better", Arg::Count(sight.better))
        .with("worse", Arg::Count(sight.worse))
        .with("seen", Arg::Measure(seen));
    steps.push(step.under(reading));
    Ok(Loss { code: VISUAL_ACUITY.into(), measure: Some(Exact::whole(100) - seen), function_lost: None })
}

/// Several losses add up. No text caps the sum; the reading that caps it at total disability stands
/// beside.
fn cap(sum: Exact, count: usize, sheet: &mut Sheet<'_>) -> Result<Exact, Declined> {
    if count < 2 {
        return Ok(sum);
    }
    let law = sheet.law;
    let (how, reading) = law.choice(SEVERAL)?;
    sheet.step(Step::new(code::LOSS_SUM).with("rate_ppm", Arg::Measure(sum)).under(reading));
    let ceiling = Exact::whole(law.number(TOTAL_SHARE)?.0);
    if how != CAPPED || sum <= ceiling {
        return Ok(sum);
    }
    sheet.step(Step::new(code::LOSS_CAPPED).with("rate_ppm", Arg::Measure(ceiling)).under(reading));
    Ok(ceiling)
}
