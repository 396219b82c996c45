//! Contract numbers: free text with structure.

/// A contract number made comparable.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Number {
    /// Letters and digits only, upper case.
    pub whole: String,
    /// The parts with digits (running number, year), sorted.
    pub core: Vec<String>,
}

/// Reads a contract number.
///
/// ```
/// let a = linkage::number::read("000.3.2/ 0994 /2025/Dinkes");
/// assert_eq!(a.whole, "000320994/2025/DINKES".replace('/', ""));
/// assert_eq!(a.core, ["2", "2025", "3", "994"]);
/// ```
pub fn read(raw: &str) -> Number {
    let upper = kernel::text::fold_width(raw).to_uppercase();
    let whole: String = upper.chars().filter(|c| c.is_alphanumeric()).collect();
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

/// Do the digits alone tell this number from others: at least two parts, one of them longer than a
/// month or a stage?
pub fn is_telling(number: &Number) -> bool {
    number.core.len() >= 2 && number.core.iter().any(|d| d.len() >= 2 && !d.starts_with("20"))
}
