//! JSON as nearly all of it is, read in one pass. What is odd in any way is left to the reader that can say how.

use super::limits::DEPTH;
use super::raw::{RawMap, RawValue};

/// The value of a text that is right in every way: no byte order mark, no bytes that are no UTF-8, no repeated name, no
/// half of a surrogate pair, not too deep. None of any other.
pub(super) fn read_plain(bytes: &[u8]) -> Option<RawValue> {
    let text = std::str::from_utf8(bytes).ok()?;
    let mut reader = Reader { text, bytes, at: 0, depth: 0 };
    let value = reader.value()?;
    (reader.peek().is_none() && reader.at == bytes.len()).then_some(value)
}

struct Reader<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    depth: usize,
}

impl Reader<'_> {
    /// The next byte that is no white space.
    fn peek(&mut self) -> Option<u8> {
        loop {
            let byte = *self.bytes.get(self.at)?;
            if !matches!(byte, b' ' | b'\t' | b'\n' | b'\r') {
                return Some(byte);
            }
            self.at += 1;
        }
    }

    fn take(&mut self, sign: u8) -> Option<()> {
        (self.peek()? == sign).then(|| self.at += 1)
    }

    fn value(&mut self) -> Option<RawValue> {
        Some(match self.peek()? {
            b'"' => RawValue::Text(self.text()?),
            b'{' => RawValue::Object(self.inside(Self::object)?),
            b'[' => RawValue::List(self.inside(Self::list)?),
            b't' => self.word("true", RawValue::Bool(true))?,
            b'f' => self.word("false", RawValue::Bool(false))?,
            b'n' => self.word("null", RawValue::Null)?,
            _ => RawValue::Number(self.number()?),
        })
    }

    /// One level deeper, behind the bracket.
    fn inside<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        self.at += 1;
        self.depth += 1;
        let found = (self.depth <= DEPTH).then(|| read(self))?;
        self.depth -= 1;
        found
    }

    fn word(&mut self, word: &str, value: RawValue) -> Option<RawValue> {
        self.bytes.get(self.at..)?.starts_with(word.as_bytes()).then(|| self.at += word.len())?;
        Some(value)
    }

    fn list(&mut self) -> Option<Vec<RawValue>> {
        let mut items = Vec::new();
        if self.peek()? == b']' {
            self.at += 1;
            return Some(items);
        }
        loop {
            items.push(self.value()?);
            match self.peek()? {
                b',' => self.at += 1,
                b']' => break self.at += 1,
                _ => return None,
            }
        }
        Some(items)
    }

    fn object(&mut self) -> Option<RawMap> {
        if self.peek()? == b'}' {
            self.at += 1;
            return Some(RawMap::default());
        }
        let mut members: Vec<(String, RawValue)> = Vec::with_capacity(if self.depth == 1 { 32 } else { 4 });
        let mut seen = 0_u64;
        loop {
            self.peek().filter(|byte| *byte == b'"')?;
            let name = self.text()?;
            // Most names leave marks of their own: only where one is there already the names are compared.
            let mark = mark(&name);
            if seen & mark != 0 && members.iter().any(|(other, _)| *other == name) {
                return None;
            }
            seen |= mark;
            self.take(b':')?;
            let value = self.value()?;
            members.push((name, value));
            match self.peek()? {
                b',' => self.at += 1,
                b'}' => break self.at += 1,
                _ => return None,
            }
        }
        Some(RawMap(members))
    }

    /// The text whose quote is next.
    fn text(&mut self) -> Option<String> {
        let start = self.at + 1;
        let (mut end, mut escaped) = (start, false);
        loop {
            end += usual(self.bytes.get(end..)?);
            match self.bytes.get(end)? {
                b'"' => break,
                b'\\' => {
                    escaped = true;
                    end += 2;
                }
                0x20.. => end += 1,
                _ => return None,
            }
        }
        let quoted = self.text.get(self.at..=end)?;
        self.at = end + 1;
        match escaped {
            true => serde_json::from_str(quoted).ok(),
            false => self.text.get(start..end).map(str::to_owned),
        }
    }

    fn number(&mut self) -> Option<String> {
        let start = self.at;
        if self.bytes.get(self.at) == Some(&b'-') {
            self.at += 1;
        }
        match self.bytes.get(self.at)? {
            b'0' => self.at += 1,
            _ => self.digits()?,
        }
        if self.bytes.get(self.at) == Some(&b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.bytes.get(self.at), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.bytes.get(self.at), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        self.text.get(start..self.at).map(str::to_owned)
    }

    /// One digit or more.
    fn digits(&mut self) -> Option<()> {
        let count = self.bytes.get(self.at..)?.iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.at += count;
        (count > 0).then_some(())
    }
}

/// One of 64 marks, by length and ends of a name.
fn mark(name: &str) -> u64 {
    let bytes = name.as_bytes();
    let sum = [bytes.first(), bytes.get(bytes.len() / 2), bytes.last()].into_iter().flatten();
    let sum = sum.fold(bytes.len(), |sum, byte| sum.wrapping_mul(31).wrapping_add(usize::from(*byte)));
    1 << (sum % 64)
}

/// How many bytes at the start are neither quote nor backslash nor control character, eight at a time.
fn usual(bytes: &[u8]) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let zero = |word: u64| word.wrapping_sub(ONES) & !word & HIGH;
    let mut count = 0;
    for eight in bytes.chunks_exact(8) {
        let Ok(eight) = <[u8; 8]>::try_from(eight) else { break };
        let word = u64::from_le_bytes(eight);
        let control = word.wrapping_sub(ONES * 0x20) & !word & HIGH;
        let odd = zero(word ^ (ONES * u64::from(b'"'))) | zero(word ^ (ONES * u64::from(b'\\'))) | control;
        if odd != 0 {
            // The lowest mark is always a true one.
            return count + usize::try_from(odd.trailing_zeros() / 8).unwrap_or(0);
        }
        count += 8;
    }
    count
}
