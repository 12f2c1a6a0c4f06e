//! Text → tree: JSON with comments and trailing commas, nothing else.
//!
//! The tokens come from `jsonc-parser`, told to accept more than we do; what is not JSON is then reported with its
//! remedy and read as it was meant, so that one missing comma does not hide the nine mistakes behind it.

use super::tokens::{Tokens, name_of};
use crate::model::{Code, Finding, Member, Node, NodeKind, Place, Span, limits};
use jsonc_parser::tokens::Token;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// What came of reading one file.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// The tree, as far as it could be read.
    pub node: Option<Node>,
    /// Whether the tree has all that stands in the file; if not, nothing can be said about what is missing in it.
    pub whole: bool,
    /// What is wrong with the text, in the order of the text.
    pub findings: Vec<Finding>,
}

/// Reads JSON with comments and trailing commas into a tree whose values know where they stand.
///
/// Also reports keys that stand twice (the first is kept), nesting beyond [`limits::DEPTH`] and texts larger than
/// [`limits::PLAN_BYTES`]. Needs no more than linear time and a bounded stack for any input.
///
/// ```
/// use leadwright::plan::parse;
/// let parsed = parse("{ \"plan\": \"a\", // a comment\n  \"format\": 1, }", 0);
/// assert!(parsed.whole && parsed.findings.is_empty());
/// assert_eq!(parsed.node.and_then(|n| n.get("format")?.as_int()), Some(1));
///
/// let broken = parse("{ plan: 'a' \"format\": 1 }", 0);
/// assert_eq!(broken.findings.len(), 3);
/// ```
pub fn parse(text: &str, file: u16) -> Parsed {
    if text.len() > limits::PLAN_BYTES {
        let finding = Finding::new(Code::PlanTooLarge, start_of(file), "", Code::PlanTooLarge.text());
        return Parsed { node: None, whole: false, findings: vec![finding] };
    }
    let mut reader = Reader { tokens: Tokens::new(text, file) };
    let node = reader.document();
    let (findings, whole) = reader.tokens.finish();
    Parsed { whole: whole && node.is_some(), node, findings }
}

struct Reader<'a> {
    tokens: Tokens<'a>,
}

impl<'a> Reader<'a> {
    fn document(&mut self) -> Option<Node> {
        self.tokens.advance();
        if self.tokens.current().is_none() {
            self.tokens.fatal("the file is empty", "an object { … }");
            return None;
        }
        let node = self.value(1)?;
        if let Some(token) = self.tokens.current() {
            let message = format!("{} after the end of the document", name_of(token));
            self.tokens.trailing(message);
        }
        Some(node)
    }

    /// The value that begins at the current token; `None` when no value begins here.
    fn value(&mut self, depth: usize) -> Option<Node> {
        let place = self.tokens.place();
        let kind = match self.tokens.current()?.clone() {
            Token::OpenBrace => return self.nested(depth, Self::object),
            Token::OpenBracket => return self.nested(depth, Self::list),
            Token::String(text) => NodeKind::Text(self.tokens.text(text)?),
            Token::Number(text) => NodeKind::Number(self.tokens.number(text)),
            Token::Boolean(yes) => NodeKind::Bool(yes),
            Token::Null => NodeKind::Null,
            Token::Word(word) => self.word(word),
            token => {
                self.tokens.fatal(format!("{} stands where a value is due", name_of(&token)), "a value");
                return None;
            }
        };
        self.tokens.advance();
        Some(Node { place, kind })
    }

    fn nested(&mut self, depth: usize, read: fn(&mut Self, usize) -> NodeKind) -> Option<Node> {
        let open = self.tokens.place();
        if depth > limits::DEPTH {
            self.tokens.too_deep();
            return None;
        }
        let kind = read(self, depth);
        let end = self.tokens.last_end().max(open.span.end);
        let span = Span { start: open.span.start, end };
        Some(Node { place: Place { file: open.file, span }, kind })
    }

    fn list(&mut self, depth: usize) -> NodeKind {
        let open = self.tokens.place();
        let mut items = Vec::new();
        self.tokens.advance();
        loop {
            match self.tokens.current() {
                None => {
                    self.tokens.never_closed(open, "[");
                    break;
                }
                Some(Token::CloseBracket) => {
                    self.tokens.advance();
                    break;
                }
                Some(Token::Comma) => self.extra_comma(),
                Some(_) => match self.value(depth + 1) {
                    Some(item) => {
                        items.push(item);
                        self.comma(&Token::CloseBracket);
                    }
                    None => break,
                },
            }
        }
        NodeKind::List(items)
    }

