//! The money ledger: what decisions and operations post, the rules of returns, and statements that do not change.

#[path = "support/dice.rs"]
mod dice;

use dice::Dice;
use leadwright::books::{Statement, StatementQuery};
use leadwright::care::{Retention, prune, verify};
use leadwright::engine::{Engine, EngineOptions, explain};
use leadwright::model::{Code, Error, Money, PostingKind, TenantId, Tick, Timestamp};
use leadwright::operate::{Observation, Operated, Operation};
use leadwright::plan::{MemoryResolver, Plan};
use leadwright::store::{MemoryStore, SqliteStore, Store};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// `acme` is billed and may give leads back under all of its terms, `bolt` pays from funds. Leads of `web` are paid by their
/// price, those of `form` with one amount, to a supplier who has another name.
fn plan_with(acme: &str, bolt: &str) -> Plan {
    let text = format!(
        r#"{{ "format": 1, "plan": "ledger", "currency": "USD", "timezone": "America/Chicago",
        "verticals": {{ "roofing": {{ "extends": "us/home-services@1" }} }},
        "sources": {{ "web": {{ "verticals": ["roofing"], "payout": {{ "percent_of_price": 70 }} }},
                      "form": {{ "verticals": ["roofing"], "supplier": "leads-inc", "payout": {{ "fixed": "9.00" }} }} }},
        "intake": {{ "test_zips": {{ "60699": "assigned" }} }},
        "routes": {{ "roofing": {{ "max_sales": 2, "groups": [ {{ "id": "all", "select": "price" }} ],
            "on_unsold": {{ "then": "store" }} }} }},
        "buyers": {{
            "acme": {{ {acme} "caps": {{ "day": 50, "week": {{ "spend": "9000.00" }} }}, "contracts": {{
                "acme-1": {{ "in": {{ "roofing/all": {{}} }}, "where": {{ "state": "IL" }}, "caps": {{ "day": 40, "hour": 30, "total": 900 }},
                    "sell": {{ "shared": {{ "price": "21.55" }} }} }} }} }},
            "bolt": {{ {bolt} "contracts": {{
                "bolt-1": {{ "in": {{ "roofing/all": {{}} }}, "sell": {{ "shared": {{ "price": "19.99" }} }} }} }} }} }} }}"#
    );
    Plan::load(&MemoryResolver::new([("plan.jsonc", text)]), "plan.jsonc").unwrap_or_else(|error| panic!("{error}"))
}

const RETURNS: &str =
    r#""returns": { "within": "10d", "max_rate": 50, "reasons": ["wrong_number", "not_interested"] },"#;
const PREPAID: &str = r#""prepaid": true, "credit": "1000.00", "returns": { "within": "30d" },"#;

struct Books {
    engine: Engine,
}

impl Books {
    fn new(acme: &str) -> Self {
        Self::on(Arc::new(MemoryStore::new()), plan_with(acme, PREPAID))
    }

    fn on(store: Arc<dyn Store>, plan: Plan) -> Self {
        Self { engine: Engine::with_options(plan, store, EngineOptions::default()).expect("an engine") }
    }

