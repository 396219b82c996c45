//! Questions to the law, as they are typed. Amounts read as offices write them: `180.000.000`,
//! `180,000,000`, `Rp 180.000.000,-`.

use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;

/// What every question takes.
#[derive(Args)]
pub(crate) struct Common {
    /// Compare with a second case: the options that differ, such as --against "--spk-date 2022-03-31"
    #[arg(long, value_name = "OPTIONS", allow_hyphen_values = true)]
    pub(crate) against: Option<String>,
    /// Machine-readable
    #[arg(long)]
    pub(crate) json: bool,
}

/// How a contribution is paid.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum PlanArg {
    /// All at once
    Lump,
    /// In instalments
    Instalments,
}

/// What the contract is for.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum RoleArg {
    /// Works
    Works,
    /// Planning consultant
    Planning,
    /// Supervising consultant
    Supervision,
    /// Self-managed works (swakelola)
    SelfManaged,
}

#[derive(Args)]
pub(crate) struct ContributionArgs {
    /// Contract value without PPN
    #[arg(long, allow_hyphen_values = true)]
    pub(crate) value: Option<String>,
    /// Contract value with PPN; the rate goes by the SPK date
    #[arg(long, allow_hyphen_values = true)]
    pub(crate) gross_value: Option<String>,
    /// Wages of all workers in a month, where they are stated and known
    #[arg(long, allow_hyphen_values = true)]
    pub(crate) monthly_wages: Option<String>,
    /// Months of work, for wages
    #[arg(long)]
    pub(crate) months: Option<u32>,
    /// Day of the order (SPK)
    #[arg(long, value_name = "DATE")]
    pub(crate) spk_date: String,
    /// All at once, or in instalments
    #[arg(long, value_enum)]
    pub(crate) plan: Option<PlanArg>,
    /// What the contract is for
    #[arg(long, value_enum)]
    pub(crate) role: Option<RoleArg>,
    /// A change of value: the whole new value and its day
    #[arg(long, value_name = "VALUE@DATE", allow_hyphen_values = true)]
    pub(crate) addendum: Vec<String>,
    /// A later end of the works: the new last day and the day of the addendum
    #[arg(long, value_name = "UNTIL@DATE")]
    pub(crate) extension: Vec<String>,
    /// Last day of the works
    #[arg(long, value_name = "DATE")]
    pub(crate) works_end: Option<String>,
    /// Day of registration, for the relief of 2020 (default: the SPK date)
    #[arg(long, value_name = "DATE")]
    pub(crate) registered: Option<String>,
    /// Paid before the relief of 2020 began
    #[arg(long, value_name = "AMOUNT", allow_hyphen_values = true)]
    pub(crate) paid_before: Option<String>,
    /// Day the rest is paid, for the relief of 2020
    #[arg(long, value_name = "DATE")]
    pub(crate) pay_on: Option<String>,
    /// Day a payment was due, for a late fee
    #[arg(long, value_name = "DATE", requires = "paid_on")]
    pub(crate) due: Option<String>,
    /// Day it was paid
    #[arg(long, value_name = "DATE", requires = "due")]
    pub(crate) paid_on: Option<String>,
    #[command(flatten)]
    pub(crate) common: Common,
}

/// A wage: one of four ways to state it.
#[derive(Args)]
pub(crate) struct WageArgs {
    /// Wage of a day
    #[arg(long, allow_hyphen_values = true)]
    pub(crate) daily_wage: Option<String>,
    /// Wage of a month: basic wage and fixed allowances
    #[arg(long, allow_hyphen_values = true)]
    pub(crate) monthly_wage: Option<String>,
    /// Piece-rate: wages of the last three months, separated by semicolons
    #[arg(long, value_name = "N;N;N", allow_hyphen_values = true)]
    pub(crate) piece_wages: Option<String>,
    /// Piece-rate that depends on the weather: wages of the last twelve months
    #[arg(long, value_name = "N;N;...", allow_hyphen_values = true)]
    pub(crate) weather_wages: Option<String>,
}

/// What every benefit takes.
#[derive(Args)]
pub(crate) struct AccidentArgs {
    /// Day of the accident, the diagnosis or the death
    #[arg(long, value_name = "DATE")]
    pub(crate) accident_date: String,
    /// How the person is insured
    #[arg(long, value_enum, default_value_t = MemberArg::Jakon)]
    pub(crate) member: MemberArg,
    #[command(flatten)]
    pub(crate) common: Common,
}

/// How the person is insured.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum MemberArg {
    /// A worker of a construction project
    Jakon,
    /// A member without employer
    Bpu,
}

/// Which programme pays.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum ProgrammeArg {
    /// Work accident
    #[value(alias = "accident")]
    Jkk,
    /// Death that is no work accident
    #[value(alias = "other")]
    Jkm,
}

#[derive(Args)]
pub(crate) struct BenefitArgs {
    #[command(subcommand)]
    pub(crate) command: BenefitCommand,
}