    fn object(&mut self, depth: usize) -> NodeKind {
        let open = self.tokens.place();
        let mut members: Vec<Member> = Vec::new();
        let mut first_places: BTreeMap<String, Place> = BTreeMap::new();
        self.tokens.advance();
        loop {
            match self.tokens.current() {
                None => {
                    self.tokens.never_closed(open, "{");
                    break;
                }
                Some(Token::CloseBrace) => {
                    self.tokens.advance();
                    break;
                }
                Some(Token::Comma) => self.extra_comma(),
                Some(_) => {
                    let Some(member) = self.member(depth) else { break };
                    match first_places.get(&member.key) {
                        Some(first) => self.tokens.duplicate_key(&member, *first),
                        None => {
                            first_places.insert(member.key.clone(), member.place);
                            members.push(member);
                        }
                    }
                    self.comma(&Token::CloseBrace);
                }
            }
        }
        NodeKind::Object(members)
    }

    fn member(&mut self, depth: usize) -> Option<Member> {
        let place = self.tokens.place();
        let key = self.key()?;
        self.tokens.advance();
        if self.tokens.current() != Some(&Token::Colon) {
            self.tokens.missing_colon(&key);
            return None;
        }
        self.tokens.advance();
        if self.tokens.current().is_none() {
            self.tokens.fatal(format!("no value for the key \"{key}\""), "a value");
            return None;
        }
        self.tokens.enter(&key);
        let value = self.value(depth + 1);
        self.tokens.leave();
        Some(Member { key, place, value: value? })
    }

    fn key(&mut self) -> Option<String> {
        let bare = match self.tokens.current()?.clone() {
            Token::String(text) => return self.tokens.text(text),
            Token::Word(word) | Token::Number(word) => word,
            Token::Boolean(true) => "true",
            Token::Boolean(false) => "false",
            Token::Null => "null",
            token => {
                self.tokens.fatal(format!("{} stands where a key is due", name_of(&token)), "a key in double quotes");
                return None;
            }
        };
        let right = format!("\"{bare}\"");
        self.tokens.report_mended(format!("the key `{bare}` has no quotes"), right.clone(), &right);
        Some(bare.to_owned())
    }

    /// A word without quotes, as it was probably meant.
    fn word(&mut self, word: &str) -> NodeKind {
        let lower = word.to_ascii_lowercase();
        let (kind, right) = match lower.as_str() {
            "true" => (NodeKind::Bool(true), Cow::from("true")),
            "false" => (NodeKind::Bool(false), Cow::from("false")),
            _ => (NodeKind::Text(word.to_owned()), Cow::from(format!("\"{word}\""))),
        };
        self.tokens.report_mended(format!("the word `{word}` is not a value"), right.clone(), &right);
        kind
    }

    /// After a member or an item: a comma or the end.
    fn comma(&mut self, close: &Token<'_>) {
        match self.tokens.current() {
            None => {}
            Some(Token::Comma) => self.tokens.advance(),
            Some(token) if token == close => {}
            Some(Token::CloseBrace | Token::CloseBracket | Token::Colon) => {
                let message = format!("{} does not fit here", self.tokens.current().map_or("this", name_of));
                self.tokens.wrong_bracket(message, close);
            }
            Some(_) => self.tokens.missing_comma(),
        }
    }

    fn extra_comma(&mut self) {
        self.tokens.report_mended("a comma too many", "a value or the end", "");
        self.tokens.advance();
    }
}

/// The first byte of a file.
pub(super) fn start_of(file: u16) -> Place {
    Place { file, span: Span { start: 0, end: 0 } }
}

#[cfg(test)]
mod tests {
    use super::super::MAX_FINDINGS;
    use super::*;

    fn messages(text: &str) -> Vec<String> {
        parse(text, 0).findings.iter().map(|f| format!("{}: {}", f.place.span.start, f.message)).collect()
    }

    #[test]
    fn comments_and_trailing_commas_are_read() {
        let parsed =
            parse("\u{feff}// one\n{ \"a\": [1, 2,], /* two */ \"b\": { \"c\": \"\\u00e9\\ud83d\\ude00\" , } }", 7);
        assert!(parsed.whole && parsed.findings.is_empty(), "{:?}", parsed.findings);
        let node = parsed.node.unwrap();
        assert_eq!(node.get("a").unwrap().items().len(), 2);
        assert_eq!(node.get("b").unwrap().get("c").unwrap().as_text(), Some("é😀"));
        assert_eq!((node.place.file, node.place.span.start), (7, 10));
    }

