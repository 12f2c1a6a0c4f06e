//! A part of an embedded table, read where it lies.

use std::ops::Range;

/// Equal cells of a fixed width, little-endian, or plain bytes. What lies past the end reads as zero or nothing.
#[derive(Clone, Copy)]
pub(super) struct Section(pub(super) &'static [u8]);

impl Section {
    pub(super) const fn len(self) -> usize {
        self.0.len()
    }

    pub(super) fn byte(self, index: usize) -> u8 {
        self.0.get(index).copied().unwrap_or(0)
    }

    /// The `u16` that starts at a byte.
    pub(super) fn short_at(self, at: usize) -> u16 {
        self.0.get(at..).and_then(<[u8]>::first_chunk).map_or(0, |b| u16::from_le_bytes(*b))
    }

    pub(super) fn short(self, index: usize) -> usize {
        usize::from(self.short_at(index * 2))
    }

    /// The cells `index` and `index + 1` of a column of starts.
    pub(super) fn range(self, index: usize) -> Range<usize> {
        self.short(index)..self.short(index + 1)
    }

    fn three(self, index: usize) -> [u8; 3] {
        self.0.get(index * 3..).and_then(<[u8]>::first_chunk).copied().unwrap_or_default()
    }

    pub(super) fn unsigned24(self, index: usize) -> usize {
        let [a, b, c] = self.three(index);
        u32::from_le_bytes([a, b, c, 0]) as usize
    }

    pub(super) fn signed24(self, index: usize) -> i32 {
        let [a, b, c] = self.three(index);
        i32::from_le_bytes([0, a, b, c]) >> 8
    }

    pub(super) fn long(self, index: usize) -> usize {
        self.0.get(index * 4..).and_then(<[u8]>::first_chunk).map_or(0, |b| u32::from_le_bytes(*b)) as usize
    }

    pub(super) fn bytes(self, range: Range<usize>) -> &'static [u8] {
        self.0.get(range).unwrap_or_default()
    }

    pub(super) fn text(self, range: Range<usize>) -> &'static str {
        std::str::from_utf8(self.bytes(range)).unwrap_or_default()
    }
}

/// Cuts sections off a table whose head holds their sizes. All of it runs when the crate is compiled.
pub(super) struct Cursor {
    sizes: &'static [u8],
    rest: &'static [u8],
}

impl Cursor {
    /// After `magic` bytes come the sizes of `count` sections, and then the sections.
    pub(super) const fn new(bytes: &'static [u8], magic: usize, count: usize) -> Self {
        let (_, after) = bytes.split_at(magic);
        let (sizes, rest) = after.split_at(count * 4);
        Self { sizes, rest }
    }

    pub(super) const fn next(self) -> (Section, Self) {
        let (size, sizes) = self.sizes.split_at(4);
        let [a, b, c, d] = size else { return (Section(&[]), Self { sizes, rest: self.rest }) };
        let (section, rest) = self.rest.split_at(u32::from_le_bytes([*a, *b, *c, *d]) as usize);
        (Section(section), Self { sizes, rest })
    }
}