#[derive(Subcommand)]
pub(crate) enum BenefitCommand {
    /// Death: lump sum, periodic payment, funeral; scholarships outside the total
    Death {
        /// Which programme pays
        #[arg(long, alias = "cause", value_enum, default_value_t = ProgrammeArg::Jkk)]
        programme: ProgrammeArg,
        /// A child's school years to come: sd:6,smp:3,sma (repeat for a second child)
        #[arg(long, alias = "level", value_name = "LEVEL[:YEARS],...")]
        child: Vec<String>,
        /// Whole years of contributions, for scholarships of the death programme
        #[arg(long)]
        years_insured: Option<i64>,
        #[command(flatten)]
        wage: WageArgs,
        #[command(flatten)]
        accident: AccidentArgs,
    },
    /// Permanent disability, partial or total
    Disability {
        /// Codes of losses (payung benefit losses); CODE:MEASURE, CODE@PERCENT of function lost
        #[arg(long, value_name = "CODE,...")]
        loss: Vec<String>,
        /// What the better and the worse eye still see, percent
        #[arg(long, value_name = "BETTER,WORSE")]
        sight: Option<String>,
        /// Total and permanent
        #[arg(long)]
        total: bool,
        /// With --total: a child's school years to come, for scholarships outside the total
        #[arg(long, alias = "level", value_name = "LEVEL[:YEARS],...", requires = "total")]
        child: Vec<String>,
        /// Left-handed: right and left change places
        #[arg(long)]
        left_handed: bool,
        #[command(flatten)]
        wage: WageArgs,
        #[command(flatten)]
        accident: AccidentArgs,
    },
    /// Temporary incapacity to work
    Incapacity {
        /// Whole months
        #[arg(long, allow_hyphen_values = true)]
        months: Option<i64>,
        /// Days on top
        #[arg(long, allow_hyphen_values = true)]
        days: Option<i64>,
        #[command(flatten)]
        wage: WageArgs,
        #[command(flatten)]
        accident: AccidentArgs,
    },
    /// Transport of the injured: receipts by mode, or a mode alone for its greatest amount
    Transport {
        /// Road, river or lake
        #[arg(long, num_args = 0..=1, default_missing_value = "")]
        land: Option<String>,
        /// Sea
        #[arg(long, num_args = 0..=1, default_missing_value = "")]
        sea: Option<String>,
        /// Air
        #[arg(long, num_args = 0..=1, default_missing_value = "")]
        air: Option<String>,
        #[command(flatten)]
        accident: AccidentArgs,
    },
    /// Scholarships of children
    Scholarship {
        /// A child's school years to come: sd:6,smp:3,sma (repeat for a second child)
        #[arg(long, alias = "level", value_name = "LEVEL[:YEARS],...", required = true)]
        child: Vec<String>,
        /// Which programme pays
        #[arg(long, alias = "cause", value_enum, default_value_t = ProgrammeArg::Jkk)]
        programme: ProgrammeArg,
        /// Whole years of contributions
        #[arg(long)]
        years_insured: Option<i64>,
        #[command(flatten)]
        accident: AccidentArgs,
    },
    /// Treatment, home care, aids, prostheses
    Care {
        /// An aid and what it cost: glasses:1500000 (without options: all greatest amounts)
        #[arg(long, value_name = "CODE[:COST]")]
        aid: Vec<String>,
        /// The rehabilitation centre's price of an orthosis or prosthesis
        #[arg(long, allow_hyphen_values = true)]
        prosthesis_price: Option<String>,
        #[command(flatten)]
        accident: AccidentArgs,
    },
    /// Who pays: the insurer, the employer, or the employer first
    Payer {
        /// The project or member was not registered on that day
        #[arg(long)]
        not_registered: bool,
        /// Nothing had been paid yet
        #[arg(long)]
        nothing_paid: bool,
        /// The worker was not on the list
        #[arg(long)]
        not_on_roster: bool,
        /// Day the worker joined, who may still be reported
        #[arg(long, value_name = "DATE", requires = "not_on_roster")]
        joined: Option<String>,
        /// Consecutive months of arrears
        #[arg(long, default_value_t = 0, allow_hyphen_values = true)]
        arrears_months: i64,
        /// Reported later than two times 24 hours
        #[arg(long)]
        reported_late: bool,
        /// The wage was reported lower than it was
        #[arg(long)]
        wage_under_reported: bool,
        #[command(flatten)]
        accident: AccidentArgs,
    },
    /// The codes of losses and their percentages
    Losses {
        /// Day of the accident (default: today)
        #[arg(long, value_name = "DATE")]
        accident_date: Option<String>,
        /// Machine-readable
        #[arg(long)]
        json: bool,
    },
}

/// A time zone.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum ZoneArg {
    /// Western
    Wib,
    /// Central
    Wita,
    /// Eastern
    Wit,
}

