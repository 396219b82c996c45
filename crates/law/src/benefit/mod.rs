//! Benefits after a work accident or a death: PP 44/2015 Articles 25, 32 and 34, Annex III.
//!
//! One benefit a file. Each returns a [`Benefit`]: items in whole rupiah with their articles, their
//! total, and the steps. [`Law::under_every_reading`](crate::Law::under_every_reading) runs them
//! where the law is contested.

mod care;
mod death;
mod disability;
mod incapacity;
mod payer;
mod scholarship;
mod transport;
mod wage;

pub use care::{CareFacts, care};
pub use death::{Cause, DeathFacts, death};
pub use disability::{DisabilityFacts, LOSSES, Loss, Sight, disability, losses};
pub use incapacity::{Absence, incapacity};
pub use payer::{Payer, PayerFacts, Verdict, who_pays};
pub use scholarship::{Child, Stage, scholarship};
pub use transport::{Fare, transport};
pub use wage::Wage;

use crate::explained::Step;
use crate::model::{Citation, Confidence, Reading};
use crate::readings::Readings;
use crate::{Declined, Law, LawAt};
use kernel::money::Rounding;
use kernel::{Date, Exact, Rupiah};

/// Rounding of benefits.
pub const ROUNDING: &str = "benefit/rounding";
/// How many monthly wages the percentages are taken of.
pub const MONTHS_OF_WAGE: &str = "benefit/months_of_wage";
/// Share of them for total disability.
pub const TOTAL_SHARE: &str = "benefit/total_disability_share";
/// The periodic payment, paid at once.
pub const PERIODIC: &str = "benefit/periodic";

/// How the person is insured.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Member {
    /// A worker of a construction project.
    #[default]
    Jakon,
    /// A member without an employer.
    Bpu,
}

/// One thing to be paid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// What it is: `death-lump`, a loss code, `land`.
    pub code: String,
    /// Whole rupiah.
    pub amount: Rupiah,
    /// Where it stands.
    pub citation: Citation,
    /// How sure we are.
    pub confidence: Confidence,
}

/// What is to be paid.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Benefit {
    /// What the total is made of.
    pub items: Vec<Item>,
    /// What comes on top, year by year or as needed, outside the total.
    pub outside: Vec<Item>,
    /// Sum of `items`.
    pub total: Rupiah,
    /// How it came about.
    pub steps: Vec<Step>,
}

/// Runs a benefit under every reading that changes an amount.
///
/// # Errors
/// Those of the benefit.
pub fn under_every_reading(
    accident: Date,
    law: &Law,
    benefit: impl Fn(LawAt<'_>) -> Result<Benefit, Declined>,
) -> Result<Readings<Benefit>, Declined> {
    let amounts = |b: &Benefit| -> Vec<(String, Rupiah)> {
        b.items.iter().chain(&b.outside).map(|i| (i.code.clone(), i.amount)).collect()
    };
    law.under_every_reading(accident, benefit, |a, b| amounts(a) == amounts(b))
}

/// Collects items and steps.
struct Sheet<'a> {
    law: LawAt<'a>,
    rule: Rounding,
    benefit: Benefit,
}

impl<'a> Sheet<'a> {
    fn new(law: LawAt<'a>) -> Result<Self, Declined> {
        let (rule, _, _) = law.rounding(ROUNDING)?;
        Ok(Self { law, rule, benefit: Benefit::default() })
    }

    fn step(&mut self, step: Step) {
        self.benefit.steps.push(step);
    }

    fn rounded(&self, amount: Exact) -> Result<Rupiah, Declined> {
        amount.round(self.rule).ok_or(Declined::TooLarge { what: "wage" })
    }

    fn item(code: &str, amount: Rupiah, reading: &Reading) -> Item {
        Item { code: code.to_owned(), amount, citation: reading.citation.clone(), confidence: reading.confidence }
    }

    /// An item of its own, rounded by itself: it is paid by itself.
    fn pay(&mut self, code: &str, amount: Exact, reading: &Reading) -> Result<(), Declined> {
        let item = Self::item(code, self.rounded(amount)?, reading);
        self.benefit.items.push(item);
        Ok(())
    }

    /// Items that are parts of one amount: the amount is rounded once, and the parts follow the
    /// rounded running sums, so that they add up to it exactly.
    fn pay_parts(&mut self, parts: Vec<(String, Exact, &Reading, Confidence)>) -> Result<(), Declined> {
        let (mut sum, mut paid) = (Exact::ZERO, Rupiah::ZERO);
        for (code, amount, reading, confidence) in parts {
            sum = sum + amount;
            let upto = self.rounded(sum)?;
            let item = Item { confidence, ..Self::item(&code, Rupiah(upto.0 - paid.0), reading) };
            self.benefit.items.push(item);
            paid = upto;
        }
        Ok(())
    }

    /// An item outside the total.
    fn promise(
        &mut self,
        code: &str,
        amount: Exact,
        reading: &Reading,
        confidence: Confidence,
    ) -> Result<(), Declined> {
        let item = Item { confidence, ..Self::item(code, self.rounded(amount)?, reading) };
        self.benefit.outside.push(item);
        Ok(())
    }

    fn done(mut self) -> Result<Benefit, Declined> {
        let sum = |total: Option<Rupiah>, item: &Item| total?.checked_add(item.amount);
        self.benefit.total =
            self.benefit.items.iter().fold(Some(Rupiah::ZERO), sum).ok_or(Declined::TooLarge { what: "wage" })?;
        Ok(self.benefit)
    }
}

#[cfg(test)]
mod tests;
