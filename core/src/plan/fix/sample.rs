//! Something to begin with, for what is missing: a guess that its author looks at.

use super::super::grammar::{Form, Is, Rule, Shape};

/// A value for a place, where one can be made up that means little.
pub(in super::super) fn sample(is: &Is) -> Option<String> {
    match is {
        Is::Text(form) => Some(format!("\"{}\"", text(*form)?)),
        Is::Word(words) => words.iter().find(|word| word.built).map(|word| format!("\"{}\"", word.name)),
        Is::Whole(least, most) => Some(1_i64.clamp(*least, *most).to_string()),
        Is::Flag => Some("false".to_owned()),
        Is::List(item) | Is::Set(item) => Some(format!("[ {} ]", sample(item)?)),
        Is::Object(shape) => object(shape),
        Is::Criteria => Some("{}".to_owned()),
        Is::OneOf(choices) => choices.iter().find_map(sample),
        Is::Scalar => None,
    }
}

/// An object with no more than it must have.
fn object(shape: &'static Shape) -> Option<String> {
    if shape.others.is_some_and(|others| others.some) {
        return None;
    }
    let mut keys: Vec<_> = shape.known().filter(|key| key.required).collect();
    for rule in shape.rules {
        let (Rule::One(choice) | Rule::Some(choice)) = rule else { continue };
        keys.extend(choice.iter().find_map(|name| shape.key(name).filter(|key| key.built)));
    }
    if keys.is_empty() {
        return Some("{}".to_owned());
    }
    let member = |key: &&super::super::grammar::Key| Some(format!("\"{}\": {}", key.name, sample(&key.is)?));
    let members: Option<Vec<String>> = keys.iter().map(member).collect();
    Some(format!("{{ {} }}", members?.join(", ")))
}

fn text(form: Form) -> Option<&'static str> {
    Some(match form {
        Form::Id => "name",
        Form::Field | Form::FieldPath => "phone",
        Form::Catalogue => "us/home-services@1",
        Form::Zone => "America/New_York",
        Form::Currency => "USD",
        Form::Money => "10.00",
        Form::Duration => "30d",
        Form::Distance => "25mi",
        Form::Zip => "75201",
        Form::ExtraShare => "+20%",
        Form::Hours | Form::HoursOrName => "always",
        _ => return None,
    })
}