#[derive(Args)]
pub(crate) struct DeadlineArgs {
    /// registration, roster-change, accident-stage-1, accident-stage-2, sanction, ... (an unknown
    /// kind lists all)
    pub(crate) kind: String,
    /// The day, or the day and minute, from which it is counted
    #[arg(long, value_name = "DATE[THH:MM]")]
    pub(crate) from: String,
    /// Zone of the clock
    #[arg(long, value_enum, default_value_t = ZoneArg::Wib, ignore_case = true)]
    pub(crate) zone: ZoneArg,
    /// For payment-accident and payment-death: the benefit, where the insurer paid late
    #[arg(long, requires = "paid_on", allow_hyphen_values = true)]
    pub(crate) amount: Option<String>,
    /// The day it was paid
    #[arg(long, value_name = "DATE", requires = "amount")]
    pub(crate) paid_on: Option<String>,
    /// For sanction: the contribution that should have been paid
    #[arg(long, requires = "on", allow_hyphen_values = true)]
    pub(crate) contribution: Option<String>,
    /// For sanction: the day up to which the fine is counted
    #[arg(long, value_name = "DATE", requires = "contribution")]
    pub(crate) on: Option<String>,
    #[command(flatten)]
    pub(crate) common: Common,
}

/// Who pays a member's contribution.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum PayerArg {
    /// The member
    #[value(name = "self")]
    Own,
    /// A donor
    Donor,
    /// The city's budget
    Apbd,
    /// The state budget
    Apbn,
}

/// What the member works in.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum SectorArg {
    /// Drivers and couriers
    Transport,
    /// Everybody else
    Other,
}

#[derive(Args)]
pub(crate) struct BpuArgs {
    /// Income a month
    #[arg(long, allow_hyphen_values = true)]
    pub(crate) income: String,
    /// Contribution month
    #[arg(long, value_name = "YYYY-MM")]
    pub(crate) month: String,
    /// Who pays
    #[arg(long, value_enum)]
    pub(crate) payer: PayerArg,
    /// What the member works in
    #[arg(long, value_enum, default_value_t = SectorArg::Other)]
    pub(crate) sector: SectorArg,
    /// The member employs others
    #[arg(long)]
    pub(crate) employer: bool,
    #[command(flatten)]
    pub(crate) common: Common,
}

#[derive(Args)]
pub(crate) struct PlanArgs {
    /// First contribution month
    #[arg(long, value_name = "YYYY-MM")]
    pub(crate) from: String,
    /// Months looked at
    #[arg(long, default_value_t = 12, value_parser = clap::value_parser!(u32).range(1..=60))]
    pub(crate) months: u32,
    /// Rupiah there are
    #[arg(long)]
    pub(crate) budget: Option<String>,
    /// People to be covered
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..=100_000_000))]
    pub(crate) people: Option<u64>,
    /// Who pays
    #[arg(long, value_enum, default_value_t = PayerArg::Apbd)]
    pub(crate) payer: PayerArg,
    /// What they work in
    #[arg(long, value_enum, default_value_t = SectorArg::Other)]
    pub(crate) sector: SectorArg,
    /// Income base of a month (default: the least)
    #[arg(long)]
    pub(crate) income: Option<String>,
    /// Machine-readable
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct GuideArgs {
    /// ppk, contractor, consultant, treasury, worker
    pub(crate) role: String,
    /// By the law of this day (default: today)
    #[arg(long, value_name = "DATE")]
    pub(crate) on: Option<String>,
    /// As PDF for paper, both sides
    #[arg(long, value_name = "FILE", conflicts_with = "json")]
    pub(crate) out: Option<PathBuf>,
    /// Machine-readable
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct DutiesArgs {
    /// Folder for duties.csv (default: HOME/duties)
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Machine-readable
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct LawArgs {
    #[command(subcommand)]
    pub(crate) command: LawCommand,
}

#[derive(Subcommand)]
pub(crate) enum LawCommand {
    /// Check every parameter and worked case, and the city's own layer
    Check {
        /// One file to check by itself, or a folder of law files instead of the built-in one
        path: Option<PathBuf>,
        /// A folder of law files instead of the built-in one
        #[arg(long, value_name = "DIR", conflicts_with = "path")]
        dir: Option<PathBuf>,
        /// Machine-readable
        #[arg(long)]
        json: bool,
    },
    /// Every parameter with its title
    List {
        /// Machine-readable
        #[arg(long)]
        json: bool,
    },
    /// One parameter, on a day or over all time
    Show {
        /// Its path: jakon/jkk_scale
        path: String,
        /// The day
        #[arg(long, value_name = "DATE")]
        on: Option<String>,
        /// Machine-readable
        #[arg(long)]
        json: bool,
    },
    /// What differs between two days
    Diff {
        /// The one day
        from: String,
        /// The other
        to: String,
        /// Machine-readable
        #[arg(long)]
        json: bool,
    },
    /// What changes in the results of this city if a value changes
    Impact {
        /// A file with `path:` and `values:` (docs/how-to/law.md)
        #[arg(long, value_name = "FILE")]
        change: PathBuf,
        /// The day assessed (default: today)
        #[arg(long, value_name = "DATE")]
        as_of: Option<String>,
        /// Machine-readable
        #[arg(long)]
        json: bool,
    },
}
