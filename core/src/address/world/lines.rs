//! The lines of an address by the format of its country: `%A%n%Z %C`.

/// Writes lines. `part` answers with the lines of a part by its letter, none where it is absent.
///
/// Text between two parts stands only between parts that are there, text before the first part or behind the last
/// only beside that one.
pub(super) fn lines<'p>(format: &str, part: impl Fn(char) -> &'p [String]) -> Vec<String> {
    let mut lines = Vec::new();
    for line in format.split("%n") {
        write(line, &part, &mut lines);
    }
    lines
}

fn write<'p>(format: &str, part: &impl Fn(char) -> &'p [String], lines: &mut Vec<String>) {
    let mut pieces = format.split('%');
    let mut between = pieces.next().unwrap_or_default();
    let (mut line, mut is_first, mut last_is_there) = (String::new(), true, false);
    for piece in pieces {
        let mut chars = piece.chars();
        let texts = chars.next().map(part).unwrap_or_default();
        last_is_there = !texts.is_empty();
        if let Some((first, more)) = texts.split_first() {
            if is_first || !line.is_empty() {
                line.push_str(between);
            }
            line.push_str(first);
            for text in more {
                lines.push(std::mem::replace(&mut line, text.clone()));
            }
        }
        is_first = false;
        between = chars.as_str();
    }
    if last_is_there {
        line.push_str(between);
    }
    let line = line.trim();
    if !line.is_empty() {
        lines.push(line.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_between_absent_parts_is_left_out() {
        for (format, there, wanted) in [
            ("%N%n%A%n%C, %S %Z", "ACSZ", vec!["a", "c, s z"]),
            ("%N%n%A%n%C, %S %Z", "ACZ", vec!["a", "c z"]),
            ("%N%n%A%n%C, %S %Z", "SZ", vec!["s z"]),
            ("%C-%S%n%Z", "CZ", vec!["c", "z"]),
            ("X%Z%n%A", "AZ", vec!["Xz", "a"]),
            ("X%Z%n%A", "A", vec!["a"]),
            ("%A (%C)", "A", vec!["a"]),
            ("", "A", vec![]),
        ] {
            let texts = ["a", "c", "s", "z"].map(|text| [text.to_owned()]);
            let part = |letter: char| match "ACSZ".find(letter).filter(|_| there.contains(letter)) {
                Some(at) => texts[at].as_slice(),
                None => &[],
            };
            assert_eq!(lines(format, part), wanted, "{format} {there}");
        }
    }
}
