//! Endpoints of a plan: what is sent to buyers, and what their answers are taken for.

use leadwright::deliver::{
    Answered, Asked, BadBid, Bid, BidTerms, Endpoint, Exchanged, Lost, Meaning, NotSent, Outgoing, Request, Response,
    Secrets, Unsendable, judge_bid, read_answer, render, verify_webhook,
};
use leadwright::engine::run_tests;
use leadwright::model::{AttemptClass, Code, Currency, Error, Money, Sale, Timestamp};
use leadwright::plan::{Checked, MemoryResolver, Plan};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;

const SECRET: &str = "c2VjcmV0LWNhbmFyeQ==";

struct Known;

impl Secrets for Known {
    fn secret(&self, name: &str) -> Result<String, Error> {
        match name {
            "missing" => Err(Error::new(Code::DeliveryMalformed, "no such secret")),
            "broken" => Ok(format!("{SECRET}\r\nX-Evil: 1")),
            _ => Ok(SECRET.to_owned()),
        }
    }
}

fn checked(contract: &str, endpoints: &str) -> Checked {
    let plan = format!(
        r#"{{
    "format": 1, "plan": "p", "currency": "USD", "timezone": "America/Chicago",
    "verticals": {{ "auto": {{ "extends": "us/auto-insurance@1", "fields": {{ "roof": {{ "is": "text", "optional": true }} }} }} }},
    "sources": {{ "web": {{ "verticals": ["auto"] }} }}, "rates": {{ "CAD": "0.7200" }},
    "routes": {{ "auto": {{ "groups": [ {{ "id": "open", "select": "price" }} ], "on_unsold": {{ "then": "store" }} }} }},
    "buyers": {{ "acme": {{ "contracts": {{ "acme-a": {{ "in": {{ "auto/open": {{}} }}, "sell": {{ "exclusive": {{ "price": "9.00" }} }}{contract} }} }},
      "endpoints": {{ {endpoints} }} }} }} }}"#
    );
    Plan::check(&MemoryResolver::new([("plan.jsonc", plan)]), "plan.jsonc")
}

fn plan(endpoint: &str) -> Plan {
    let checked = checked(r#", "post": { "to": "e" }"#, &format!(r#""e": {endpoint}"#));
    checked.plan.unwrap_or_else(|| panic!("{:?}", checked.issues))
}

fn lead() -> BTreeMap<String, Value> {
    let lead = json!({
        "first_name": "Zoë \"Z\" <&>", "phone": "+12145550101", "email": "zoe@example.com", "zip": "75201", "state": "TX",
        "consent": true, "consent.text": "I agree", "x_junk": "never",
        "address": { "lines": ["233 S WACKER DR # 84", "DALLAS TX 75201"], "zip": "75201", "key": "k1-secret" },
        "drivers": [ { "dob": "1990-05-02", "first_name": "Zoë" }, { "dob": "1960-05-02" } ],
        "vehicles": [ { "year": 2008 }, { "year": 2019, "make": "BMW" } ]
    });
    serde_json::from_value(lead).unwrap()
}

fn sent(plan: &Plan, endpoint: &Endpoint, fields: &BTreeMap<String, Value>) -> Result<Request, Unsendable> {
    let contract = "acme-a".parse().unwrap();
    let send = [Asked::Ping, Asked::Post].into_iter().filter_map(|asked| plan.sending(&contract, asked));
    let send = send.into_iter().find(|(at, _)| at.name() == endpoint.name()).map_or(&[][..], |(_, send)| send);
    let outgoing = Outgoing {
        key: "k1",
        lead: &"l1".parse().unwrap(),
        source: &"web".parse().unwrap(),
        decision: &"web/l1.1".parse().unwrap(),
        buyer: &"acme".parse().unwrap(),
        contract: &contract,
        sale: Sale::Exclusive,
        price: Some("9.00".parse().unwrap()),
        currency: Currency::USD,
        day: "2026-11-24".parse().unwrap(),
        fields,
        send,
    };
    render(endpoint, &outgoing, Timestamp::EPOCH.plus_millis(1_500), &Known)
}

fn body(endpoint: &str) -> Result<String, String> {
    let plan = plan(endpoint);
    let request = sent(&plan, plan.endpoint("e").unwrap(), &lead()).map_err(|error| error.to_string())?;
    Ok(String::from_utf8(request.body).unwrap())
}

#[test]
fn their_names_nest_and_ours_stay() {
    let got = body(
        r#"{ "url": "https://acme.example/in", "map": { "contact.phone": "phone | us_phone", "contact.mail": "email.sha256",
            "car.year": "vehicles.newest.year", "age": "drivers.first.age", "born": "drivers.first.dob | mdy", "who": "first_name", "none": "last_name" },
            "values": { "consent": { "true": "Y", "false": "N" }, "car.year": { "*": "old" }, "state": { "TX": 48 } },
            "with": { "contact.at": "{{ source }}/{{ lead_id }}", "price": "{{ price }}", "test": false, "n": 7 } }"#,
    )
    .unwrap();
    let got: Value = serde_json::from_str(&got).unwrap();
    assert_eq!(got["contact"]["phone"], "(214) 555-0101");
    assert_eq!(got["contact"]["mail"].as_str().unwrap().len(), 64);
    assert_eq!((&got["contact"]["at"], &got["price"]), (&json!("web/l1"), &json!("9.00")));
    assert_eq!((&got["car"]["year"], &got["age"], &got["born"]), (&json!("old"), &json!(36), &json!("05/02/1990")));
    assert_eq!((&got["who"], &got["consent"], &got["state"]), (&json!("Zoë \"Z\" <&>"), &json!("Y"), &json!(48)));
    assert_eq!((&got["consent.text"], &got["zip"]), (&json!("I agree"), &json!("75201")));
    assert_eq!((&got["test"], &got["n"]), (&json!(false), &json!(7)));
    assert_eq!(got["address_line1"], "233 S WACKER DR # 84");
    for gone in ["first_name", "phone", "none", "x_junk", "address"] {
        assert_eq!(got.get(gone), None, "{gone}");
    }
}

