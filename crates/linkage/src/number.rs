//! Contract numbers: free text with structure.

/// A contract number made comparable.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Number {
    /// Letters and digits, upper case. Where two runs of digits meet, a stroke stands between them, whatever stood there:
    /// 1/23 is not 12/3.
    pub whole: String,
    /// The parts with digits (running number, year), sorted.
    pub core: Vec<String>,
}

/// Reads a contract number.
///
/// ```
/// let a = linkage::number::read("000.3.2/ 0994 /2025/Dinkes");
/// assert_eq!(a.whole, "000/3/2/0994/2025DINKES");
/// assert_eq!(a.core, ["2", "2025", "3", "994"]);
/// ```
pub fn read(raw: &str) -> Number {
    let upper = kernel::text::fold_width(raw).to_uppercase();
    let mut whole = String::with_capacity(upper.len());
    run_together(&upper, &mut whole);
    let mut core: Vec<String> = upper
        .split(|c: char| !c.is_ascii_digit())
        .map(|d| d.trim_start_matches('0'))
        .filter(|d| !d.is_empty())
        .map(str::to_owned)
        .collect();
    core.sort();
    core.dedup();
    Number { whole, core }
}

/// Letters and digits of a text, run together; a stroke where two runs of digits meet, so that 1/12 is not 11/2.
pub(crate) fn run_together(text: &str, out: &mut String) {
    let mut between = false;
    for c in text.chars() {
        if !c.is_alphanumeric() {
            between = true;
            continue;
        }
        if between && c.is_ascii_digit() && out.ends_with(|c: char| c.is_ascii_digit()) {
            out.push('/');
        }
        between = false;
        out.push(c);
    }
}

/// Do the digits alone tell this number from others: at least two parts, one of them longer than a
/// month or a stage?
pub fn is_telling(number: &Number) -> bool {
    number.core.len() >= 2 && number.core.iter().any(|d| d.len() >= 2 && !d.starts_with("20"))
}
