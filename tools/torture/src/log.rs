//! What the shim wrote down: the operations on the disk in their order, and the acknowledgements between them.

use std::fs;
use std::path::Path;

#[derive(Clone, Debug)]
pub(crate) enum Op {
    Open { fd: i32, path: String },
    Write { fd: i32, at: usize, data: Vec<u8> },
    Truncate { fd: i32, length: usize },
    Sync { fd: i32 },
    Unlink { path: String },
    Ack { id: String, digest: String },
}

pub(crate) fn read(path: &Path) -> Result<Vec<Op>, String> {
    let bytes = fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut rest = bytes.as_slice();
    let mut ops = Vec::new();
    while !rest.is_empty() {
        let (op, after) = one(rest).ok_or("the log of the shim ends in the middle")?;
        ops.push(op);
        rest = after;
    }
    Ok(ops)
}

/// 32 bytes: operation, fd, offset, length, length of the data; then the data.
fn one(rest: &[u8]) -> Option<(Op, &[u8])> {
    let (head, rest) = rest.split_at_checked(32)?;
    let fd = i32::from_le_bytes(head[4..8].try_into().ok()?);
    let number = |at: usize| usize::try_from(u64::from_le_bytes(head[at..at + 8].try_into().ok()?)).ok();
    let (offset, (data, rest)) = (number(8)?, rest.split_at_checked(number(24)?)?);
    let text = || String::from_utf8_lossy(data).into_owned();
    let op = match head[0] {
        b'O' => Op::Open { fd, path: text() },
        b'W' => Op::Write { fd, at: offset, data: data.to_vec() },
        b'T' => Op::Truncate { fd, length: offset },
        b'S' => Op::Sync { fd },
        b'U' => Op::Unlink { path: text() },
        b'A' => {
            let text = text().replace('|', "/");
            let (id, digest) = text.split_once(' ')?;
            Op::Ack { id: id.to_owned(), digest: digest.to_owned() }
        }
        _ => return None,
    };
    Some((op, rest))
}
