//! A file that is read at positions. Where the platform cannot do that without moving a cursor, a lock keeps it.

use super::ReadAt;
use crate::model::{Code, Error};
use std::fs::File;
use std::path::Path;

/// An open file. Replace a list by renaming another file over it and opening that: what is open stays as it is.
pub struct OpenFile {
    #[cfg(any(unix, windows))]
    file: File,
    #[cfg(not(any(unix, windows)))]
    file: std::sync::Mutex<File>,
}

impl OpenFile {
    /// Opens a file.
    ///
    /// # Errors
    /// `list.io`; the text names the file and not what is in it.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let file =
            File::open(path).map_err(|error| Error::new(Code::ListIo, format!("{}: {error}", path.display())))?;
        #[cfg(not(any(unix, windows)))]
        let file = std::sync::Mutex::new(file);
        Ok(Self { file })
    }
}

fn io(error: &std::io::Error) -> Error {
    Error::new(Code::ListIo, error.to_string())
}

#[cfg(unix)]
impl ReadAt for OpenFile {
    fn size(&self) -> Result<u64, Error> {
        self.file.metadata().map(|meta| meta.len()).map_err(|error| io(&error))
    }

    fn read_at(&self, into: &mut [u8], at: u64) -> Result<(), Error> {
        std::os::unix::fs::FileExt::read_exact_at(&self.file, into, at).map_err(|error| io(&error))
    }
}

#[cfg(windows)]
impl ReadAt for OpenFile {
    fn size(&self) -> Result<u64, Error> {
        self.file.metadata().map(|meta| meta.len()).map_err(|error| io(&error))
    }

    fn read_at(&self, into: &mut [u8], at: u64) -> Result<(), Error> {
        let mut done = 0;
        while let Some(rest) = into.get_mut(done..).filter(|rest| !rest.is_empty()) {
            match std::os::windows::fs::FileExt::seek_read(&self.file, rest, at + done as u64) {
                Ok(0) => return Err(Error::new(Code::ListIo, "it ends too early")),
                Ok(read) => done += read,
                Err(error) => return Err(io(&error)),
            }
        }
        Ok(())
    }
}

#[cfg(not(any(unix, windows)))]
impl ReadAt for OpenFile {
    fn size(&self) -> Result<u64, Error> {
        let file = self.file.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        file.metadata().map(|meta| meta.len()).map_err(|error| io(&error))
    }

    fn read_at(&self, into: &mut [u8], at: u64) -> Result<(), Error> {
        use std::io::{Read as _, Seek as _, SeekFrom};
        let mut file = self.file.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        file.seek(SeekFrom::Start(at)).and_then(|_| file.read_exact(into)).map_err(|error| io(&error))
    }
}
