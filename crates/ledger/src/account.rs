//! Accounts, and on which side of zero each may stand.

use std::fmt;

/// An account. The number is that of the row it stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Account {
    /// A bank account outside Payung, as its statements say.
    Bank(i64),
    /// A line of a budget (APBD), as its document grants it.
    Budget(i64),
    /// A line of a statement that brought money, as far as nobody has said what it is.
    In(i64),
    /// A line of a statement that took money, as far as nobody has said what it is.
    Out(i64),
    /// What is free to be allotted, by what it was given for.
    Fund(i64),
    /// What is reserved for the people and months of one allotment and not yet paid.
    Reserved(i64),
}

/// On which side of zero an account stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// What there is: never below zero.
    Debit,
    /// What it is there for: never above zero.
    Credit,
}

impl Account {
    /// Its side.
    pub fn side(self) -> Side {
        match self {
            Self::Bank(_) | Self::Budget(_) | Self::Out(_) => Side::Debit,
            Self::In(_) | Self::Fund(_) | Self::Reserved(_) => Side::Credit,
        }
    }

    /// How much it has, of a balance: always a number people expect, whichever its side.
    pub fn has(self, balance: i64) -> i64 {
        match self.side() {
            Side::Debit => balance,
            Side::Credit => balance.saturating_neg(),
        }
    }

    /// Name of its kind, as stored.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Bank(_) => "bank",
            Self::Budget(_) => "budget",
            Self::In(_) => "in",
            Self::Out(_) => "out",
            Self::Fund(_) => "fund",
            Self::Reserved(_) => "reserved",
        }
    }

    /// The row it stands for.
    pub fn number(self) -> i64 {
        match self {
            Self::Bank(n) | Self::Budget(n) | Self::In(n) | Self::Out(n) | Self::Fund(n) | Self::Reserved(n) => n,
        }
    }

    /// By its name, `fund:3`.
    pub fn parse(text: &str) -> Option<Self> {
        let (kind, number) = text.split_once(':')?;
        let n = number.parse().ok()?;
        Some(match kind {
            "bank" => Self::Bank(n),
            "budget" => Self::Budget(n),
            "in" => Self::In(n),
            "out" => Self::Out(n),
            "fund" => Self::Fund(n),
            "reserved" => Self::Reserved(n),
            _ => return None,
        })
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.kind(), self.number())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back() {
        for make in [Account::Bank, Account::Budget, Account::In, Account::Out, Account::Fund, Account::Reserved] {
            let account = make(41);
            assert_eq!(Account::parse(&account.to_string()), Some(account));
        }
        for text in ["", "fund", "fund:", "fund:x", "vault:1"] {
            assert_eq!(Account::parse(text), None, "{text}");
        }
    }
}
