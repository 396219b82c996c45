//! `payung generate`

use super::{Done, refuse, typed_date};
use crate::options::{Cli, GenerateArgs, TablesArg};
use app::Fault;
use app::home::Home;
use app::known::KnownCity;
use kernel::Date;
use linkage::projects::{Project, Stage};
use phrases::{key, say};
use testkit::aman::AmanSpec;
use testkit::city::{CitySpec, generate};
use testkit::insurer::{ContractSeed, Insurer};
use testkit::tables::{self, TablesKind, TablesSpec};

pub(crate) fn run(cli: &Cli, args: &GenerateArgs) -> Result<Done, Fault> {
    let as_of = match args.as_of.as_deref().map(|t| typed_date(cli, t)).transpose() {
        Ok(day) => day.unwrap_or(CitySpec::default().as_of),
        Err(refused) => return Ok(refuse(&refused)),
    };
    let (files, projects) = if let Some(people) = args.vulnerable {
        let spec = AmanSpec {
            seed: args.seed,
            people: people as usize,
            // About one donor for forty people, as schemes elsewhere begin.
            donors: (people as usize / 40).clamp(10, 2_000),
            as_of,
        };
        std::fs::create_dir_all(&args.out).map_err(|e| Fault::io(&args.out, &e))?;
        let truth = testkit::aman::generate(&spec, &args.out).map_err(|e| Fault::io(&args.out, &e))?;
        (truth.files.len(), truth.people)
    } else if let Some(tables) = args.tables {
        let kind = match tables {
            TablesArg::Works => TablesKind::Works,
            TablesArg::Persons => TablesKind::Persons,
            TablesArg::Firms => TablesKind::Firms,
        };
        let spec = TablesSpec { seed: args.seed, rows: args.rows, noise: args.noise };
        let made = tables::generate(kind, &spec, &args.out).map_err(|e| Fault::io(&args.out, &e))?;
        (made.len(), args.rows as usize)
    } else if args.over_loaded {
        over_loaded(cli, args, as_of)?
    } else {
        let spec = CitySpec { seed: args.seed, projects: args.projects, as_of };
        (generate(&spec, &args.out).map_err(|e| Fault::io(&args.out, &e))?.len(), args.projects as usize)
    };
    println!(
        "{}",
        say(
            cli.language(),
            key::GENERATE_WRITTEN,
            &[
                ("path", &args.out.display().to_string()),
                ("files", &files.to_string()),
                ("projects", &projects.to_string()),
            ],
        )
    );
    println!("{}", say(cli.language(), key::DEMO_MADE_UP, &[]));
    Ok(Done::Well)
}

/// Made-up registrations over the contracts of the data folder.
fn over_loaded(cli: &Cli, args: &GenerateArgs, as_of: Date) -> Result<(usize, usize), Fault> {
    let store = Home::open(&cli.home_path())?.store()?;
    let city = KnownCity::load(&store, app::monev::known_through(&store, None)?)?;
    std::fs::create_dir_all(&args.out).map_err(|e| Fault::io(&args.out, &e))?;
    let mut insurer = Insurer::new(args.seed, as_of);
    let seeds: Vec<ContractSeed> = city.built.projects.iter().filter_map(|p| seed_of(p, as_of)).collect();
    for (i, seed) in seeds.iter().enumerate() {
        insurer.lay(seed, i as u64);
    }
    insurer.strangers((seeds.len() as u64 / 60).max(2));
    let files = insurer.finish(&args.out).map_err(|e| Fault::io(&args.out, &e))?;
    Ok((files.len(), seeds.len()))
}

fn seed_of(p: &Project, as_of: Date) -> Option<ContractSeed> {
    let (start, end) = (p.start?.value, p.end?.value);
    if !p.class.is_duty() || p.stage != Stage::Contracted || start > as_of || p.vendor.name.is_empty() {
        return None;
    }
    let progress = p.minutes.iter().filter(|m| m.progress_ppm.is_some_and(|x| x > 0)).filter_map(|m| m.date).collect();
    let payments = p.minutes.iter().filter(|m| m.paid.is_some()).filter_map(|m| m.date).collect();
    Some(ContractSeed {
        code: p.code.clone(),
        name: p.name.clone(),
        agency: p.agency.clone(),
        number: p.contract_number.clone(),
        order: p.order_date.map_or(start, |d| d.value),
        start,
        end,
        value: p.value?.value,
        vendor: p.vendor.name.clone(),
        npwp: p.vendor.npwp.clone(),
        consultant: p.class == linkage::class::Class::Consultant,
        progress,
        payments,
    })
}
