//! What can be typed.

pub(crate) mod aman;
pub(crate) mod legal;
pub(crate) mod linking;
pub(crate) mod people;

use app::Language;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

pub(crate) use aman::{
    AllotArgs, AwardArgs, BookArgs, CompareArgs, CoverageArgs, MapArgs, MeetingArgs, SteerArgs, SurgeArgs,
    TrainingArgs, VulnerableArgs, WorklistArgs,
};
pub(crate) use linking::{DedupeArgs, LinkArgs, ReviewArgs, ReviewCommand};

pub(crate) use people::{
    AccidentsArgs, CheckArgs, ComplaintsArgs, ExchangeCommand, MailArgs, PeopleArgs, PersonCommand, PhonesArgs,
};

pub(crate) use legal::{
    BenefitArgs, BenefitCommand, BpuArgs, ContributionArgs, DeadlineArgs, DutiesArgs, GuideArgs, LawArgs, LawCommand,
    PlanArgs, WageArgs,
};

/// Payung keeps a protection ledger: for every publicly funded construction project and every
/// worker on it, insured or not on each day, and why.
#[derive(Parser)]
#[command(name = "payung", version, about, args_override_self = true)]
pub(crate) struct Cli {
    /// Data folder (default: $PAYUNG_HOME, else ~/.local/share/payung)
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) home: Option<PathBuf>,
    /// Language of messages and reports
    #[arg(long, global = true, value_enum, default_value_t = Lang::Id)]
    pub(crate) lang: Lang,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Languages.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Lang {
    /// Bahasa Indonesia
    Id,
    /// English
    En,
}

impl Cli {
    pub(crate) fn language(&self) -> Language {
        match self.lang {
            Lang::Id => Language::Indonesian,
            Lang::En => Language::English,
        }
    }

    /// The data folder: as typed, else from the environment, else the user's own.
    pub(crate) fn home_path(&self) -> PathBuf {
        let from = |name: &str| std::env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
        self.home
            .clone()
            .or_else(|| from("PAYUNG_HOME"))
            .or_else(|| from("XDG_DATA_HOME").map(|d| d.join("payung")))
            .or_else(|| from("HOME").map(|d| d.join(".local/share/payung")))
            .unwrap_or_else(|| PathBuf::from("payung-home"))
    }

