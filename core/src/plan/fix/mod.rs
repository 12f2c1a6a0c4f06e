//! What mends a finding, as edits of the text.
//!
//! A finding that knows its own edits brings them along; the others are mended here, by their code: a suggestion is
//! written in place of what was found, and what cannot stand where it stands is taken out.

mod apply;
mod sample;
mod span;

use super::document::Documents;
use super::resolve::Resolver;
use crate::geo::usps;
use crate::model::{Code, Edit, Finding, Fix, Member, Node, NodeKind, Span};
use crate::text::did_you_mean;
pub use apply::{Fixed, fix};
pub(super) use sample::sample;
pub(super) use span::removal;

/// The edits that mend a finding, where there are any.
pub(super) fn of(finding: &Finding, documents: &Documents) -> Option<Fix> {
    let text = documents.source(finding.place.file)?.text();
    let node = documents.node(finding.place.file)?;
    if let Some(suggestion) = &finding.suggestion {
        return written(finding, suggestion, node, text);
    }
    let span = finding.place.span;
    match finding.code {
        // A route needs one group at least.
        Code::PlanEmptyGroup => {
            let groups = parent(node, &finding.path)?.items();
            (groups.len() > 1).then(|| taken_out(finding, node, text))?
        }
        Code::PlanNotInThisVersion
        | Code::PlanChooseOne
        | Code::PlanDayTwice
        | Code::PlanMixedRoutes
        | Code::PlanEmptyArea
        | Code::PlanEmptyCondition
        | Code::PlanEmptyList
        | Code::PlanIncludeMatchesNothing
        | Code::PlanListBadForm
        | Code::PlanPingTellsWho
        | Code::PlanBadTemplate
        | Code::PlanUnfitPolicy
        | Code::PlanUnknownField
        | Code::PlanUnknownOperator
        | Code::CriteriaWrongOperator => taken_out(finding, node, text),
        Code::PlanEmptyHours => Some(Fix::guess(span, "\"always\"")),
        Code::PlanWrongFormat => Some(Fix::guess(span, "1")),
        Code::PlanListEmpty => Some(added(parent(node, &finding.path)?, "may_be_empty", "true")),
        Code::PlanNoRoute => {
            let name = finding.path.rsplit('/').next().map(unescape)?;
            let route = "{ \"groups\": [ { \"id\": \"open\", \"select\": \"price\" } ], \"on_unsold\": { \"then\": \"store\" } }";
            Some(match node.get("routes") {
                Some(routes) => added(routes, &name, route),
                None => added(node, "routes", &format!("{{ {}: {route} }}", quoted(&name))),
            })
        }
        Code::PlanDeclaredTwice => {
            let at = lookup(node, &finding.path).filter(|at| at.as_text().is_some());
            let name = at.and_then(Node::as_text).map(str::to_owned);
            let name = name.or_else(|| finding.path.rsplit('/').next().map(unescape))?;
            Some(Fix::guess(at.map_or(span, |at| at.place.span), quoted(&format!("{name}-2"))))
        }
        Code::PlanNotABuyer => {
            let name = documents.source(finding.place.file)?.name();
            let stem = name.rsplit('/').next()?.split('.').next().filter(|stem| !stem.is_empty())?;
            matches!(node.kind, NodeKind::Object(_)).then(|| added(node, "buyer", &quoted(stem)))
        }
        Code::CriteriaNegatedOptional => {
            let at = lookup(node, &finding.path)?;
            matches!(at.kind, NodeKind::Object(_)).then(|| added(at, "missing", "\"ok\""))
        }
        Code::PlanPercentSum => shares(finding, node, documents),
        Code::CriteriaNeverTrue => exchanged(lookup(node, &finding.path)?, text),
        _ => None,
    }
}

/// The suggestion in place of what was found.
fn written(finding: &Finding, suggestion: &str, node: &Node, source: &str) -> Option<Fix> {
    // Of a value of the wrong type the suggestion is the right one as JSON, of everything else it is a name.
    let is_json = matches!(finding.code, Code::PlanWrongType | Code::CriteriaWrongType);
    let text = if is_json { suggestion.to_owned() } else { quoted(suggestion) };
    let at = lookup(node, &finding.path);
    let head = finding.place.span;
    // Of a list or an object only the bracket was shown.
    let span = at.map(|at| at.place.span).filter(|span| span.start == head.start).unwrap_or(head);
    let beside = parent(node, &finding.path);
    if beside.is_some_and(|object| object.get(suggestion).is_some()) && at.is_none_or(|at| at.place.span != span) {
        return None;
    }
    let found = source.get(span.start as usize..span.end as usize).unwrap_or_default().trim_matches('"');
    let safe = !is_of_the_author(finding.code) || is_same_name(found, suggestion);
    Some(Fix { safe, ..Fix::safe(span, text) })
}

/// A name or value that whoever wrote the plan chose: one that is merely near may be another one, and then the leads go
/// elsewhere. The words of the format itself are few and unlike each other.
fn is_of_the_author(code: Code) -> bool {
    use Code::*;
    matches!(
        code,
        PlanBadReference
            | PlanBadTimezone
            | PlanFileMissing
            | PlanUnknownName
            | PlanUnknownPlace
            | PlanUnknownProblem
            | CriteriaUnknownArea
            | CriteriaUnknownField
            | CriteriaUnknownList
            | CriteriaUnknownValue
    )
}

/// Whether only capitals and what parts the words differ, or it is a state in full.
fn is_same_name(found: &str, name: &str) -> bool {
    let plain = |text: &str| {
        let joint =
            |c: char| if matches!(c, ' ' | '_' | '.' | ':' | '/' | '\\') { '-' } else { c.to_ascii_lowercase() };
        text.trim().chars().map(joint).collect::<String>()
    };
    plain(found) == plain(name) || usps::state(&found.trim().to_ascii_uppercase()) == Some(name)
}

