//! The words for a difference.

use super::ChangeLine;

/// More members of a set than this are counted and not named.
const NAMED: usize = 5;

/// Fills in what a line is called and how it is said. `there` is whether the path was and is in the plan.
pub(super) fn said(kind: &str, path: &[String], there: (bool, bool), line: &mut ChangeLine) {
    let keys: Vec<&str> = path.iter().map(String::as_str).collect();
    line.what = name(kind, &keys);
    line.text = match keys.as_slice() {
        ["status"] => match line.to.as_deref() {
            Some("paused") => "paused".to_owned(),
            _ => "no longer paused".to_owned(),
        },
        ["renamed"] => format!("was {} before", line.from.as_deref().unwrap_or_default()),
        ["in", group] => match there {
            (false, _) => format!("joins {group}"),
            (_, false) => format!("leaves {group}"),
            _ => format!("place in {group}"),
        },
        ["where", .., list] if list.starts_with("list.") => match (&line.to, line.to.as_deref() == Some("true")) {
            (Some(_), true) => line.what.clone(),
            (Some(_), false) => format!("not {}", line.what),
            (None, _) => format!("no longer asks whether {}", line.what),
        },
        ["where", .., field, "missing"] => match line.to {
            Some(_) => format!("takes leads without {field}"),
            None => format!("refuses leads without {field}"),
        },
        ["where", ..] if !there.1 => format!("any {} (was {})", line.what, value(line.from.as_ref(), &line.removed)),
        ["where", ..] if !there.0 => format!("{} {}", line.what, value(line.to.as_ref(), &line.added)),
        ["sell", _, "price"] if !there.1 => {
            let sale = if line.what == "price" { "exclusive" } else { "shared" };
            format!("no {sale} sale (was {})", line.from.as_deref().unwrap_or_default())
        }
        _ if !there.0 && !line.added.is_empty() => format!("{} {}", line.what, value(None, &line.added)),
        _ if !line.added.is_empty() || !line.removed.is_empty() => set(&keys, line),
        _ => one(line),
    };
}

/// A value, or the members of a set: a few are named, many are counted.
fn value(one: Option<&String>, set: &[String]) -> String {
    match one {
        Some(one) => one.clone(),
        None if set.len() > NAMED => format!("{} values", set.len()),
        None => set.join(" or "),
    }
}

fn one(line: &ChangeLine) -> String {
    match (&line.from, &line.to) {
        (Some(from), Some(to)) => format!("{} {from} -> {to}", line.what),
        (None, Some(to)) => format!("{} {to}", line.what),
        (Some(from), None) => format!("no {} (was {from})", line.what),
        (None, None) => line.what.clone(),
    }
}

fn set(keys: &[&str], line: &ChangeLine) -> String {
    let many = line.added.len() > NAMED || line.removed.len() > NAMED;
    let zips = matches!(keys, ["where", .., "zip"] | ["where", "zip", ..] | [.., "zips" | "not_zip"]);
    if zips || many {
        let counts = [('+', line.added.len()), ('-', line.removed.len())];
        let counts: Vec<String> = counts.iter().filter(|(_, n)| *n > 0).map(|(sign, n)| format!("{sign}{n}")).collect();
        let counts = counts.join(" ");
        return match keys {
            ["where", "zip"] => format!("{counts} ZIPs"),
            _ if zips => format!("{counts} ZIPs of {}", line.what),
            _ => format!("{} {counts}", line.what),
        };
    }
    let signed = |sign: char, names: &[String]| names.iter().map(|name| format!("{sign}{name}")).collect::<Vec<_>>();
    format!("{} {}", line.what, [signed('+', &line.added), signed('-', &line.removed)].concat().join(" "))
}

fn name(kind: &str, keys: &[&str]) -> String {
    match keys {
        ["sell", "exclusive", "price"] => "price".to_owned(),
        ["sell", "shared", "price"] => "shared price".to_owned(),
        ["sell", "shared", "with_at_most"] => "other buyers at most".to_owned(),
        ["caps", window, of] => cap(window, of),
        [groups @ .., "caps", window, of] => format!("{} of {}", cap(window, of), groups.join(" ")),
        ["in", group, key] => format!("{key} in {group}"),
        ["where", rest @ ..] => rest.iter().map(|key| criterion(key)).collect::<Vec<_>>().join(" "),
        ["payout", "percent_of_price"] => "payout in percent".to_owned(),
        ["payout", "fixed"] => "payout".to_owned(),
        ["groups", "order"] if kind == "route" => "order of groups".to_owned(),
        ["groups", group, rest @ ..] if kind == "route" => format!("{} of group {group}", rest.join(" ")),
        [whole @ .., part] if !whole.is_empty() => format!("{part} of {}", whole.join(" ")),
        keys => keys.join(" "),
    }
}

fn cap(window: &str, of: &str) -> String {
    let window = match window {
        "hour" => "hourly",
        "day" => "daily",
        "week" => "weekly",
        "month" => "monthly",
        "total" => "total",
        other => other,
    };
    match of {
        "count" => format!("{window} cap"),
        "spend" => format!("{window} cap on money"),
        other => format!("{window} cap, {other}"),
    }
}

/// A word of criteria as a sentence has it.
fn criterion(key: &str) -> String {
    match key {
        "gte" => "at least".to_owned(),
        "gt" => "more than".to_owned(),
        "lte" => "at most".to_owned(),
        "lt" => "less than".to_owned(),
        "not" => "except".to_owned(),
        key => key.strip_prefix("list.").map_or_else(|| key.to_owned(), |list| format!("on list {list}")),
    }
}
