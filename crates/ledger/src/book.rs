//! Balances, the entering of acts, and the check of a whole book.

use crate::account::{Account, Side};
use crate::act::{Act, Entry, Kind, Posting};
use rustc_hash::FxHashMap;

/// Why an entry is not made. Nothing has changed then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// An amount of zero or below.
    Amount(i64),
    /// An account does not have what is asked of it.
    Short {
        /// Which.
        account: Account,
        /// Rupiah it has.
        has: i64,
        /// Rupiah it would have to give.
        needs: i64,
    },
    /// More than can be counted.
    TooMuch,
    /// Undoing what undoes another.
    Undone,
}

/// Balances of accounts: debit above zero, credit below. One that is missing is at zero.
pub type Balances = FxHashMap<Account, i64>;

/// Balances as entries made them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Book {
    /// Balances; accounts at zero may be left out.
    pub balances: Balances,
}

/// The balance an account would come to; a refusal where it would cross zero.
fn after(balance: i64, posting: Posting) -> Result<i64, Refusal> {
    // The smallest number has no opposite, so no account may come to it.
    let new = balance.checked_add(posting.amount).filter(|n| *n > i64::MIN).ok_or(Refusal::TooMuch)?;
    let crosses = match posting.account.side() {
        Side::Debit => new < 0,
        Side::Credit => new > 0,
    };
    if !crosses {
        return Ok(new);
    }
    let account = posting.account;
    Err(Refusal::Short { account, has: account.has(balance), needs: posting.amount.saturating_abs() })
}

impl Book {
    /// Enters an act.
    ///
    /// # Errors
    /// [`Refusal`]; the book is as it was.
    pub fn enter(&mut self, act: &Act) -> Result<Entry, Refusal> {
        let entry = act.entry()?;
        self.post(&entry)?;
        Ok(entry)
    }

    /// Posts an entry.
    ///
    /// # Errors
    /// As [`Book::enter`].
    pub fn post(&mut self, entry: &Entry) -> Result<(), Refusal> {
        let at = |account: &Account| self.balances.get(account).copied().unwrap_or(0);
        // The two accounts are never the same: an entry moves between kinds of accounts.
        let [first, second] = entry.postings;
        let new = [after(at(&first.account), first)?, after(at(&second.account), second)?];
        self.balances.insert(first.account, new[0]);
        self.balances.insert(second.account, new[1]);
        Ok(())
    }

    /// What an account has.
    pub fn has(&self, account: Account) -> i64 {
        account.has(self.balances.get(&account).copied().unwrap_or(0))
    }
}

/// What is wrong with a book that was kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Broken {
    /// The postings of an entry are none: they do not sum to zero, or touch what their kind does not.
    Entry(i64),
    /// An account crossed zero.
    Crossed(i64, Account),
    /// An entry takes back what is not there, what was taken back, or something else.
    Undo(i64),
    /// Entries are not numbered one after the other.
    Number(i64),
}

/// An entry as it was kept: number, kind, postings, and the entry it takes back.
pub type Kept = (i64, Kind, [Posting; 2], Option<i64>);

