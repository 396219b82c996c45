//! `payung contribution`, `benefit`, `deadline`, `bpu`: questions to the law.

use super::{Done, print_json, print_lines, refuse, typed_date};
use crate::options::legal::{
    AccidentArgs, Common, MemberArg, PayerArg, PlanArg, ProgrammeArg, RoleArg, SectorArg, ZoneArg,
};
use crate::options::{BenefitArgs, BenefitCommand, BpuArgs, Cli, Command, ContributionArgs, DeadlineArgs, WageArgs};
use app::home::Home;
use app::legal::{self, Answer, BenefitKind, compare, declined, parts_form};
use app::words::{typed_amount, typed_moment};
use app::{Fault, Refused};
use clap::Parser;
use kernel::money::Rounding;
use kernel::{Date, Exact, Rupiah, Zone};
use law::benefit::{Absence, CareFacts, Cause, Child, DeathFacts, DisabilityFacts, Fare, Loss, Member, PayerFacts};
use law::benefit::{Sight, Stage, Wage};
use law::contribution::{Addendum, Base, Case, Extension, Lateness, Plan, ReliefFacts, Role};
use law::deadline::FineFacts;
use law::{Declined, Law, bpu};

/// Answers a question, and compares it with a second case where one is asked for.
pub(crate) fn run(cli: &Cli) -> Result<Done, Fault> {
    let law = match Home::open_if_there(&cli.home_path()).law(cli.language()) {
        Ok(law) => law,
        Err(refused) => return Ok(refuse(&refused)),
    };
    let mut result = ask(cli, &law);
    let (against, json) = match (&cli.command, common(&cli.command)) {
        (_, Some(common)) => (common.against.clone(), common.json),
        (Command::Benefit(BenefitArgs { command: BenefitCommand::Losses { json, .. } }), _) => (None, *json),
        _ => (None, false),
    };
    if let (Ok(answer), Some(case)) = (&mut result, &against) {
        match second_case(case) {
            Ok(other) => match ask(&other, &law) {
                Ok(other) => compare(answer, &other, case, cli.language()),
                Err(refused) => result = Err(refused),
            },
            Err(error) => {
                eprintln!("{error}");
                return Ok(Done::Refused);
            }
        }
    }
    print_answer(result, json)
}

/// Prints an answer, or says the refusal.
pub(crate) fn print_answer(result: Result<Answer, Refused>, json: bool) -> Result<Done, Fault> {
    match result {
        Ok(answer) if json => print_json(&answer.json)?,
        Ok(answer) => print_lines(&answer.lines)?,
        Err(refused) => return Ok(refuse(&refused)),
    }
    Ok(Done::Well)
}

/// The same command line with the options of the second case laid over it: a later option wins.
fn second_case(options: &str) -> Result<Cli, clap::Error> {
    let mut arguments: Vec<String> = Vec::new();
    let mut skip = false;
    for argument in std::env::args() {
        if std::mem::take(&mut skip) || argument.starts_with("--against=") {
            continue;
        }
        if argument == "--against" {
            skip = true;
            continue;
        }
        arguments.push(argument);
    }
    arguments.extend(options.split_whitespace().map(str::to_owned));
    Cli::try_parse_from(arguments)
}

fn common(command: &Command) -> Option<&Common> {
    match command {
        Command::Contribution(args) => Some(&args.common),
        Command::Deadline(args) => Some(&args.common),
        Command::Bpu(args) => Some(&args.common),
        Command::Benefit(args) => match &args.command {
            BenefitCommand::Death { accident, .. }
            | BenefitCommand::Disability { accident, .. }
            | BenefitCommand::Incapacity { accident, .. }
            | BenefitCommand::Transport { accident, .. }
            | BenefitCommand::Scholarship { accident, .. }
            | BenefitCommand::Care { accident, .. }
            | BenefitCommand::Payer { accident, .. } => Some(&accident.common),
            BenefitCommand::Losses { .. } => None,
        },
        _ => None,
    }
}

fn ask(cli: &Cli, law: &Law) -> Result<Answer, Refused> {
    match &cli.command {
        Command::Contribution(args) => legal::contribution(&contract(cli, args, law)?, law, cli.language()),
        Command::Benefit(args) => ask_benefit(cli, args, law),
        Command::Deadline(args) => ask_deadline(cli, args, law),
        Command::Bpu(args) => ask_bpu(cli, args, law),
        _ => Err(Refused(String::new())),
    }
}

