//! A data folder of its own for every test, and the program to run in it.

use crate::fresh::FreshDatabase;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_payung");

/// Where `PAYUNG_TEST_DATABASE` names a server, its data are there, in a database of their own.
pub(crate) struct World {
    pub(crate) folder: TempDir,
    pub(crate) database: Option<FreshDatabase>,
}

impl World {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), database: FreshDatabase::new() }
    }

    /// On a file, whatever else the tests run on.
    pub(crate) fn on_file() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), database: None }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    pub(crate) fn home(&self) -> PathBuf {
        self.path("home")
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(PROGRAM);
        command.arg("--home").arg(self.home()).args(arguments).env_remove("PAYUNG_DATABASE");
        if let Some(database) = &self.database {
            command.env("PAYUNG_DATABASE", database.url());
        }
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Runs with something typed; what it printed, and how it ended.
    pub(crate) fn typed(&self, arguments: &[&str], input: &str) -> (i32, String) {
        use std::io::Write as _;
        let piped = std::process::Stdio::piped;
        let mut child = self.command(arguments).stdin(piped()).stdout(piped()).stderr(piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        let out = child.wait_with_output().unwrap();
        (out.status.code().unwrap(), text(&out.stdout))
    }

    /// Runs and expects success.
    pub(crate) fn ok(&self, arguments: &[&str]) -> String {
        let out = self.run(arguments);
        assert!(out.status.success(), "{arguments:?}: {}{}", text(&out.stdout), text(&out.stderr));
        text(&out.stdout)
    }

    pub(crate) fn json(&self, arguments: &[&str]) -> Value {
        serde_json::from_str(&self.ok(arguments)).unwrap()
    }

    /// Imports files and returns the entry of each.
    pub(crate) fn import(&self, files: &[&Path]) -> Vec<Value> {
        self.import_with(files, &[]).1
    }

    /// Imports with options; returns the exit code as well.
    pub(crate) fn import_with(&self, files: &[&Path], options: &[&str]) -> (i32, Vec<Value>) {
        let mut arguments = vec!["import", "--json"];
        arguments.extend(options);
        let names: Vec<String> = files.iter().map(|f| f.display().to_string()).collect();
        arguments.extend(names.iter().map(String::as_str));
        let out = self.run(&arguments);
        let json: Value = serde_json::from_slice(&out.stdout).unwrap_or_else(|e| panic!("{e}: {}", text(&out.stderr)));
        (out.status.code().unwrap(), json["files"].as_array().unwrap().clone())
    }

    /// A made-up city of a size, generated once per call.
    pub(crate) fn city(&self, seed: u32, projects: u32) -> Vec<PathBuf> {
        let out = self.path("city");
        self.ok(&[
            "generate",
            "--out",
            &out.display().to_string(),
            "--seed",
            &seed.to_string(),
            "--projects",
            &projects.to_string(),
        ]);
        let mut files: Vec<PathBuf> = std::fs::read_dir(&out)
            .unwrap()
            .map(|e| e.unwrap().path())
            .filter(|p| p.file_name().unwrap().to_string_lossy().starts_with("KOTA"))
            .collect();
        files.sort();
        files
    }
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Codes of the problems of an import entry.
pub(crate) fn codes(entry: &Value) -> Vec<String> {
    entry["problems"].as_array().unwrap().iter().map(|p| p["code"].as_str().unwrap().to_owned()).collect()
}

pub(crate) fn refs(files: &[PathBuf]) -> Vec<&Path> {
    files.iter().map(PathBuf::as_path).collect()
}