/// Reads a whole book from its first entry and says what it comes to; the first thing that is wrong, if any. Numbers go up, not always by one: a server leaves some out.
///
/// Time: one look at each posting. Space: one balance an account, and each entry that was or may be taken back by its number.
///
/// # Errors
/// [`Broken`], with the number of the entry.
pub fn check<E>(entries: impl Iterator<Item = Result<Kept, E>>) -> Result<Result<Book, Broken>, E> {
    let mut book = Book::default();
    let mut seen: FxHashMap<i64, [Posting; 2]> = FxHashMap::default();
    let mut last = 0;
    for entry in entries {
        let (id, kind, postings, undoes) = entry?;
        if id <= last {
            return Ok(Err(Broken::Number(id)));
        }
        last = id;
        let Some(entry) = Entry::kept(kind, &postings) else { return Ok(Err(Broken::Entry(id))) };
        if (kind == Kind::Undo) != undoes.is_some() {
            return Ok(Err(Broken::Undo(id)));
        }
        match undoes {
            // What was taken back is forgotten: it cannot be taken back again.
            Some(before) => {
                let opposite = |p: [Posting; 2]| {
                    p[0].account == postings[1].account
                        && p[1].account == postings[0].account
                        && p[0].amount == postings[0].amount
                };
                if !seen.remove(&before).is_some_and(opposite) {
                    return Ok(Err(Broken::Undo(id)));
                }
            }
            None => {
                seen.insert(id, postings);
            }
        }
        match book.post(&entry) {
            Ok(()) => {}
            Err(Refusal::Short { account, .. }) => return Ok(Err(Broken::Crossed(id, account))),
            Err(_) => return Ok(Err(Broken::Entry(id))),
        }
    }
    Ok(Ok(book))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::convert::Infallible;

    fn acts() -> impl Strategy<Value = Act> {
        let n = 1i64..4;
        let amount = prop_oneof![8 => 1i64..500, 1 => -5i64..1, 1 => Just(i64::MAX), 1 => Just(i64::MIN)];
        (0u8..13, n.clone(), n, amount).prop_map(|(which, a, b, amount)| match which {
            0 => Act::Credit { bank: a, line: b, amount },
            1 => Act::Debit { bank: a, line: b, amount },
            2 => Act::Gift { line: a, fund: b, amount },
            3 => Act::Interest { line: a, fund: b, amount },
            4 => Act::Fee { line: a, fund: b, amount },
            5 => Act::Return { line: a, fund: b, amount },
            6 => Act::Grant { budget: a, fund: b, amount },
            7 => Act::Cut { budget: a, fund: b, amount },
            8 => Act::Allot { fund: a, allotment: b, amount },
            9 => Act::Pay { line: a, allotment: b, amount },
            12 => Act::PayBack { line: a, allotment: b, amount },
            10 => Act::PayBudget { budget: a, allotment: b, amount },
            _ => Act::Release { allotment: a, fund: b, amount },
        })
    }

    proptest! {
        /// Over any history, taken acts and refused ones: all balances sum to zero, none crosses it, what is free and reserved is never more
        /// than what came in, and the book read from its entries is the book that was kept.
        #[test]
        fn never_unbalanced_and_never_spent_twice(history in prop::collection::vec((acts(), 0usize..60, any::<bool>()), 1..120)) {
            let mut book = Book::default();
            let mut kept: Vec<Kept> = Vec::new();
            let mut undone = std::collections::BTreeSet::new();
            for (act, earlier, undo) in &history {
                let before = book.clone();
                let undoes = undo.then(|| kept.get(*earlier)).flatten().filter(|k| !undone.contains(&k.0)).cloned();
                let made = match &undoes {
                    Some((_, kind, postings, _)) => Entry::kept(*kind, postings).unwrap().undo().and_then(|e| book.post(&e).map(|()| e)),
                    None => book.enter(act),
                };
                match made {
                    Ok(entry) => {
                        undone.extend(undoes.as_ref().map(|u| u.0));
                        kept.push((kept.len() as i64 + 1, entry.kind, entry.postings, undoes.map(|u| u.0)));
                    }
                    Err(_) => prop_assert_eq!(&before, &book, "a refusal changes nothing"),
                }
                let sum: i128 = book.balances.values().map(|b| i128::from(*b)).sum();
                prop_assert_eq!(sum, 0);
                for (account, balance) in &book.balances {
                    prop_assert!(account.has(*balance) >= 0, "{} {}", account, balance);
                }
                let all = |side: fn(&Account) -> bool| -> i128 {
                    book.balances.iter().filter(|(a, _)| side(a)).map(|(a, b)| i128::from(a.has(*b))).sum()
                };
                let there = all(|a| matches!(a, Account::Bank(_) | Account::Budget(_) | Account::Out(_)));
                let meant = all(|a| matches!(a, Account::Fund(_) | Account::Reserved(_) | Account::In(_)));
                prop_assert_eq!(there, meant, "each rupiah that is there is there for one thing");
            }
            let read = check(kept.into_iter().map(Ok::<_, Infallible>)).unwrap().unwrap();
            let full = |b: &Book| b.balances.iter().filter(|(_, v)| **v != 0).map(|(a, v)| (*a, *v)).collect::<std::collections::BTreeMap<_, _>>();
            prop_assert_eq!(full(&read), full(&book));
        }
    }

    fn entry(id: i64, act: &Act) -> Kept {
        let e = act.entry().unwrap();
        (id, e.kind, e.postings, None)
    }

    fn found(entries: Vec<Kept>) -> Result<Book, Broken> {
        check(entries.into_iter().map(Ok::<_, Infallible>)).unwrap()
    }

    #[test]
    fn a_book_that_was_tampered_with_says_where() {
        let credit = entry(1, &Act::Credit { bank: 1, line: 1, amount: 50_000 });
        let gift = entry(2, &Act::Gift { line: 1, fund: 1, amount: 50_000 });
        assert_eq!(found(vec![credit, gift]).unwrap().has(Account::Fund(1)), 50_000);

        let mut unbalanced = gift;
        unbalanced.2[1].amount -= 1;
        assert_eq!(found(vec![credit, unbalanced]), Err(Broken::Entry(2)));
        let mut elsewhere = gift;
        elsewhere.2[0].account = Account::Bank(1);
        assert_eq!(found(vec![credit, elsewhere]), Err(Broken::Entry(2)), "a gift comes out of a line");
        assert_eq!(found(vec![gift]), Err(Broken::Crossed(2, Account::In(1))), "the line is missing");
        assert_eq!(found(vec![credit, (1, gift.1, gift.2, None)]), Err(Broken::Number(1)));

        let back = |id, of: &Kept| {
            let e = Entry::kept(of.1, &of.2).unwrap().undo().unwrap();
            (id, e.kind, e.postings, Some(of.0))
        };
        assert!(found(vec![credit, gift, back(3, &gift)]).is_ok());
        assert_eq!(found(vec![credit, gift, back(3, &gift), back(4, &gift)]), Err(Broken::Undo(4)), "once");
        assert_eq!(found(vec![credit, gift, (3, Kind::Undo, back(3, &gift).2, None)]), Err(Broken::Undo(3)));
    }

    #[test]
    fn refusals_say_what_is_missing() {
        let mut book = Book::default();
        for amount in [0, -1, i64::MIN] {
            assert_eq!(book.enter(&Act::Credit { bank: 1, line: 1, amount }), Err(Refusal::Amount(amount)));
        }
        book.enter(&Act::Credit { bank: 1, line: 1, amount: i64::MAX }).unwrap();
        assert_eq!(book.enter(&Act::Credit { bank: 1, line: 2, amount: 1 }), Err(Refusal::TooMuch));
        let short = book.enter(&Act::Return { line: 3, fund: 1, amount: 5 });
        assert_eq!(short, Err(Refusal::Short { account: Account::Fund(1), has: 0, needs: 5 }));
        let gift = book.enter(&Act::Gift { line: 1, fund: 1, amount: 10 }).unwrap();
        assert_eq!(gift.undo().unwrap().undo(), Err(Refusal::Undone));
    }
}
