//! The words for a difference.

use super::ChangeLine;

/// More members of a set than this are counted and not named.
const NAMED: usize = 4;

/// Fills in what a line is called and how it is said. `there` is whether the path was and is in the plan.
pub(super) fn said(kind: &str, path: &[String], there: (bool, bool), line: &mut ChangeLine) {
    let keys: Vec<&str> = path.iter().map(String::as_str).collect();
    line.what = name(kind, &keys);
    line.text = match keys.as_slice() {
        ["status"] => match line.to.as_deref() {
            Some("paused") => "paused".to_owned(),
            _ => "no longer paused".to_owned(),
        },
        ["in", group] => match there {
            (false, _) => format!("joins {group}"),
            (_, false) => format!("leaves {group}"),
            _ => format!("place in {group}"),
        },
        _ if !line.added.is_empty() || !line.removed.is_empty() => set(&keys, line),
        _ => one(line),
    };
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
        let noun = match keys {
            ["where", "zip"] => "ZIPs".to_owned(),
            _ if zips => format!("ZIPs of {}", line.what),
            _ => line.what.clone(),
        };
        return format!("{} {noun}", counts.join(" "));
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
        [groups @ .., "caps", window, of] => format!("{} of {}", cap(window, of), groups.join(".")),
        ["in", group, key] => format!("{key} in {group}"),
        ["where", rest @ ..] => rest.iter().map(|key| operator(key)).collect::<Vec<_>>().join(" "),
        ["payout", "percent_of_price"] => "payout in percent".to_owned(),
        ["payout", "fixed"] => "payout".to_owned(),
        ["groups", group, rest @ ..] if kind == "route" => format!("{} of group {group}", rest.join(".")),
        keys => keys.join("."),
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

fn operator<'a>(key: &&'a str) -> &'a str {
    match *key {
        "gte" => "at least",
        "gt" => "more than",
        "lte" => "at most",
        "lt" => "less than",
        "in" | "eq" => "is",
        other => other,
    }
}
