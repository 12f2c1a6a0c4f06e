//! A name taken apart: who is called what.
//!
//! The order is that of the United States: given names, then the surname, which starts at the first particle or is the
//! last word. `Last, First` is turned round.

use super::tokens::{is_initial, tokens, without_asides};
use super::words::{self, Sure};

/// The parts of a name in the letters that were written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Split {
    pub(super) title: Vec<String>,
    /// Initials before the name by which somebody is called: the J of J. Edgar.
    pub(super) initials: Vec<String>,
    pub(super) first: Option<String>,
    pub(super) middle: Vec<String>,
    pub(super) last: Vec<String>,
    pub(super) suffix: Option<&'static str>,
    /// Words were left out.
    pub(super) extra: bool,
    /// It was written `Last, First`.
    pub(super) turned: bool,
    pub(super) two_people: bool,
    pub(super) company: bool,
}

/// What a field for first names holds.
pub(super) fn given(text: &str) -> Split {
    let mut work = Work::of(text);
    work.take_titles(1);
    let given = std::mem::take(&mut work.words);
    work.put_given(given);
    work.split
}

/// What a field for last names holds.
pub(super) fn surname(text: &str) -> Split {
    let mut work = Work::of(text);
    work.take_trailing_words(1);
    work.split.last = std::mem::take(&mut work.words);
    work.split
}

/// Words on their way into a `Split`.
struct Work {
    split: Split,
    words: Vec<String>,
    /// All letters are of one case, so that it tells nothing.
    one_case: bool,
}

pub(super) fn split(text: &str) -> Split {
    let one_case = is_one_case(text);
    let (text, asides) = without_asides(text);
    let mut segments: Vec<Vec<String>> = text.split([',', ';']).map(tokens).filter(|s| !s.is_empty()).collect();
    let mut work = Work { split: Split { extra: asides, ..Split::default() }, words: Vec::new(), one_case };
    work.take_trailing_segments(&mut segments);
    let mut segments = segments.into_iter();
    work.words = segments.next().unwrap_or_default();
    let given: Vec<String> = segments.flatten().collect();
    match given.is_empty() {
        true => work.natural(),
        false => work.turned(given),
    }
    work.split
}

impl Work {
    /// All words of a text in one row.
    fn of(text: &str) -> Self {
        let one_case = is_one_case(text);
        let (text, extra) = without_asides(text);
        let words = text.split([',', ';']).flat_map(tokens).collect();
        Self { split: Split { extra, ..Split::default() }, words, one_case }
    }

    fn loud(&self, word: &str) -> bool {
        !self.one_case && word.chars().count() > 1 && !word.chars().any(char::is_lowercase)
    }

    fn small(&self, word: &str) -> bool {
        !self.one_case && !word.chars().any(char::is_uppercase)
    }

    fn put_suffix(&mut self, suffix: &'static str) {
        self.split.suffix.get_or_insert(suffix);
    }

    /// `, Jr.`, `, MD`, `, CLU, CFP` and `, Inc.`, and a company's `Co.,` in front.
    fn take_trailing_segments(&mut self, segments: &mut Vec<Vec<String>>) {
        let whole = segments.first().is_some_and(|first| first.len() > 1);
        let mut at = 0;
        segments.retain(|segment| {
            let first = at == 0;
            at += 1;
            if segment.iter().all(|word| words::is_company(word)) {
                self.split.company = true;
                return false;
            }
            let ends = |word: &String| {
                words::suffix(word).is_some()
                    || words::degree_alone(word) && (whole || words::degree(word, false))
                    || whole && self.loud(word) && word.chars().count() < 7
            };
            let sure = |word: &String| words::suffix(word).is_some_and(|(_, sure)| sure == Sure::Yes);
            let goes = if first { segment.iter().all(sure) } else { segment.iter().all(ends) };
            if !goes {
                return true;
            }
            match segment.iter().find_map(|word| words::suffix(word)) {
                Some((suffix, _)) => self.put_suffix(suffix),
                None => self.split.extra = true,
            }
            false
        });
    }