impl Cli {
    fn amount(&self, text: &str) -> Result<Exact, Refused> {
        typed_amount(text, self.language())
    }

    fn amount_of(&self, text: Option<&String>) -> Result<Option<Exact>, Refused> {
        text.map(|t| self.amount(t)).transpose()
    }

    fn whole(&self, text: &str) -> Result<Rupiah, Refused> {
        let amount = self.amount(text)?;
        let whole = amount.is_whole().then(|| amount.round(Rounding::Down)).flatten();
        whole.ok_or_else(|| parts_form(text, "180000000", self.language()))
    }

    fn date_of(&self, text: Option<&String>) -> Result<Option<Date>, Refused> {
        text.map(|t| typed_date(self, t)).transpose()
    }

    /// Splits `LEFT@DATE`.
    fn at_date<'a>(&self, text: &'a str, form: &str) -> Result<(&'a str, Date), Refused> {
        let (left, date) = text.split_once('@').ok_or_else(|| parts_form(text, form, self.language()))?;
        Ok((left, typed_date(self, date)?))
    }
}

fn contract(cli: &Cli, args: &ContributionArgs, law: &Law) -> Result<Case, Refused> {
    let decline = |d: &Declined| declined(d, law, cli.language());
    let both = |first: &str, second: &str| {
        decline(&Declined::Contradiction { first: first.to_owned(), second: second.to_owned() })
    };
    let base = match (&args.value, &args.gross_value, &args.monthly_wages) {
        (Some(v), None, None) => Base::Net(cli.amount(v)?),
        (None, Some(v), None) => Base::Gross(cli.amount(v)?),
        (None, None, Some(w)) => Base::MonthlyWages { wages: cli.amount(w)?, months: args.months.unwrap_or(1) },
        (None, None, None) => return Err(decline(&Declined::Missing { what: "--value" })),
        (Some(_), Some(_), _) => return Err(both("--value", "--gross-value")),
        (Some(_), _, Some(_)) => return Err(both("--value", "--monthly-wages")),
        (_, Some(_), Some(_)) => return Err(both("--gross-value", "--monthly-wages")),
    };
    if args.months.is_some() && args.monthly_wages.is_none() {
        return Err(both("--months", if args.value.is_some() { "--value" } else { "--gross-value" }));
    }
    let mut case = Case::new(base, typed_date(cli, &args.spk_date)?);
    case.plan = match args.plan {
        Some(PlanArg::Lump) => Plan::Lump,
        Some(PlanArg::Instalments) | None => Plan::Instalments,
    };
    case.role = match args.role {
        None | Some(RoleArg::Works) => Role::Works,
        Some(RoleArg::Planning | RoleArg::Supervision) => Role::Consultant,
        Some(RoleArg::SelfManaged) => Role::SelfManaged,
    };
    for text in &args.addendum {
        let (value, date) = cli.at_date(text, "VALUE@DATE")?;
        case.addenda.push(Addendum { value: cli.amount(value)?, date });
    }
    for text in &args.extension {
        let (until, date) = cli.at_date(text, "UNTIL@DATE")?;
        case.extensions.push(Extension { until: typed_date(cli, until)?, date });
    }
    case.works_end = cli.date_of(args.works_end.as_ref())?;
    case.relief = ReliefFacts {
        registered: cli.date_of(args.registered.as_ref())?,
        paid_before: args.paid_before.as_ref().map(|t| cli.whole(t)).transpose()?,
        pay_on: cli.date_of(args.pay_on.as_ref())?,
    };
    case.lateness = match (cli.date_of(args.due.as_ref())?, cli.date_of(args.paid_on.as_ref())?) {
        (Some(due), Some(paid_on)) => Some(Lateness { due, paid_on }),
        _ => None,
    };
    Ok(case)
}

impl From<PayerArg> for bpu::Payer {
    fn from(payer: PayerArg) -> bpu::Payer {
        match payer {
            PayerArg::Own => bpu::Payer::Own,
            PayerArg::Donor => bpu::Payer::Donor,
            PayerArg::Apbd | PayerArg::Apbn => bpu::Payer::Budget,
        }
    }
}

impl From<SectorArg> for bpu::Sector {
    fn from(sector: SectorArg) -> bpu::Sector {
        match sector {
            SectorArg::Transport => bpu::Sector::Transport,
            SectorArg::Other => bpu::Sector::Other,
        }
    }
}

