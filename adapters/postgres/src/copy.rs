//! Rows as COPY takes them in binary: a head, then for each row the number of its fields, and for each field its length and
//! its bytes.

/// What is sent at once.
const CHUNK: usize = 256 * 1024;

/// Rows in the making, in pieces that are sent one after the other.
pub(crate) struct Rows {
    columns: i16,
    piece: Vec<u8>,
}

impl Rows {
    pub(crate) fn new(columns: i16) -> Self {
        // A signature, no flags, and nothing more in the head.
        let mut piece = Self::empty();
        piece.extend_from_slice(b"PGCOPY\n\xff\r\n\0");
        piece.extend_from_slice(&[0; 8]);
        Self { columns, piece }
    }

    fn empty() -> Vec<u8> {
        Vec::with_capacity(CHUNK + CHUNK / 4)
    }

    pub(crate) fn begin(&mut self) {
        self.piece.extend_from_slice(&self.columns.to_be_bytes());
    }

    /// What can be sent, once it is enough; asked between two rows.
    pub(crate) fn full(&mut self) -> Option<Vec<u8>> {
        (self.piece.len() >= CHUNK).then(|| std::mem::replace(&mut self.piece, Self::empty()))
    }

    pub(crate) fn field(&mut self, bytes: &[u8]) {
        // A field is far below 2 GiB: a lead has at most 64 KiB.
        let length = i32::try_from(bytes.len()).unwrap_or(i32::MAX);
        self.piece.extend_from_slice(&length.to_be_bytes());
        self.piece.extend_from_slice(bytes);
    }

    pub(crate) fn none(&mut self) {
        self.piece.extend_from_slice(&(-1_i32).to_be_bytes());
    }

    /// The last piece: no row comes after it.
    pub(crate) fn last(&mut self) -> Vec<u8> {
        self.piece.extend_from_slice(&(-1_i16).to_be_bytes());
        std::mem::take(&mut self.piece)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_one_text() {
        let mut rows = Rows::new(2);
        let long = vec![7; CHUNK];
        let mut pieces = Vec::new();
        for field in [&long[..], b"", b"ab"] {
            rows.begin();
            rows.field(field);
            rows.none();
            pieces.extend(rows.full());
        }
        pieces.push(rows.last());
        assert_eq!(pieces.len(), 2);
        let text = pieces.concat();
        assert_eq!(text.len(), 19 + 3 * (2 + 4 + 4) + CHUNK + 2 + 2);
        assert!(text.starts_with(b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0\0\x02\0\x04\0\0\x07"));
        assert!(text.ends_with(b"\0\x02\0\0\0\x02ab\xff\xff\xff\xff\xff\xff"));
    }
}
