//! The whole way from tables to links or clusters.

use super::Tables;
use linkage_engine::{
    Assignment, Blocks, Clusters, Decided, Estimated, Lists, Look, Looked, Model, Pair, Recall, Shape, Side, assign,
    cluster, estimate, look_for, predict,
};

/// A step that takes a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Counting words and values, finding words a slip apart.
    Settle,
    /// Indexing the left table.
    Index,
    /// Estimating m and u.
    Estimate,
    /// Measuring what blocking finds.
    Recall,
    /// Scoring; counts right records.
    Score,
    /// Assigning or clustering.
    Assign,
}

/// Hears how far things are: the stage, records done, records in all.
pub type Progress<'a> = &'a mut dyn FnMut(Stage, usize, usize);

/// Tables with an index and a model.
pub struct Ready {
    /// The tables.
    pub tables: Tables,
    /// Index of the left one.
    pub blocks: Blocks,
    /// The model.
    pub model: Model,
    /// How much is looked at.
    pub look: Look,
    /// What estimation did, where it was asked for.
    pub estimated: Option<Estimated>,
    /// What blocking finds, where the profile has a target.
    pub recall: Option<Recall>,
}

/// Pairs and what became of them.
pub struct Linked {
    /// Pairs at or above the review threshold (or the one asked for), by right, then left.
    pub pairs: Vec<Pair>,
    /// What became of each right record with a pair.
    pub assignments: Vec<Assignment>,
    /// What looking cost and left out.
    pub looked: Looked,
    /// The index.
    pub shape: Shape,
}

/// Pairs and clusters.
pub struct Deduped {
    /// Pairs at or above the review threshold, and those that keep clusters apart.
    pub pairs: Vec<Pair>,
    /// Clusters.
    pub clusters: Clusters,
    /// What looking cost and left out.
    pub looked: Looked,
    /// The index.
    pub shape: Shape,
}

impl Ready {
    /// Indexes and, where the profile says so, estimates. `model` is one estimated before, used as
    /// it stands.
    pub fn new(tables: Tables, model: Option<Model>, progress: Progress<'_>) -> Self {
        let lefts = tables.len(Side::Left);
        let profile = tables.profile().clone();
        progress(Stage::Index, 0, lefts);
        let blocks = Blocks::new(&tables);
        progress(Stage::Index, lefts, lefts);
        let given = model.is_some();
        let mut model = model.unwrap_or_else(|| profile.model(lefts));
        let mut look = profile.look;
        let mut estimated = None;
        if let (false, Some(how)) = (given, profile.training()) {
            progress(Stage::Estimate, 0, how.records.min(tables.len(Side::Right)));
            estimated = Some(estimate(&tables, &blocks, look, &mut model, how));
        }
        let recall = profile.recall.map(|spec| {
            progress(Stage::Recall, 0, spec.sample);
            let accept = profile.thresholds.link;
            let (wide, reached) = look_for(&tables, &blocks, &model, look, accept, spec.sample, spec.target.0 / 1_000);
            look = wide;
            reached
        });
        Self { tables, blocks, model, look, estimated, recall }
    }

    /// All pairs at or above the review threshold, by right, then left.
    pub fn pairs(&self, progress: Progress<'_>) -> (Vec<Pair>, Looked) {
        self.scored(|_| true, self.tables.profile().thresholds.review, progress)
    }

    fn scored(&self, keep: impl Fn(&Pair) -> bool, least: i32, progress: Progress<'_>) -> (Vec<Pair>, Looked) {
        let rights = self.tables.len(Side::Right);
        let mut pairs: Vec<Pair> = Vec::new();
        progress(Stage::Score, 0, rights);
        let looked = predict(&self.tables, &self.blocks, &self.model, self.look, least, |some, done| {
            pairs.extend(some.iter().filter(|p| keep(p)));
            progress(Stage::Score, done, rights);
        });
        if self.tables.within() {
            pairs.sort_unstable();
            pairs.dedup();
        }
        (pairs, looked)
    }

    /// Links the right table to the left one.
    pub fn link(&self, progress: Progress<'_>) -> Linked {
        let policy = self.tables.profile().policy();
        let (pairs, looked) = self.pairs(progress);
        progress(Stage::Assign, 0, pairs.len());
        let assignments = assign(&pairs, &policy, &|left| self.tables.order(Side::Left, left));
        Linked { pairs, assignments, looked, shape: self.blocks.shape(self.look.block_max) }
    }

    /// Clusters one table.
    pub fn dedupe(&self, decisions: &[Decided], progress: Progress<'_>) -> Deduped {
        let t = self.tables.profile().thresholds;
        let (pairs, looked) = self.scored(|p| p.weight >= t.review || p.weight <= t.apart, i32::MIN, progress);
        progress(Stage::Assign, 0, pairs.len());
        let order = |record| self.tables.order(Side::Left, record);
        let clusters = cluster(self.tables.len(Side::Left), &pairs, decisions, t.link, t.apart, &order);
        Deduped { pairs, clusters, looked, shape: self.blocks.shape(self.look.block_max) }
    }
}
