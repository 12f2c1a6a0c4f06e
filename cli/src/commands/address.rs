//! `leadwright address`

use super::stream;
use crate::{Exit, Streams};
use leadwright::address::canonicalize_line;
use std::path::Path;

pub(crate) fn run(input: &Path, output: &Path, strict: bool, streams: &mut Streams<'_>) -> Exit {
    stream::run(input, output, strict, streams, "addresses", &canonicalize_line)
}
