//! What goes along when a member or an item is taken out: its comma, and a line that has nothing else.

use crate::model::Span;

/// The bytes to remove so that what remains is well written. Comments stay.
pub(in super::super) fn removal(text: &str, span: Span) -> Span {
    let (mut start, mut end) = (span.start as usize, span.end as usize);
    let after = text.get(end..).unwrap_or_default();
    let gap = after.len() - after.trim_start().len();
    let before = text.get(..start).unwrap_or_default();
    let closes = after.trim_start().starts_with(['}', ']']);
    if after.get(gap..).is_some_and(|rest| rest.starts_with(',')) {
        end += gap + 1;
    } else if let Some(kept) = before.trim_end().strip_suffix(',').filter(|_| closes) {
        start = kept.len();
        return Span { start: offset(start), end: offset(end) };
    }
    let line = text.get(..start).unwrap_or_default();
    let indent = line.len() - line.trim_end_matches([' ', '\t']).len();
    let rest = text.get(end..).unwrap_or_default();
    let blank = rest.len() - rest.trim_start_matches([' ', '\t']).len();
    let begins = line.len() == indent || line.as_bytes().get(line.len() - indent - 1) == Some(&b'\n');
    match rest.get(blank..) {
        Some(rest) if begins && rest.starts_with('\n') => {
            Span { start: offset(start - indent), end: offset(end + blank + 1) }
        }
        Some(rest) if begins && rest.starts_with("\r\n") => {
            Span { start: offset(start - indent), end: offset(end + blank + 2) }
        }
        // One space stood on either side.
        Some(_) if indent > 0 && blank > 0 => Span { start: offset(start), end: offset(end + blank) },
        _ => Span { start: offset(start), end: offset(end) },
    }
}

fn offset(byte: usize) -> u32 {
    u32::try_from(byte).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_remains_is_well_written() {
        for (text, without) in [
            ("{ <a>, b }", "{ b }"),
            ("{ a, <b> }", "{ a }"),
            ("{ a, <b>, }", "{ a, }"),
            ("{ <a> }", "{ }"),
            ("{\n  a,\n  <b>,\n  c\n}", "{\n  a,\n  c\n}"),
            ("{\n  a,\n  <b>\n}", "{\n  a\n}"),
            ("{\r\n  <a>,\r\n  b\r\n}", "{\r\n  b\r\n}"),
            ("{\n  <a>, // why\n  b\n}", "{\n  // why\n  b\n}"),
            ("[<a>, b]", "[ b]"),
        ] {
            let (start, end) = (text.find('<').unwrap(), text.find('>').unwrap() - 1);
            let plain = text.replace(['<', '>'], "");
            let span = removal(&plain, Span { start: start as u32, end: end as u32 });
            let left = format!("{}{}", &plain[..span.start as usize], &plain[span.end as usize..]);
            assert_eq!(left, without, "{text}");
        }
    }
}
