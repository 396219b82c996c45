//! What can happen to the money, and the entry each of it makes.

use crate::account::Account;
use crate::book::Refusal;

/// What happened. Amounts are whole rupiah, above zero.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// A line of a bank statement that brought money; or what a bank account held before its first line.
    Credit {
        /// Bank account.
        bank: i64,
        /// Line of the statement.
        line: i64,
        /// Rupiah.
        amount: i64,
    },
    /// A line of a bank statement that took money.
    Debit {
        /// Bank account.
        bank: i64,
        /// Line of the statement.
        line: i64,
        /// Rupiah.
        amount: i64,
    },
    /// Of a line that brought money: so much is a gift.
    Gift {
        /// Line of the statement.
        line: i64,
        /// What it is given for.
        fund: i64,
        /// Rupiah.
        amount: i64,
    },
    /// Of a line that brought money: so much is interest, or was there before, and nobody's gift.
    Interest {
        /// Line of the statement.
        line: i64,
        /// The fund it goes to.
        fund: i64,
        /// Rupiah.
        amount: i64,
    },
    /// Of a line that took money: so much is a fee or tax of the bank.
    Fee {
        /// Line of the statement.
        line: i64,
        /// The fund that bears it.
        fund: i64,
        /// Rupiah.
        amount: i64,
    },
    /// Of a line that took money: so much of a gift went back, because the transfer was reversed or the donor asked.
    Return {
        /// Line of the statement.
        line: i64,
        /// The fund the gift had gone to.
        fund: i64,
        /// Rupiah.
        amount: i64,
    },
    /// A budget document grants so much.
    Grant {
        /// Line of the budget.
        budget: i64,
        /// The fund.
        fund: i64,
        /// Rupiah.
        amount: i64,
    },
    /// A change of the budget takes so much back.
    Cut {
        /// Line of the budget.
        budget: i64,
        /// The fund.
        fund: i64,
        /// Rupiah.
        amount: i64,
    },
    /// So much is reserved for the people and months of an allotment.
    Allot {
        /// The fund.
        fund: i64,
        /// The allotment.
        allotment: i64,
        /// Rupiah.
        amount: i64,
    },
    /// Of a line that took money: so much was paid to the insurer for an allotment.
    Pay {
        /// Line of the statement.
        line: i64,
        /// The allotment.
        allotment: i64,
        /// Rupiah.
        amount: i64,
    },
    /// Of a line that brought money: so much of a payment to the insurer came back, because the bank reversed it.
    PayBack {
        /// Line of the statement.
        line: i64,
        /// The allotment it had been paid for.
        allotment: i64,
        /// Rupiah.
        amount: i64,
    },
    /// The treasury paid so much to the insurer for an allotment (SP2D).
    PayBudget {
        /// Line of the budget.
        budget: i64,
        /// The allotment.
        allotment: i64,
        /// Rupiah.
        amount: i64,
    },
    /// What an allotment no longer needs goes back to its fund.
    Release {
        /// The allotment.
        allotment: i64,
        /// The fund.
        fund: i64,
        /// Rupiah.
        amount: i64,
    },
}

kernel::named! {
    /// Kind of an entry.
    Kind {
        /// [`Act::Credit`].
        Credit = "credit",
        /// [`Act::Debit`].
        Debit = "debit",
        /// [`Act::Gift`].
        Gift = "gift",
        /// [`Act::Interest`].
        Interest = "interest",
        /// [`Act::Fee`].
        Fee = "fee",
        /// [`Act::Return`].
        Return = "return",
        /// [`Act::Grant`].
        Grant = "grant",
        /// [`Act::Cut`].
        Cut = "cut",
        /// [`Act::Allot`].
        Allot = "allot",
        /// [`Act::Pay`].
        Pay = "pay",
        /// [`Act::PayBack`].
        PayBack = "pay_back",
        /// [`Act::PayBudget`].
        PayBudget = "pay_budget",
        /// [`Act::Release`].
        Release = "release",
        /// The opposite of an earlier entry that was a mistake.
        Undo = "undo",
    }
}

/// So much on an account: above zero is debit, below is credit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Posting {
    /// Account.
    pub account: Account,
    /// Rupiah, never zero.
    pub amount: i64,
}

/// An entry: two postings of one amount on two accounts. A payment that covers several things is several entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What it is.
    pub kind: Kind,
    /// Its postings, the one above zero first.
    pub postings: [Posting; 2],
}

