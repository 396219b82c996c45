//! `payung template`

use super::{Done, refuse};
use crate::options::{Cli, TemplateArgs};
use app::Fault;
use app::template::write_template;
use phrases::{key, say};

pub(crate) fn run(cli: &Cli, args: &TemplateArgs) -> Result<Done, Fault> {
    match write_template(&args.register, &args.out, cli.language())? {
        Ok(files) => {
            for file in files {
                println!("{}", say(cli.language(), key::TEMPLATE_WRITTEN, &[("path", &file.display().to_string())]));
            }
            Ok(Done::Well)
        }
        Err(refused) => Ok(refuse(&refused)),
    }
}
