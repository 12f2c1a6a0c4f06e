//! The words of a name, nicknames and remarks aside.

use super::words;

/// The text without what stands in brackets or quotes: nicknames and remarks.
pub(super) fn without_asides(text: &str) -> (String, bool) {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut found = false;
    while let Some(c) = rest.chars().next() {
        let starts_word = out.is_empty() || out.ends_with([' ', ',']);
        let inside = rest.get(c.len_utf8()..).unwrap_or("");
        match closing(c).filter(|_| starts_word).and_then(|close| end_of_aside(inside, close)) {
            Some(end) => {
                found = true;
                rest = inside.get(end..).unwrap_or("");
            }
            None => {
                out.push(c);
                rest = inside;
            }
        }
    }
    (out, found)
}

fn closing(open: char) -> Option<char> {
    Some(match open {
        '(' => ')',
        '[' => ']',
        '{' => '}',
        '<' => '>',
        '"' | '“' | '”' | '„' => '"',
        '«' => '»',
        '\'' | '‘' | '`' => '\'',
        _ => return None,
    })
}

/// Where the text goes on after the closing sign. A quote closes only at the end of a word: `'t Hooft's` is none.
fn end_of_aside(inside: &str, close: char) -> Option<usize> {
    let closes = |c: char| match close {
        '"' => matches!(c, '"' | '”' | '“'),
        '\'' => matches!(c, '\'' | '’' | '`'),
        other => c == other,
    };
    let at_end = |end: usize| inside.get(end..).is_none_or(|rest| rest.is_empty() || rest.starts_with([' ', ',', ')']));
    let quote = matches!(close, '"' | '\'');
    inside
        .char_indices()
        .map(|(at, c)| (at + c.len_utf8(), c))
        .find(|(end, c)| closes(*c) && (!quote || at_end(*end)))
        .map(|(end, _)| end)
}

/// Words; `F.Joachim` and `J.R.` are two each, `Ph.D.` is one, `Smith - Lee` is one too.
pub(super) fn tokens(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut joins = false;
    for word in text.split_whitespace() {
        let word = word.trim_end_matches(':');
        if matches!(word, "-" | "–" | "/") && !found.is_empty() {
            joins = true;
            continue;
        }
        let hangs = word.starts_with('-') && word.len() > 1 && !found.is_empty();
        match found.last_mut().filter(|last| joins || hangs || last.ends_with('-')) {
            Some(last) => {
                let last = std::mem::take(last);
                found.pop();
                found.push(format!("{}-{}", last.trim_end_matches('-'), word.trim_start_matches('-')));
            }
            None if words::degree_alone(word) || words::suffix(word).is_some() => found.push(word.to_owned()),
            None => found.extend(word.split_inclusive('.').filter(|part| *part != ".").map(str::to_owned)),
        }
        joins = false;
    }
    found
}

/// One letter, with or without its dot.
pub(super) fn is_initial(word: &str) -> bool {
    let mut letters = word.trim_end_matches('.').chars();
    letters.next().is_some_and(|c| c.is_alphabetic() && c.is_ascii() || c.is_uppercase()) && letters.next().is_none()
}
