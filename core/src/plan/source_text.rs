//! The text of a plan file and where its lines begin, so that a byte becomes a line and a column.

/// A byte offset every this many bytes has its character count noted.
const STRIDE: usize = 1024;
const BOM: char = '\u{feff}';

/// A file of a plan as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceText {
    name: String,
    text: String,
    /// Where each line begins.
    lines: Vec<u32>,
    /// How many characters begin before byte `STRIDE × n`: keeps a column cheap on a line of megabytes.
    marks: Vec<u32>,
}

impl SourceText {
    /// Takes a file's text and finds its lines.
    ///
    /// ```
    /// use leadwright::plan::SourceText;
    /// let source = SourceText::new("plan.jsonc", "{\n  \"é\": 1\n}");
    /// assert_eq!(source.position(9), (2, 7));
    /// assert_eq!(source.line(2), "  \"é\": 1");
    /// ```
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        let text = text.into();
        let mut lines = vec![0];
        let mut marks = Vec::with_capacity(text.len() / STRIDE + 1);
        let mut characters: u32 = 0;
        for (at, byte) in text.bytes().enumerate() {
            if at.is_multiple_of(STRIDE) {
                marks.push(characters);
            }
            characters = characters.saturating_add(u32::from(begins_character(byte)));
            if byte == b'\n' {
                lines.push(u32::try_from(at + 1).unwrap_or(u32::MAX));
            }
        }
        Self { name: name.into(), text, lines, marks }
    }

    /// The name of the file, as the plan names it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Line and column of a byte, both counted from 1; the column counts characters. A byte order mark has no column.
    pub fn position(&self, byte: u32) -> (u32, u32) {
        let line = self.lines.partition_point(|start| *start <= byte).max(1);
        let start = self.lines.get(line - 1).copied().unwrap_or(0);
        let column = self.characters_before(byte) - self.characters_before(start) + 1;
        let marked = line == 1 && byte > 0 && self.text.starts_with(BOM);
        (u32::try_from(line).unwrap_or(u32::MAX), column - u32::from(marked))
    }

    /// The text of a line counted from 1, without its end; empty beyond the last.
    pub fn line(&self, line: u32) -> &str {
        let (start, end) = self.line_bytes(line);
        let text = self.text.get(start..end).unwrap_or_default();
        text.trim_end_matches(['\n', '\r']).trim_start_matches(BOM)
    }

    /// The text of the line that holds a byte, and where in it the byte is.
    pub(super) fn line_of(&self, byte: u32) -> (&str, usize) {
        let (number, _) = self.position(byte);
        let (start, end) = self.line_bytes(number);
        let start = if start == 0 && self.text.starts_with(BOM) { BOM.len_utf8() } else { start };
        let line = self.text.get(start..end).unwrap_or_default().trim_end_matches(['\n', '\r']);
        (line, (byte as usize).saturating_sub(start).min(line.len()))
    }

    /// First byte of a line and one past its last.
    fn line_bytes(&self, line: u32) -> (usize, usize) {
        let at = line as usize;
        let byte = |n: usize| self.lines.get(n).map(|start| *start as usize);
        let start = at.checked_sub(1).and_then(byte).unwrap_or(self.text.len());
        (start, byte(at).unwrap_or(self.text.len()))
    }

    fn characters_before(&self, byte: u32) -> u32 {
        let byte = (byte as usize).min(self.text.len());
        let mark = byte / STRIDE;
        let base = self.marks.get(mark).copied();
        let from = if base.is_some() { mark * STRIDE } else { 0 };
        let between = self.text.as_bytes().get(from..byte).unwrap_or_default();
        let count = between.iter().filter(|b| begins_character(**b)).count();
        base.unwrap_or(0) + u32::try_from(count).unwrap_or(u32::MAX)
    }
}

/// Every byte of UTF-8 except the continuation bytes.
fn begins_character(byte: u8) -> bool {
    byte & 0xC0 != 0x80
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_count_from_one() {
        let source = SourceText::new("p", "ab\r\ncd\n");
        for (byte, place) in [(0, (1, 1)), (2, (1, 3)), (4, (2, 1)), (6, (2, 3)), (7, (3, 1)), (99, (3, 1))] {
            assert_eq!(source.position(byte), place, "{byte}");
        }
        assert_eq!((source.line(1), source.line(2), source.line(3), source.line(4)), ("ab", "cd", "", ""));
        assert_eq!(SourceText::new("p", "").position(0), (1, 1));
    }

    #[test]
    fn a_byte_order_mark_has_no_column() {
        let source = SourceText::new("p", "\u{feff}{}");
        assert_eq!((source.position(0), source.position(3), source.position(4)), ((1, 1), (1, 1), (1, 2)));
        assert_eq!(source.line(1), "{}");
    }

    #[test]
    fn columns_of_a_long_line_agree_with_counting() {
        let text = "aé😀".repeat(3_000);
        let source = SourceText::new("p", text.clone());
        for (n, (byte, _)) in text.char_indices().enumerate() {
            assert_eq!(source.position(byte as u32), (1, n as u32 + 1));
        }
        let end = text.len() as u32;
        assert_eq!(source.position(end), (1, 9_001));
    }
}
