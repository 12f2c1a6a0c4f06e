//! The one way to lay out a plan file. Comments stay where they belong, and nothing that the file says changes.
//!
//! A list or an object stands on one line where it fits and its author did not break it after the bracket.

use super::read::parse;
use jsonc_parser::tokens::Token;
use jsonc_parser::{Scanner, ScannerOptions};

/// The widest line that is made of several.
const WIDTH: usize = 120;
const INDENT: usize = 2;
/// Values of at most so many columns share lines in a list.
const SHORT: usize = 16;

/// The text of a plan file laid out; `None` when it is not JSON with comments.
///
/// Lines are indented by two, commas stand where JSON has them, at most one blank line is kept between members, and a
/// list or an object that fits into 120 columns is one line, unless its author broke it after the bracket. A longer list of
/// short values, as ZIP codes, fills its lines. Laying out what was laid out changes nothing.
///
/// ```
/// let text = "{\"format\":1, // the first\n  \"include\" : [ \"buyers/*.jsonc\", ] }";
/// assert_eq!(
///     leadwright::plan::format(text).as_deref(),
///     Some("{\n  \"format\": 1, // the first\n  \"include\": [\"buyers/*.jsonc\"]\n}\n")
/// );
/// assert_eq!(leadwright::plan::format("{"), None);
/// ```
pub fn format(text: &str) -> Option<String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let parsed = parse(text, 0);
    // What stands twice is left as it is too.
    let before = parsed.node.filter(|_| parsed.findings.is_empty() && parsed.whole)?;
    let mut reader = Reader { tokens: tokens(text)?, at: 0 };
    let head = reader.comments(true);
    let tree = reader.value()?;
    let tail = reader.comments(false);
    let mut out = String::new();
    let mut writer = Writer { out: &mut out };
    for comment in &head {
        writer.own_line(comment, 0);
    }
    writer.value(&tree, 0, 0);
    for comment in &tail {
        writer.out.push_str(if comment.own_line { "\n" } else { " " });
        writer.out.push_str(comment.text);
    }
    out.push('\n');
    // A mistake here would be one in somebody's plan.
    let after = parse(&out, 0);
    let same = after.node.is_some_and(|after| after.to_json() == before.to_json());
    same.then_some(out)
}

struct Piece<'a> {
    token: Token<'a>,
    text: &'a str,
    /// Line ends between it and what stands before.
    lines: usize,
}

struct Comment<'a> {
    text: &'a str,
    own_line: bool,
    blank_before: bool,
}

enum Tree<'a> {
    Scalar(&'a str),
    Group { open: char, entries: Vec<Entry<'a>>, last: Vec<Comment<'a>>, broken: bool },
}

struct Entry<'a> {
    before: Vec<Comment<'a>>,
    blank_before: bool,
    key: Option<&'a str>,
    value: Tree<'a>,
    after: Vec<Comment<'a>>,
}

fn tokens(text: &str) -> Option<Vec<Piece<'_>>> {
    let mut scanner = Scanner::new(text, &ScannerOptions::default());
    let (mut pieces, mut end) = (Vec::new(), 0);
    while let Some(token) = scanner.scan().ok()? {
        let (start, stop) = (scanner.token_start(), scanner.token_end());
        let lines = text.get(end..start)?.matches('\n').count();
        pieces.push(Piece { token, text: text.get(start..stop)?.trim_end_matches('\r'), lines });
        end = stop;
    }
    Some(pieces)
}

struct Reader<'a> {
    tokens: Vec<Piece<'a>>,
    at: usize,
}

