//! A server of our own for the second half of the tests: in a folder that goes away, on a port nobody uses.

use crate::install;
use crate::run::output;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where Debian puts the programs of each version of the server.
const VERSIONS: &str = "/usr/lib/postgresql";

/// Who runs the server where we are root, which it refuses to run as.
const USER: &str = "nobody";

/// A running server. Dropped, it stops, and its folder goes.
pub(crate) struct Server {
    programs: PathBuf,
    folder: PathBuf,
    port: u16,
}

impl Server {
    /// Starts one. `Ok(None)` means: no server here, and not allowed to install it.
    pub(crate) fn start() -> Result<Option<Self>, String> {
        let Some(programs) = programs() else { return Ok(None) };
        let listener = TcpListener::bind("127.0.0.1:0").map_err(|e| e.to_string())?;
        let port = listener.local_addr().map_err(|e| e.to_string())?.port();
        drop(listener);
        let folder = std::env::temp_dir().join(format!("payung-postgres-{port}"));
        std::fs::create_dir(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
        let server = Self { programs, folder, port };
        if install::is_root() {
            server.run(Command::new("chown").arg(USER).arg(&server.folder))?;
        }
        let (data, log) = (server.data(), server.folder.join("log"));
        let initdb = ["-U", "payung", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "-D"];
        server.run(server.program("initdb").args(initdb).arg(&data))?;
        // What is stored must outlive a killed program of ours, not a cut of power: the tests have no use for fsync.
        let options = format!(
            "-c port={port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={} -c fsync=off",
            server.folder.display()
        );
        server.run(
            server.program("pg_ctl").args(["-w", "-o", &options, "-l"]).arg(log).arg("-D").arg(&data).arg("start"),
        )?;
        Ok(Some(server))
    }

    /// The address tests make their databases at.
    pub(crate) fn address(&self) -> String {
        format!("postgresql://payung@127.0.0.1:{}/postgres", self.port)
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn program(&self, name: &str) -> Command {
        let program = self.programs.join(name);
        if install::is_root() {
            let mut command = Command::new("runuser");
            command.args(["-u", USER, "--"]).arg(program);
            command
        } else {
            Command::new(program)
        }
    }

    fn run(&self, command: &mut Command) -> Result<(), String> {
        // A server that is started keeps what it inherits: a pipe of ours would never end.
        let out = std::fs::File::create(self.folder.join("said")).map_err(|e| e.to_string())?;
        let status = command
            .current_dir(&self.folder)
            .stdout(out.try_clone().map_err(|e| e.to_string())?)
            .stderr(out)
            .status()
            .map_err(|e| format!("{command:?} did not start: {e}"))?;
        if status.success() {
            return Ok(());
        }
        let said = std::fs::read_to_string(self.folder.join("said")).unwrap_or_default();
        let log = std::fs::read_to_string(self.folder.join("log")).unwrap_or_default();
        Err(format!("{command:?} failed: {said}{log}"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Err(why) =
            self.run(self.program("pg_ctl").args(["-m", "immediate", "-w", "stop", "-D"]).arg(self.data()))
        {
            eprintln!("{why}");
        }
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// The programs of the newest version here, installed from Debian where there are none and we may.
fn programs() -> Option<PathBuf> {
    newest().or_else(|| {
        if !install::is_root() {
            return None;
        }
        eprintln!("── installing postgresql from Debian");
        install::apt(&["update", "-qq"]);
        install::apt(&["install", "-y", "-qq", "--no-install-recommends", "postgresql"]);
        newest()
    })
}

fn newest() -> Option<PathBuf> {
    let versions = std::fs::read_dir(VERSIONS).ok()?.flatten().map(|entry| entry.path());
    let number = |path: &Path| path.file_name()?.to_str()?.parse::<u32>().ok();
    let newest = versions.filter(|path| path.join("bin/initdb").is_file()).max_by_key(|path| number(path))?;
    let said = output(&newest.join("bin/postgres").to_string_lossy(), &["--version"]).unwrap_or_default();
    eprintln!("── {}", said.trim());
    Some(newest.join("bin"))
}