    /// Suffixes and degrees at the end, as long as `least` words are left; a sure suffix goes in any case.
    fn take_trailing_words(&mut self, least: usize) {
        while let Some(word) = self.words.last().cloned() {
            let left = self.words.len() - 1;
            match words::suffix(&word) {
                Some((suffix, sure)) if left > 0 && (sure == Sure::Yes || left >= least) => self.put_suffix(suffix),
                _ if left >= least.max(2) && words::degree(&word, self.loud(&word)) => self.split.extra = true,
                _ => break,
            }
            self.words.pop();
        }
    }

    /// Titles at the start. `least` words are left, of a title that nobody is called by at least one.
    fn take_titles(&mut self, least: usize) {
        let count = self.words.len();
        let word = |at: usize| self.words.get(at).map(String::as_str).unwrap_or("");
        let goes = |at: &usize| match words::title(word(*at)) {
            Sure::Yes => *at + 1 < count,
            Sure::IfEnoughIsLeft => *at + 1 + least <= count,
            Sure::No => {
                let within = *at > 0 || at + 1 < count && is_title_word(word(at + 1));
                within && words::is_inside_title(word(*at)) && *at + 1 + least <= count
            }
        };
        let mut count = (0..count).take_while(goes).count();
        // A title does not end in `of`.
        while count > 0 && is_connector(word(count - 1)) {
            count -= 1;
        }
        self.split.title = self.words.drain(..count).collect();
    }

    fn turned(&mut self, given: Vec<String>) {
        self.split.turned = true;
        self.take_trailing_words(1);
        self.take_titles(1);
        let last = std::mem::replace(&mut self.words, given);
        let title = std::mem::take(&mut self.split.title);
        self.take_company();
        // `Smith, John V`: a single letter is an initial here.
        if self.words.last().is_some_and(|word| !is_initial(word)) {
            self.take_trailing_words(1);
        }
        self.take_titles(1);
        self.split.title.splice(0..0, title);
        self.take_second_person();
        self.split.last = last;
        let given = std::mem::take(&mut self.words);
        self.put_given(given);
    }

    fn natural(&mut self) {
        let is_sign = |word: &String| !word.chars().any(char::is_alphanumeric);
        let start = self.words.iter().take_while(|word| is_sign(word)).count();
        self.words.drain(..start);
        self.take_company();
        self.take_trailing_words(2);
        self.take_titles(2);
        self.take_second_person();
        if self.words.len() == 1 && !self.split.title.is_empty() {
            self.split.last = std::mem::take(&mut self.words);
            return;
        }
        if let Some((family, given)) = unspaced(&self.words) {
            self.put_given(vec![given]).put_last(vec![family]);
            return;
        }
        let start = self.surname_start();
        let mut last = self.words.split_off(start.min(self.words.len()));
        let given = std::mem::take(&mut self.words);
        // `Perez G.`: a second surname that is only its letter.
        if let [.., name, letter] = given.iter().chain(&last).collect::<Vec<_>>().as_slice()
            && last.len() == 1
            && given.len() > 1
            && is_initial(letter)
            && !is_initial(name)
        {
            last = vec![(*name).clone(), (*letter).clone()];
            return self
                .put_given(given.split_last().map(|(_, rest)| rest.to_vec()).unwrap_or_default())
                .put_last(last);
        }
        self.put_given(given).put_last(last);
    }

    /// `& Co`, `and Sons`, `et al.`
    fn take_company(&mut self) {
        let is_others = |at: usize| {
            let word = |at: usize| self.words.get(at).map(|word| words::plain(word)).unwrap_or_default();
            word(at) == "et" && matches!(word(at + 1).as_str(), "al" | "ux" | "vir")
        };
        let cut = (1..self.words.len()).find(|at| {
            let rest = self.words.get(*at..).unwrap_or_default();
            let joined = rest.first().is_some_and(|word| matches!(word.as_str(), "&" | "and" | "And" | "AND"));
            let company = rest.iter().skip(usize::from(joined)).all(|word| words::is_company(word));
            is_others(*at) || company && (joined || *at > 1)
        });
        let Some(cut) = cut else { return };
        let others = is_others(cut);
        self.words.truncate(cut);
        self.split.company |= !others;
        self.split.extra |= others;
    }

