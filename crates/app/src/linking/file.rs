//! Files a person names: opened with a sentence where they cannot be, and written whole or not at all.

use crate::linking::say;
use crate::{Fault, Language, Refused};
use std::fs::File;
use std::io::{BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// What a person can mend is said in their language; anything else is a fault of the machine.
fn told(path: &Path, error: &std::io::Error, language: Language, absent: &str) -> Result<Refused, Fault> {
    let name = match error.kind() {
        ErrorKind::NotFound => absent,
        ErrorKind::IsADirectory => "file-is-folder",
        ErrorKind::PermissionDenied => "file-no-permission",
        _ => return Err(Fault::io(path, error)),
    };
    Ok(Refused(say(language, name, &[("file", &path.display().to_string())])))
}

/// Opens a file to read.
///
/// # Errors
/// [`Fault`] of the disk; [`Refused`] where it is not there, a folder, or not the reader's.
pub fn open(path: &Path, language: Language) -> Result<Result<File, Refused>, Fault> {
    let opened = File::open(path).and_then(|file| {
        // A folder opens on some systems, and fails only when it is read.
        if file.metadata()?.is_dir() { Err(ErrorKind::IsADirectory.into()) } else { Ok(file) }
    });
    match opened {
        Ok(file) => Ok(Ok(file)),
        Err(error) => told(path, &error, language, "file-absent").map(Err),
    }
}

/// A file being written: under a working name beside its own, until it is whole.
pub struct Writing {
    file: BufWriter<File>,
    /// Working name and own name; none where the name leads to something that is no plain file, such as a pipe.
    names: Option<(PathBuf, PathBuf)>,
}

impl Writing {
    /// Begins to write.
    ///
    /// # Errors
    /// [`Fault`] of the disk; [`Refused`] where the folder is not there, or the name is a folder's.
    pub fn begin(path: &Path, language: Language) -> Result<Result<Self, Refused>, Fault> {
        // A link stays one: what it leads to is replaced.
        let own = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let names = match std::fs::metadata(&own) {
            Ok(there) if there.is_dir() => {
                return told(path, &ErrorKind::IsADirectory.into(), language, "file-no-folder").map(Err);
            }
            Ok(there) if !there.is_file() => None,
            _ => {
                let name = own.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
                Some((own.with_file_name(format!(".{name}.{}", std::process::id())), own))
            }
        };
        let target = names.as_ref().map_or(path, |(working, _)| working);
        match File::create(target) {
            Ok(file) => Ok(Ok(Self { file: BufWriter::with_capacity(1 << 20, file), names })),
            Err(error) => told(path, &error, language, "file-no-folder").map(Err),
        }
    }

    /// It is whole: it takes its own name.
    ///
    /// # Errors
    /// Of the disk; what stood under the name before still does.
    pub fn end(mut self) -> std::io::Result<()> {
        self.file.flush()?;
        if let Some((working, own)) = self.names.take() {
            self.file.get_ref().sync_all()?;
            std::fs::rename(working, own)?;
        }
        Ok(())
    }
}

impl Write for Writing {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.file.flush()
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        if let Some((working, _)) = &self.names {
            let _ = std::fs::remove_file(working);
        }
    }
}

/// Refuses to write over a file that is read.
///
/// # Errors
/// [`Refused`] with the name of both.
pub fn apart(written: &[&Path], read: &[&Path], language: Language) -> Result<(), Refused> {
    let real = |path: &Path| std::fs::canonicalize(path).ok();
    let kept: Vec<(&Path, PathBuf)> = read.iter().filter_map(|path| Some((*path, real(path)?))).collect();
    for path in written {
        let Some(own) = real(path) else { continue };
        if let Some((other, _)) = kept.iter().find(|(_, real)| *real == own) {
            let arguments = [("file", &*path.display().to_string()), ("other", &*other.display().to_string())];
            return Err(Refused(say(language, "file-written-over", &arguments)));
        }
    }
    Ok(())
}