impl Entry {
    /// An entry of an amount from one account to another.
    fn new(kind: Kind, to: Account, from: Account, amount: i64) -> Result<Self, Refusal> {
        // The smallest number has no opposite.
        if amount <= 0 {
            return Err(Refusal::Amount(amount));
        }
        let posting = |account, amount| Posting { account, amount };
        Ok(Self { kind, postings: [posting(to, amount), posting(from, -amount)] })
    }

    /// Rupiah moved.
    pub fn amount(&self) -> i64 {
        self.postings[0].amount
    }

    /// The opposite: what takes this entry back.
    ///
    /// # Errors
    /// [`Refusal::Undone`] for one that takes another back.
    pub fn undo(&self) -> Result<Self, Refusal> {
        if self.kind == Kind::Undo {
            return Err(Refusal::Undone);
        }
        Self::new(Kind::Undo, self.postings[1].account, self.postings[0].account, self.amount())
    }

    /// An entry as it was kept: postings that are no entry are said to be broken.
    pub fn kept(kind: Kind, postings: &[Posting]) -> Option<Self> {
        let [to, from] = postings else { return None };
        let sums = to.amount > 0 && to.amount.checked_add(from.amount) == Some(0);
        let entry = Self { kind, postings: [*to, *from] };
        (sums && entry.is_of_its_kind()).then_some(entry)
    }

    /// Does it touch the accounts its kind touches?
    fn is_of_its_kind(&self) -> bool {
        use Account as A;
        let [to, from] = [self.postings[0].account, self.postings[1].account];
        matches!(
            (self.kind, to, from),
            (Kind::Credit, A::Bank(_), A::In(_))
                | (Kind::Debit, A::Out(_), A::Bank(_))
                | (Kind::Gift | Kind::Interest, A::In(_), A::Fund(_))
                | (Kind::Fee | Kind::Return, A::Fund(_), A::Out(_))
                | (Kind::Grant, A::Budget(_), A::Fund(_))
                | (Kind::Cut, A::Fund(_), A::Budget(_))
                | (Kind::Allot, A::Fund(_), A::Reserved(_))
                | (Kind::Pay, A::Reserved(_), A::Out(_))
                | (Kind::PayBudget, A::Reserved(_), A::Budget(_))
                | (Kind::PayBack, A::In(_), A::Reserved(_))
                | (Kind::Release, A::Reserved(_), A::Fund(_))
                | (Kind::Undo, _, _)
        )
    }
}

impl Act {
    /// The entry it makes.
    ///
    /// # Errors
    /// [`Refusal::Amount`] for an amount of zero or below.
    pub fn entry(&self) -> Result<Entry, Refusal> {
        use Account as A;
        let (kind, to, from, amount) = match *self {
            Self::Credit { bank, line, amount } => (Kind::Credit, A::Bank(bank), A::In(line), amount),
            Self::Debit { bank, line, amount } => (Kind::Debit, A::Out(line), A::Bank(bank), amount),
            Self::Gift { line, fund, amount } => (Kind::Gift, A::In(line), A::Fund(fund), amount),
            Self::Interest { line, fund, amount } => (Kind::Interest, A::In(line), A::Fund(fund), amount),
            Self::Fee { line, fund, amount } => (Kind::Fee, A::Fund(fund), A::Out(line), amount),
            Self::Return { line, fund, amount } => (Kind::Return, A::Fund(fund), A::Out(line), amount),
            Self::Grant { budget, fund, amount } => (Kind::Grant, A::Budget(budget), A::Fund(fund), amount),
            Self::Cut { budget, fund, amount } => (Kind::Cut, A::Fund(fund), A::Budget(budget), amount),
            Self::Allot { fund, allotment, amount } => (Kind::Allot, A::Fund(fund), A::Reserved(allotment), amount),
            Self::Pay { line, allotment, amount } => (Kind::Pay, A::Reserved(allotment), A::Out(line), amount),
            Self::PayBack { line, allotment, amount } => (Kind::PayBack, A::In(line), A::Reserved(allotment), amount),
            Self::PayBudget { budget, allotment, amount } => {
                (Kind::PayBudget, A::Reserved(allotment), A::Budget(budget), amount)
            }
            Self::Release { allotment, fund, amount } => (Kind::Release, A::Reserved(allotment), A::Fund(fund), amount),
        };
        Entry::new(kind, to, from, amount)
    }
}
