//! The limited child process: the same program, started again with nothing but pipes.
//!
//! The parent opens the file and hands it over as standard input; the child limits its own memory,
//! time and files, shuts the file system and the network where the kernel can, reads, and sends
//! frames back. A child that dies is an answer ("this file is too heavy"), not an incident.

use crate::limits::{CHILD_CPU_SECONDS, CHILD_MEMORY_BYTES, CHILD_OUTPUT_BYTES_MAX, FRAME_BYTES_MAX};
use crate::table::{Sink, TableEnd, TableStart};
use crate::{Options, Refusal, RefusalCode, read};
use kernel::problem::Problem;
use registers::RawRow;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};

/// First argument that makes the program a child.
pub const CHILD_ARGUMENT: &str = "intake-child";

/// Rows sent together.
const ROWS_A_FRAME: usize = 256;

#[derive(Serialize, Deserialize)]
enum Frame {
    Table(Box<TableStart>),
    Rows(Vec<RawRow>),
    Problem(Problem),
    End(TableEnd),
    Unrecognised(String, u64),
    Refused(Refusal),
    Done,
}

/// Runs as the child: reads the file on standard input, writes frames to standard output.
///
/// Returns the exit code.
pub fn run_child(options_json: &str) -> i32 {
    confine();
    let Ok(options) = serde_json::from_str::<Options>(options_json) else { return 3 };
    let Some(file) = stdin_file() else { return 3 };
    let mut sink =
        FrameSink { out: BufWriter::with_capacity(1 << 18, std::io::stdout().lock()), rows: Vec::new(), failed: false };
    let last = match read(file, &options, &mut sink) {
        Ok(()) => Frame::Done,
        Err(refusal) => Frame::Refused(refusal),
    };
    sink.flush_rows();
    sink.send(&last);
    i32::from(sink.failed || sink.out.flush().is_err())
}

fn stdin_file() -> Option<File> {
    use std::os::fd::AsFd as _;
    std::io::stdin().as_fd().try_clone_to_owned().ok().map(File::from)
}

/// Limits first, then the locks. A kernel without Landlock still has the limits; what could not
/// be locked is not fatal, because nothing in this program's parser opens a path.
fn confine() {
    use landlock::{ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, Ruleset, RulesetAttr};
    let limit = |resource, value| {
        let _ = rlimit::setrlimit(resource, value, value);
    };
    limit(rlimit::Resource::AS, CHILD_MEMORY_BYTES);
    limit(rlimit::Resource::CPU, CHILD_CPU_SECONDS);
    limit(rlimit::Resource::CORE, 0);
    limit(rlimit::Resource::NOFILE, 16);
    let lock = || -> Result<(), landlock::RulesetError> {
        Ruleset::default()
            .set_compatibility(CompatLevel::BestEffort)
            .handle_access(AccessFs::from_all(ABI::V4))?
            .handle_access(AccessNet::from_all(ABI::V4))?
            .create()?
            .restrict_self()?;
        Ok(())
    };
    let _ = lock();
}

struct FrameSink<W: Write> {
    out: W,
    rows: Vec<RawRow>,
    failed: bool,
}

impl<W: Write> FrameSink<W> {
    fn send(&mut self, frame: &Frame) {
        let sent = postcard::to_stdvec(frame).ok().and_then(|bytes| {
            let length = u32::try_from(bytes.len()).ok()?;
            self.out.write_all(&length.to_le_bytes()).ok()?;
            self.out.write_all(&bytes).ok()
        });
        self.failed |= sent.is_none();
    }

    fn flush_rows(&mut self) {
        if !self.rows.is_empty() {
            let rows = std::mem::take(&mut self.rows);
            self.send(&Frame::Rows(rows));
        }
    }
}

impl<W: Write> Sink for FrameSink<W> {
    fn table(&mut self, start: TableStart) {
        self.send(&Frame::Table(Box::new(start)));
    }
    fn row(&mut self, row: &RawRow) {
        self.rows.push(row.clone());
        if self.rows.len() >= ROWS_A_FRAME {
            self.flush_rows();
        }
    }
    fn problem(&mut self, problem: Problem) {
        self.flush_rows();
        self.send(&Frame::Problem(problem));
    }
    fn end(&mut self, end: TableEnd) {
        self.flush_rows();
        self.send(&Frame::End(end));
    }
    fn unrecognised_sheet(&mut self, name: &str, rows: u64) {
        self.send(&Frame::Unrecognised(name.to_owned(), rows));
    }
}

/// Reads a file through a child of `program`.
///
/// # Errors
/// The child's refusal; [`RefusalCode::TooHeavy`] where the child was ended by a limit or died;
/// [`RefusalCode::Unreadable`] where it could not be started.
pub fn read_in_child(program: &Path, file: File, options: &Options, sink: &mut dyn Sink) -> Result<(), Refusal> {
    let unreadable = |detail: &str| Refusal::new(RefusalCode::Unreadable).with("detail", detail);
    let options = serde_json::to_string(options).map_err(|_| unreadable("options"))?;
    let mut child = Command::new(program)
        .arg(CHILD_ARGUMENT)
        .arg(options)
        .env_clear()
        .stdin(Stdio::from(file))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|e| unreadable(&e.kind().to_string()))?;
    let outcome = match child.stdout.take() {
        Some(out) => receive(BufReader::with_capacity(1 << 18, out), sink),
        None => Err(unreadable("pipe")),
    };
    if outcome.is_err() {
        // Whatever it still does is of no use.
        let _ = child.kill();
    }
    let _ = child.wait();
    outcome
}

fn receive(mut pipe: impl Read, sink: &mut dyn Sink) -> Result<(), Refusal> {
    let heavy = || {
        Refusal::new(RefusalCode::TooHeavy)
            .with("memory_mb", CHILD_MEMORY_BYTES >> 20)
            .with("seconds", CHILD_CPU_SECONDS)
    };
    let mut total = 0u64;
    let mut buffer = Vec::new();
    loop {
        let mut length = [0u8; 4];
        pipe.read_exact(&mut length).map_err(|_| heavy())?;
        let length = u32::from_le_bytes(length) as usize;
        total += length as u64;
        if length > FRAME_BYTES_MAX || total > CHILD_OUTPUT_BYTES_MAX {
            return Err(Refusal::limit("child_output_bytes", CHILD_OUTPUT_BYTES_MAX));
        }
        buffer.resize(length, 0);
        pipe.read_exact(&mut buffer).map_err(|_| heavy())?;
        match postcard::from_bytes(&buffer).map_err(|_| heavy())? {
            Frame::Table(start) => sink.table(*start),
            Frame::Rows(rows) => rows.iter().for_each(|row| sink.row(row)),
            Frame::Problem(problem) => sink.problem(problem),
            Frame::End(end) => sink.end(end),
            Frame::Unrecognised(name, rows) => sink.unrecognised_sheet(&name, rows),
            Frame::Refused(refusal) => return Err(refusal),
            Frame::Done => return Ok(()),
        }
    }
}