    #[test]
    fn nothing_else_is_read_and_each_says_what_to_write() {
        for (text, at) in [
            ("{\"a\": 'b'}", 6),
            ("{a: 1}", 1),
            ("{\"a\": 0x1F}", 6),
            ("{\"a\": +1}", 6),
            ("{\"a\": .5}", 6),
            ("{\"a\": 5.}", 6),
            ("{\"a\": 01}", 6),
            ("{\"a\": NaN}", 6),
            ("{\"a\": -Infinity}", 6),
            ("{\"a\": True}", 6),
            ("{\"a\": [x-y.z, 1]}", 7),
            ("{\"a\": null, é: 1}", 12),
            ("{\"a\": 1 \"b\": 2}", 7),
            ("{\"a\": [1 2]}", 8),
            ("{\"a\": 1,, \"b\": 2}", 8),
            ("{\"a\":\u{a0}1}", 5),
        ] {
            let parsed = parse(text, 0);
            assert_eq!(parsed.findings.len(), 1, "{text}: {:?}", parsed.findings);
            let finding = parsed.findings.first().unwrap();
            assert_eq!((finding.code, finding.place.span.start), (Code::PlanSyntax, at), "{text}");
            assert!(finding.expected.is_some() && parsed.whole, "{text}");
        }
    }

    #[test]
    fn what_cannot_be_mended_ends_the_reading_with_one_finding() {
        for text in [
            "",
            "  // only",
            "{",
            "[1",
            "{\"a\"",
            "{\"a\":",
            "{\"a\" 1}",
            "{\"a\": 1]",
            "[1}",
            "[:]",
            "{} {}",
            "{\"a\": \"b}\n",
            "{\"a\": \"\\x41\"}",
            "{\"a\": \"\\ud800\"}",
            "/* open",
            "{\"a\": #}",
            "{\"a\": -}",
            "}",
            "{[1]: 2}",
        ] {
            let parsed = parse(text, 0);
            assert_eq!(parsed.findings.len(), 1, "{text}: {:?}", parsed.findings);
            assert!(!parsed.whole, "{text}");
        }
    }

    #[test]
    fn a_text_that_is_not_closed_is_reported_where_it_opens() {
        assert_eq!(messages("{\n \"a\": \"open,\n \"b\": 1\n}"), ["8: the text is not closed on its line"]);
    }

    #[test]
    fn the_mistakes_after_a_mended_one_are_still_found() {
        assert_eq!(messages("{ \"a\": 1 \"b\": 'x', c: [1 2,, 3] }").len(), 5);
    }

    #[test]
    fn a_key_that_stands_twice_points_at_the_second_and_names_the_line_of_the_first() {
        let parsed = parse("{\n \"a\": 1,\n \"\\u0061\": 2\n}", 0);
        let finding = parsed.findings.first().unwrap();
        assert_eq!((finding.code, finding.place.span.start), (Code::PlanDuplicateKey, 12));
        assert!(finding.message.contains("line 2"), "{}", finding.message);
        assert_eq!(parsed.node.unwrap().get("a").unwrap().as_int(), Some(1));
    }

    #[test]
    fn nesting_has_a_limit_and_no_input_exhausts_the_stack() {
        let nest = |n: usize| format!("{}{}", "[".repeat(n), "]".repeat(n));
        assert!(parse(&nest(limits::DEPTH), 0).findings.is_empty());
        for text in [nest(limits::DEPTH + 1), "[".repeat(1_000_000), "{\"a\":".repeat(1_000_000)] {
            let parsed = parse(&text, 0);
            assert_eq!(parsed.findings.iter().map(|f| f.code).collect::<Vec<_>>(), [Code::PlanTooDeep]);
        }
    }

    #[test]
    fn a_file_has_a_largest_size() {
        let parsed = parse(&" ".repeat(limits::PLAN_BYTES + 1), 0);
        assert_eq!(parsed.findings.first().unwrap().code, Code::PlanTooLarge);
    }

    #[test]
    fn findings_are_limited() {
        let parsed = parse(&format!("[{}]", ",".repeat(100_000)), 0);
        assert_eq!(parsed.findings.len(), MAX_FINDINGS + 1);
        assert_eq!(parsed.findings.last().unwrap().code, Code::PlanTooManyFindings);
    }
}