    /// The data folder whose database the command uses; none where it uses none.
    pub(crate) fn database_home(&self) -> Option<PathBuf> {
        let uses = match &self.command {
            Command::Demo(_) => return Some(self.home.clone().unwrap_or_else(|| PathBuf::from("demo-city"))),
            Command::Import(_)
            | Command::Monev(_)
            | Command::Duties(_)
            | Command::Rebuild(_)
            | Command::Serve(_)
            | Command::Roster(_)
            | Command::People(_)
            | Command::Vulnerable(_)
            | Command::Training(_)
            | Command::Coverage(_)
            | Command::Steer(_)
            | Command::Meeting(_)
            | Command::Compare(_)
            | Command::Map(_)
            | Command::Award(_)
            | Command::Worklist(_)
            | Command::Surge(_)
            | Command::Book(_)
            | Command::Allot(_)
            | Command::Accidents(_)
            | Command::Complaints(_)
            | Command::Check(_)
            | Command::Phones(_)
            | Command::Mail(_)
            | Command::Person(_)
            | Command::Keys(_)
            | Command::Gate(_)
            | Command::Slip(_)
            | Command::WhatIf(_)
            | Command::Evidence(_)
            | Command::Open(_)
            | Command::Exchange(_)
            | Command::Audit(_) => true,
            Command::Link(args) => args.left.is_none(),
            Command::Generate(args) => args.over_loaded,
            Command::Verify(args) => args.known.is_none(),
            Command::Law(args) => matches!(args.command, LawCommand::Impact { .. }),
            Command::Contribution(_)
            | Command::Benefit(_)
            | Command::Deadline(_)
            | Command::Bpu(_)
            | Command::Template(_)
            | Command::Dedupe(_)
            | Command::Review(_)
            | Command::Plan(_)
            | Command::Guide(_)
            | Command::Dci(_)
            | Command::Backup(_) => false,
        };
        uses.then(|| self.home_path())
    }
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Load procurement, insurer and treasury files; recognised by their headers
    Import(ImportArgs),
    /// Link, assess and write the report
    Monev(MonevArgs),
    /// Contribution of one contract: value or wages, addenda, relief, late fee; with articles
    Contribution(Box<ContributionArgs>),
    /// Benefits after an accident or a death, who pays, and the codes of losses
    Benefit(BenefitArgs),
    /// A due day, with the days passed over and why
    Deadline(DeadlineArgs),
    /// Contribution of a member without employer
    Bpu(BpuArgs),
    /// Cover for vulnerable workers out of a budget: people against months
    Plan(PlanArgs),
    /// What a role has to do, by the law of a day
    Guide(GuideArgs),
    /// Contribution and registration deadline of every loaded project
    Duties(DutiesArgs),
    /// Write the template of a register as XLSX and CSV
    Template(TemplateArgs),
    /// Link two tables by a profile; without tables, show or measure the links of the city
    Link(LinkArgs),
    /// Find the records of one table that are the same firm, person or thing
    Dedupe(DedupeArgs),
    /// Let people check pairs, and learn from them how good the links are
    Review(ReviewArgs),
    /// Write a made-up city, or made-up registrations over the loaded contracts
    Generate(GenerateArgs),
    /// Who is on a project; lay a contractor's list down; take a list away
    Roster(RosterArgs),
    /// Workers as figures: where they come from, what they are paid, rosters beside what is usual
    People(PeopleArgs),
    /// How many people are covered, each counted once, month by month, and of whom it is asked
    Coverage(CoverageArgs),
    /// The cheapest mix of what can be done to cover so many people more
    Steer(SteerArgs),
    /// The weeks to come at the counters: registrations, payment requests, hours of staff, and what is cheaper to do before
    Surge(SurgeArgs),
    /// Whom to call or visit first, by the protected worker-days an hour wins; and what lists brought so far
    Worklist(WorklistArgs),
    /// The award file: a guide to begin with, a guide looked at, or what answers the guides that were entered
    Award(AwardArgs),
    /// The city's own map of its districts (GeoJSON): checked, and used on dashboards
    Map(MapArgs),
    /// Cards of several cities side by side (`payung open card`), with no person in them
    Compare(CompareArgs),
    /// Monitoring meetings, and every promise made there as it stands today
    Meeting(MeetingArgs),
    /// Workshops: who came, agencies most often late to register, and whether anything changed afterwards
    Training(TrainingArgs),
    /// Vulnerable workers as figures: by group, how they stand, what contradicts itself
    Vulnerable(VulnerableArgs),
    /// The book of gifts and budget: statements to enter, funds, a check of everything
    Book(BookArgs),
    /// Who could be covered from which fund: what the plan proposes, in figures
    Allot(AllotArgs),
    /// Accidents: until when to report, where each stands
    Accidents(AccidentsArgs),
    /// Complaints: list, read, take up, answer, close
    Complaints(ComplaintsArgs),
    /// "Am I covered today?", as a worker asks it
    Check(CheckArgs),
    /// Links of foremen's phones to the list of a project
    Phones(PhonesArgs),
    /// Letters contractors received: opened, answered
    Mail(MailArgs),
    /// One person: found by number, told what is kept; pairs that may be one; requests to erase
    #[command(subcommand)]
    Person(PersonCommand),
    /// Rebuild stored results from the facts
    Rebuild(RebuildArgs),
    /// A made-up city from import to report, in one go
    Demo(DemoArgs),
    /// The desk in a browser
    Serve(ServeArgs),
    /// The audit trail
    #[command(subcommand)]
    Audit(AuditCommand),
    /// The gates before the steps of a project
    Gate(GateArgs),
    /// A draft circular over the past: which steps would have waited, what it would have won and cost
    #[command(name = "whatif")]
    WhatIf(WhatIfArgs),
    /// Ask another registry whether somebody is enrolled (messages of the Digital Convergence Initiative); the NIK is read from standard input
    Dci(DciArgs),
    /// Whom city and insurer both know, by signed files and without either handing its list over
    #[command(subcommand)]
    Exchange(ExchangeCommand),
    /// Open data: projects in the shapes of the open standards, or figures
    Open(OpenArgs),
    /// What was known, by which rules it was judged and what was said, in one sealed file
    Evidence(EvidenceArgs),
    /// Is a slip genuine, and does it hold; is an evidence bundle whole. Without the desk, where its public keys are handed over
    Verify(VerifyArgs),
    /// Slips: which were given, public keys and withdrawn slips, a new signing key
    #[command(subcommand)]
    Slip(SlipCommand),
    /// The key personal data is sealed under
    #[command(subcommand)]
    Keys(KeysCommand),
    /// The law data: check, list, show, compare days, try a change on this city
    Law(LawArgs),
    /// Sealed copies of the database: the key they are sealed to, and a copy opened again
    #[command(subcommand)]
    Backup(BackupCommand),
}

