//! Boxes and routes: post office boxes, rural and highway contract routes, military post, general delivery
//! (USPS Publication 28 §§24–28 and §38).

use super::label::{Label, Labels};
use super::token::{Gap, Token};
use super::words::{Words, text};
use crate::geo::lexicon::Kind;
use std::ops::Range;

/// Takes every box and route out of the words.
pub(super) fn take_boxes(words: &mut Words<'_, '_>, labels: &mut Labels, military: bool) {
    if !words.all().iter().any(|word| word.is(Kind::BOX)) {
        return;
    }
    let _ = take_military(words, labels, military) || take_route(words, labels);
    if !labels.has(Label::Box) {
        take_post_box(words, labels);
    }
    take_general_delivery(words, labels);
}

/// `PSC 802 BOX 74`, `CMR 450 BOX 12`, `UNIT 2050 BOX 4190`.
fn take_military(words: &mut Words<'_, '_>, labels: &mut Labels, military: bool) -> bool {
    let found = words.find_map(|at| is_military(words, at, military).then_some(at)).and_then(|at| {
        let id = id_at(words, at + 1)?;
        Some((at, id))
    });
    let Some((at, id)) = found else { return false };
    words.mark(at..id.start, Label::RouteType, labels);
    take_route_box(words, labels, at, id);
    true
}

fn is_military(words: &Words<'_, '_>, at: usize, military: bool) -> bool {
    let Some(id) = id_at(words, at + 1) else { return false };
    match text(words, at) {
        "PSC" | "CMR" => true,
        "UNIT" => military && text(words, id.end) == "BOX",
        _ => false,
    }
}

/// `RR 4 BOX 87A`, `HC 68 BOX 23`, and the old words for them.
fn take_route(words: &mut Words<'_, '_>, labels: &mut Labels) -> bool {
    let found = words.find_map(|at| {
        let id = id_at(words, route_kind(words, at)?)?;
        Some((at, id))
    });
    let Some((at, id)) = found else { return false };
    words.mark(at..id.start, Label::RouteType, labels);
    take_route_box(words, labels, at, id);
    true
}

/// The place after the words for a route.
fn route_kind(words: &Words<'_, '_>, at: usize) -> Option<usize> {
    let opens = words.opens_segment(at);
    let is_route = |w: &str| ["ROUTE", "RTE", "RT"].contains(&w);
    let next = |n: usize| text(words, at + n);
    let after_route = |n: usize| at + n + usize::from(is_route(next(n)) || next(n) == "R");
    let box_follows = |n: usize| id_at(words, at + n).is_some_and(|id| text(words, id.end) == "BOX");
    match text(words, at) {
        "RR" | "RFD" => Some(at + 1),
        "R" if next(1) == "R" => Some(at + 2),
        "R" if next(1) == "F" && next(2) == "D" => Some(at + 3),
        "RURAL" | "STAR" if is_route(next(1)) => Some(at + 2),
        "RD" | "ROUTE" | "RTE" | "RT" if opens && box_follows(1) => Some(at + 1),
        "HC" | "HCR" => Some(after_route(1)),
        "HIGHWAY" | "HWY" if next(1) == "CONTRACT" => Some(after_route(2)),
        _ => None,
    }
}

/// The route's number and its box, where one follows; takes all of it out.
fn take_route_box(words: &mut Words<'_, '_>, labels: &mut Labels, start: usize, route: Range<usize>) {
    words.mark(route.clone(), Label::Route, labels);
    let mut end = route.end;
    if text(words, end) == "BOX" {
        let id = id_at(words, end + 1).unwrap_or(end + 1..end + 1);
        words.mark(end..id.start, Label::BoxType, labels);
        words.mark(id.clone(), Label::Box, labels);
        end = id.end;
    }
    words.cut(start..end);
}

/// `PO BOX 12` and what people write for it; the plainest wording wins where there are several.
fn take_post_box(words: &mut Words<'_, '_>, labels: &mut Labels) {
    let kinds: [fn(&Words<'_, '_>, usize) -> Option<usize>; 4] = [post_office_box, lock_box, plain_box, drawer];
    let found = kinds.iter().find_map(|kind| {
        words.find_map(|at| {
            let id = id_at(words, kind(words, at)?)?;
            Some((at, id))
        })
    });
    if let Some((at, id)) = found {
        words.mark(at..id.start, Label::BoxType, labels);
        words.mark(id.clone(), Label::Box, labels);
        words.cut(at..id.end);
    }
}

fn post_office_box(words: &Words<'_, '_>, at: usize) -> Option<usize> {
    let next = |n: usize| text(words, at + n);
    let after = match text(words, at) {
        "POBOX" | "POB" => return Some(at + 1),
        "PO" | "POST" if next(1) == "BOX" => at + 1,
        "P" if next(1) == "O" => at + 2,
        "POST" if next(1) == "OFFICE" => at + 2,
        "PO" => at + 1,
        _ => return None,
    };
    Some(if ["BOX", "BX", "B", "DRAWER"].contains(&text(words, after)) { after + 1 } else { after })
}

fn lock_box(words: &Words<'_, '_>, at: usize) -> Option<usize> {
    match text(words, at) {
        "LOCKBOX" | "LBX" => Some(at + 1),
        "LOCK" if text(words, at + 1) == "BOX" => Some(at + 2),
        _ => None,
    }
}

fn plain_box(words: &Words<'_, '_>, at: usize) -> Option<usize> {
    match text(words, at) {
        "BOX" => Some(at + 1),
        "ROUTE" if text(words, at + 1) == "BOX" => Some(at + 2),
        _ => None,
    }
}

fn drawer(words: &Words<'_, '_>, at: usize) -> Option<usize> {
    match text(words, at) {
        "DRAWER" => Some(at + 1),
        "CALLER" if ["BOX", "SERVICE"].contains(&text(words, at + 1)) => Some(at + 2),
        "CALLER" => Some(at + 1),
        _ => None,
    }
}

/// The number after a word for a box or route: `12`, `# 12`, `NO 12`, `87 A`, `B`.
fn id_at(words: &Words<'_, '_>, at: usize) -> Option<Range<usize>> {
    let at = if ["#", "NO", "NUMBER"].contains(&text(words, at)) { at + 1 } else { at };
    let word = words.get(at)?;
    if !word.has_digit() && word.text.len() != 1 || word.is_one_of(&["#", "&", "@", "/"]) {
        return None;
    }
    let follows = |next: &Token<'_>| word.gap == Gap::None && word.is_digits() && next.is_letter();
    let count = if words.get(at + 1).is_some_and(follows) { 2 } else { 1 };
    Some(at..at + count)
}

/// `GENERAL DELIVERY` stands where a street would.
fn take_general_delivery(words: &mut Words<'_, '_>, labels: &mut Labels) {
    let starts =
        |at: usize| ["GENERAL", "GEN"].contains(&text(words, at)) && ["DELIVERY", "DEL"].contains(&text(words, at + 1));
    if let Some(at) = words.find_map(|at| starts(at).then_some(at)) {
        words.mark(at..at + 2, Label::Delivery, labels);
        words.cut(at..at + 2);
    }
}
