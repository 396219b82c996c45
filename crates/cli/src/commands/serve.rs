//! `payung serve`: the desk in a browser, from one program and one data folder.

use super::{Done, own_program, refuse};
use crate::options::{Cli, ServeArgs};
use app::desk::{Desk, Outside, jobs};
use app::home::Home;
use app::{Fault, Refused};
use phrases::{key, say};
use std::sync::Arc;

/// The file of settings in the data folder.
const SETTINGS: &str = "payung.yaml";

/// Settings a city may keep beside its data; what is typed on the command line wins.
#[derive(Default)]
struct Settings {
    listen: Option<String>,
    https: Option<bool>,
    outside: Outside,
}

/// Names of the settings.
const KNOWN: [&str; 6] = ["listen", "https", "address", "smtp", "mail_from", app::database::KEY];

fn settings(cli: &Cli, home: &Home) -> Result<Result<Settings, Refused>, Fault> {
    let path = home.path.join(SETTINGS);
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Ok(Settings::default())),
        Err(e) => return Err(Fault::io(&path, &e)),
    };
    let file = path.display().to_string();
    let refused = |key: &str| {
        let arguments = [("file", file.as_str()), ("key", key), ("known", &KNOWN.join(", "))];
        Ok(Err(Refused(say(cli.language(), key::SERVE_BAD_KEY, &arguments))))
    };
    let mut out = Settings::default();
    let read: Result<std::collections::BTreeMap<String, serde_yaml_ng::Value>, _> = serde_yaml_ng::from_str(&text);
    let Ok(map) = read else { return refused(text.lines().next().unwrap_or_default()) };
    for (name, value) in map {
        match (name.as_str(), value) {
            ("listen", serde_yaml_ng::Value::String(listen)) => out.listen = Some(listen),
            ("https", serde_yaml_ng::Value::Bool(https)) => out.https = Some(https),
            // Read where the data folder is opened, by every command.
            (app::database::KEY, serde_yaml_ng::Value::String(_)) => {}
            ("address", serde_yaml_ng::Value::String(address)) => out.outside.address = Some(address),
            ("smtp", serde_yaml_ng::Value::String(url)) => out.outside.smtp = Some(url),
            ("mail_from", serde_yaml_ng::Value::String(from)) => out.outside.mail_from = Some(from),
            _ => return refused(&name),
        }
    }
    Ok(Ok(out))
}

pub(crate) fn run(cli: &Cli, args: &ServeArgs) -> Result<Done, Fault> {
    let home = Home::open(&cli.home_path())?;
    let settings = match settings(cli, &home)? {
        Ok(settings) => settings,
        Err(refused) => return Ok(refuse(&refused)),
    };
    let listen = args.listen.clone().or(settings.listen).unwrap_or_else(|| "127.0.0.1:7070".to_owned());
    let secure = args.https || settings.https.unwrap_or(false);
    serve(cli, home, &listen, secure, settings.outside)
}

/// Opens the desk and serves it until the program is told to stop.
pub(crate) fn serve(cli: &Cli, home: Home, listen: &str, secure: bool, outside: Outside) -> Result<Done, Fault> {
    let language = cli.language();
    let desk = Arc::new(Desk::open(home, &own_program()?, outside)?);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|e| Fault(e.to_string()))?;
    let listener = match runtime.block_on(tokio::net::TcpListener::bind(listen)) {
        Ok(listener) => listener,
        Err(e) => {
            let arguments = [("address", listen), ("detail", &e.to_string())];
            return Ok(refuse(&Refused(say(language, key::SERVE_ADDRESS_TAKEN, &arguments))));
        }
    };
    let address = listener.local_addr().map_err(|e| Fault(e.to_string()))?;
    let base = format!("http://{address}");
    desk.listens_at(&base);
    // The database is asked outside of asynchronous tasks: its driver may block the thread.
    if let Some(token) = desk.first_link()? {
        let link = format!("{base}/undangan/{token}");
        println!("{}", say(language, key::SERVE_FIRST_LINK, &[("link", &link)]));
    }
    println!("{}", say(language, key::SERVE_LISTENING, &[("address", &base)]));
    jobs::start(&desk)?;
    // The desk outlives the pages, so that its connections end on this thread and not on one of the runtime.
    let site = Arc::new(web::Site::new(Arc::clone(&desk), web::Settings { secure, quiet: false }));
    runtime.block_on(web::serve(site, listener, told_to_stop()))?;
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