    fn decide(&self, lead: &str, source: &str, zip: &str, at: &str) {
        let phone = 1_000 + lead.trim_start_matches('L').parse::<u32>().expect("a number");
        let lead = format!(r#"{{"id":"{lead}","source":"{source}","phone":"312-867-{phone}","zip":"{zip}"}}"#);
        self.engine.decide(lead.as_bytes(), Tick::at(time(at))).expect("it decides");
    }

    fn operate(&self, said: Value, at: &str) -> Result<Operated, Error> {
        let mut said = said;
        for (name, text) in [("by", "ann"), ("reason", "a test")] {
            let members = said.as_object_mut().expect("an object");
            members.entry(name).or_insert_with(|| json!(text));
        }
        self.engine.operate(&Operation::read(&said.to_string())?, time(at))
    }

    fn back(&self, decision: &str, buyer: &str, reason: &str, at: &str) -> Result<Operated, Error> {
        self.operate(json!({"op": "return", "decision": decision, "buyer": buyer, "reason": reason}), at)
    }

    fn open(&self, party: &str) -> Statement {
        self.engine.statement(&StatementQuery::open(party.parse().expect("a party"))).expect("a statement")
    }

    fn owed(&self, party: &str) -> String {
        self.open(party).closing.to_string()
    }

    fn balance(&self, account: &str) -> String {
        let all = self.engine.balances().expect("balances").accounts;
        let found = all.into_iter().find(|balance| balance.account.to_string() == account);
        found.map_or("none".into(), |found| found.balance.to_string())
    }

    fn counter(&self, key: &str) -> i64 {
        let mut used = 0;
        let read = self.engine.store().read(self.engine.tenant(), &mut |view| {
            used = view.counter(key)?;
            Ok(())
        });
        read.expect("it reads");
        used
    }
}

fn time(text: &str) -> Timestamp {
    text.parse().unwrap_or_else(|_| panic!("{text} is no time"))
}

fn refused(done: Result<Operated, Error>, code: Code) -> String {
    let error = done.expect_err("it is refused");
    assert_eq!(error.code(), code, "{error}");
    error.to_string()
}

fn line(statement: &Statement, kind: PostingKind) -> (i64, String) {
    let lines = statement.lines.iter().filter(|line| line.kind == kind);
    let mut sum = (0, Money::ZERO);
    for line in lines {
        sum = (sum.0 + line.count, sum.1.checked_add(line.amount).expect("small"));
    }
    (sum.0, sum.1.to_string())
}

const NOON: &str = "2026-11-24T18:00:00Z";

#[test]
fn a_sale_is_owed_by_the_buyer_and_a_payout_to_the_supplier() {
    let books = Books::new(RETURNS);
    books.operate(json!({"op": "funds", "buyer": "bolt", "add": "100.00"}), NOON).expect("it is done");
    books.decide("L1", "web", "60601", NOON);
    books.decide("L2", "form", "60601", NOON);
    assert_eq!((books.owed("buyer:acme"), books.owed("buyer:bolt")), ("43.10".into(), "-60.02".into()));
    // 70 % of each price, rounded down to the cent; and one amount, to whoever the source names.
    assert_eq!((books.owed("supplier:web"), books.owed("supplier:leads-inc")), ("29.07".into(), "9.00".into()));
    assert_eq!((books.balance("revenue"), books.balance("cost")), ("-83.08".into(), "38.07".into()));
    assert_eq!((books.balance("cash"), books.balance("funds:bolt")), ("100.00".into(), "-60.02".into()));
    let owed = books.open("supplier:web");
    assert_eq!(line(&owed, PostingKind::Payout), (2, "29.07".into()));
    assert_eq!(owed.lines.len(), 2, "a line for each contract and source");
}

#[test]
fn rule_097_a_test_posts_nothing() {
    let books = Books::new(RETURNS);
    let test = br#"{"id":"L1","source":"web","test":true,"phone":"312-867-5301","zip":"60601"}"#;
    books.engine.decide(test, Tick::at(time(NOON))).expect("it decides");
    let answered = br#"{"id":"L2","source":"web","test":true,"phone":"312-867-5301","zip":"60699"}"#;
    books.engine.decide(answered, Tick::at(time(NOON))).expect("it decides");
    assert!(books.engine.balances().expect("balances").accounts.is_empty());
    for id in ["web/L1.1", "web/L2.1"] {
        refused(books.back(id, "bolt", "x", NOON), Code::OperationUnknownName);
    }
}

#[test]
fn rule_093_what_may_be_given_back_is_in_the_terms() {
    let books = Books::new(RETURNS);
    for lead in ["L1", "L2", "L3"] {
        books.decide(lead, "web", "60601", NOON);
    }
    let refused = |done, wanted: &str| {
        let said = refused(done, Code::OperationReturnRefused);
        assert!(said.contains(wanted), "{said}");
    };
    refused(books.back("web/L1.1", "acme", "too_dear", NOON), "none of not_interested, wrong_number");
    refused(books.back("web/L1.1", "acme", "wrong_number", "2026-12-04T18:00:00.001Z"), "`within` is 240");
    // The clock of the store did not move on with what was refused; on the last moment it may.
    books.back("web/L1.1", "acme", "wrong_number", "2026-12-04T18:00:00Z").expect("in time");
    refused(books.back("web/L1.1", "acme", "wrong_number", "2026-12-04T18:00:00Z"), "returned before");
    refused(
        books.back("web/L2.1", "acme", "wrong_number", "2026-12-04T18:00:00Z"),
        "2 of 3 leads, and `max_rate` is 50",
    );
    books.decide("L4", "web", "60601", "2026-12-04T18:00:00Z");
    books.back("web/L2.1", "acme", "not_interested", "2026-12-04T18:00:00Z").expect("two of four are half");
    assert_eq!(line(&books.open("buyer:acme"), PostingKind::Return), (2, "-43.10".into()));

    let none = Books::new("");
    none.decide("L1", "web", "60601", NOON);
    refused(none.back("web/L1.1", "acme", "wrong_number", NOON), "no `returns`");
    for (id, buyer) in [("web/L1.1", "cool"), ("web/L9.1", "acme"), ("web/L1.2", "acme")] {
        self::refused(none.back(id, buyer, "wrong_number", NOON), Code::OperationUnknownName);
    }
    assert_eq!(none.owed("buyer:acme"), "21.55", "what is refused posts nothing");
}

#[test]
fn the_terms_are_those_by_which_the_lead_was_sold() {
    let books = Books::new(RETURNS);
    books.decide("L1", "web", "60601", NOON);
    books.decide("L2", "web", "60601", NOON);
    // From now on nobody takes leads back, `acme` pays from funds and `bolt` gets bills.
    books.engine.swap(plan_with(r#""prepaid": true, "credit": "500.00","#, "")).expect("a plan");
    books.decide("L3", "web", "60601", NOON);
    books.back("web/L1.1", "acme", "wrong_number", NOON).expect("as it was agreed then");
    refused(books.back("web/L3.1", "acme", "wrong_number", NOON), Code::OperationReturnRefused);
    books.back("web/L2.1", "bolt", "any", NOON).expect("as it was agreed then");
    // Each sale goes back to where it came from.
    assert_eq!((books.balance("buyer:acme"), books.balance("funds:acme")), ("21.55".into(), "21.55".into()));
    assert_eq!((books.balance("buyer:bolt"), books.balance("funds:bolt")), ("19.99".into(), "19.99".into()));
    assert_eq!((books.counter("buyer:acme|funds"), books.counter("buyer:bolt|funds")), (-215_500, -199_900));
}

#[test]
fn a_return_is_the_sale_the_other_way_round() {
    let books = Books::new(RETURNS);
    books.operate(json!({"op": "funds", "buyer": "bolt", "add": "100.00"}), NOON).expect("it is done");
    books.decide("L1", "web", "60601", NOON);
    books.decide("L2", "form", "60601", NOON);
    let done = books.back("web/L1.1", "bolt", "any", NOON).expect("it is done");
    assert_eq!(done.events[0].kind.as_str(), "lead.returned.v1");
    assert_eq!((books.owed("buyer:bolt"), books.counter("buyer:bolt|funds")), ("-80.01".into(), 800_100));
    assert_eq!(books.owed("supplier:web"), "15.08", "a share goes back with its price");
    // A fixed payout was for the lead: it is due as long as one of them keeps it.
    books.back("form/L2.1", "bolt", "any", NOON).expect("it is done");
    assert_eq!(books.owed("supplier:leads-inc"), "9.00");
    books.back("form/L2.1", "acme", "wrong_number", NOON).expect("it is done");
    assert_eq!(books.owed("supplier:leads-inc"), "0.00");
    books.back("web/L1.1", "acme", "wrong_number", NOON).expect_err("more than half would come back");
    assert_eq!((books.owed("buyer:bolt"), books.owed("buyer:acme")), ("-100.00".into(), "21.55".into()));
    // The same key is the same request.
    let said = json!({"op": "return", "decision": "web/L1.1", "buyer": "bolt", "key": "r-1"});
    refused(books.operate(said, NOON), Code::OperationReturnRefused);
}

#[test]
fn an_explanation_says_what_came_back() {
    let books = Books::new(RETURNS);
    books.decide("L1", "web", "60601", NOON);
    let id = "web/L1.1".parse().expect("an id");
    let explained = || explain(books.engine.store(), books.engine.tenant(), &id).expect("it is explained").returned;
    assert_eq!(explained(), []);
    books.back("web/L1.1", "bolt", "any", NOON).expect("it is done");
    let texts: Vec<String> = explained().into_iter().map(|back| back.text).collect();
    assert_eq!(texts, ["`bolt-1` gave it back at 2026-11-24T18:00:00.000Z, by ann: any"]);
}

#[test]
fn the_same_key_returns_once() {
    let books = Books::new("");
    books.decide("L1", "web", "60601", NOON);
    let said = || json!({"op": "return", "decision": "web/L1.1", "buyer": "bolt", "key": "r-1"});
    let first = books.operate(said(), NOON).expect("it is done");
    let again = books.operate(said(), NOON).expect("it was done");
    assert_eq!((first.replayed, again.replayed, first.events), (false, true, again.events));
    assert_eq!(books.owed("buyer:bolt"), "0.00");
}

#[test]
fn rule_018_a_return_gives_no_cap_back_unless_the_plan_says_so() {
    let counters = [
        "buyer:acme|day:2026-11-24|count|sold",
        "contract:acme-1|day:2026-11-24|count|sold",
        "contract:acme-1|hour:2026-11-24T12-0600|count|sold",
        "contract:acme-1|total|count|sold",
        "buyer:acme|week:2026-11-23|spend|sold",
    ];
    let used = |terms: &str, back_at: &str| {
        let books = Books::new(&format!(r#""returns": {{ "within": "10d"{terms} }},"#));
        books.decide("L1", "web", "60601", NOON);
        assert_eq!(counters.map(|key| books.counter(key)), [1, 1, 1, 1, 215_500]);
        books.back("web/L1.1", "acme", "any", back_at).expect("it is done");
        counters.map(|key| books.counter(key))
    };
    assert_eq!(used("", NOON), [1, 1, 1, 1, 215_500]);
    assert_eq!(used(r#", "return_refunds_cap": "never""#, NOON), [1, 1, 1, 1, 215_500]);
    let same_window = r#", "return_refunds_cap": "same_window""#;
    assert_eq!(used(same_window, NOON), [0, 0, 0, 0, 215_500], "caps of money are gross");
    assert_eq!(used(same_window, "2026-11-24T19:00:00Z"), [0, 0, 1, 0, 215_500], "the hour is another one");
    assert_eq!(used(same_window, "2026-11-25T19:00:00Z"), [1, 1, 1, 0, 215_500], "and now the day");
}

#[test]
fn what_is_put_right_and_what_is_paid() {
    let books = Books::new(RETURNS);
    books.decide("L1", "web", "60601", NOON);
    let adjust = |party: &str, add: &str| books.operate(json!({"op": "adjust", "party": party, "add": add}), NOON);
    let pay = |party: &str, much: &str| books.operate(json!({"op": "payment", "party": party, "amount": much}), NOON);
    adjust("buyer:acme", "-1.55").expect("it is done");
    adjust("supplier:web", "0.93").expect("it is done");
    adjust("buyer:bolt", "-5.00").expect("it is done");
    assert_eq!((books.owed("buyer:acme"), books.owed("supplier:web")), ("20.00".into(), "30.00".into()));
    assert_eq!(books.counter("buyer:bolt|funds"), -149_900, "what is forgiven can be spent");
    pay("buyer:acme", "20.00").expect("it is done");
    pay("supplier:web", "30.00").expect("it is done");
    assert_eq!((books.owed("buyer:acme"), books.owed("supplier:web")), ("0.00".into(), "0.00".into()));
    assert_eq!(books.balance("cash"), "-10.00");
    let entries = books.open("buyer:acme").entries;
    assert_eq!((entries[0].by.as_str(), entries[0].reason.as_str(), entries.len()), ("ann", "a test", 2));
    refused(adjust("buyer:none", "1.00"), Code::OperationUnknownName);
    refused(pay("supplier:form", "1.00"), Code::OperationUnknownName);
    refused(adjust("funds:bolt", "1.00"), Code::OperationMalformed);
    adjust("buyer:acme", "900719925474.0991").expect("the largest amount there is");
    assert!(refused(adjust("buyer:acme", "0.0001"), Code::OperationMalformed).contains("counted"));
}

/// A bill of before is settled with what pays bills: it is not money to buy with.
#[test]
fn an_old_bill_that_is_paid_is_no_funds() {
    let books = Books::new(RETURNS);
    books.decide("L1", "web", "60601", "2026-11-24T15:30:00Z");
    assert_eq!(books.owed("buyer:acme"), "21.55");
    books.engine.swap(plan_with(r#""prepaid": true,"#, PREPAID)).expect("a plan");
    let pay = |amount: &str| {
        let said = json!({ "op": "payment", "party": "buyer:acme", "amount": amount, "by": "ann", "reason": "wire" });
        books.operate(said, "2026-11-25T15:30:00Z").expect("it is done")
    };
    pay("11.55");
    assert_eq!((books.balance("buyer:acme"), books.counter("buyer:acme|funds")), ("10.00".into(), 0));
    // What is more than the bill is funds.
    let events = pay("15.00").events;
    assert_eq!(events.len(), 2);
    assert_eq!((books.balance("buyer:acme"), books.counter("buyer:acme|funds")), ("0.00".into(), 50_000));
    assert_eq!(books.owed("buyer:acme"), "-5.00");
}

#[test]
fn a_statement_from_the_first_day_that_there_is_counts_once() {
    let books = Books::new(RETURNS);
    books.decide("L1", "web", "60601", "2026-11-24T15:30:00Z");
    let query = |text: &str| StatementQuery::read(text).and_then(|query| books.engine.statement(&query));
    let whole = query(r#"{"party":"buyer:acme","from":"0001-01-01"}"#).expect("a statement");
    assert_eq!((whole.opening, whole.closing.to_string()), (Money::ZERO, "21.55".to_owned()));
    let both = query(r#"{"party":"buyer:acme","n":1,"from":"2026-11-01"}"#).map_err(|error| error.code());
    assert_eq!(both.map(|_| ()), Err(Code::InputBadOption));
}

fn close(books: &Books, party: &str, to: &str, at: &str) -> Result<Operated, Error> {
    books.operate(json!({"op": "close", "party": party, "to": to}), at)
}

#[test]
fn periods_are_closed_one_after_the_other_and_when_they_are_over() {
    let books = Books::new(RETURNS);
    books.decide("L1", "web", "60601", "2026-11-24T06:30:00Z");
    books.decide("L2", "web", "60601", "2026-11-25T06:30:00Z");
    // In the zone of the plan the day is over at 06:00; somewhere it lasts until noon in UTC.
    refused(close(&books, "buyer:acme", "2026-11-24", "2026-11-25T11:59:59.999Z"), Code::OperationBadPeriod);
    close(&books, "buyer:acme", "2026-11-24", "2026-11-25T12:00:00Z").expect("it is over");
    refused(close(&books, "buyer:acme", "2026-11-24", "2026-11-26T12:00:00Z"), Code::OperationBadPeriod);
    refused(close(&books, "buyer:acme", "2026-11-01", "2026-11-26T12:00:00Z"), Code::OperationBadPeriod);
    refused(close(&books, "buyer:none", "2026-11-24", "2026-11-26T12:00:00Z"), Code::OperationUnknownName);
    close(&books, "buyer:acme", "2026-11-25", "2026-11-26T12:00:00Z").expect("it is over");
    let all = books.engine.statements(Some(&"buyer:acme".parse().expect("a party"))).expect("statements");
    let [first, second] = all.as_slice() else { panic!("{all:?}") };
    assert_eq!(
        (first.from, first.opening.to_string(), first.closing.to_string()),
        (None, "0.00".into(), "21.55".into())
    );
    assert_eq!(second.from.map(|date| date.to_string()).as_deref(), Some("2026-11-25"));
    assert_eq!((second.opening, second.closing.to_string()), (first.closing, "43.10".into()));
    let open = books.open("buyer:acme");
    assert_eq!((open.opening, open.closing, open.lines.len()), (second.closing, second.closing, 0));
    assert_eq!(open.from.map(|date| date.to_string()).as_deref(), Some("2026-11-26"));
    let query = |text: &str| books.engine.statement(&StatementQuery::read(text).expect("a query"));
    assert_eq!(query(r#"{"party":"buyer:acme","n":2}"#).expect("it is there"), *second);
    assert_eq!(query(r#"{"party":"buyer:acme","n":3}"#).expect_err("none").code(), Code::InputBadOption);
    let turned = query(r#"{"party":"buyer:acme","from":"2026-11-25","to":"2026-11-24"}"#);
    assert_eq!(turned.expect_err("it ends before it begins").code(), Code::InputBadOption);
    let part = query(r#"{"party":"buyer:acme","from":"2026-11-25","to":"2026-11-25"}"#).expect("a statement");
    assert_eq!(
        (part.opening.to_string(), part.closing.to_string(), part.closed),
        ("21.55".into(), "43.10".into(), None)
    );
}

#[test]
fn rule_090_what_comes_after_the_close_is_in_the_next_period_and_says_so() {
    let books = Books::new(RETURNS);
    for lead in ["L1", "L2"] {
        books.decide(lead, "web", "60601", NOON);
    }
    for party in ["buyer:acme", "supplier:web"] {
        close(&books, party, "2026-11-24", "2026-11-26T12:00:00Z").expect("it is over");
    }
    let before = books.engine.statements(None).expect("statements");
    books.back("web/L1.1", "acme", "wrong_number", "2026-11-26T15:00:00Z").expect("it is done");
    // The rate is that of the cycle that the lead was sold in.
    refused(books.back("web/L2.1", "acme", "wrong_number", "2026-11-26T15:00:00Z"), Code::OperationReturnRefused);
    assert_eq!(books.engine.statements(None).expect("statements"), before);
    for (party, kind, amount) in
        [("buyer:acme", PostingKind::Return, "-21.55"), ("supplier:web", PostingKind::ClawBack, "-15.08")]
    {
        let open = books.open(party);
        assert_eq!(line(&open, kind), (1, amount.into()));
        let entry = &open.entries[0];
        let sale = entry.sale.as_ref().expect("a sale");
        assert_eq!(
            (entry.refers_to.clone(), entry.date.to_string()),
            (Some(format!("{party}.1")), "2026-11-26".into())
        );
        assert_eq!((sale.decision.to_string(), sale.sold.to_string()), ("web/L1.1".into(), "2026-11-24".into()));
    }
}

/// Whatever zone the next plan has: a day that is closed is over there too.
#[test]
fn a_plan_of_another_zone_posts_nothing_into_a_closed_period() {
    let books = Books::new(RETURNS);
    books.decide("L1", "web", "60601", NOON);
    close(&books, "buyer:acme", "2026-11-24", "2026-11-25T12:00:00Z").expect("it is over");
    let before = books.engine.statements(None).expect("statements");
    for zone in ["Etc/GMT+12", "Pacific/Pago_Pago", "Pacific/Kiritimati"] {
        let text = plan_with(RETURNS, PREPAID).canonical().replace("America/Chicago", zone);
        books
            .engine
            .swap(Plan::load(&MemoryResolver::new([("plan.jsonc", text)]), "plan.jsonc").expect("a plan"))
            .expect("it is taken");
        // The clock of the caller is behind; that of the store is not.
        books.decide(&format!("L{}", 10 + zone.len()), "web", "60601", "2026-11-24T12:00:00Z");
    }
    let (first, open) = (&before[0], books.open("buyer:acme"));
    assert_eq!((open.opening, line(&open, PostingKind::Sale).0), (first.closing, 3));
}

/// What the decisions and the operations of a run amount to, reckoned from their answers alone.
#[derive(Default, Debug, PartialEq)]
struct Reckoned {
    owed: BTreeMap<String, i64>,
    funds: i64,
}

impl Reckoned {
    fn add(&mut self, party: &str, much: i64) {
        *self.owed.entry(party.into()).or_default() += much;
    }

    fn decided(&mut self, body: &[u8], test: bool) {
        let decision: Value = serde_json::from_slice(body).expect("JSON");
        if decision["outcome"] != "assigned" || test {
            return;
        }
        for sold in decision["assignments"].as_array().expect("a list") {
            let (buyer, price) = (sold["buyer"].as_str().expect("a buyer"), units(&sold["price"]));
            self.add(&format!("buyer:{buyer}"), price);
            self.funds -= if buyer == "bolt" { price } else { 0 };
        }
        let supplier = if decision["source"] == "web" { "supplier:web" } else { "supplier:leads-inc" };
        self.add(supplier, units(&decision["money"]["payout"]));
    }

    fn operated(&mut self, said: &Value, done: &Operated) {
        let data: Value = serde_json::from_str(&done.events[0].data).expect("JSON");
        match said["op"].as_str().expect("an operation") {
            "funds" => {
                self.add("buyer:bolt", -units(&said["add"]));
                self.funds += units(&said["add"]);
            }
            "return" => {
                let buyer = said["buyer"].as_str().expect("a buyer");
                self.add(&format!("buyer:{buyer}"), -units(&data["price"]));
                self.funds += if buyer == "bolt" { units(&data["price"]) } else { 0 };
                if let Some(due) = data.get("claw_back") {
                    let of_web = said["decision"].as_str().expect("a text").starts_with("web");
                    self.add(if of_web { "supplier:web" } else { "supplier:leads-inc" }, -units(due));
                }
            }
            "close" => {}
            op => {
                let party = said["party"].as_str().expect("a party");
                let much = if op == "adjust" { units(&said["add"]) } else { -units(&said["amount"]) };
                self.add(party, much);
                self.funds -= if party == "buyer:bolt" { much } else { 0 };
            }
        }
    }
}

fn units(value: &Value) -> i64 {
    value.as_str().unwrap_or_default().parse::<Money>().unwrap_or_else(|_| panic!("{value} is an amount")).units()
}

/// Leads, some of them tests, and money operations between them; the statements as they were when they were closed.
fn run(books: &Books, seed: u64) -> (Reckoned, Vec<Statement>) {
    let mut dice = Dice(seed);
    let mut now = time("2026-11-20T15:00:00Z");
    let (mut reckoned, mut closed) = (Reckoned::default(), Vec::new());
    for n in 1..=150_u64 {
        now = now.plus_millis(i64::try_from(dice.below(90 * 60_000)).expect("small"));
        let source = *dice.one(&["web", "web", "form"]);
        let zip = *dice.one(&["60601", "60601", "75201", "60699"]);
        let test = dice.chance(8);
        let more = if test { r#","test":true"# } else { "" };
        let lead =
            format!(r#"{{"id":"L{n}","source":"{source}","phone":"312-867-{}","zip":"{zip}"{more}}}"#, 1_000 + n);
        let decided = books.engine.decide(lead.as_bytes(), Tick::at(now)).expect("it decides");
        reckoned.decided(&decided.body, test);
        if dice.chance(60) {
            let said = operation(&mut dice, n, now);
            let is_close = said["op"] == "close";
            if let Ok(done) = books.engine.operate(&Operation::read(&said.to_string()).expect("an operation"), now) {
                reckoned.operated(&said, &done);
                if is_close {
                    closed = books.engine.statements(None).expect("statements");
                }
            }
        }
        // What was closed is what it was, whatever came after it.
        assert_eq!(books.engine.statements(None).expect("statements"), closed, "seed {seed}, lead {n}");
    }
    (reckoned, closed)
}

fn operation(dice: &mut Dice, n: u64, now: Timestamp) -> Value {
    let party = *dice.one(&["buyer:acme", "buyer:bolt", "supplier:web", "supplier:leads-inc"]);
    let amount = *dice.one(&["12.50", "-3.0001", "250.00", "0.00"]);
    let mut said = match dice.below(7) {
        0 => json!({"op": "funds", "buyer": "bolt", "add": amount}),
        1 => json!({"op": "adjust", "party": party, "add": amount}),
        2 => json!({"op": "payment", "party": party, "amount": amount}),
        3 => {
            let day: String = now.plus_millis(-86_400_000 * 3 / 2).to_string().chars().take(10).collect();
            json!({"op": "close", "party": party, "to": day})
        }
        _ => {
            let lead = n - dice.below(n.min(90));
            let (source, buyer) = (*dice.one(&["web", "web", "form"]), *dice.one(&["acme", "bolt"]));
            json!({"op": "return", "decision": format!("{source}/L{lead}.1"), "buyer": buyer})
        }
    };
    said["by"] = json!("ann");
    said["reason"] = json!("wrong_number");
    said
}

fn file(seed: u64) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("ledger-{seed}.db"));
    for end in ["db", "db-wal", "db-shm"] {
        let _ = std::fs::remove_file(path.with_extension(end));
    }
    path
}

#[test]
fn balances_are_what_decisions_and_operations_amount_to() {
    let mut seen = BTreeMap::<&str, i64>::new();
    for seed in 1..=4 {
        let path = file(seed);
        let sqlite = Arc::new(SqliteStore::open(&path).expect("a store"));
        let plan = || plan_with(RETURNS, PREPAID);
        let both = [Books::on(Arc::new(MemoryStore::new()), plan()), Books::on(sqlite.clone(), plan())];
        let [in_memory, on_disk] = both.each_ref().map(|books| run(books, seed));
        assert_eq!(in_memory, on_disk, "seed {seed}: the same from both");
        for books in &both {
            let balances = books.engine.balances().expect("balances");
            let sum: i64 = balances.accounts.iter().map(|balance| balance.balance.units()).sum();
            assert_eq!(sum, 0, "seed {seed}: {balances:?}");
            for (party, owed) in &in_memory.0.owed {
                assert_eq!(books.open(party).closing.units(), *owed, "seed {seed}: {party}");
            }
            assert_eq!(books.counter("buyer:bolt|funds"), in_memory.0.funds, "seed {seed}");
            let spent = books.balance("funds:bolt").parse::<Money>().map_or(0, Money::units);
            assert_eq!(spent, -in_memory.0.funds, "seed {seed}: funds are what the ledger says");
        }
        let verified = verify(&sqlite, &mut |_| {}).expect("it is read");
        assert_eq!(verified.findings, [], "seed {seed}");
        assert!(verified.left_out.is_empty(), "{:?}", verified.left_out);
        // Letting go of old leads leaves the money alone.
        let before = (both[1].engine.balances().expect("balances"), both[1].engine.statements(None).expect("all"));
        let retention = Retention { older_than: 86_400_000, now: time("2026-12-20T00:00:00Z") };
        let pruned = prune(&sqlite, &TenantId::default(), retention, &mut |_| {}).expect("it is let go of");
        assert!(pruned.decisions > 100 && pruned.events > 100);
        let after = (both[1].engine.balances().expect("balances"), both[1].engine.statements(None).expect("all"));
        assert_eq!(before, after);
        let verified = verify(&sqlite, &mut |_| {}).expect("it is read");
        assert_eq!(verified.findings, [], "seed {seed}, after it was let go of what is old");
        let open = in_memory.0.owed.keys().map(|party| both[1].open(party));
        for statement in both[1].engine.statements(None).expect("all").into_iter().chain(open) {
            *seen.entry("closed").or_default() += 1;
            for line in &statement.lines {
                *seen.entry(line.kind.as_str()).or_default() += line.count;
            }
            *seen.entry("refers").or_default() +=
                i64::try_from(statement.entries.iter().filter(|entry| entry.refers_to.is_some()).count()).expect("few");
        }
    }
    // A run without something would prove nothing about it.
    // Nothing is posted to these buyers, so nothing is refused: `fall.rs` has the sales that fall.
    let here = PostingKind::ALL.into_iter().filter(|kind| *kind != PostingKind::Release);
    for wanted in here.map(PostingKind::as_str).chain(["closed", "refers"]) {
        assert!(seen.get(wanted).is_some_and(|count| *count > 0), "no {wanted}: {seen:?}");
    }
}

#[test]
fn what_a_system_beside_us_sold_it_bills() {
    let sqlite = Arc::new(SqliteStore::open(file(98)).expect("a store"));
    let books = Books::on(sqlite.clone(), plan_with(RETURNS, PREPAID));
    books.decide("L1", "web", "60601", NOON);
    close(&books, "buyer:bolt", "2026-11-24", "2026-11-26T12:00:00Z").expect("it is over");
    let before = (books.engine.statements(None).expect("all"), books.engine.balances().expect("balances"));
    // It is told late: its caps and funds count, at a time that is closed here.
    let seen = format!(r#"{{"outcome":"assigned","sales":[{{"contract":"bolt-1"}}],"at":"{NOON}"}}"#);
    let lead = br#"{"id":"L7","source":"web","phone":"312-867-1007","zip":"60601"}"#;
    let seen = Observation::read(&seen).expect("it is read");
    books.engine.observe(lead, &seen, Tick::at(time("2026-11-26T13:00:00Z"))).expect("it is taken down");
    assert_eq!(books.counter("buyer:bolt|funds"), -2 * 199_900);
    assert_eq!((books.engine.statements(None).expect("all"), books.engine.balances().expect("balances")), before);
    refused(books.back("web/L7.1", "bolt", "any", "2026-11-26T13:00:00Z"), Code::OperationUnknownName);
    assert_eq!(verify(&sqlite, &mut |_| {}).expect("it is read").findings, []);
}

#[test]
fn a_file_lets_nobody_change_what_is_closed() {
    let path = file(99);
    let books = Books::on(Arc::new(SqliteStore::open(&path).expect("a store")), plan_with(RETURNS, PREPAID));
    books.decide("L1", "web", "60601", NOON);
    books.back("web/L1.1", "bolt", "any", NOON).expect("it is done");
    close(&books, "buyer:bolt", "2026-11-24", "2026-11-26T12:00:00Z").expect("it is over");
    let connection = rusqlite::Connection::open(&path).expect("it opens");
    for sql in [
        "UPDATE statement SET body = '{}'",
        "DELETE FROM statement",
        "UPDATE ledger_entry SET debit = 0",
        "DELETE FROM ledger_entry",
    ] {
        let said = connection.execute(sql, []).expect_err(sql).to_string();
        assert!(said.contains("never changed"), "{sql}: {said}");
    }
}
