//! Sorts more digests than should be in memory at once: sorted runs on disk, merged.

use leadwright::lists::{ListDigest, ListHash};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, ErrorKind, Read, Seek, Write};
use std::path::PathBuf;

/// Takes digests in any order.
pub(super) struct Sorter {
    hash: ListHash,
    /// Where runs wait: the folder of the list, as it has room for one.
    folder: PathBuf,
    chunk: usize,
    held: Vec<ListDigest>,
    runs: Vec<BufReader<File>>,
}

impl Sorter {
    pub(super) fn new(hash: ListHash, folder: PathBuf, chunk: usize) -> Self {
        Self { hash, folder, chunk: chunk.max(1), held: Vec::new(), runs: Vec::new() }
    }

    pub(super) fn push(&mut self, digest: ListDigest) -> io::Result<()> {
        self.held.push(digest);
        if self.held.len() < self.chunk { Ok(()) } else { self.spill() }
    }

    fn spill(&mut self) -> io::Result<()> {
        self.held.sort_unstable();
        let mut run = BufWriter::new(tempfile::tempfile_in(&self.folder)?);
        self.held.drain(..).try_for_each(|digest| run.write_all(digest.as_bytes()))?;
        let mut file = run.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.rewind()?;
        self.runs.push(BufReader::new(file));
        Ok(())
    }

    /// Gives all of them in order; the same one twice comes twice.
    pub(super) fn sorted<E: From<io::Error>>(
        mut self,
        mut each: impl FnMut(&ListDigest) -> Result<(), E>,
    ) -> Result<(), E> {
        if self.runs.is_empty() {
            self.held.sort_unstable();
            return self.held.iter().try_for_each(each);
        }
        self.spill()?;
        let mut heads = BinaryHeap::new();
        for (run, reader) in self.runs.iter_mut().enumerate() {
            heads.extend(next(self.hash, reader)?.map(|digest| Reverse((digest, run))));
        }
        while let Some(Reverse((digest, run))) = heads.pop() {
            each(&digest)?;
            let Some(reader) = self.runs.get_mut(run) else { continue };
            heads.extend(next(self.hash, reader)?.map(|digest| Reverse((digest, run))));
        }
        Ok(())
    }
}

fn next(hash: ListHash, run: &mut BufReader<File>) -> io::Result<Option<ListDigest>> {
    let mut bytes = [0; 32];
    match run.read_exact(bytes.get_mut(..hash.width()).unwrap_or_default()) {
        Ok(()) => Ok(hash.digest(bytes.get(..hash.width()).unwrap_or_default())),
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_chunk_gives_the_same_order() {
        let all: Vec<ListDigest> = (0..1_000).map(|n| ListHash::Sha1.of(&(n % 700).to_string())).collect();
        let mut want = all.clone();
        want.sort_unstable();
        for chunk in [1, 7, 999, 1_000, 5_000] {
            let mut sorter = Sorter::new(ListHash::Sha1, std::env::temp_dir(), chunk);
            all.iter().for_each(|digest| sorter.push(*digest).unwrap());
            let mut got = Vec::new();
            sorter
                .sorted(|digest| -> io::Result<()> {
                    got.push(*digest);
                    Ok(())
                })
                .unwrap();
            assert_eq!(got, want, "{chunk}");
        }
    }
}