/// What to do with sealed copies.
#[derive(Subcommand)]
pub(crate) enum BackupCommand {
    /// Make a key to keep offline; its public half goes into payung.yaml (backup_to)
    Key {
        /// Where the key goes; must not be there yet
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Open a sealed copy: a database again, checked against what was written beside it
    Open {
        /// The copy, payung-….db.age
        copy: PathBuf,
        /// The offline key
        #[arg(long, value_name = "FILE")]
        key: PathBuf,
        /// Where the database goes; must not be there yet
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
}

/// What to do with the key.
#[derive(Subcommand)]
pub(crate) enum KeysCommand {
    /// Seal everything anew under a fresh key; the desk must not run meanwhile
    Rotate,
}

#[derive(Args)]
pub(crate) struct ImportArgs {
    /// Files: CSV, XLSX, ODS, XLS, JSON, JSON Lines, and gzip of any
    #[arg(required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// Name of the register, where the headers do not say
    #[arg(long)]
    pub(crate) register: Option<String>,
    /// Column mapping (YAML) for hand-made sheets
    #[arg(long)]
    pub(crate) mapping: Option<PathBuf>,
    /// Read and report, store nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Machine-readable outcome
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct MonevArgs {
    /// The day assessed (default: today)
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<String>,
    /// Answer with what was known at the end of this day
    #[arg(long, value_name = "DATE")]
    pub(crate) known_on: Option<String>,
    /// Only offices whose name contains this
    #[arg(long)]
    pub(crate) agency: Option<String>,
    /// Folder for the report (default: HOME/monev)
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Print the summary as JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// Compare ledger and findings with a truth file; exit code 1 where they differ
    #[arg(long, value_name = "FILE")]
    pub(crate) truth: Option<PathBuf>,
}

#[derive(Args)]
pub(crate) struct RosterArgs {
    /// Project, by Payung's code
    pub(crate) project: String,
    /// A contractor's list: CSV, XLSX, ODS, XLS
    pub(crate) list: Option<PathBuf>,
    /// The day asked about, or the day of the list (default: today)
    #[arg(long, value_name = "DATE")]
    pub(crate) day: Option<String>,
    /// Whoever stands on the roster and not on the list has left
    #[arg(long, requires = "list")]
    pub(crate) others_left: bool,
    /// Compare, store nothing
    #[arg(long, requires = "list")]
    pub(crate) dry_run: bool,
    /// Write whoever is to be reported as the insurer's upload takes it (XLSX, full numbers inside)
    #[arg(long, value_name = "FILE")]
    pub(crate) export: Option<PathBuf>,
    /// Machine-readable outcome
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct WhatIfArgs {
    /// The draft: rules as in docs/how-to/law.md, parted by lines of ---
    #[arg(long, value_name = "FILE")]
    pub(crate) rule: PathBuf,
    /// First and last day
    #[arg(long, value_name = "FROM..TO")]
    pub(crate) over: String,
    /// Days by which the insurer's lists come late at the counter
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u32).range(0..=366))]
    pub(crate) lag: u32,
    /// Machine-readable
    #[arg(long)]
    pub(crate) json: bool,
}

/// In which shape.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum OpenShape {
    /// OC4IDS 0.9 project package
    Oc4ids,
    /// OCDS 1.1 release package
    Ocds,
    /// Figures by agency, kind of works and district (CSV)
    Figures,
    /// People covered by month and segment, beside the denominators people name (CSV)
    Coverage,
    /// What a city says of itself beside others, counts only (JSON, for `payung compare`)
    Card,
    /// DCAT catalogue (JSON-LD)
    Catalogue,
}

