//! `payung demo`: a made-up city from import to report, through the same path as real files.

use super::serve::City;
use super::{Done, import, monev, refuse};
use crate::options::{Cli, DemoArgs};
use app::Fault;
use app::desk::Desk;
use app::home::Home;
use app::monev::Request;
use phrases::{key, say};
use std::path::PathBuf;
use testkit::aman::AmanSpec;
use testkit::city::{CitySpec, MINIMUM_WAGE, generate};

/// People on the list that lies beside the city, to try a roster with.
const SAMPLE_WORKERS: usize = 40;

/// People on lists of vulnerable workers.
const VULNERABLE: usize = 900;

/// Donors who transfer each month, most of the time.
const DONORS: usize = 24;

pub(crate) fn run(cli: &Cli, args: &DemoArgs) -> Result<Done, Fault> {
    let language = cli.language();
    let root = cli.home.clone().unwrap_or_else(|| PathBuf::from("demo-city"));
    let home = Home::open(&root)?;
    let spec = CitySpec { projects: args.projects, ..CitySpec::default() };
    let folder = root.join(format!("files-{}-{}", spec.seed, spec.projects));
    // The folder appears whole or not at all: a run that was cut off leaves only the working name.
    let reused = folder.is_dir();
    if !reused {
        let working = folder.with_extension("tmp");
        generate(&spec, &working).map_err(|e| Fault::io(&working, &e))?;
        let workers = testkit::roster::crew(spec.seed, SAMPLE_WORKERS);
        testkit::roster::sheet(&working, "contoh-daftar-pekerja", spec.seed, &workers, true)
            .map_err(|e| Fault::io(&working, &e))?;
        let aman = AmanSpec { seed: spec.seed, people: VULNERABLE, donors: DONORS, as_of: spec.as_of };
        testkit::map::generate(spec.seed, &working).map_err(|e| Fault::io(&working, &e))?;
        testkit::aman::generate(&aman, &working).map_err(|e| Fault::io(&working, &e))?;
        std::fs::rename(&working, &folder).map_err(|e| Fault::io(&folder, &e))?;
    }
    let layer = home.law_folder().join("upah-minimum.yaml");
    if !layer.is_file() {
        std::fs::create_dir_all(home.law_folder())
            .and_then(|()| std::fs::write(&layer, MINIMUM_WAGE))
            .map_err(|e| Fault::io(&layer, &e))?;
    }
    let said = if reused { key::DEMO_REUSED } else { key::DEMO_MADE };
    println!("{}", say(language, said, &[("path", &folder.display().to_string())]));
    println!("{}", say(language, key::DEMO_MADE_UP, &[]));
    let mut files: Vec<PathBuf> = std::fs::read_dir(&folder)
        .map_err(|e| Fault::io(&folder, &e))?
        .filter_map(|entry| entry.ok().map(|e| e.path()))
        .filter(|p| p.file_name().is_some_and(|n| n.to_string_lossy().starts_with("KOTA-BUATAN")))
        .collect();
    files.sort();
    let outcomes = import::import_files(cli, &home, &files, intake::Options::default(), false)?;
    for outcome in &outcomes {
        if outcome.refused.is_some() || outcome.tables.iter().any(|t| t.tally.new + t.tally.changed > 0) {
            import::print_outcome(cli, outcome);
        }
    }
    let law = match home.law(language) {
        Ok(law) => law,
        Err(refused) => return Ok(refuse(&refused)),
    };
    let request = Request { as_of: spec.as_of, known_on: None, agency: None, language };
    let out = root.join("monev");
    let outcome = app::monev::monev(&mut home.store()?, &request, &out, &law)?;
    monev::print_summary(cli, &outcome, &out);
    // The city's own map is for dashboards, which show a picture.
    let desk = Desk::open(Home::open(&root)?, &super::own_program()?, app::desk::Outside::default())?;
    app::desk::picture::refresh(&desk)?;
    super::map::take(cli, &desk, &folder.join(testkit::map::FILE))?;
    drop(desk);
    if args.no_serve {
        return Ok(Done::Well);
    }
    super::serve::serve(cli, vec![City::alone(home, app::desk::Outside::default())], &args.listen, false, None)
}
