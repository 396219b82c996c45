//! From YAML to checked parameters. Every complaint names file and line where one is known.

mod check;
mod layer;
mod raw;

pub use layer::Authority;

use crate::calendar::Calendars;
use crate::manifest;
use crate::model::Parameter;
use crate::{Law, cases};
use check::{Complaint, Lines};
use include_dir::{Dir, DirEntry, include_dir};
use std::collections::BTreeMap;
use std::fmt;

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../law");

/// One complaint about one law file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LawFileError {
    /// File, under the folder of its layer.
    pub file: String,
    /// Line, where one is known.
    pub line: Option<usize>,
    /// What is wrong, in English, for legal staff and developers.
    pub message: String,
}

impl fmt::Display for LawFileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.file, self.message),
            None => write!(f, "{}: {}", self.file, self.message),
        }
    }
}

/// All complaints of a load that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LawFault(pub Vec<LawFileError>);

impl Law {
    /// Loads a national layer from `(path without ending, text)` pairs; paths that begin with
    /// `cases/` are worked examples, not parameters.
    ///
    /// # Errors
    /// [`LawFault`] with every complaint found.
    pub fn from_files(files: &[(String, &str)]) -> Result<Law, LawFault> {
        let (mut parameters, mut errors) = (BTreeMap::new(), Vec::new());
        for (path, text) in files.iter().filter(|(path, _)| !path.starts_with(cases::FOLDER)) {
            match parse(text).and_then(|raw| check::parameter(raw, Lines(text))) {
                Ok(parameter) => {
                    parameters.insert(path.clone(), parameter);
                }
                Err((line, message)) => errors.push(LawFileError { file: format!("law/{path}.yaml"), line, message }),
            }
        }
        if errors.is_empty() { assemble(parameters, Vec::new()) } else { Err(LawFault(errors)) }
    }

    /// This law with a layer over it: a city's own folder of rules, or a change to try out.
    ///
    /// # Errors
    /// [`LawFault`] with every complaint found; the files are named under `name`.
    pub fn with_layer(&self, name: &str, files: &[(String, &str)], who: Authority) -> Result<Law, LawFault> {
        layer::lay_over(self, name, files, who)
    }
}

/// The files built into the program, cases among them.
pub fn builtin_files() -> Vec<(String, &'static str)> {
    let mut files = Vec::new();
    collect(&FILES, &mut files);
    files
}

fn collect<'a>(dir: &'a Dir<'a>, out: &mut Vec<(String, &'a str)>) {
    for entry in dir.entries() {
        match entry {
            DirEntry::Dir(dir) => collect(dir, out),
            DirEntry::File(file) => {
                let path = file.path().to_string_lossy().replace('\\', "/");
                if let Some(stem) = path.strip_suffix(".yaml")
                    && let Some(text) = file.contents_utf8()
                {
                    out.push((stem.to_owned(), text));
                }
            }
        }
    }
}

fn complaint_of(error: serde_yaml_ng::Error) -> Complaint {
    (error.location().map(|l| l.line()), error.to_string())
}

fn parse(text: &str) -> Result<raw::RawParameter, Complaint> {
    serde_yaml_ng::from_str(text).map_err(complaint_of)
}

/// What must hold between parameters, then the calendars.
fn assemble(parameters: BTreeMap<String, Parameter>, layers: Vec<String>) -> Result<Law, LawFault> {
    let mut errors: Vec<LawFileError> = Vec::new();
    let mut complain = |path: &str, message: String| {
        errors.push(LawFileError { file: format!("law/{path}.yaml"), line: None, message });
    };
    for (path, parameter) in &parameters {
        if let Some(rule) = &parameter.rounding
            && parameters.get(rule).is_none_or(|p| p.unit != crate::model::Unit::Rounding)
        {
            complain(path, format!("rounding: {rule} is no rounding rule"));
        }
    }
    manifest::check(&parameters, &mut complain);
    if !errors.is_empty() {
        return Err(LawFault(errors));
    }
    let calendars = Calendars::of(&parameters);
    Ok(Law { parameters, calendars, layers })
}

#[cfg(test)]
mod tests;
