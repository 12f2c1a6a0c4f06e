//! Inputs that are packed by gzip, known by their first bytes whatever they are called.

use flate2::bufread::MultiGzDecoder;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, ErrorKind, Read};
use std::path::Path;

/// What every file of gzip begins with.
const MAGIC: [u8; 2] = [0x1f, 0x8b];
/// So much is unpacked at once.
const UNPACKED: usize = 64 * 1024;

/// The input as it was before it was packed, or as it is.
///
/// # Errors
/// Where a file is called `.gz` and is not packed: it was cut, or is something else, and its bytes are no leads.
pub(crate) fn unpacked<'a>(input: &'a mut dyn BufRead, path: &Path) -> io::Result<Box<dyn BufRead + 'a>> {
    let begin = begin(input)?;
    let is_packed = begin == MAGIC;
    if !is_packed && is_named(path) {
        return Err(io::Error::new(ErrorKind::InvalidData, "it is called .gz, and is not packed by gzip"));
    }
    let whole = Cursor::new(begin).chain(input);
    if !is_packed {
        return Ok(Box::new(whole));
    }
    // Files that were joined are packed in as many parts.
    Ok(Box::new(BufReader::with_capacity(UNPACKED, MultiGzDecoder::new(whole))))
}

/// Whether a file is packed, by what it begins with.
pub(crate) fn is_packed(path: &Path) -> bool {
    let mut begin = [0; 2];
    File::open(path).and_then(|mut file| file.read_exact(&mut begin)).is_ok() && begin == MAGIC
}

/// Whether a name ends with `.gz`.
pub(crate) fn is_named(path: &Path) -> bool {
    path.extension().is_some_and(|end| end.eq_ignore_ascii_case("gz"))
}

/// Up to two bytes. The second is asked for only where the first may be of gzip: who answers line by line may have got a line of
/// one byte, and would wait for ever.
fn begin(input: &mut dyn BufRead) -> io::Result<Vec<u8>> {
    let mut begin = Vec::with_capacity(MAGIC.len());
    for want in MAGIC {
        if (&mut *input).take(1).read_to_end(&mut begin)? == 0 || begin.last() != Some(&want) {
            break;
        }
    }
    Ok(begin)
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::GzEncoder};
    use std::io::Write as _;

    fn packed(text: &str) -> Vec<u8> {
        let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
        packer.write_all(text.as_bytes()).unwrap();
        packer.finish().unwrap()
    }

    fn read(bytes: &[u8], name: &str) -> Result<String, String> {
        let mut input = bytes;
        let mut text = String::new();
        let done = unpacked(&mut input, Path::new(name)).and_then(|mut input| input.read_to_string(&mut text));
        done.map(|_| text).map_err(|error| error.to_string())
    }

    #[test]
    fn what_is_packed_is_unpacked_whatever_it_is_called() {
        for name in ["a.jsonl.gz", "a.jsonl", "-"] {
            assert_eq!(read(&packed("one\n"), name), Ok("one\n".into()), "{name}");
        }
        let joined = [packed("one\n"), packed("two\n")].concat();
        assert_eq!(read(&joined, "-"), Ok("one\ntwo\n".into()));
    }

    #[test]
    fn what_is_not_packed_is_read_as_it_is() {
        for text in ["", "\n", "{}", "\u{1f}", "\u{1f}x", "{\"a\":1}\n"] {
            assert_eq!(read(text.as_bytes(), "a.jsonl"), Ok(text.into()));
            assert!(read(text.as_bytes(), "a.jsonl.GZ").is_err(), "it says that it is");
        }
    }

    #[test]
    fn what_was_cut_is_told_at_its_end() {
        let whole = packed(&"a line\n".repeat(1_000));
        let error = read(&whole[..whole.len() - 9], "a.gz").unwrap_err();
        assert!(!error.contains("line"), "{error}");
    }
}
