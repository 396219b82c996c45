//! What the engine has to know about two lists.

use crate::block::spread;
use crate::model::Outcomes;

/// Which list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    /// The list that is indexed.
    Left,
    /// The list that looks for partners.
    Right,
}

/// Two lists, or one list against itself, as the engine sees them.
pub trait Lists: Sync {
    /// Number of records.
    fn len(&self, side: Side) -> usize;

    /// A number made from the record's own identifier. It settles the order among equals, so that
    /// results do not depend on the order of rows.
    fn order(&self, side: Side, record: u32) -> u64;

    /// Adds the record's blocking keys: hashes of what it might share with a partner.
    fn keys(&self, side: Side, record: u32, out: &mut Vec<u64>);

    /// Compares a pair: one outcome for each comparison of the model, in order.
    fn compare(&self, left: u32, right: u32, out: &mut Outcomes);

    /// These left records are compared next. Where a record is far away in memory, reading a little of each
    /// now brings them all at once.
    fn call(&self, _left: &[u32]) {}

    /// One list against itself: both sides are the same records, and none is its own partner.
    fn within(&self) -> bool {
        false
    }

    /// No records on that side.
    fn is_empty(&self, side: Side) -> bool {
        self.len(side) == 0
    }
}

/// Records of a side in the order of their identifiers' numbers: the first `most` of them are a
/// sample that does not depend on the order of rows. The two sides are drawn independently, although
/// partners may bear the same identifier.
pub fn sample<L: Lists>(lists: &L, side: Side, most: usize) -> Vec<u32> {
    let salt = if side == Side::Left { 1 } else { 2 };
    let number = |r: u32| spread(lists.order(side, r) ^ salt);
    let mut all: Vec<(u64, u32)> = (0..lists.len(side) as u32).map(|r| (number(r), r)).collect();
    if all.len() > most {
        all.select_nth_unstable(most);
        all.truncate(most);
    }
    all.sort_unstable();
    all.into_iter().map(|(_, r)| r).collect()
}