#[test]
fn a_form_and_xml_hold_the_same_fields() {
    let fields = r#""map": { "n": "first_name", "p": "phone | ten_digits", "v": "vehicles" }"#;
    let send = r#", "post": { "to": "e", "send": ["first_name", "phone", "vehicles"] }"#;
    let written = |how: &str| {
        let endpoint = format!(r#""e": {{ "url": "https://acme.example/in", "send": "{how}", {fields} }}"#);
        let plan = checked(send, &endpoint).plan.unwrap();
        let request = sent(&plan, plan.endpoint("e").unwrap(), &lead()).unwrap();
        String::from_utf8(request.body).unwrap()
    };
    assert_eq!(written("form"), "n=Zo%C3%AB+%22Z%22+%3C%26%3E&p=2145550101&v.0.year=2008&v.1.make=BMW&v.1.year=2019");
    assert_eq!(
        written("xml"),
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<lead><n>Zoë &quot;Z&quot; &lt;&amp;&gt;</n><p>2145550101</p>\
         <v><year>2008</year></v><v><make>BMW</make><year>2019</year></v></lead>"
    );
}

#[test]
fn a_template_escapes_by_what_the_body_is() {
    let of = |send: &str, text: &str| {
        let text = serde_json::to_string(text).unwrap();
        body(&format!(r#"{{ "url": "https://acme.example/in", "send": "{send}", "body": {text} }}"#))
    };
    assert_eq!(of("json", "{\"n\": {{ lead.first_name }}}").unwrap(), "{\"n\": \"Zoë \\\"Z\\\" <&>\"}");
    assert_eq!(of("form", "n={{ lead.first_name }}").unwrap(), "n=Zo%C3%AB+%22Z%22+%3C%26%3E");
    assert_eq!(of("xml", "<n>{{ lead.first_name }}</n>").unwrap(), "<n>Zoë &quot;Z&quot; &lt;&amp;&gt;</n>");
    assert_eq!(of("text", "{{ lead.phone | ten_digits }}").unwrap(), "2145550101");
    assert_eq!(
        of("json", "{\"p\": {{ price | number }}, \"v\": {{ lead.vehicles }}}").unwrap(),
        "{\"p\": 9.00, \"v\": [{\"year\":2008},{\"make\":\"BMW\",\"year\":2019}]}"
    );
    assert_eq!(
        of("text", "{% for v in lead.vehicles %}{{ loop.index }}:{{ v.year }} {% endfor %}").unwrap(),
        "1:2008 2:2019 "
    );
    // What the lead does not have is never nothing.
    let missing = of("text", "{{ lead.last_name }}").unwrap_err();
    assert!(missing.contains("`body`") && missing.contains("is defined"), "{missing}");
    assert_eq!(of("text", "{{ lead.last_name | default('-') }}").unwrap(), "-");
    let quoted = of("json", "{\"n\": \"{{ lead.first_name }}\"}").unwrap_err();
    assert!(quoted.contains("no JSON") && !quoted.contains("Zo"), "{quoted}");
    let unfit = of("text", "{{ lead.zip | mdy }}").unwrap_err();
    assert!(!unfit.contains("75201"), "{unfit}");
}

#[test]
fn a_template_that_cannot_be_used_is_a_mistake_of_the_plan() {
    for (text, wanted) in [
        ("{{ lead.first_name", "line 1"),
        ("{}\n{{ lead.phone | tendigits }}", "line 2: there is no filter `tendigits`, perhaps `ten_digits`"),
        ("{{ lead.frist_name }}", "lead.first_name"),
        ("{{ first_name }}", "lead.first_name"),
        ("{{ keey }}", "key"),
        ("{% set a = 1 %}", "`set`"),
        ("a\n{% include 'x' %}", "line 2"),
        ("{% macro a() %}{% endmacro %}", "`macro`"),
    ] {
        let text = serde_json::to_string(text).unwrap();
        let endpoint = format!(r#""e": {{ "url": "https://acme.example/in", "body": {text}, "send": "text" }}"#);
        let issues = checked("", &endpoint).issues;
        let found: Vec<_> = issues.iter().filter(|issue| issue.code == Code::PlanBadTemplate).collect();
        let said = |issue: &&leadwright::model::Issue| format!("{} {:?}", issue.message, issue.suggestion);
        assert!(found.len() == 1 && said(&found[0]).contains(wanted), "{text}: {issues:?}");
    }
}

#[test]
fn a_request_shows_who_we_are_and_nothing_else_does() {
    let plan = plan(
        r#"{ "url": "https://acme.example/leads/{{ key }}?z={{ lead.first_name }}", "method": "PUT",
            "headers": { "X-Campaign": "c-{{ source }}", "content-type": "application/vnd.acme+json" }, "key_header": "X-Key",
            "auth": { "basic": "secret://user", "header": { "X-Token": "secret://token" }, "sign": ["secret://new", "secret://old"], "identity": "secret://cert" } }"#,
    );
    let endpoint = plan.endpoint("e").unwrap();
    let request = sent(&plan, endpoint, &lead()).unwrap();
    let header = |name: &str| request.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    assert_eq!(request.url, "https://acme.example/leads/k1?z=Zo%C3%AB%20%22Z%22%20%3C%26%3E");
    assert_eq!((request.method.as_str(), request.identity.as_deref()), ("PUT", Some("cert")));
    assert_eq!((header("X-Key"), header("X-Campaign"), header("X-Token")), (Some("k1"), Some("c-web"), Some(SECRET)));
    assert_eq!((header("content-type"), header("Content-Type")), (Some("application/vnd.acme+json"), None));
    assert_eq!(header("webhook-timestamp"), Some("1"));
    assert_eq!(header("webhook-signature").unwrap().split(' ').count(), 2);
    let at = Timestamp::EPOCH.plus_millis(9_000);
    assert_eq!(verify_webhook(&[SECRET], &request.headers, &request.body, at, 300), Ok("k1"));
    assert_eq!(endpoint.secret_names(), ["cert", "new", "old", "token", "user"]);
    for shown in [format!("{request:?}{endpoint:?}{plan:?}"), plan.canonical().to_owned(), plan.hash().to_owned()] {
        assert!(!shown.contains(SECRET) && !shown.contains("2145550101") && !shown.contains("Zo"), "{shown}");
    }
    for (auth, says) in [
        (r#"{ "bearer": "secret://missing" }"#, "there is no secret `missing`"),
        (r#"{ "bearer": "secret://broken" }"#, "cannot stand in a header"),
    ] {
        let error = body(&format!(r#"{{ "url": "https://acme.example/in", "auth": {auth} }}"#)).unwrap_err();
        assert!(error.contains(says) && !error.contains(SECRET), "{error}");
    }
}

#[test]
fn rule_062_a_ping_never_says_who_the_consumer_is() {
    let ping = |send: &str| {
        let contract = format!(r#", "ping": {{ "to": "e", "send": [{send}] }}"#);
        // Whatever the endpoint asks for.
        let endpoint = r#""e": { "url": "https://acme.example/ping", "map": { "p": "phone", "ph": "phone.sha256", "a": "drivers.primary.age" },
            "with": { "t": "{% if lead.phone is defined %}{{ lead.phone }}{% else %}no{% endif %}" } }"#;
        checked(&contract, endpoint)
    };
    for field in ["phone", "email", "first_name", "last_name", "address_line1", "dob", "drivers", "drivers.first.dob"] {
        let found = ping(&format!("\"{field}\"")).issues;
        assert!(found.iter().any(|issue| issue.code == Code::PlanPingTellsWho), "{field}: {found:?}");
    }
    let plan = ping(r#""zip", "phone.sha256", "drivers.primary.age""#).plan.unwrap();
    let request = sent(&plan, plan.endpoint("e").unwrap(), &lead()).unwrap();
    let text = String::from_utf8(request.body).unwrap();
    let got: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((&got["a"], &got["zip"], &got["t"], got.get("p")), (&json!(36), &json!("75201"), &json!("no"), None));
    assert_eq!(got["ph"].as_str().unwrap().len(), 64);
    assert!(!text.contains("555") && !text.contains("Zo"), "{text}");
}

const TABLE: &str = r#"{ "url": "https://acme.example/in", "answers": [
    { "if": { "/status": "ok", "http": [200, 201] }, "is": "accepted", "price": "/price", "id": "/id" },
    { "if": { "/status": ["dup", "seen"] }, "is": "duplicate" },
    { "if": { "/status": "ours" }, "is": "duplicate_of_ours" },
    { "if": { "/status": "later" }, "is": "queued" },
    { "if": { "/status": "broken" }, "is": "error" },
    { "if": { "/bid": { "there": true } }, "is": "bid", "price": "/bid", "currency": "/currency", "expires": "/ttl" },
    { "if": { "/buy": false }, "is": "no_bid" },
    { "if": { "/text": { "contains": "thank you" } }, "is": "accepted" },
    { "if": { "http": [400, 422] }, "is": "rejected", "reason": "/error" } ],
    "reasons": { "Daily Cap Reached": "cap" } }"#;

fn answer(asked: Asked, status: u16, body: &str) -> Answered {
    let plan = plan(TABLE);
    let headers = vec![("retry-after".to_owned(), "30".to_owned())];
    let response = Response { status, headers, body: body.into() };
    read_answer(plan.endpoint("e").unwrap(), asked, &Exchanged::Answered(response), Timestamp::EPOCH)
}

#[test]
fn rule_047_only_an_answer_that_says_so_is_an_acceptance() {
    use AttemptClass as Is;
    for (status, body, class, meaning) in [
        (200, r#"{"status":"ok","price":"9.00","id":"R-1"}"#, Is::Accepted, Some(Meaning::Accepted)),
        (500, r#"{"status":"ok"}"#, Is::Unavailable, None),
        (200, r#"{"status":"error","message":"no"}"#, Is::Unknown, None),
        (200, r#"{"status":"ok","status":"fail"}"#, Is::Unknown, None),
        (200, "", Is::Unknown, None),
        (204, "", Is::Unknown, None),
        (302, "", Is::Unknown, None),
        (200, "<html>THANK YOU, dear buyer", Is::Accepted, Some(Meaning::Accepted)),
        (200, r#"{"status":"seen"}"#, Is::Duplicate, Some(Meaning::Duplicate)),
        (200, r#"{"status":"ours"}"#, Is::DuplicateOfOurs, Some(Meaning::DuplicateOfOurs)),
        (200, r#"{"status":"later"}"#, Is::Unknown, Some(Meaning::Queued)),
        (200, r#"{"status":"broken"}"#, Is::Unavailable, Some(Meaning::Error)),
        (503, "", Is::Unavailable, None),
        (429, "", Is::RateLimited, None),
        (401, "", Is::Auth, None),
        (404, "", Is::NotFound, None),
        (422, "{}", Is::Rejected, Some(Meaning::Rejected)),
    ] {
        let found = answer(Asked::Post, status, body);
        assert_eq!((found.class, found.meaning), (class, meaning), "{status} {body}");
        assert_eq!(found.retry_after, Some(30_000));
    }
    assert_eq!(answer(Asked::Ping, 200, "{}").meaning, Some(Meaning::Error), "a ping without a bid is an error");
}

#[test]
fn what_was_not_answered_has_its_class() {
    let plan = plan(TABLE);
    for (exchanged, class) in [
        (Exchanged::NotSent(NotSent::NoConnection), AttemptClass::NotSent),
        (Exchanged::NotSent(NotSent::NoAddress), AttemptClass::NotSent),
        (Exchanged::NotSent(NotSent::Tls), AttemptClass::NotSent),
        (Exchanged::NotSent(NotSent::Blocked), AttemptClass::Unsendable),
        (Exchanged::NotSent(NotSent::Unsendable), AttemptClass::Unsendable),
        (Exchanged::NotSent(NotSent::TooLate), AttemptClass::NotTried),
        (Exchanged::Lost(Lost::Timeout), AttemptClass::Unknown),
        (Exchanged::Lost(Lost::TooLarge), AttemptClass::Unknown),
    ] {
        let found = read_answer(plan.endpoint("e").unwrap(), Asked::Post, &exchanged, Timestamp::EPOCH);
        assert_eq!((found.class, found.status), (class, None), "{exchanged:?}");
    }
}

#[test]
fn a_reason_is_ours_or_a_word() {
    for (theirs, ours) in [
        ("Daily Cap Reached", "cap"),
        ("out_of_area", "out_of_area"),
        ("no such phone: 214-555-0101", "other"),
        ("2145550101", "other"),
        ("zoe@example.com", "other"),
    ] {
        let found = answer(Asked::Post, 422, &json!({ "error": theirs }).to_string());
        assert_eq!(found.reason.as_deref(), Some(ours), "{theirs}");
    }
}

fn bid(terms: &BidTerms, body: &str) -> Bid {
    let rates = [("CAD".parse().unwrap(), "0.7200".parse::<Money>().unwrap())].into();
    judge_bid(terms, &answer(Asked::Ping, 200, body), Currency::USD, &rates)
}

fn money(text: &str) -> Money {
    text.parse().unwrap()
}

#[test]
fn rule_055_a_bid_is_an_exact_amount() {
    let terms = BidTerms::default();
    for good in [r#"{"bid":12.5}"#, r#"{"bid":"12.50"}"#, r#"{"bid":" 12.5000 "}"#] {
        assert_eq!(bid(&terms, good), Bid::Good(money("12.50")), "{good}");
    }
    for bad in
        ["\"12,50\"", "-1", "\"NaN\"", "12.50001", "1e3", "\"$12\"", "\"\"", "[]", "true", "99999999999999999999"]
    {
        assert_eq!(bid(&terms, &format!("{{\"bid\":{bad}}}")), Bid::Bad(BadBid::NoAmount), "{bad}");
    }
    for zero in ["0", "\"0.00\""] {
        assert_eq!(bid(&terms, &format!("{{\"bid\":{zero}}}")), Bid::None);
        let accepts = BidTerms { accept_zero: true, ..terms };
        assert_eq!(bid(&accepts, &format!("{{\"bid\":{zero}}}")), Bid::Good(Money::ZERO));
    }
    assert_eq!(bid(&terms, r#"{"buy":false}"#), Bid::None);
    assert_eq!(bid(&terms, r#"{"bid":null}"#), Bid::Error);
    assert_eq!(bid(&terms, "oops"), Bid::Error);
}

#[test]
fn rule_056_a_bid_over_the_most_is_a_mistake() {
    let terms = BidTerms { min: Some(money("8.00")), max: Some(money("120.00")), accept_zero: false };
    for (text, wanted) in [
        ("1250", Bid::Bad(BadBid::OverMax)),
        ("120.0001", Bid::Bad(BadBid::OverMax)),
        ("120", Bid::Good(money("120.00"))),
        ("8", Bid::Good(money("8.00"))),
        ("7.9999", Bid::None),
    ] {
        assert_eq!(bid(&terms, &format!("{{\"bid\":{text}}}")), wanted, "{text}");
    }
}

#[test]
fn rule_057_another_currency_counts_only_at_a_rate_of_the_plan() {
    let terms = BidTerms::default();
    for (currency, wanted) in [
        ("USD", Bid::Good(money("10.00"))),
        ("usd", Bid::Good(money("10.00"))),
        ("CAD", Bid::Good(money("7.20"))),
        ("EUR", Bid::Bad(BadBid::Currency)),
        ("dollars", Bid::Bad(BadBid::Currency)),
    ] {
        assert_eq!(bid(&terms, &json!({ "bid": 10, "currency": currency }).to_string()), wanted, "{currency}");
    }
}

#[test]
fn answers_of_buyers_are_tests_of_the_plan() {
    let tests = r#"{ "tests": [
        { "name": "yes", "endpoint": "e", "answer": { "status": 200, "body": { "status": "ok", "price": 9.5, "id": "R1" } },
          "expect": { "is": "accepted", "class": "accepted", "price": "9.50", "id": "R1" } },
        { "name": "as it came", "endpoint": "e", "answer": { "status": 422, "headers": { "Content-Type": "application/json" }, "body": "{\"error\":\"caps\"}" },
          "expect": { "is": "rejected", "reason": "caps" } },
        { "name": "nothing", "endpoint": "e", "answer": { "status": 200 }, "expect": { "is": "none", "class": "unknown" } },
        { "name": "wrong", "endpoint": "e", "answer": { "status": 200, "body": "{\"status\":\"dup\"}" }, "expect": { "is": "accepted", "price": "1.00" } },
        { "name": "nowhere", "endpoint": "ee", "answer": { "status": 200 }, "expect": { "is": "none" } } ] }"#;
    let report = run_tests(&plan(TABLE), tests).unwrap();
    let failed: Vec<(&str, usize)> = report.failures.iter().map(|f| (f.name.as_str(), f.lines.len())).collect();
    assert_eq!((report.count, failed), (5, vec![("wrong", 2), ("nowhere", 1)]));
}

proptest! {
    /// Whatever a lead holds: the same bytes twice, the host of the plan, one line a header, JSON where JSON is said.
    #[test]
    fn a_lead_never_changes_where_a_request_goes(text in "\\PC{0,40}|[\r\n\0-\u{1f}{}%/?#@\\\\]{0,12}") {
        let plan = plan(
            r#"{ "url": "https://acme.example/{{ lead.roof }}?a={{ lead.roof }}", "headers": { "X-R": "{{ lead.roof }}" },
                 "map": { "a.b": "roof" }, "with": { "c": "{{ lead.roof }}" } }"#,
        );
        let fields = [("roof".to_owned(), json!(text))].into();
        let endpoint = plan.endpoint("e").unwrap();
        let once = sent(&plan, endpoint, &fields);
        prop_assert_eq!(&once, &sent(&plan, endpoint, &fields));
        if let Ok(request) = once {
            let url = url_host(&request.url);
            prop_assert_eq!(url, "acme.example");
            prop_assert!(request.headers.iter().all(|(_, value)| !value.contains(|c: char| c.is_control())));
            let body: Value = serde_json::from_slice(&request.body).unwrap();
            prop_assert_eq!(&body["a"]["b"], &json!(text));
            prop_assert_eq!(&body["c"], &json!(text));
        }
    }

    /// Whatever comes back: only a row that says so is an acceptance, and nothing waits longer than a day.
    #[test]
    fn no_answer_of_chance_is_an_acceptance(status in 100_u16..600, body in proptest::collection::vec(any::<u8>(), 0..200), kind in "json|xml|x-www-form-urlencoded|") {
        let plan = plan(r#"{ "url": "https://acme.example/in", "answers": [ { "if": { "/never/said": "so" }, "is": "accepted" } ] }"#);
        let headers = vec![("content-type".to_owned(), format!("text/{kind}"))];
        let response = Exchanged::Answered(Response { status, headers, body });
        let found = read_answer(plan.endpoint("e").unwrap(), Asked::Post, &response, Timestamp::EPOCH);
        prop_assert!(!found.class.is_taken() && found.row.is_none());
    }
}

fn url_host(url: &str) -> &str {
    url.strip_prefix("https://").and_then(|rest| rest.split(['/', '?', '#']).next()).unwrap_or_default()
}
