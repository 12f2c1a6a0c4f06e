use super::*;

fn name(text: &str) -> FieldOutcome {
    check(&RawValue::text(text), "/name", &FieldOptions::default())
}

/// `first|middle|last|suffix`, or the code of the refusal.
fn parts(text: &str) -> String {
    let found = name(text);
    if let Some(problem) = found.problems.iter().find(|_| !found.valid()) {
        return problem.code.to_string();
    }
    let part = |name| found.parts.get(name).and_then(Value::as_text).unwrap_or("").to_owned();
    ["first", "middle", "last", "suffix"].map(part).join("|")
}

#[test]
fn an_address_is_no_name_and_a_number_no_part_of_one() {
    for text in [
        "16 Elm St",
        "SITE 6 COMP 10 RR 2, Golden BC V0A 1H0",
        "PO Box 12, Kelowna BC V1Y 1A1",
        "123 rue St-Jean, Québec 8",
    ] {
        assert!(!name(text).valid(), "{text}");
    }
    for text in ["Ann Lee2", "Bob Lee 2nd", "Asdf4 Null", "J4ne Lee"] {
        let found = name(text);
        let again = found.value.as_ref().and_then(Value::as_text).map(name).and_then(|again| again.value);
        assert_eq!((found.valid(), &again), (true, &found.value), "{text}");
    }
    let first = FieldOptions { part: NamePart::First, ..FieldOptions::default() };
    assert!(!check(&RawValue::text("24 Elm Dr"), "/first_name", &first).valid());
}

#[test]
fn names_are_taken_apart() {
    for (text, want) in [
        ("Ann Lee", "Ann||Lee|"),
        ("Lee, Ann", "Ann||Lee|"),
        ("Ann Mary Lee", "Ann|Mary|Lee|"),
        ("Ann M. Lee", "Ann|M.|Lee|"),
        ("Lee Jr., Bob T", "Bob|T|Lee|Jr."),
        ("Bob Lee, Sr.", "Bob||Lee|Sr."),
        ("bob lee iii", "Bob||Lee|III"),
        ("Bob Lee 2nd", "Bob||Lee|II"),
        ("Dr. Ann Lee, M.D.", "Ann||Lee|"),
        ("Ann Lee RN", "Ann||Lee|"),
        ("Ann de la Rosa", "Ann||de la Rosa|"),
        ("ANN VAN DER BERG", "Ann||van der Berg|"),
        ("Maria del Carmen Rosa", "Maria|del Carmen|Rosa|"),
        ("Pedro Lopez y Rosa", "Pedro||Lopez y Rosa|"),
        ("Ann \"Annie\" Lee", "Ann||Lee|"),
        ("Ann (Annie) Lee", "Ann||Lee|"),
        ("Ann Mary Lee - Smith", "Ann|Mary|Lee-Smith|"),
        ("T. Ann Lee", "Ann||Lee|"),
        ("J. Lee", "J.||Lee|"),
        ("J.R. Lee", "J.|R.|Lee|"),
        ("ANN O'DEA", "Ann||O'Dea|"),
        ("mary mcdougal", "Mary||McDougal|"),
        ("Ann LEE", "Ann||Lee|"),
        ("Ann Ma", "Ann||Ma|"),
        ("Ann and Bob Lee", "Ann||Lee|"),
        ("Mr. & Mrs. Bob Lee", "Bob||Lee|"),
        ("Ann Lee & Bob Dean", "Ann||Lee|"),
        ("General Motors", "General||Motors|"),
        ("Governor Ann Lee", "Ann||Lee|"),
        ("Secretary of Commerce Ann Lee", "Ann||Lee|"),
        ("Jane Lee 😀", "Jane||Lee|"),
        ("Zoë O&#39;Dea", "Zoë||O'Dea|"),
        ("Ana Perez G.", "Ana||Perez G.|"),
        ("王小明", "小明||王|"),
    ] {
        assert_eq!(parts(text), want, "{text}");
    }
}

