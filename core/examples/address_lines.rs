use leadwright::address::canonicalize_text;
use std::io::{BufRead, Write};
fn main() {
    let out = std::io::stdout();
    let mut out = std::io::BufWriter::new(out.lock());
    for line in std::io::stdin().lock().lines() {
        let row: serde_json::Value = serde_json::from_str(&line.unwrap()).unwrap();
        let a = canonicalize_text(row["raw"].as_str().unwrap(), "");
        let v = serde_json::json!({"id": row["id"], "components": a.components, "key": a.key, "lines": a.lines});
        writeln!(out, "{v}").unwrap();
    }
}
