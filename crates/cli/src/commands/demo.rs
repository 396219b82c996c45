//! `payung demo`
use super::Done;
use crate::options::{Cli, DemoArgs};
use app::Fault;
pub(crate) fn run(_: &Cli, _: &DemoArgs) -> Result<Done, Fault> { Ok(Done::Well) }