    /// `Ann and Bob Lee` is Ann Lee, `Ann Lee & Bob Dean` is Ann Lee.
    fn take_second_person(&mut self) {
        let is_and = |word: &String| matches!(words::plain(word).as_str(), "and" | "&" | "+");
        let Some(at) = self.words.iter().skip(1).position(is_and).map(|at| at + 1) else { return };
        let other: Vec<String> = self.words.split_off(at).into_iter().skip(1).collect();
        if other.is_empty() {
            return;
        }
        self.split.two_people = true;
        let alone = self.words.iter().filter(|word| !is_initial(word)).count() < 2;
        if alone && !self.split.turned {
            let mut second = Work { split: Split::default(), words: other, one_case: self.one_case };
            second.natural();
            self.words.extend(second.split.last);
            if let Some(suffix) = second.split.suffix {
                self.put_suffix(suffix);
            }
        }
    }

    /// Where the surname starts: at the first particle, before `y`, else at the last word.
    fn surname_start(&self) -> usize {
        let count = self.words.len();
        let word = |at: usize| self.words.get(at).map(String::as_str).unwrap_or("");
        let default = if count < 2 { count } else { count - 1 };
        let mut at = 1;
        while at + 1 < count {
            let joins = at > 1 && words::joins_surnames(word(at)) && !is_initial(word(at - 1));
            if joins {
                return at - 1;
            }
            if words::is_particle(word(at), self.small(word(at))) {
                match self.devotion_end(at) {
                    Some(end) if end + 1 < count => at = end,
                    _ if word(at).ends_with('.') && is_initial(word(at)) => {}
                    _ => return at,
                }
            }
            at += 1;
        }
        default
    }

    /// The end of `del Carmen` after `María`.
    fn devotion_end(&self, at: usize) -> Option<usize> {
        let given = self.words.get(at - 1)?;
        let end = (at..self.words.len())
            .find(|end| self.words.get(*end).is_some_and(|word| !words::is_particle(word, true)))?;
        words::is_devotion(given, self.words.get(end)?).then_some(end)
    }

    fn put_given(&mut self, given: Vec<String>) -> &mut Self {
        let at = given.iter().position(|word| !is_initial(word)).unwrap_or(0);
        let mut given = given.into_iter();
        self.split.initials = given.by_ref().take(at).collect();
        self.split.first = given.next();
        self.split.middle = given.collect();
        self
    }

    fn put_last(&mut self, last: Vec<String>) {
        self.split.last = last;
    }
}

/// Whether capitals say nothing, because all letters are of one case.
pub(super) fn is_one_case(text: &str) -> bool {
    !text.chars().any(char::is_lowercase) || !text.chars().any(char::is_uppercase)
}

/// A name in Chinese characters or Korean syllables, which are written without a space: the family comes first, and its
/// name has one of them.
fn unspaced(words: &[String]) -> Option<(String, String)> {
    let [word] = words else { return None };
    let east = |c: char| matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '\u{ac00}'..='\u{d7a3}');
    let count = word.chars().count();
    let mut letters = word.chars();
    let family = letters.next().filter(|_| (2..=4).contains(&count) && word.chars().all(east))?;
    Some((family.to_string(), letters.collect()))
}

fn is_title_word(word: &str) -> bool {
    words::title(word) != Sure::No || words::is_inside_title(word)
}

fn is_connector(word: &str) -> bool {
    matches!(words::plain(word).as_str(), "of" | "the" | "and" | "&" | "for")
}