fn ask_bpu(cli: &Cli, args: &BpuArgs, law: &Law) -> Result<Answer, Refused> {
    let month = format!("{}-01", args.month);
    let month: Date = month.parse().map_err(|_| parts_form(&args.month, "2026-05", cli.language()))?;
    let case = bpu::Case {
        income: cli.amount(&args.income)?,
        month,
        payer: args.payer.into(),
        sector: args.sector.into(),
        is_employer: args.employer,
    };
    legal::bpu(&case, law, cli.language())
}

fn ask_deadline(cli: &Cli, args: &DeadlineArgs, law: &Law) -> Result<Answer, Refused> {
    let start = typed_moment(&args.from, cli.language())?;
    if args.kind == "sanction" {
        let fine = match (&args.contribution, cli.date_of(args.on.as_ref())?) {
            (Some(contribution), Some(on)) => Some(FineFacts { contribution: cli.whole(contribution)?, on }),
            _ => None,
        };
        return legal::sanction(start.day(), fine, law, cli.language());
    }
    if args.contribution.is_some() {
        let both = Declined::Contradiction { first: args.kind.clone(), second: "--contribution".into() };
        return Err(declined(&both, law, cli.language()));
    }
    if let (Some(amount), Some(paid_on)) = (&args.amount, cli.date_of(args.paid_on.as_ref())?) {
        return legal::insurer_late(&args.kind, start, cli.whole(amount)?, paid_on, law, cli.language());
    }
    let zone = match args.zone {
        ZoneArg::Wib => Zone::Wib,
        ZoneArg::Wita => Zone::Wita,
        ZoneArg::Wit => Zone::Wit,
    };
    legal::deadline(&args.kind, start, zone, law, cli.language())
}

fn ask_benefit(cli: &Cli, args: &BenefitArgs, law: &Law) -> Result<Answer, Refused> {
    let language = cli.language();
    let (kind, accident) = match &args.command {
        BenefitCommand::Losses { accident_date, .. } => {
            let date = cli.date_of(accident_date.as_ref())?.unwrap_or_else(app::clock::today);
            return legal::losses(date, law, language);
        }
        BenefitCommand::Payer {
            not_registered,
            nothing_paid,
            not_on_roster,
            joined,
            arrears_months,
            reported_late,
            wage_under_reported,
            accident,
        } => {
            let facts = PayerFacts {
                member: member(accident),
                registered: !not_registered,
                first_paid: !nothing_paid,
                on_roster: !not_on_roster,
                joined: cli.date_of(joined.as_ref())?,
                arrears_months: *arrears_months,
                reported_in_time: !reported_late,
                wage_under_reported: *wage_under_reported,
            };
            return legal::payer(&facts, typed_date(cli, &accident.accident_date)?, law, language);
        }
        BenefitCommand::Death { programme, child, years_insured, wage, accident } => {
            let facts = DeathFacts {
                member: member(accident),
                cause: cause(*programme),
                wage: typed_wage(cli, wage, law)?,
                children: child.iter().map(|c| typed_child(cli, c)).collect::<Result<_, _>>()?,
                years_insured: *years_insured,
            };
            (BenefitKind::Death(facts), accident)
        }
        BenefitCommand::Disability { loss, sight, total, child, left_handed, wage, accident } => {
            let losses = loss.iter().flat_map(|l| l.split(',')).map(|l| typed_loss(cli, l));
            let facts = DisabilityFacts {
                member: member(accident),
                wage: needed_wage(cli, wage, law)?,
                losses: losses.collect::<Result<_, _>>()?,
                sight: sight.as_ref().map(|s| typed_sight(cli, s)).transpose()?,
                total: *total,
                children: child.iter().map(|c| typed_child(cli, c)).collect::<Result<_, _>>()?,
                left_handed: *left_handed,
            };
            (BenefitKind::Disability(facts), accident)
        }
        BenefitCommand::Incapacity { months, days, wage, accident } => {
            let absence = Absence { months: months.unwrap_or(0), days: days.unwrap_or(0) };
            (BenefitKind::Incapacity(member(accident), needed_wage(cli, wage, law)?, absence), accident)
        }
        BenefitCommand::Transport { land, sea, air, accident } => {
            let mut fares = Vec::new();
            for (mode, receipts) in [("land", land), ("sea", sea), ("air", air)] {
                let Some(text) = receipts else { continue };
                let receipts = if text.is_empty() { None } else { Some(cli.amount(text)?) };
                fares.push(Fare { mode: mode.to_owned(), receipts });
            }
            (BenefitKind::Transport(fares), accident)
        }
        BenefitCommand::Scholarship { child, programme, years_insured, accident } => {
            let children = child.iter().map(|c| typed_child(cli, c)).collect::<Result<_, _>>()?;
            (BenefitKind::Scholarship(children, cause(*programme), member(accident), *years_insured), accident)
        }
        BenefitCommand::Care { aid, prosthesis_price, accident } => {
            let mut aids = Vec::new();
            for text in aid {
                let (code, cost) = text.split_once(':').map_or((text.as_str(), None), |(c, n)| (c, Some(n)));
                aids.push((code.to_owned(), cost.map(|c| cli.amount(c)).transpose()?));
            }
            let facts = CareFacts { aids, prosthesis_price: cli.amount_of(prosthesis_price.as_ref())? };
            (BenefitKind::Care(facts), accident)
        }
    };
    legal::benefit(&kind, typed_date(cli, &accident.accident_date)?, law, language)
}