#[derive(Args)]
pub(crate) struct DciArgs {
    /// Address of the registry, without `/registry/…`
    #[arg(long)]
    pub(crate) url: String,
    /// File with the key the registry knows us by
    #[arg(long, value_name = "FILE")]
    pub(crate) key_file: Option<PathBuf>,
    /// Programme asked about
    #[arg(long, default_value = "JAKON")]
    pub(crate) programme: String,
    /// Who asks
    #[arg(long, default_value = "payung")]
    pub(crate) sender: String,
    /// Ask for an answer that comes by itself, to this address of ours as the registry reaches it
    #[arg(long, value_name = "URL", requires = "listen")]
    pub(crate) callback: Option<String>,
    /// Where to listen for it
    #[arg(long, value_name = "ADDRESS", requires = "callback")]
    pub(crate) listen: Option<String>,
    /// Seconds to wait for it
    #[arg(long, default_value_t = 60)]
    pub(crate) wait: u64,
    /// The registry lies in the own net
    #[arg(long)]
    pub(crate) private: bool,
    /// Machine-readable
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct OpenArgs {
    /// In which shape
    #[arg(value_enum)]
    pub(crate) shape: OpenShape,
    /// The file
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// Name of the city on its card
    #[arg(long, default_value = "Kota")]
    pub(crate) name: String,
}

#[derive(Args)]
#[command(group = clap::ArgGroup::new("about").required(true))]
pub(crate) struct EvidenceArgs {
    /// A project, by Payung's code
    #[arg(long, group = "about")]
    pub(crate) project: Option<String>,
    /// An agency, named as in the lists
    #[arg(long, group = "about")]
    pub(crate) agency: Option<String>,
    /// Verdicts of a year
    #[arg(long, group = "about")]
    pub(crate) year: Option<i16>,
    /// The file
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
}

#[derive(Args)]
pub(crate) struct VerifyArgs {
    /// The slip: its JSON file, or its text. Or an evidence bundle
    pub(crate) file: PathBuf,
    /// Public keys and withdrawn slips of the city, as `payung slip known` prints them (default: those of the data folder)
    #[arg(long = "with", value_name = "FILE")]
    pub(crate) known: Option<PathBuf>,
    /// The day asked about (default: today)
    #[arg(long, value_name = "DATE")]
    pub(crate) on: Option<String>,
    /// Machine-readable
    #[arg(long)]
    pub(crate) json: bool,
}

/// What is done with slips.
#[derive(Subcommand)]
pub(crate) enum SlipCommand {
    /// Slips given, the newest first
    List {
        /// Machine-readable
        #[arg(long)]
        json: bool,
    },
    /// Public keys and withdrawn slips, signed: what it takes to verify slips elsewhere
    Known,
    /// Sign with a new key from today on
    Rotate {
        /// Somebody else may have the old key: what it signed counts only where the city's list affirms it
        #[arg(long)]
        lost: bool,
    },
}

#[derive(Args)]
pub(crate) struct GateArgs {
    #[command(subcommand)]
    pub(crate) command: GateCommand,
}

/// What is asked of gates.
#[derive(Subcommand)]
pub(crate) enum GateCommand {
    /// May a step of a project be taken today, and why
    Ask(GateSubject),
    /// Give every verdict again from its own facts and rules; exit code 1 where one differs
    Replay,
}

#[derive(Args)]
pub(crate) struct GateSubject {
    /// Project, by Payung's code or the number of its contract, package, plan or a payment order (SP2D)
    pub(crate) project: String,
    /// One step only
    #[arg(long, value_parser = ["tender-line", "contract", "start-order", "advance", "instalment", "balance", "addendum", "handover"])]
    pub(crate) at: Option<String>,
    /// Amount of this payment, whole rupiah
    #[arg(long, value_parser = clap::value_parser!(i64).range(0..))]
    pub(crate) amount: Option<i64>,
    /// The line of the contribution in bid or contract, whole rupiah
    #[arg(long, value_parser = clap::value_parser!(i64).range(0..))]
    pub(crate) line: Option<i64>,
    /// Machine-readable
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct TemplateArgs {
    /// Register, such as jakon_pendaftaran
    pub(crate) register: String,
    /// Folder (default: here)
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(crate) out: PathBuf,
}

#[derive(Args)]
pub(crate) struct GenerateArgs {
    /// Folder
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// Seed: the same seed makes the same bytes
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Number of contracted projects
    #[arg(long, default_value_t = 400)]
    pub(crate) projects: u32,
    /// Lay made-up registrations over the contracts loaded in the data folder instead
    #[arg(long)]
    pub(crate) over_loaded: bool,
    /// The day the truth is about
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<String>,
    /// Lists of so many vulnerable workers, who covers them, and a statement of the donation account, instead of a city
    #[arg(long, value_name = "PEOPLE", value_parser = clap::value_parser!(u32).range(1..=1_000_000), conflicts_with_all = ["tables", "over_loaded"])]
    pub(crate) vulnerable: Option<u32>,
    /// Two tables to link and their truth, instead of a city
    #[arg(long, value_enum)]
    pub(crate) tables: Option<TablesArg>,
    /// Rows of the left table
    #[arg(long, default_value_t = 10_000)]
    pub(crate) rows: u64,
    /// Noise, in percent of the default rates
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u64).range(0..=200))]
    pub(crate) noise: u64,
}

/// Which two tables.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum TablesArg {
    /// Projects and registrations
    Works,
    /// Members and a roster
    Persons,
    /// One list of firms, some in several spellings
    Firms,
}

#[derive(Args)]
pub(crate) struct RebuildArgs {
    /// Compare with what is stored, write nothing
    #[arg(long)]
    pub(crate) verify: bool,
}

#[derive(Args)]
pub(crate) struct ServeArgs {
    /// Address and port (default: 127.0.0.1:7070, or `listen` in HOME/payung.yaml)
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) listen: Option<String>,
    /// Browsers reach it by HTTPS, through a proxy: cookies are for HTTPS only
    #[arg(long)]
    pub(crate) https: bool,
}

/// What to do with the audit trail.
#[derive(Subcommand)]
pub(crate) enum AuditCommand {
    /// Follow the chain from its first entry; exit code 1 where it is broken
    Verify,
}

#[derive(Args)]
pub(crate) struct DemoArgs {
    /// Address and port of the desk
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:7070")]
    pub(crate) listen: String,
    /// End after the summary
    #[arg(long)]
    pub(crate) no_serve: bool,
    /// Number of contracted projects
    #[arg(long, default_value_t = 400)]
    pub(crate) projects: u32,
}
