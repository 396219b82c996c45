//! `payung generate`
use super::Done;
use crate::options::{Cli, GenerateArgs};
use app::Fault;
pub(crate) fn run(_: &Cli, _: &GenerateArgs) -> Result<Done, Fault> { Ok(Done::Well) }
