//! A complaint or tip-off: what it is about, where it stands, and what may be done with it next.

use serde::{Deserialize, Serialize};

/// What a complaint is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// Workers are not insured.
    NotInsured,
    /// Paid less than the minimum wage, or not at all.
    Wage,
    /// An accident was hidden or not reported.
    AccidentHidden,
    /// Something else.
    Other,
}

impl About {
    /// All, in the order of the form.
    pub const ALL: [Self; 4] = [Self::NotInsured, Self::Wage, Self::AccidentHidden, Self::Other];

    /// As stored.
    pub fn name(self) -> &'static str {
        match self {
            Self::NotInsured => "not_insured",
            Self::Wage => "wage",
            Self::AccidentHidden => "accident_hidden",
            Self::Other => "other",
        }
    }

    /// By its name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|a| a.name() == name)
    }
}

/// Where a complaint stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Came in; nobody has taken it up.
    Received,
    /// Somebody looks into it.
    Taken,
    /// Answered; the sender may write again.
    Answered,
    /// Done.
    Closed,
}

impl Standing {
    /// All, in the order a complaint meets them.
    pub const ALL: [Self; 4] = [Self::Received, Self::Taken, Self::Answered, Self::Closed];

    /// As stored.
    pub fn name(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Taken => "taken",
            Self::Answered => "answered",
            Self::Closed => "closed",
        }
    }

    /// By its name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.name() == name)
    }

    /// Does it wait for the office?
    pub fn is_open(self) -> bool {
        matches!(self, Self::Received | Self::Taken)
    }
}

/// What somebody does with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// The office takes it up.
    Take,
    /// The office answers.
    Answer,
    /// The office closes it, with a word to the sender.
    Close,
    /// The sender adds something.
    Add,
}

impl Step {
    /// All.
    pub const ALL: [Self; 4] = [Self::Take, Self::Answer, Self::Close, Self::Add];

    /// As stored.
    pub fn name(self) -> &'static str {
        match self {
            Self::Take => "take",
            Self::Answer => "answer",
            Self::Close => "close",
            Self::Add => "add",
        }
    }

    /// By its name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.name() == name)
    }

    /// Does it need words the sender reads?
    pub fn needs_words(self) -> bool {
        self != Self::Take
    }
}

/// Where a complaint stands after a step; none where it may not be taken. A sender who writes again opens an answered complaint, never a closed
/// one.
pub fn after(standing: Standing, step: Step) -> Option<Standing> {
    match (standing, step) {
        (Standing::Received, Step::Take) => Some(Standing::Taken),
        (Standing::Received | Standing::Taken, Step::Answer) => Some(Standing::Answered),
        (Standing::Received | Standing::Taken | Standing::Answered, Step::Close) => Some(Standing::Closed),
        (Standing::Received | Standing::Taken, Step::Add) => Some(standing),
        (Standing::Answered, Step::Add) => Some(Standing::Taken),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All ways of up to six steps: nothing leaves a closed complaint, nothing is closed or answered without the office, and
    /// what was answered opens only by the sender.
    #[test]
    fn every_way_of_six_steps() {
        let mut ways = vec![(Standing::Received, Vec::new())];
        for _ in 0..6 {
            let mut longer = Vec::new();
            for (standing, way) in &ways {
                for step in Step::ALL {
                    let Some(next) = after(*standing, step) else { continue };
                    assert_ne!(*standing, Standing::Closed);
                    match next {
                        Standing::Closed => assert_eq!(step, Step::Close),
                        Standing::Answered => assert_eq!(step, Step::Answer),
                        _ => {}
                    }
                    if *standing == Standing::Answered && next.is_open() {
                        assert_eq!(step, Step::Add);
                    }
                    let mut way: Vec<Step> = way.clone();
                    way.push(step);
                    longer.push((next, way));
                }
            }
            ways = longer;
        }
        assert!(ways.len() > 30);
        assert!(Standing::ALL.iter().all(|s| Standing::parse(s.name()) == Some(*s)));
        assert!(About::ALL.iter().all(|a| About::parse(a.name()) == Some(*a)));
        assert!(Step::ALL.iter().all(|s| Step::parse(s.name()) == Some(*s)));
    }
}