/// A near name where another one is as near.
pub(super) fn guessed(span: Span, name: &str) -> Fix {
    Fix::guess(span, quoted(name))
}

/// Without the member or the item that cannot stand there. The last item of a list takes the list along.
fn taken_out(finding: &Finding, node: &Node, text: &str) -> Option<Fix> {
    if finding.path.is_empty() {
        return includes(finding, node, text);
    }
    let (above, last) = finding.path.rsplit_once('/')?;
    let around = lookup(node, above)?;
    let span = match &around.kind {
        NodeKind::Object(members) => whole(members.iter().find(|member| member.key == unescape(last))?),
        NodeKind::List(items) if items.len() > 1 => items.get(last.parse::<usize>().ok()?)?.place.span,
        NodeKind::List(_) => {
            let (upper, key) = above.rsplit_once('/')?;
            let owner = lookup(node, upper)?;
            whole(owner.members().iter().find(|member| member.key == unescape(key))?)
        }
        _ => return None,
    };
    Some(Fix::guess(removal(text, span), ""))
}

/// A pattern under `include`, whose findings have no path.
fn includes(finding: &Finding, node: &Node, text: &str) -> Option<Fix> {
    let member = node.members().iter().find(|member| member.key == "include")?;
    let items = member.value.items();
    let item = items.iter().find(|item| item.place == finding.place)?;
    let span = if items.len() > 1 { item.place.span } else { whole(member) };
    Some(Fix::guess(removal(text, span), ""))
}

/// A lower and an upper bound, each written where the other stands.
fn exchanged(node: &Node, text: &str) -> Option<Fix> {
    let bound = |keys: [&str; 2]| node.members().iter().find(|member| keys.contains(&member.key.as_str()));
    let (low, high) = (bound(["gte", "gt"])?.value.place.span, bound(["lte", "lt"])?.value.place.span);
    let of = |span: Span| text.get(span.start as usize..span.end as usize).map(str::to_owned);
    let mut edits =
        vec![Edit { file: None, span: low, text: of(high)? }, Edit { file: None, span: high, text: of(low)? }];
    edits.sort_by_key(|edit| edit.span.start);
    Some(Fix { safe: false, edits })
}

/// What a group lacks to 100, or has too much, to its greatest share.
fn shares(finding: &Finding, node: &Node, documents: &Documents) -> Option<Fix> {
    let route = finding.path.split('/').nth(2).map(unescape)?;
    let id = format!("{route}/{}", lookup(node, &finding.path)?.get("id")?.as_text()?);
    let contracts = documents.buyers().filter_map(|buyer| buyer.node.get("contracts")).flat_map(Node::members);
    let shares = contracts.filter_map(|contract| contract.value.get("in")?.get(&id)?.get("percent"));
    let shares: Vec<(i64, &Node)> = shares.filter_map(|share| Some((share.as_int()?, share))).collect();
    let sum = shares.iter().try_fold(0_i64, |sum, (share, _)| sum.checked_add(*share))?;
    let (greatest, at) = shares.into_iter().max_by_key(|(share, _)| *share)?;
    let right = 100_i64
        .checked_sub(sum)
        .and_then(|lack| greatest.checked_add(lack))
        .filter(|right| (1..=100).contains(right))?;
    let file = documents.source(at.place.file).filter(|_| at.place.file != finding.place.file);
    let edit = Edit { file: file.map(|file| file.name().to_owned()), span: at.place.span, text: right.to_string() };
    Some(Fix { safe: false, edits: vec![edit] })
}

/// Gives findings about files that are not there the name of one that is.
pub(super) fn near_files(findings: &mut [Finding], documents: &Documents, resolver: &(impl Resolver + ?Sized)) {
    let missing = |finding: &&mut Finding| finding.code == Code::PlanFileMissing && finding.suggestion.is_none();
    for finding in findings.iter_mut().filter(missing) {
        let span = finding.place.span;
        let text = documents.source(finding.place.file).map(super::SourceText::text).unwrap_or_default();
        let name = text.get(span.start as usize..span.end as usize).map(|text| text.trim_matches('"'));
        let Some(name) = name.filter(|name| !name.is_empty() && !name.contains('*')) else { continue };
        let pattern = name.rsplit_once('/').map_or("*".to_owned(), |(folder, _)| format!("{folder}/*"));
        let there = resolver.expand(&pattern).unwrap_or_default();
        finding.suggestion = did_you_mean(name, there.iter().map(String::as_str)).map(str::to_owned);
    }
}

/// The edit that puts a member first into an object.
pub(super) fn added(object: &Node, key: &str, value: &str) -> Fix {
    let at = object.place.span.start.saturating_add(1);
    let comma = if object.members().is_empty() { " " } else { "," };
    Fix::guess(Span { start: at, end: at }, format!(" {}: {value}{comma}", quoted(key)))
}

/// The value that a path leads to.
fn lookup<'a>(node: &'a Node, path: &str) -> Option<&'a Node> {
    path.split('/').skip(1).try_fold(node, |node, step| match &node.kind {
        NodeKind::List(items) => items.get(step.parse::<usize>().ok()?),
        _ => node.get(&unescape(step)),
    })
}

fn parent<'a>(node: &'a Node, path: &str) -> Option<&'a Node> {
    lookup(node, path.rsplit_once('/')?.0)
}

/// From the key to the end of the value.
fn whole(member: &Member) -> Span {
    Span { start: member.place.span.start, end: member.value.place.span.end }
}

fn unescape(step: &str) -> String {
    step.replace("~1", "/").replace("~0", "~")
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}
