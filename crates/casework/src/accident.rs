//! A work accident from the first report to recovery or death: what was done, what comes next. PP 44/2015 Article 43: the first report within two
//! times 24 hours, the second after the doctor's letter; the second is the claim too.

use kernel::{Date, DateTime};
use serde::{Deserialize, Serialize};

/// How it ended, by the doctor's letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Healed.
    Healed,
    /// Disabled for good, in part or wholly.
    Disabled,
    /// Died.
    Died,
}

impl Outcome {
    /// As printed.
    pub fn name(self) -> &'static str {
        match self {
            Self::Healed => "healed",
            Self::Disabled => "disabled",
            Self::Died => "died",
        }
    }
}

/// How somebody came to harm, as a safety officer (K3) sorts it: what happens again is seen by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// Fell from a height.
    FallHeight,
    /// Slipped or tripped on the level.
    FallLevel,
    /// Hit by something falling or flying.
    Struck,
    /// Caught in or between.
    Caught,
    /// Cut or stabbed.
    Cut,
    /// Electricity.
    Electric,
    /// Heat, fire, steam, hot asphalt.
    Burn,
    /// Dust, gas, chemicals.
    Substance,
    /// Earth or a trench caved in.
    Collapse,
    /// Vehicle or machine on the site.
    Vehicle,
    /// On the way to or from work.
    Commute,
    /// Something else.
    Other,
}

impl Cause {
    /// All, in the order of a form.
    pub const ALL: [Self; 12] = [
        Self::FallHeight,
        Self::FallLevel,
        Self::Struck,
        Self::Caught,
        Self::Cut,
        Self::Electric,
        Self::Burn,
        Self::Substance,
        Self::Collapse,
        Self::Vehicle,
        Self::Commute,
        Self::Other,
    ];

    /// As stored.
    pub fn name(self) -> &'static str {
        match self {
            Self::FallHeight => "fall_height",
            Self::FallLevel => "fall_level",
            Self::Struck => "struck",
            Self::Caught => "caught",
            Self::Cut => "cut",
            Self::Electric => "electric",
            Self::Burn => "burn",
            Self::Substance => "substance",
            Self::Collapse => "collapse",
            Self::Vehicle => "vehicle",
            Self::Commute => "commute",
            Self::Other => "other",
        }
    }

    /// By its name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|c| c.name() == name)
    }
}

/// Something done about an accident.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// The first report went to the insurer and the manpower office.
    StageOne,
    /// The doctor's letter: healed.
    Healed,
    /// The doctor's letter: disabled.
    Disabled,
    /// The doctor's letter: died.
    Died,
    /// The second report went out.
    StageTwo,
    /// The insurer, or whoever pays, has paid.
    Paid,
    /// A word for the file.
    Note,
}

impl Step {
    /// All, in the order of a case.
    pub const ALL: [Self; 7] =
        [Self::StageOne, Self::Healed, Self::Disabled, Self::Died, Self::StageTwo, Self::Paid, Self::Note];

    /// As stored.
    pub fn name(self) -> &'static str {
        match self {
            Self::StageOne => "stage_one",
            Self::Healed => "healed",
            Self::Disabled => "disabled",
            Self::Died => "died",
            Self::StageTwo => "stage_two",
            Self::Paid => "paid",
            Self::Note => "note",
        }
    }

    /// By its name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.name() == name)
    }

    /// The outcome it says, if any.
    pub fn outcome(self) -> Option<Outcome> {
        match self {
            Self::Healed => Some(Outcome::Healed),
            Self::Disabled => Some(Outcome::Disabled),
            Self::Died => Some(Outcome::Died),
            _ => None,
        }
    }
}

/// What was done, by when.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Facts {
    /// First report.
    pub stage_one: Option<DateTime>,
    /// Outcome and the day of the doctor's letter.
    pub outcome: Option<(Outcome, Date)>,
    /// Second report.
    pub stage_two: Option<DateTime>,
    /// Paid.
    pub paid: Option<DateTime>,
}

impl Facts {
    /// Folds steps with the minute each was done.
    pub fn of(steps: impl Iterator<Item = (Step, DateTime)>) -> Self {
        let mut out = Self::default();
        for (step, at) in steps {
            match step {
                Step::StageOne => out.stage_one = out.stage_one.or(Some(at)),
                Step::StageTwo => out.stage_two = out.stage_two.or(Some(at)),
                Step::Paid => out.paid = out.paid.or(Some(at)),
                Step::Note => {}
                // A later letter of the doctor stands: whoever was treated may die.
                Step::Healed | Step::Disabled | Step::Died => {
                    out.outcome = step.outcome().map(|outcome| (outcome, at.date()));
                }
            }
        }
        out
    }

    /// May a step be taken now?
    pub fn may(&self, step: Step) -> bool {
        match step {
            Step::StageOne => self.stage_one.is_none(),
            Step::Healed | Step::Disabled | Step::Died => self.stage_two.is_none(),
            Step::StageTwo => self.outcome.is_some() && self.stage_two.is_none(),
            Step::Paid => self.stage_two.is_some() && self.paid.is_none(),
            Step::Note => true,
        }
    }

    /// What comes next: the first report before anything else, whatever has happened since.
    pub fn standing(&self) -> &'static str {
        match (self.stage_one, self.outcome, self.stage_two, self.paid) {
            (None, ..) => "unreported",
            (Some(_), None, ..) => "treated",
            (Some(_), Some(_), None, _) => "outcome",
            (Some(_), Some(_), Some(_), None) => "claimed",
            (Some(_), Some(_), Some(_), Some(_)) => "paid",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime {
        text.parse().unwrap()
    }

    #[test]
    fn from_a_lost_finger_to_the_payment() {
        let mut done = vec![];
        let standing = |done: &Vec<(Step, DateTime)>| Facts::of(done.iter().copied()).standing();
        let may = |done: &Vec<(Step, DateTime)>, step| Facts::of(done.iter().copied()).may(step);
        assert_eq!(standing(&done), "unreported");
        assert!(!may(&done, Step::StageTwo) && !may(&done, Step::Paid));
        // The doctor may write before anybody reports: the first report is still what is missing.
        done.push((Step::Disabled, at("2026-11-20T10:00")));
        assert_eq!(standing(&done), "unreported");
        done.push((Step::StageOne, at("2026-11-21T09:00")));
        assert_eq!(standing(&done), "outcome");
        assert!(!may(&done, Step::StageOne) && may(&done, Step::Died));
        done.push((Step::StageTwo, at("2026-11-22T09:00")));
        assert!(!may(&done, Step::Died));
        assert_eq!(standing(&done), "claimed");
        done.push((Step::Paid, at("2026-12-01T09:00")));
        assert_eq!(standing(&done), "paid");
        assert!(Cause::ALL.iter().all(|c| Cause::parse(c.name()) == Some(*c)));
        assert!(Step::ALL.iter().all(|s| Step::parse(s.name()) == Some(*s)));
    }

    #[test]
    fn a_later_letter_of_the_doctor_stands() {
        let facts =
            Facts::of([(Step::Healed, at("2026-11-20T10:00")), (Step::Died, at("2026-11-25T10:00"))].into_iter());
        assert_eq!(facts.outcome, Some((Outcome::Died, "2026-11-25".parse().unwrap())));
    }
}
