//! One rule a file. A rule sees one project at a time and may add findings; findings of several
//! parts of a city are merged by appending, and the city concludes with what needs all of them.

mod cash_in;
mod contract_record_missing;
mod contribution;
mod duplicate;
mod late;
mod not_registered;
mod period;
mod under_declared;
mod wage;

#[cfg(test)]
pub(crate) mod fixture;

use crate::finding::Finding;
use crate::protection::Ledger;
use crate::view::{Context, ProjectView};

/// See one project.
pub(crate) type Rule = fn(&ProjectView<'_>, &Ledger, &Context<'_>, &mut Vec<Finding>);

/// All rules. Their order does not matter: findings are sorted at the end.
pub(crate) const RULES: [Rule; 9] = [
    not_registered::see,
    late::see,
    cash_in::see,
    contribution::see,
    under_declared::see,
    period::see,
    contract_record_missing::see,
    duplicate::see,
    wage::see,
];