impl<'a> Reader<'a> {
    fn current(&self) -> Option<&Piece<'a>> {
        self.tokens.get(self.at)
    }

    /// Comments from here on; `first` where nothing stands before them.
    fn comments(&mut self, first: bool) -> Vec<Comment<'a>> {
        let mut comments = Vec::new();
        while let Some(piece) = self.current() {
            let (Token::CommentLine(_) | Token::CommentBlock(_)) = piece.token else { break };
            let own_line = piece.lines > 0 || first && comments.is_empty();
            comments.push(Comment { text: piece.text, own_line, blank_before: piece.lines > 1 });
            self.at += 1;
        }
        comments
    }

    fn value(&mut self) -> Option<Tree<'a>> {
        let piece = self.current()?;
        let text = piece.text;
        let open = match piece.token {
            Token::OpenBrace => '{',
            Token::OpenBracket => '[',
            _ => {
                self.at += 1;
                return Some(Tree::Scalar(text));
            }
        };
        self.at += 1;
        let broken = self.current().is_some_and(|next| next.lines > 0);
        self.group(open, broken)
    }

    fn group(&mut self, open: char, broken: bool) -> Option<Tree<'a>> {
        let mut entries: Vec<Entry<'a>> = Vec::new();
        loop {
            let blank = self.current().is_some_and(|piece| piece.lines > 1);
            let mut before = self.comments(false);
            match &self.current()?.token {
                Token::CloseBrace | Token::CloseBracket => {
                    self.at += 1;
                    return Some(Tree::Group { open, entries, last: before, broken });
                }
                _ => {}
            }
            let blank_before = blank || before.is_empty() && self.current()?.lines > 1;
            let key = if open == '{' {
                let key = self.current()?.text;
                self.at += 1;
                before.extend(self.comments(false));
                self.at += 1; // the colon
                before.extend(self.comments(false));
                Some(key)
            } else {
                None
            };
            let value = self.value()?;
            let mut after = if self.comma_follows() { self.comments(false) } else { self.comments_of_line() };
            if matches!(self.current()?.token, Token::Comma) {
                self.at += 1;
                after.extend(self.comments_of_line());
            }
            entries.push(Entry { before, blank_before, key, value, after });
        }
    }

    /// Whether the next token that is no comment is a comma.
    fn comma_follows(&self) -> bool {
        let rest = self.tokens.get(self.at..).unwrap_or_default();
        let next = rest.iter().find(|piece| !matches!(piece.token, Token::CommentLine(_) | Token::CommentBlock(_)));
        next.is_some_and(|piece| matches!(piece.token, Token::Comma))
    }

    /// Comments on the line of what stands before them.
    fn comments_of_line(&mut self) -> Vec<Comment<'a>> {
        let mut comments = Vec::new();
        while let Some(piece) = self.current().filter(|piece| piece.lines == 0) {
            let (Token::CommentLine(_) | Token::CommentBlock(_)) = piece.token else { break };
            comments.push(Comment { text: piece.text, own_line: false, blank_before: false });
            self.at += 1;
        }
        comments
    }
}

struct Writer<'o> {
    out: &'o mut String,
}

