//! The yardstick: bytes appended to a file, and synced. No store that is durable can be faster on this disk.

use std::fs::File;
use std::io::Write;
use std::path::Path;

pub struct Log(File);

impl Log {
    pub fn create(path: &Path) -> Self {
        Self(File::create(path).expect("a file"))
    }

    /// Appends and waits for the disk.
    pub fn append(&mut self, bytes: &[u8]) {
        self.0.write_all(bytes).expect("it is written");
        self.0.sync_data().expect("it is synced");
    }
}
