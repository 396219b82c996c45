//! An amount or a day travels with the steps and articles that made it.
//!
//! A step is a code and its numbers; the sentence that says it aloud stands in `i18n/` under
//! `step-` and the code. So the same steps serve a page, a letter, JSON, and two languages.

use crate::model::{Citation, Confidence, Reading, Text};
use jiff::civil::DateTime;
use kernel::{Date, Exact};
use serde::ser::{Serialize, SerializeMap, Serializer};

/// A result and how it came about.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Explained<T> {
    /// The result.
    pub value: T,
    /// The steps, in order.
    pub steps: Vec<Step>,
}

/// A number or word of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Arg {
    /// Rupiah, exact.
    Money(Exact),
    /// Parts per million.
    Rate(i64),
    /// A count, in the unit the sentence names.
    Count(i64),
    /// A count that need not be whole, such as months.
    Measure(Exact),
    /// A day.
    Day(Date),
    /// A minute of a day.
    Moment(DateTime),
    /// A name or code, the same in every language.
    Word(String),
    /// Words of the law data, in both languages.
    Text(Text),
}

/// One step of a computation: what was done, what came out, under which article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What was done: one of [`code::ALL`].
    pub code: &'static str,
    /// Its numbers, by name.
    pub args: Vec<(&'static str, Arg)>,
    /// What came out, in rupiah, exact.
    pub amount: Option<Exact>,
    /// Where it stands.
    pub citation: Option<Citation>,
    /// How sure we are of the value used.
    pub confidence: Option<Confidence>,
}

impl Step {
    /// A step, to be completed by the methods below.
    pub fn new(code: &'static str) -> Self {
        Self { code, args: Vec::new(), amount: None, citation: None, confidence: None }
    }

    /// With a number or word.
    #[must_use]
    pub fn with(mut self, name: &'static str, arg: Arg) -> Self {
        self.args.push((name, arg));
        self
    }

    /// With what came out.
    #[must_use]
    pub fn making(mut self, amount: Exact) -> Self {
        self.amount = Some(amount);
        self
    }

    /// Under a reading of the law: its article and how sure we are.
    #[must_use]
    pub fn under(mut self, reading: &Reading) -> Self {
        self.citation = Some(reading.citation.clone());
        self.confidence = Some(reading.confidence);
        self
    }

    /// Under a letter of the reading's article.
    #[must_use]
    pub fn at_article(mut self, article: &str) -> Self {
        if let Some(citation) = &mut self.citation {
            article.clone_into(&mut citation.article);
        }
        self
    }

    /// What makes two steps of two cases the same step: code and words, not numbers.
    fn identity(&self) -> (&'static str, Vec<&Arg>) {
        (self.code, self.args.iter().map(|(_, a)| a).filter(|a| matches!(a, Arg::Word(_) | Arg::Text(_))).collect())
    }
}

impl Serialize for Arg {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Money(amount) | Self::Measure(amount) => amount.serialize(serializer),
            Self::Rate(n) | Self::Count(n) => serializer.serialize_i64(*n),
            Self::Day(day) => day.serialize(serializer),
            Self::Moment(moment) => serializer.collect_str(&moment.strftime("%Y-%m-%dT%H:%M")),
            Self::Word(word) => serializer.serialize_str(word),
            Self::Text(text) => text.serialize(serializer),
        }
    }
}

impl Serialize for Step {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("step", self.code)?;
        for (name, arg) in &self.args {
            map.serialize_entry(name, arg)?;
        }
        if let Some(amount) = &self.amount {
            map.serialize_entry("amount", amount)?;
        }
        if let Some(citation) = &self.citation {
            // The article is what a reader looks for first.
            map.serialize_entry("article", &citation.to_string())?;
            map.serialize_entry("citation", citation)?;
        }
        if let Some(confidence) = &self.confidence {
            map.serialize_entry("confidence", confidence)?;
        }
        map.end()
    }
}

/// How one step of a case stands to the other case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// The step is there in both, and says the same.
    Same(Step),
    /// The step is there in both, with other numbers or another article.
    Changed {
        /// In the first case.
        before: Step,
        /// In the second.
        after: Step,
    },
    /// Only the first case has it.
    Gone(Step),
    /// Only the second case has it.
    New(Step),
}

