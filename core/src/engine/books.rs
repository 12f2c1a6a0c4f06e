//! The doors for the money ledger: statements, and what every account stands at.

use super::Engine;
use crate::books::{self, Balances, Statement, StatementQuery};
use crate::model::{Code, Error, Party};
use crate::store::View;

impl Engine {
    /// What a buyer owes or a supplier is owed: a closed statement, or one over the days that are asked for.
    ///
    /// ```
    /// # use leadwright::plan::{MemoryResolver, Plan};
    /// # let files = MemoryResolver::new([("plan.jsonc", r#"{
    /// #     "format": 1, "plan": "tiny", "currency": "USD", "timezone": "America/Chicago",
    /// #     "verticals": { "roofing": { "extends": "us/home-services@1" } },
    /// #     "sources": { "web": { "verticals": ["roofing"], "payout": { "percent_of_price": 70 } } },
    /// #     "routes": { "roofing": { "groups": [ { "id": "all", "select": "price" } ], "on_unsold": { "then": "store" } } },
    /// #     "buyers": { "acme": { "contracts": { "acme-il": { "in": { "roofing/all": {} },
    /// #         "sell": { "exclusive": { "price": "40.00" } } } } } }
    /// # }"#)]);
    /// # let plan = Plan::load(&files, "plan.jsonc")?;
    /// use leadwright::{books::StatementQuery, engine::Engine, model::Tick, store::MemoryStore};
    /// let engine = Engine::open(plan, MemoryStore::new())?;
    /// let lead = br#"{"id":"L1","source":"web","phone":"312-867-5309"}"#;
    /// engine.decide(lead, Tick::at("2026-11-24T15:30:00Z".parse()?))?;
    /// let owes = engine.statement(&StatementQuery::open("buyer:acme".parse()?))?;
    /// let owed = engine.statement(&StatementQuery::open("supplier:web".parse()?))?;
    /// assert_eq!((owes.closing.to_string(), owed.closing.to_string()), ("40.00".into(), "28.00".into()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// `input.bad_option` for a number that no closed statement has, or days that end before they begin; `store.*`.
    pub fn statement(&self, query: &StatementQuery) -> Result<Statement, Error> {
        let currency = self.plan().currency;
        self.look(|view| books::statement(view, currency, query))
    }

    /// The closed statements of a party, or of all, in the order of parties and then of periods.
    ///
    /// # Errors
    /// `store.*`.
    pub fn statements(&self, party: Option<&Party>) -> Result<Vec<Statement>, Error> {
        self.look(|view| books::statements(view, party))
    }

    /// What every account stands at: the trial balance.
    ///
    /// # Errors
    /// `store.*`.
    pub fn balances(&self) -> Result<Balances, Error> {
        self.look(|view| books::balances(view))
    }

    pub(super) fn look<T>(&self, ask: impl Fn(&dyn View) -> Result<T, Error>) -> Result<T, Error> {
        let mut found = None;
        self.store().read(self.tenant(), &mut |view| {
            found = Some(ask(view)?);
            Ok(())
        })?;
        found.ok_or_else(|| Error::new(Code::InternalError, "nothing was looked at"))
    }
}
