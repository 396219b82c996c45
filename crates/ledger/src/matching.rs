//! Whose is a line of a statement? Proposals with their grounds, the surest first; a person decides.

/// What somebody promised, as far as a line of a bank can tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Promise {
    /// The pledge.
    pub pledge: i64,
    /// The code the donor was asked to write into the transfer.
    pub code: String,
    /// Name of the donor.
    pub name: String,
    /// Rupiah of one time.
    pub amount: i64,
    /// Is something of it due in the month of the line?
    pub is_due: bool,
}

/// Why a line may be of a promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ground {
    /// The code stands in the line.
    Code,
    /// So many words of the name stand in it.
    Name(u8),
    /// The amount is the promised one.
    Amount,
    /// Something of it is due.
    Due,
}

/// A proposal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// The pledge.
    pub pledge: i64,
    /// Grounds, the surest first.
    pub grounds: Vec<Ground>,
}

impl Proposal {
    /// Sure enough to be taken by many at a time: the code and the amount.
    pub fn is_sure(&self) -> bool {
        self.grounds.contains(&Ground::Code) && self.grounds.contains(&Ground::Amount)
    }
}

/// Letters of a word that counts: shorter ones stand in everybody's name.
const WORD_MIN: usize = 4;

/// Proposals shown for a line.
pub const MOST: usize = 5;

fn capitals(text: &str) -> String {
    text.chars().flat_map(char::to_uppercase).collect()
}

fn words(text: &str) -> Vec<String> {
    capitals(text).split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_owned).collect()
}

/// Does a code stand in a text, whatever blanks and dashes a bank made of it?
fn holds(text: &str, code: &str) -> bool {
    let bare = |t: &str| capitals(t).chars().filter(char::is_ascii_alphanumeric).collect::<String>();
    let code = bare(code);
    !code.is_empty() && bare(text).contains(&code)
}

/// Words of a name that stand in a line. Banks cut names off: a last word may be the beginning of one.
fn shared(line: &[String], name: &str) -> u8 {
    let stands = |word: &String| {
        line.iter().any(|l| l == word || l.len() >= WORD_MIN && line.last() == Some(l) && word.starts_with(l.as_str()))
    };
    let count = words(name).iter().filter(|w| w.len() >= WORD_MIN && stands(w)).count();
    u8::try_from(count).unwrap_or(u8::MAX)
}

/// Promises a line of a statement may be of: by the code, or by name, or by an amount that is due. The surest first, at most [`MOST`].
///
/// ```
/// use ledger::matching::{Promise, proposals};
/// let promise = |pledge, code: &str, name: &str| Promise { pledge, code: code.into(), name: name.into(), amount: 50_000, is_due: true };
/// let all = [promise(1, "AMAN-K7MP", "CONTOH SATU"), promise(2, "AMAN-2RTX", "CONTOH DUA")];
/// let found = proposals("TRSF E-BANKING CR AMAN K7MP CONTOH SA", 50_000, &all);
/// assert_eq!(found[0].pledge, 1);
/// assert!(found[0].is_sure());
/// ```
pub fn proposals(text: &str, amount: i64, promises: &[Promise]) -> Vec<Proposal> {
    let line = words(text);
    let mut out: Vec<Proposal> = promises
        .iter()
        .filter_map(|p| {
            let mut grounds = Vec::new();
            if holds(text, &p.code) {
                grounds.push(Ground::Code);
            }
            match shared(&line, &p.name) {
                0 => {}
                n => grounds.push(Ground::Name(n)),
            }
            let named = !grounds.is_empty();
            if p.amount == amount {
                grounds.push(Ground::Amount);
            }
            if p.is_due {
                grounds.push(Ground::Due);
            }
            // An amount alone is everybody's: it counts where it is due.
            let by_amount = p.amount == amount && p.is_due;
            (named || by_amount).then_some(Proposal { pledge: p.pledge, grounds })
        })
        .collect();
    let weight = |p: &Proposal| {
        p.grounds.iter().fold(0u32, |sum, g| {
            sum + match g {
                Ground::Code => 1_000,
                Ground::Name(n) => 30 * u32::from((*n).min(5)),
                Ground::Amount => 50,
                Ground::Due => 20,
            }
        })
    };
    out.sort_by_key(|p| (std::cmp::Reverse(weight(p)), p.pledge));
    out.truncate(MOST);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn promise(pledge: i64, code: &str, name: &str, amount: i64, is_due: bool) -> Promise {
        Promise { pledge, code: code.to_owned(), name: name.to_owned(), amount, is_due }
    }

    #[test]
    fn code_beats_name_beats_amount() {
        let all = [
            promise(1, "AMAN-K7MP", "BUDI CONTOHWAN", 50_000, true),
            promise(2, "AMAN-2RTX", "SITI MISALNYA", 50_000, true),
            promise(3, "AMAN-99QQ", "PT UPAMA JAYA", 1_000_000, true),
            promise(4, "AMAN-11AA", "ORANG LAIN", 50_000, false),
        ];
        let order = |text: &str, amount| proposals(text, amount, &all).iter().map(|p| p.pledge).collect::<Vec<_>>();
        assert_eq!(
            order("BI-FAST CR TRANSFER DR 014 SITI MISALNYA AMAN-K7MP", 50_000),
            [1, 2],
            "the code, then the name"
        );
        assert_eq!(order("SETORAN TUNAI", 50_000), [1, 2], "an amount that is due");
        assert_eq!(order("TRSF CR UPAMA JA", 750_000), [3], "a name that was cut, whatever the amount");
        assert_eq!(order("BUNGA", 12), Vec::<i64>::new());
        let sure = proposals("aman k7mp", 50_000, &all);
        assert!(sure[0].is_sure());
        assert!(!proposals("aman k7mp", 49_000, &all)[0].is_sure(), "another amount is asked about");
    }

    #[test]
    fn short_words_and_empty_codes_find_nobody() {
        let all = [promise(1, "", "H ALI BIN ABU", 5, false)];
        assert!(proposals("ALI ABU BIN H", 5, &all).is_empty());
    }
}
