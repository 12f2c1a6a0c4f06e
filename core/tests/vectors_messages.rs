//! The golden vectors of messages: `{"why","messages":{"texts","problem"},"want":"…"}`.

mod support;

use leadwright::model::Problem;
use leadwright::report::Messages;
use serde_json::value::RawValue;

#[derive(serde::Deserialize)]
struct Given<'a> {
    #[serde(borrow)]
    texts: &'a RawValue,
    problem: Problem,
}

#[test]
fn every_problem_is_told_in_its_words() {
    support::run("messages", |given| {
        let given: Given<'_> = serde_json::from_str(given.get()).expect("the vector is well formed");
        let messages = Messages::from_json(given.texts.get().as_bytes()).expect("the texts are right");
        serde_json::to_string(&messages.of(&given.problem)).expect("it is written")
    });
}
