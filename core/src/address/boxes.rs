//! Boxes and routes: post office boxes, rural and highway contract routes, military post, general delivery
//! (USPS Publication 28 §§24–28 and §38).

use super::components::Components;
use super::token::{Gap, Token};
use super::words::{Words, text};
use crate::geo::lexicon::Kind;
use std::borrow::Cow;

/// Takes every box and route out of the words.
pub(super) fn take_boxes(words: &mut Words<'_, '_>, components: &mut Components, military: bool) {
    if !words.all().iter().any(|word| word.is(Kind::BOX)) {
        return;
    }
    let _ = take_military(words, components, military) || take_route(words, components);
    if components.po_box.is_none() {
        take_post_box(words, components);
    }
    take_general_delivery(words, components);
}

/// `PSC 802 BOX 74`, `CMR 450 BOX 12`, `UNIT 2050 BOX 4190`.
fn take_military(words: &mut Words<'_, '_>, components: &mut Components, military: bool) -> bool {
    let Some((at, kind)) = words.find_map(|at| military_kind(words, at, military).map(|kind| (at, kind))) else {
        return false;
    };
    let Some((id, end)) = id_at(words, at + 1) else { return false };
    (components.route_type, components.route_id) = (Some(kind.into()), Some(id.into_owned()));
    take_route_box(words, components, at, end);
    true
}

fn military_kind(words: &Words<'_, '_>, at: usize, military: bool) -> Option<&'static str> {
    let (_, end) = id_at(words, at + 1)?;
    match text(words, at) {
        "PSC" => Some("PSC"),
        "CMR" => Some("CMR"),
        "UNIT" if military && text(words, end) == "BOX" => Some("UNIT"),
        _ => None,
    }
}

/// `RR 4 BOX 87A`, `HC 68 BOX 23`, and the old words for them.
fn take_route(words: &mut Words<'_, '_>, components: &mut Components) -> bool {
    let found = words.find_map(|at| {
        let (kind, after) = route_kind(words, at)?;
        let (id, end) = id_at(words, after)?;
        Some((at, kind, id, end))
    });
    let Some((at, kind, id, end)) = found else { return false };
    (components.route_type, components.route_id) = (Some(kind.into()), Some(id.into_owned()));
    take_route_box(words, components, at, end);
    true
}

/// The standard word for a route, and the place after it.
fn route_kind(words: &Words<'_, '_>, at: usize) -> Option<(&'static str, usize)> {
    let opens = words.opens_segment(at);
    let is_route = |w: &str| ["ROUTE", "RTE", "RT"].contains(&w);
    let next = |n: usize| text(words, at + n);
    let after_route = |n: usize| at + n + usize::from(is_route(next(n)) || next(n) == "R");
    let box_follows = |n: usize| id_at(words, at + n).is_some_and(|(_, end)| text(words, end) == "BOX");
    match text(words, at) {
        "RR" | "RFD" => Some(("RR", at + 1)),
        "R" if next(1) == "R" => Some(("RR", at + 2)),
        "R" if next(1) == "F" && next(2) == "D" => Some(("RR", at + 3)),
        "RURAL" if is_route(next(1)) => Some(("RR", at + 2)),
        "RD" | "ROUTE" | "RTE" | "RT" if opens && box_follows(1) => Some(("RR", at + 1)),
        "STAR" if is_route(next(1)) => Some(("HC", at + 2)),
        "HC" | "HCR" => Some(("HC", after_route(1))),
        "HIGHWAY" | "HWY" if next(1) == "CONTRACT" => Some(("HC", after_route(2))),
        _ => None,
    }
}

/// The box of a route, where one follows; takes both out.
fn take_route_box(words: &mut Words<'_, '_>, components: &mut Components, start: usize, end: usize) {
    let boxed = (text(words, end) == "BOX").then(|| id_at(words, end + 1)).flatten();
    let end = match boxed {
        Some((id, end)) => {
            components.po_box = Some(id.into_owned());
            end
        }
        None if text(words, end) == "BOX" => end + 1,
        None => end,
    };
    words.cut(start..end);
}

/// `PO BOX 12` and what people write for it; the plainest wording wins where there are several.
fn take_post_box(words: &mut Words<'_, '_>, components: &mut Components) {
    let kinds: [fn(&Words<'_, '_>, usize) -> Option<usize>; 4] = [post_office_box, lock_box, plain_box, drawer];
    let found = kinds.iter().find_map(|kind| {
        words.find_map(|at| {
            let (id, end) = id_at(words, kind(words, at)?)?;
            Some((at, id, end))
        })
    });
    if let Some((at, id, end)) = found {
        components.po_box = Some(id.into_owned());
        words.cut(at..end);
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

/// The number after a word for a box or route: `12`, `# 12`, `NO 12`, `87 A`, `B`; and the place after it.
fn id_at<'s>(words: &Words<'_, 's>, at: usize) -> Option<(Cow<'s, str>, usize)> {
    let at = if ["#", "NO", "NUMBER"].contains(&text(words, at)) { at + 1 } else { at };
    let word = words.get(at)?;
    if !word.has_digit() && word.text.len() != 1 || word.is_one_of(&["#", "&", "@", "/"]) {
        return None;
    }
    let follows = |next: &&Token<'_>| word.gap == Gap::None && word.is_digits() && next.is_letter();
    Some(match words.get(at + 1).filter(follows) {
        Some(letter) => ([word.text, letter.text].concat().into(), at + 2),
        None => (word.text.into(), at + 1),
    })
}

/// `GENERAL DELIVERY` stands where a street would.
fn take_general_delivery(words: &mut Words<'_, '_>, components: &mut Components) {
    let starts =
        |at: usize| ["GENERAL", "GEN"].contains(&text(words, at)) && ["DELIVERY", "DEL"].contains(&text(words, at + 1));
    if let Some(at) = words.find_map(|at| starts(at).then_some(at)) {
        components.street = Some(super::GENERAL_DELIVERY.into());
        words.cut(at..at + 2);
    }
}