/// What differs between two cases, step by step, in the order a reader meets them.
///
/// Steps are paired by what they do (code and words), keeping their order: the longest common
/// subsequence, so that a slice more or less does not shift the rest.
pub fn diff(before: &[Step], after: &[Step]) -> Vec<Change> {
    let (n, m) = (before.len(), after.len());
    let same = |i: usize, j: usize| before[i].identity() == after[j].identity();
    let mut longest = vec![vec![0usize; m + 1]; n + 1];
    for i in (0..n).rev() {
        for j in (0..m).rev() {
            longest[i][j] =
                if same(i, j) { longest[i + 1][j + 1] + 1 } else { longest[i + 1][j].max(longest[i][j + 1]) };
        }
    }
    let (mut i, mut j, mut out) = (0, 0, Vec::new());
    while i < n || j < m {
        if i < n && j < m && same(i, j) {
            out.push(if before[i] == after[j] {
                Change::Same(before[i].clone())
            } else {
                Change::Changed { before: before[i].clone(), after: after[j].clone() }
            });
            (i, j) = (i + 1, j + 1);
        } else if j < m && (i == n || longest[i][j + 1] > longest[i + 1][j]) {
            out.push(Change::New(after[j].clone()));
            j += 1;
        } else {
            out.push(Change::Gone(before[i].clone()));
            i += 1;
        }
    }
    out
}

/// The codes of steps. Each has a sentence in every language; a test of `app` holds them together.
pub mod code {
    macro_rules! codes {
        ($($name:ident = $text:literal;)*) => {
            $(#[doc = concat!("`", $text, "`")] pub const $name: &str = $text;)*
            /// All of them.
            pub const ALL: &[&str] = &[$($text),*];
        };
    }
    codes! {
        GIVEN_VALUE = "given_value";
        TAX_REMOVED = "tax_removed";
        SLICE = "slice";
        SUM = "sum";
        ROUNDED = "rounded";
        CONSULTANT = "consultant";
        SELF_MANAGED = "self_managed";
        WAGE_BILL = "wage_bill";
        WAGE_RATE = "wage_rate";
        MONTHS = "months";
        INSTALMENT = "instalment";
        ADDENDUM = "addendum";
        EXTENSION = "extension";
        ONE_REGISTRATION = "one_registration";
        RELIEF = "relief";
        RELIEF_FULL = "relief_full";
        LATE_MONTHS = "late_months";
        LATE_FEE = "late_fee";
        NO_LATE_FEE = "no_late_fee";
        BAND = "band";
        BAND_LIMIT = "band_limit";
        FIXED = "fixed";
        DISCOUNT = "discount";
        NO_DISCOUNT = "no_discount";
        DUE_DAY = "due_day";
        WAGE_MONTHLY = "wage_monthly";
        WAGE_DAILY = "wage_daily";
        WAGE_AVERAGE = "wage_average";
        LOSS = "loss";
        LOSS_MEASURED = "loss_measured";
        LOSS_FUNCTION = "loss_function";
        SIGHT = "sight";
        SIDES_SWAPPED = "sides_swapped";
        LOSS_SUM = "loss_sum";
        LOSS_AT_MOST = "loss_at_most";
        LOSS_CAPPED = "loss_capped";
        TIMES_WAGE = "times_wage";
        FLOOR = "floor";
        LUMP = "lump";
        PERIODIC = "periodic";
        BLOCK = "block";
        TIME_OFF = "time_off";
        TRANSPORT = "transport";
        TRANSPORT_CEILING = "transport_ceiling";
        SCHOLARSHIP = "scholarship";
        SCHOLARSHIP_ONCE = "scholarship_once";
        NOT_ENTITLED = "not_entitled";
        NORMALLY_NONE = "normally_none";
        CEILING = "ceiling";
        CEILING_ONLY = "ceiling_only";
        PRICE_PLUS = "price_plus";
        AS_NEEDED = "as_needed";
        PAYER = "payer";
        TERM_COUNTED = "term_counted";
        WORKING_DAYS_COUNTED = "working_days_counted";
        FINE = "fine";
        FINE_MONTHS = "fine_months";
        INSURER_LATE = "insurer_late";
        SERVICES_WITHHELD = "services_withheld";
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(code: &'static str, word: &str, n: i64) -> Step {
        Step::new(code).with("what", Arg::Word(word.into())).with("n", Arg::Count(n))
    }

    #[test]
    fn a_diff_pairs_steps_by_what_they_do() {
        let before = [step("slice", "a", 1), step("slice", "b", 2), step("sum", "", 3)];
        let after = [step("slice", "a", 1), step("slice", "c", 9), step("slice", "b", 5), step("sum", "", 3)];
        let changes = diff(&before, &after);
        assert_eq!(
            changes,
            [
                Change::Same(before[0].clone()),
                Change::New(after[1].clone()),
                Change::Changed { before: before[1].clone(), after: after[2].clone() },
                Change::Same(before[2].clone()),
            ]
        );
        assert_eq!(diff(&before, &[]).len(), 3);
        assert!(diff(&[], &[]).is_empty());
    }

    #[test]
    fn codes_are_unique() {
        let unique: std::collections::BTreeSet<_> = code::ALL.iter().collect();
        assert_eq!(unique.len(), code::ALL.len());
    }
}