impl Writer<'_> {
    fn own_line(&mut self, comment: &Comment<'_>, depth: usize) {
        self.indent(depth);
        self.out.push_str(comment.text);
        self.out.push('\n');
    }

    fn indent(&mut self, depth: usize) {
        self.out.extend(std::iter::repeat_n(' ', depth * INDENT));
    }

    /// `used` are the columns before the value, and what must fit behind it.
    fn value(&mut self, tree: &Tree<'_>, depth: usize, used: usize) {
        match tree {
            Tree::Scalar(text) => self.out.push_str(text),
            Tree::Group { entries, last, .. } if !flat_fits(tree, used) => {
                let (open, close) = brackets(tree);
                self.out.push(open);
                self.out.push('\n');
                if last.is_empty() && entries.iter().all(is_short) {
                    self.filled(entries, depth + 1);
                } else {
                    self.entries(entries, last, depth + 1);
                }
                self.indent(depth);
                self.out.push(close);
            }
            Tree::Group { .. } => flat(tree, self.out),
        }
    }

    /// Short values, as ZIP codes, many a line.
    fn filled(&mut self, entries: &[Entry<'_>], depth: usize) {
        let mut used = 0;
        for (n, entry) in entries.iter().enumerate() {
            let Tree::Scalar(text) = entry.value else { continue };
            let comma = usize::from(n + 1 < entries.len());
            let wide = columns(text) + comma;
            // What the author set apart stays apart.
            if n > 0 && !entry.blank_before && used + 1 + wide <= WIDTH {
                self.out.push(' ');
                used += 1 + wide;
            } else {
                if n > 0 {
                    self.out.push_str(if entry.blank_before { "\n\n" } else { "\n" });
                }
                self.indent(depth);
                used = depth * INDENT + wide;
            }
            self.out.push_str(text);
            if comma > 0 {
                self.out.push(',');
            }
        }
        self.out.push('\n');
    }

    fn entries(&mut self, entries: &[Entry<'_>], last: &[Comment<'_>], depth: usize) {
        for (n, entry) in entries.iter().enumerate() {
            if entry.blank_before && n > 0 {
                self.out.push('\n');
            }
            for (m, comment) in entry.before.iter().enumerate() {
                if comment.blank_before && m > 0 {
                    self.out.push('\n');
                }
                self.own_line(comment, depth);
            }
            self.indent(depth);
            let mut used = depth * INDENT;
            if let Some(key) = entry.key {
                self.out.push_str(key);
                self.out.push_str(": ");
                used += columns(key) + 2;
            }
            let comma = usize::from(n + 1 < entries.len());
            self.value(&entry.value, depth, used + comma);
            if comma > 0 {
                self.out.push(',');
            }
            for comment in &entry.after {
                self.out.push(' ');
                self.out.push_str(comment.text);
            }
            self.out.push('\n');
        }
        for (n, comment) in last.iter().enumerate() {
            if comment.blank_before && (n > 0 || !entries.is_empty()) {
                self.out.push('\n');
            }
            self.own_line(comment, depth);
        }
    }
}

fn is_short(entry: &Entry<'_>) -> bool {
    let short = matches!(entry.value, Tree::Scalar(text) if columns(text) <= SHORT);
    entry.key.is_none() && entry.before.is_empty() && entry.after.is_empty() && short
}

fn brackets(tree: &Tree<'_>) -> (char, char) {
    match tree {
        Tree::Group { open: '{', .. } => ('{', '}'),
        _ => ('[', ']'),
    }
}

/// Whether a group may and can be one line.
fn flat_fits(tree: &Tree<'_>, used: usize) -> bool {
    if !may_be_flat(tree) {
        return false;
    }
    let mut line = String::new();
    flat(tree, &mut line);
    used + columns(&line) <= WIDTH
}

fn may_be_flat(tree: &Tree<'_>) -> bool {
    let Tree::Group { entries, last, broken, .. } = tree else { return true };
    if entries.is_empty() && last.is_empty() {
        return true;
    }
    // A comment has a line of its own, or ends one.
    let plain = |entry: &Entry<'_>| entry.before.is_empty() && entry.after.is_empty() && may_be_flat(&entry.value);
    !broken && last.is_empty() && entries.iter().all(plain)
}

fn flat(tree: &Tree<'_>, out: &mut String) {
    match tree {
        Tree::Scalar(text) => out.push_str(text),
        Tree::Group { entries, .. } => {
            let (open, close) = brackets(tree);
            out.push(open);
            let space = if open == '{' && !entries.is_empty() || nests(entries) { " " } else { "" };
            out.push_str(space);
            for (n, entry) in entries.iter().enumerate() {
                if n > 0 {
                    out.push_str(", ");
                }
                if let Some(key) = entry.key {
                    out.push_str(key);
                    out.push_str(": ");
                }
                flat(&entry.value, out);
            }
            out.push_str(space);
            out.push(close);
        }
    }
}

/// Whether a list holds lists or objects: its brackets then have space inside.
fn nests(entries: &[Entry<'_>]) -> bool {
    entries.iter().any(|entry| entry.key.is_none() && matches!(entry.value, Tree::Group { .. }))
}

fn columns(text: &str) -> usize {
    text.chars().count()
}
