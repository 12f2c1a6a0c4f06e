//! Reads JSON Lines `{"id","raw"}` from standard input and writes what each address comes to.
//!
//! ```text
//! echo '{"id":1,"raw":"9 Elm Street, Kalona IA 52247"}' | cargo run --example address_lines
//! ```

use leadwright::address::canonicalize_line;
use std::io::{self, BufRead, BufWriter, Write};

fn main() -> io::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    for (number, line) in (1..).zip(io::stdin().lock().split(b'\n')) {
        out.write_all(&canonicalize_line(&line?, number))?;
        out.write_all(b"\n")?;
    }
    out.flush()
}
