//! `payung serve`: the desk in a browser, from one program; one data folder, or one for each of several cities.

use super::settings::{self, Place};
use super::{Done, own_program, refuse};
use crate::options::{Cli, ServeArgs};
use app::desk::{Desk, Outside, jobs};
use app::home::Home;
use app::{Fault, Refused};
use phrases::{key, say};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

/// The folder whose folders are cities.
const CITIES: &str = "cities";

/// Where it listens, unless told otherwise.
const LISTEN: &str = "127.0.0.1:7070";

/// A city about to be served.
pub(crate) struct City {
    home: Home,
    outside: Outside,
    /// The name browsers ask for; none where it is the only city.
    host: Option<String>,
    /// Under which name it agrees to stand beside others.
    compare: Option<String>,
}

impl City {
    /// The only one, whatever name browsers ask for.
    pub(crate) fn alone(home: Home, outside: Outside) -> Self {
        Self { home, outside, host: None, compare: None }
    }
}

pub(crate) fn run(cli: &Cli, args: &ServeArgs) -> Result<Done, Fault> {
    let home = Home::open(&cli.home_path())?;
    let folders = cities_below(&home)?;
    let place = if folders.is_empty() { Place::Alone } else { Place::Installation };
    let settings = match settings::read(cli, &home, place)? {
        Ok(settings) => settings,
        Err(refused) => return Ok(refuse(&refused)),
    };
    let cities = match folders.is_empty() {
        true => vec![City::alone(home, settings.outside)],
        false => match several(cli, folders, settings.province.as_ref().map(|(_, host)| host.as_str()))? {
            Ok(cities) => cities,
            Err(refused) => return Ok(refuse(&refused)),
        },
    };
    let listen = args.listen.clone().or(settings.listen).unwrap_or_else(|| LISTEN.to_owned());
    serve(cli, cities, &listen, args.https || settings.https.unwrap_or(false), settings.province)
}

/// The data folders of an installation, by name; empty where the folder is that of one city.
fn cities_below(home: &Home) -> Result<Vec<PathBuf>, Fault> {
    let folder = home.path.join(CITIES);
    let entries = match std::fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(e) => return Err(Fault::io(&folder, &e)),
    };
    let paths: Result<Vec<PathBuf>, _> = entries.map(|entry| entry.map(|e| e.path())).collect();
    let mut paths = paths.map_err(|e| Fault::io(&folder, &e))?;
    paths.retain(|path| path.is_dir());
    paths.sort();
    Ok(paths)
}

/// Every city answers to the name in its own `address`, and to no other; two never share a name or a database.
fn several(cli: &Cli, folders: Vec<PathBuf>, beside: Option<&str>) -> Result<Result<Vec<City>, Refused>, Fault> {
    let refused = |key, arguments: &[(&str, &str)]| Ok(Err(Refused(say(cli.language(), key, arguments))));
    if std::env::var_os(app::database::VARIABLE).is_some_and(|v| !v.is_empty()) {
        return refused(key::SERVE_ONE_DATABASE, &[("variable", app::database::VARIABLE)]);
    }
    let (mut cities, mut hosts) = (Vec::new(), BTreeSet::from_iter(beside.map(str::to_owned)));
    for path in folders {
        let home = Home::open(&path)?;
        let settings = match settings::read(cli, &home, Place::City)? {
            Ok(settings) => settings,
            Err(refused) => return Ok(Err(refused)),
        };
        if let Err(refused) = app::database::check(&home, cli.language()) {
            return Ok(Err(refused));
        }
        let folder = path.display().to_string();
        let Some(host) = settings.outside.address.as_deref().and_then(web::host_of_address) else {
            return refused(key::SERVE_CITY_WITHOUT_ADDRESS, &[("folder", &folder)]);
        };
        if !hosts.insert(host.clone()) {
            return refused(key::SERVE_SAME_ADDRESS, &[("folder", &folder), ("host", &host)]);
        }
        cities.push(City { home, outside: settings.outside, host: Some(host), compare: settings.compare });
    }
    Ok(Ok(cities))
}

/// Opens the desks and serves them until the program is told to stop.
pub(crate) fn serve(
    cli: &Cli,
    cities: Vec<City>,
    listen: &str,
    secure: bool,
    province: Option<(String, String)>,
) -> Result<Done, Fault> {
    let language = cli.language();
    let program = own_program()?;
    let mut desks = Vec::new();
    let mut compared = Vec::new();
    for city in cities {
        compared.push(city.compare);
        desks.push((city.host, Arc::new(Desk::open(city.home, &program, city.outside)?)));
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|e| Fault(e.to_string()))?;
    let listener = match runtime.block_on(tokio::net::TcpListener::bind(listen)) {
        Ok(listener) => listener,
        Err(e) => {
            let arguments = [("address", listen), ("detail", &e.to_string())];
            return Ok(refuse(&Refused(say(language, key::SERVE_ADDRESS_TAKEN, &arguments))));
        }
    };
    let address = listener.local_addr().map_err(|e| Fault(e.to_string()))?;
    // The database is asked outside of asynchronous tasks: its driver may block the thread.
    for (host, desk) in &desks {
        desk.listens_at(&format!("http://{address}"));
        let base = if host.is_some() { desk.address().to_owned() } else { format!("http://{address}") };
        if let Some(token) = desk.first_link()? {
            let link = format!("{base}/undangan/{token}");
            println!("{}", say(language, key::SERVE_FIRST_LINK, &[("link", &link)]));
        }
        if host.is_some() {
            println!("{}", say(language, key::SERVE_CITY, &[("address", &base)]));
        }
    }
    println!("{}", say(language, key::SERVE_LISTENING, &[("address", &format!("http://{address}"))]));
    desks.iter().try_for_each(|(_, desk)| jobs::start(desk))?;
    // The desks outlive the pages, so that their connections end on this thread and not on one of the runtime.
    let site = |desk: &Arc<Desk>| Arc::new(web::Site::new(Arc::clone(desk), web::Settings { secure, quiet: false }));
    let whole = match desks.as_slice() {
        [(None, desk)] => web::router(site(desk)),
        several => {
            let sites: Vec<_> =
                several.iter().map(|(host, desk)| (host.clone().unwrap_or_default(), site(desk))).collect();
            // Only cities that agreed to it, under the name they gave.
            let beside = province.map(|(name, host)| {
                let agreed =
                    compared.into_iter().zip(&sites).filter_map(|(own, (_, site))| Some((own?, Arc::clone(site))));
                (host, web::province(web::Province::new(name, agreed.collect())))
            });
            web::by_host(sites.into_iter(), beside)
        }
    };
    runtime.block_on(web::serve(whole, listener, told_to_stop()))?;
    Ok(Done::Well)
}

/// Ctrl+C, or a service manager's word.
async fn told_to_stop() {
    let mut term = match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(term) => term,
        Err(_) => return std::future::pending().await,
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = term.recv() => {}
    }
}
