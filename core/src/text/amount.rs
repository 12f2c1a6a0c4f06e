//! Amounts of money as people write them.

/// The digits of `$1,250.00`, `85 $`. A comma counts only where it parts thousands: `1,50` may be one and a half.
pub(crate) fn plain_amount(text: &str) -> Option<String> {
    let text = text.trim();
    let text = text.strip_prefix('$').or_else(|| text.strip_suffix('$')).unwrap_or(text).trim();
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let mut groups = whole.split(',');
    let first = groups.next().filter(|first| !first.is_empty() && digits(first))?;
    let thousands = whole.contains(',');
    let fits = (!thousands || first.len() <= 3) && groups.all(|group| group.len() == 3 && digits(group));
    (fits && digits(decimals)).then(|| text.replace(',', ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_can_be_read_one_way_is_an_amount() {
        for (text, amount) in [
            ("$85.00", Some("85.00")),
            (" 4.00 $ ", Some("4.00")),
            ("1,250", Some("1250")),
            ("1,250,000.5", Some("1250000.5")),
            ("1,50", None),
            ("1.250,00", None),
            ("1250,000", None),
            ("85 00", None),
            (",500", None),
            ("", None),
            ("$", None),
        ] {
            assert_eq!(plain_amount(text).as_deref(), amount, "{text}");
        }
    }
}