fn member(accident: &AccidentArgs) -> Member {
    match accident.member {
        MemberArg::Jakon => Member::Jakon,
        MemberArg::Bpu => Member::Bpu,
    }
}

fn cause(programme: ProgrammeArg) -> Cause {
    match programme {
        ProgrammeArg::Jkk => Cause::WorkAccident,
        ProgrammeArg::Jkm => Cause::Other,
    }
}

fn typed_wage(cli: &Cli, args: &WageArgs, law: &Law) -> Result<Option<Wage>, Refused> {
    let list = |text: &String| text.split(';').map(|t| cli.amount(t.trim())).collect::<Result<Vec<_>, _>>();
    let mut wages: Vec<(&str, Wage)> = Vec::new();
    if let Some(text) = &args.daily_wage {
        wages.push(("--daily-wage", Wage::Daily(cli.amount(text)?)));
    }
    if let Some(text) = &args.monthly_wage {
        wages.push(("--monthly-wage", Wage::Monthly(cli.amount(text)?)));
    }
    if let Some(text) = &args.piece_wages {
        wages.push(("--piece-wages", Wage::Piece(list(text)?)));
    }
    if let Some(text) = &args.weather_wages {
        wages.push(("--weather-wages", Wage::WeatherDependent(list(text)?)));
    }
    if let [(first, _), (second, _), ..] = &wages[..] {
        let both = Declined::Contradiction { first: (*first).to_owned(), second: (*second).to_owned() };
        return Err(declined(&both, law, cli.language()));
    }
    Ok(wages.pop().map(|(_, wage)| wage))
}

fn needed_wage(cli: &Cli, args: &WageArgs, law: &Law) -> Result<Wage, Refused> {
    let missing = || declined(&Declined::Missing { what: "--daily-wage / --monthly-wage" }, law, cli.language());
    typed_wage(cli, args, law)?.ok_or_else(missing)
}

/// `sd:6,smp:3,sma`.
fn typed_child(cli: &Cli, text: &str) -> Result<Child, Refused> {
    let stage = |part: &str| -> Result<Stage, Refused> {
        let part = part.trim();
        let Some((level, years)) = part.split_once(':') else {
            return Ok(Stage { level: part.to_lowercase(), years: None });
        };
        let years = years.parse().map_err(|_| parts_form(part, "sd:6", cli.language()))?;
        Ok(Stage { level: level.to_lowercase(), years: Some(years) })
    };
    Ok(Child { stages: text.split(',').map(stage).collect::<Result<_, _>>()? })
}

/// `thumb-right`, `hearing-both-10-db:30`, `thumb-right@60`.
fn typed_loss(cli: &Cli, text: &str) -> Result<Loss, Refused> {
    let bad = || parts_form(text, "CODE, CODE:MEASURE, CODE@PERCENT", cli.language());
    let (rest, function_lost) = match text.split_once('@') {
        Some((rest, percent)) => (rest, Some(percent.trim_end_matches('%').parse().map_err(|_| bad())?)),
        None => (text, None),
    };
    let (code, measure) = match rest.split_once(':') {
        Some((code, measure)) => (code, Some(cli.amount(measure)?)),
        None => (rest, None),
    };
    if code.trim().is_empty() {
        return Err(bad());
    }
    Ok(Loss { code: code.trim().to_owned(), measure, function_lost })
}

fn typed_sight(cli: &Cli, text: &str) -> Result<Sight, Refused> {
    let bad = || parts_form(text, "80,40", cli.language());
    let (better, worse) = text.split_once(',').ok_or_else(bad)?;
    Ok(Sight { better: better.trim().parse().map_err(|_| bad())?, worse: worse.trim().parse().map_err(|_| bad())? })
}