#[test]
fn what_is_no_whole_name_has_a_code() {
    for (text, code) in [
        ("Ann", "name.last_missing"),
        ("Ann L", "name.last_missing"),
        ("Mr. Lee", "name.first_missing"),
        ("a b c", "name.last_missing"),
        ("bd fg", "name.not_a_name"),
        ("12 34", "name.not_a_name"),
        ("ann@example.com", "name.not_a_name"),
        ("☃☃ Ann", "name.not_a_name"),
        ("Test Tester", "name.test"),
        ("First Last", "name.placeholder"),
    ] {
        assert_eq!(parts(text), code, "{text}");
    }
    // What is there is not lost.
    assert_eq!(name("ann").parts.get("first"), Some(&Value::text("Ann")));
}

#[test]
fn doubts_do_not_refuse() {
    for (text, code) in [
        ("Ann Null", Code::NamePlaceholderPart),
        ("Asdf Lee", Code::NameGibberish),
        ("Ann4 Lee", Code::NameDigits),
        ("Ann & Bob Lee", Code::NameTwoPeople),
        ("Ann Lee & Sons", Code::NameCompany),
    ] {
        let found = name(text);
        assert!(found.valid(), "{text}");
        assert_eq!(found.problems.iter().map(|p| p.code).collect::<Vec<_>>(), [code], "{text}");
    }
}

#[test]
fn fields_for_a_part_hold_that_part() {
    let part = |part, text| {
        let options = FieldOptions { part, ..FieldOptions::default() };
        let found = check(&RawValue::text(text), "/name", &options);
        found.value.as_ref().and_then(Value::as_text).map(str::to_owned)
    };
    assert_eq!(part(NamePart::First, "ANN").as_deref(), Some("Ann"));
    assert_eq!(part(NamePart::First, "Dr. Ann").as_deref(), Some("Ann"));
    assert_eq!(part(NamePart::First, "J").as_deref(), Some("J"));
    assert_eq!(part(NamePart::Last, "de la ROSA jr").as_deref(), Some("de la Rosa"));
    assert_eq!(part(NamePart::Last, "Ma").as_deref(), Some("Ma"));
    assert_eq!(part(NamePart::Last, "L"), None);
    assert_eq!(part(NamePart::First, "test"), None);
}

proptest::proptest! {
    #[test]
    fn no_text_panics(text in "\\PC*|[A-Za-z.,&'\"() -]*") {
        for part in [NamePart::Whole, NamePart::First, NamePart::Last] {
            let _ = check(&RawValue::text(&text), "/name", &FieldOptions { part, ..FieldOptions::default() });
        }
    }

    #[test]
    fn a_name_in_its_plain_form_stays(
        title in "|Dr\\. |Mrs ",
        given in "[A-Z][a-z]{3,6}( [A-Z][a-z]{3,6}| [A-Z]\\.)?",
        last in "(de |van der |St\\. |)[A-Z][a-z]{3,6}(-[A-Z][a-z]{3,6})?",
        suffix in "|,? Jr\\.?| III|, MD",
        turned in proptest::bool::ANY,
        letters in 0..3,
    ) {
        // Words that mean something else by chance.
        let odd = |word: &str| {
            words::title(word) != words::Sure::No || words::degree_alone(word) || words::is_particle(word, true)
                || words::is_company(word) || words::suffix(word).is_some() || words::no_name(word) != (false, false)
        };
        proptest::prop_assume!(!given.split(' ').chain(last.split([' ', '-']).skip(last.matches(' ').count())).any(odd));
        let text = if turned { format!("{last}{suffix}, {title}{given}") } else { format!("{title}{given} {last}{suffix}") };
        let text = match letters { 0 => text.to_lowercase(), 1 => text.to_uppercase(), _ => text };
        let found = name(&text).value;
        if let Some(Value::Text(found)) = found {
            proptest::prop_assert_eq!(name(&found).value, Some(Value::text(&found)));
        }
    }
}
