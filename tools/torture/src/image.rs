//! What a disk may hold after a power cut. Only what was synced is sure: of the writes to a file since its last sync, and of
//! the names made and taken away since the last sync of the folder, any part may be there.

use crate::log::Op;
use fastrand::Rng;
use std::collections::BTreeMap;

/// What becomes of what was not synced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cut {
    /// All of it is lost.
    Drop,
    /// All of it is there: the process died, and the disk did not.
    Keep,
    /// Some of the writes are there, in their order.
    Subset,
    /// Some sectors of 512 bytes of each write are there.
    Torn,
    /// Some of the writes are there, a later one under an earlier one.
    Reorder,
}

pub(crate) const CUTS: [Cut; 5] = [Cut::Drop, Cut::Keep, Cut::Subset, Cut::Torn, Cut::Reorder];
const SECTOR: usize = 512;

#[derive(Clone)]
enum Change {
    Write { at: usize, data: Vec<u8> },
    Truncate { length: usize },
}

#[derive(Default)]
struct File {
    synced: Vec<u8>,
    since: Vec<Change>,
}

enum Handle {
    File(usize),
    Folder,
    /// A file whose syncs are lies.
    Lied(usize),
}

type Names = BTreeMap<String, usize>;

/// What a disk says it has synced, and has not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lies {
    Never,
    /// As with `synchronous=OFF`.
    Always,
    /// About the file of the keys.
    OfKeys,
}

/// A disk with one folder.
pub(crate) struct Disk {
    folder: String,
    lies: Lies,
    files: Vec<File>,
    handles: BTreeMap<i32, Handle>,
    names: Names,
    synced_names: Names,
    /// Names that were made (with their file) and taken away since.
    renamed: Vec<(String, Option<usize>)>,
}

impl Disk {
    pub(crate) fn new(folder: &str, lies: Lies) -> Self {
        let (files, handles, names, synced_names, renamed) = Default::default();
        Self { folder: folder.to_owned(), lies, files, handles, names, synced_names, renamed }
    }

    pub(crate) fn apply(&mut self, op: &Op) {
        match op {
            Op::Open { fd, path } if *path == self.folder => drop(self.handles.insert(*fd, Handle::Folder)),
            Op::Open { fd, path } => {
                let file = self.open(path);
                let is_lied = self.lies == Lies::OfKeys && path.ends_with(".keys");
                self.handles.insert(*fd, if is_lied { Handle::Lied(file) } else { Handle::File(file) });
            }
            Op::Write { fd, at, data } => self.change(*fd, Change::Write { at: *at, data: data.clone() }),
            Op::Truncate { fd, length } => self.change(*fd, Change::Truncate { length: *length }),
            Op::Sync { fd } if self.lies != Lies::Always => self.sync(*fd),
            Op::Unlink { path } => {
                self.names.remove(path);
                self.renamed.push((path.clone(), None));
            }
            Op::Sync { .. } | Op::Ack { .. } => {}
        }
    }

    fn open(&mut self, path: &str) -> usize {
        if let Some(file) = self.names.get(path) {
            return *file;
        }
        self.files.push(File::default());
        let file = self.files.len() - 1;
        self.names.insert(path.to_owned(), file);
        self.renamed.push((path.to_owned(), Some(file)));
        file
    }

    fn change(&mut self, fd: i32, change: Change) {
        if let Some(Handle::File(file) | Handle::Lied(file)) = self.handles.get(&fd) {
            self.files[*file].since.push(change);
        }
    }

    fn sync(&mut self, fd: i32) {
        match self.handles.get(&fd) {
            Some(Handle::File(file)) => {
                let file = &mut self.files[*file];
                let since = std::mem::take(&mut file.since);
                since.iter().for_each(|change| put(&mut file.synced, change));
            }
            Some(Handle::Folder) => {
                self.synced_names = self.names.clone();
                self.renamed.clear();
            }
            Some(Handle::Lied(_)) | None => {}
        }
    }

    /// The files as they may be found after a cut of this kind at this moment.
    pub(crate) fn cut(&self, cut: Cut, dice: &mut Rng) -> Vec<(String, Vec<u8>)> {
        let kept = match cut {
            Cut::Drop => 0,
            Cut::Keep => self.renamed.len(),
            _ => dice.usize(0..=self.renamed.len()),
        };
        let mut names = self.synced_names.clone();
        for (name, file) in &self.renamed[..kept] {
            match file {
                Some(file) => names.insert(name.clone(), *file),
                None => names.remove(name),
            };
        }
        names.into_iter().map(|(name, file)| (name, self.files[file].cut(cut, dice))).collect()
    }
}

