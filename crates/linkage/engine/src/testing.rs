//! Small lists for the engine's own tests.

use crate::lists::{Lists, Side};
use crate::model::Outcomes;

/// Records that are nothing but their keys; a pair agrees (level 0) where all keys are equal.
pub(crate) struct Plain {
    pub(crate) left: Vec<Vec<u64>>,
    pub(crate) right: Vec<Vec<u64>>,
    within: bool,
}

impl Plain {
    pub(crate) fn of(left: Vec<Vec<u64>>, right: Vec<Vec<u64>>) -> Self {
        Self { left, right, within: false }
    }

    pub(crate) fn within(list: Vec<Vec<u64>>) -> Self {
        Self { left: list.clone(), right: list, within: true }
    }

    fn side(&self, side: Side) -> &[Vec<u64>] {
        match side {
            Side::Left => &self.left,
            Side::Right => &self.right,
        }
    }
}

impl Lists for Plain {
    fn len(&self, side: Side) -> usize {
        self.side(side).len()
    }

    fn order(&self, _: Side, record: u32) -> u64 {
        u64::from(record)
    }

    fn keys(&self, side: Side, record: u32, out: &mut Vec<u64>) {
        out.extend(&self.side(side)[record as usize]);
    }

    fn compare(&self, left: u32, right: u32, out: &mut Outcomes) {
        out.push(u8::from(self.left[left as usize] != self.right[right as usize]), 0);
    }

    fn within(&self) -> bool {
        self.within
    }
}