impl File {
    fn cut(&self, cut: Cut, dice: &mut Rng) -> Vec<u8> {
        let mut bytes = self.synced.clone();
        let mut kept: Vec<&Change> = match cut {
            Cut::Drop => Vec::new(),
            Cut::Keep | Cut::Torn => self.since.iter().collect(),
            Cut::Subset | Cut::Reorder => self.since.iter().filter(|_| dice.bool()).collect(),
        };
        if cut == Cut::Reorder {
            dice.shuffle(&mut kept);
        }
        for change in kept {
            match change {
                Change::Write { at, data } if cut == Cut::Torn => torn(&mut bytes, *at, data, dice),
                change => put(&mut bytes, change),
            }
        }
        bytes
    }
}

fn torn(bytes: &mut Vec<u8>, at: usize, data: &[u8], dice: &mut Rng) {
    for (number, sector) in data.chunks(SECTOR).enumerate() {
        if dice.u8(0..10) < 6 {
            put(bytes, &Change::Write { at: at + number * SECTOR, data: sector.to_vec() });
        }
    }
}

fn put(bytes: &mut Vec<u8>, change: &Change) {
    match change {
        Change::Truncate { length } => bytes.resize(*length, 0),
        Change::Write { at, data } => {
            let end = at + data.len();
            if bytes.len() < end {
                bytes.resize(end, 0);
            }
            bytes[*at..end].copy_from_slice(data);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn disk(ops: &[Op], lies: Lies) -> Disk {
        let mut disk = Disk::new("/f", lies);
        ops.iter().for_each(|op| disk.apply(op));
        disk
    }

    fn write(at: usize, text: &str) -> Op {
        Op::Write { fd: 3, at, data: text.as_bytes().to_vec() }
    }

    fn open(fd: i32, path: &str) -> Op {
        Op::Open { fd, path: path.into() }
    }

    #[test]
    fn what_was_synced_is_sure_and_the_rest_is_not() {
        let ops =
            [open(3, "/f/a"), write(0, "one"), Op::Sync { fd: 3 }, open(4, "/f"), Op::Sync { fd: 4 }, write(3, "two")];
        let mut dice = Rng::with_seed(1);
        let found = |lies: Lies, cut: Cut, dice: &mut Rng| disk(&ops, lies).cut(cut, dice);
        assert_eq!(found(Lies::Never, Cut::Drop, &mut dice), [("/f/a".to_owned(), b"one".to_vec())]);
        assert_eq!(found(Lies::Never, Cut::Keep, &mut dice), [("/f/a".to_owned(), b"onetwo".to_vec())]);
        assert!(
            found(Lies::Always, Cut::Drop, &mut dice).is_empty(),
            "a disk that lies has neither the name nor the file"
        );
    }

    #[test]
    fn a_disk_may_lie_about_the_keys_alone() {
        let ops = |path| [open(4, "/f"), open(3, path), Op::Sync { fd: 4 }, write(0, "x"), Op::Sync { fd: 3 }];
        let found = |path| disk(&ops(path), Lies::OfKeys).cut(Cut::Drop, &mut Rng::with_seed(1))[0].1.clone();
        assert_eq!((found("/f/a.keys"), found("/f/a")), (b"".to_vec(), b"x".to_vec()));
    }

    #[test]
    fn a_name_that_was_taken_away_may_come_back() {
        let ops = [
            open(4, "/f"),
            open(3, "/f/a"),
            write(0, "x"),
            Op::Sync { fd: 3 },
            Op::Sync { fd: 4 },
            Op::Unlink { path: "/f/a".into() },
        ];
        let mut dice = Rng::with_seed(1);
        assert_eq!(disk(&ops, Lies::Never).cut(Cut::Drop, &mut dice).len(), 1);
        assert!(disk(&ops, Lies::Never).cut(Cut::Keep, &mut dice).is_empty());
        let some: std::collections::BTreeSet<usize> =
            (0..50).map(|_| disk(&ops, Lies::Never).cut(Cut::Subset, &mut dice).len()).collect();
        assert_eq!(some.len(), 2);
    }

    #[test]
    fn sectors_are_torn_one_by_one() {
        let ops = [open(4, "/f"), open(3, "/f/a"), Op::Sync { fd: 4 }, write(0, &"x".repeat(SECTOR * 40))];
        let found = disk(&ops, Lies::Never).cut(Cut::Torn, &mut Rng::with_seed(1));
        let there = found[0].1.chunks(SECTOR).filter(|sector| sector.iter().all(|byte| *byte == b'x')).count();
        assert!((10..40).contains(&there), "{there} sectors");
        assert!(found[0].1.chunks(SECTOR).all(|sector| sector.iter().all(|byte| *byte == sector[0])));
    }
}
