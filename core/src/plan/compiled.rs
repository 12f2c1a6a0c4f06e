//! The compiled plan: immutable, every name resolved, ready to decide.

use super::list::{From, List};
use crate::dedupe::DedupeRule;
use crate::deliver::{Asked, BidTerms, DeskTerms, Endpoint, Responses, Sent};
use crate::limits::{CallRules, Cap, Rate, Schedule, Starts, Window, Zone};
use crate::matching::Matcher;
use crate::model::{Account, BuyerId, ContractId, Currency, Date, Money, Outcome, Sale, SourceId, SupplierId};
use crate::rules::Criteria;
use crate::schema::Schema;
use crate::select::Rule;
use crate::validate::{ConsentTerms, Repairs, ZipStateConflict};
use indexmap::IndexMap;
use rustc_hash::{FxBuildHasher, FxHashSet};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

/// A checked and compiled plan. Cheap to share, never changed.
#[derive(Clone)]
pub struct Plan {
    pub(crate) name: String,
    pub(crate) hash: Arc<str>,
    pub(crate) canonical: String,
    pub(crate) currency: Currency,
    pub(crate) zone: Zone,
    pub(crate) verticals: BTreeMap<String, Schema>,
    /// What the consent of a lead must have, by vertical.
    pub(crate) consents: BTreeMap<String, ConsentTerms>,
    pub(crate) sources: BTreeMap<SourceId, Source>,
    pub(crate) intake: Intake,
    pub(crate) lists: BTreeMap<String, List>,
    /// By vertical.
    pub(crate) routes: BTreeMap<String, Route>,
    /// In the order of their ids; looked up for every contract that is asked.
    pub(crate) buyers: IndexMap<BuyerId, Buyer, FxBuildHasher>,
    /// Sorted by id.
    pub(crate) contracts: Vec<Contract>,
    /// Where leads are delivered to, by name.
    pub(crate) endpoints: BTreeMap<String, Endpoint>,
    /// What one unit of a currency is worth in that of the plan, in 1/10,000 (rule 57).
    pub(crate) rates: BTreeMap<Currency, Money>,
    /// When consumers may be called, where a contract asks.
    pub(crate) call_rules: Option<Arc<CallRules>>,
}

/// A channel that leads come through.
#[derive(Clone)]
pub(crate) struct Source {
    pub(crate) verticals: Vec<String>,
    pub(crate) payout: Payout,
    /// Who is paid for its leads; its own name where the plan names nobody.
    pub(crate) supplier: SupplierId,
    pub(crate) max_sales: Option<u32>,
    pub(crate) caps: Calendar,
    pub(crate) require: Vec<String>,
    /// What the consent of its leads must have.
    pub(crate) consent: Option<ConsentTerms>,
    /// Its parts that something holds for, by the value of the field `sub_id`.
    pub(crate) sub_ids: BTreeMap<String, SubId>,
    /// What its supplier is answered with.
    pub(crate) responses: Responses,
}

impl Source {
    /// Where its payouts are posted to.
    pub(crate) fn account(&self) -> Account {
        Account::Supplier(self.supplier.clone())
    }
}

/// The field that says which part of a channel a lead came through.
pub(crate) const SUB_ID: &str = "sub_id";

/// A part of a channel.
#[derive(Clone)]
pub(crate) struct SubId {
    /// Its leads are not taken.
    pub(crate) blocked: bool,
    pub(crate) caps: Calendar,
}

/// What a supplier gets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Payout {
    #[default]
    Nothing,
    /// Parts per million of each price.
    Share(u32),
    /// The same for every lead that is sold, however often.
    Fixed(Money),
}

/// Caps with the wall clock that their windows are read on.
#[derive(Clone)]
pub(crate) struct Calendar {
    pub(crate) caps: Vec<Cap>,
    pub(crate) zone: Zone,
    /// What its weeks and months begin with.
    pub(crate) starts: Starts,
}

/// What happens to every lead first.
#[derive(Clone)]
pub(crate) struct Intake {
    pub(crate) repairs: Repairs,
    pub(crate) conflict: ZipStateConflict,
    /// Milliseconds.
    pub(crate) max_age: Option<i64>,
    /// Fields that people do not see, by their plain names.
    pub(crate) honeypots: Vec<String>,
    /// How old its consent may be, in milliseconds.
    pub(crate) consent_max_age: Option<i64>,
    /// What its consent must have, whatever its vertical and source.
    pub(crate) consent: Option<ConsentTerms>,
    pub(crate) suppress: Vec<String>,
    /// Fields whose values are counted, each as a rule that says for how long.
    pub(crate) repeats: Vec<DedupeRule>,
    pub(crate) dedupe: Vec<DedupeRule>,
    /// What test leads are answered, by ZIP code.
    pub(crate) test_zips: BTreeMap<String, Outcome>,
}

/// The groups of a vertical, in the order they are asked.
#[derive(Clone)]
pub(crate) struct Route {
    pub(crate) max_sales: u32,
    pub(crate) min_margin: Money,
    pub(crate) caps: Calendar,
    pub(crate) groups: Vec<Group>,
    /// How long all its bids are waited for together, in milliseconds.
    pub(crate) deadline: Option<i64>,
    /// How long a lead that none of them took is offered again, in milliseconds, and how fast those are sold.
    pub(crate) retry: Option<i64>,
    pub(crate) retry_rate: Option<Rate>,
    /// Who gets what none of them took, as a group of one.
    pub(crate) house: Option<Group>,
    /// The criteria of all its contracts.
    pub(crate) matcher: Arc<Matcher>,
}

impl Route {
    /// The places of its contracts in the plan.
    pub(crate) fn contracts(&self) -> BTreeSet<usize> {
        self.groups.iter().flat_map(|group| group.members.iter().map(|member| member.contract)).collect()
    }
}

/// Contracts with one way to choose among them.
#[derive(Clone)]
pub(crate) struct Group {
    /// `route/group`.
    pub(crate) id: String,
    pub(crate) rule: Rule,
    pub(crate) take: Option<u32>,
    /// Least sales, where the lead is shared; 1 when the plan says nothing.
    pub(crate) min_sales: usize,
    /// The least price that counts.
    pub(crate) floor: Money,
    /// How long bids are waited for, in milliseconds; as long as each contract says where there is none.
    pub(crate) deadline: Option<i64>,
    pub(crate) caps: Calendar,
    /// In the order of contract ids.
    pub(crate) members: Vec<Membership>,
    /// The ids that they were first known by.
    pub(crate) known_as: FxHashSet<ContractId>,
}

impl Group {
    /// Takes in a contract by its place; they come in order.
    pub(crate) fn join(&mut self, member: Membership, contract: &Contract) {
        self.members.push(member);
        self.known_as.insert(contract.state_id.clone());
    }

    /// Those members that are among some contracts, which are given by their places in ascending order.
    pub(crate) fn members_among(&self, contracts: &[u32]) -> impl Iterator<Item = &Membership> {
        let member = |place: &u32| {
            let place = usize::try_from(*place).ok()?;
            let found = self.members.binary_search_by_key(&place, |member| member.contract).ok()?;
            self.members.get(found)
        };
        contracts.iter().filter_map(member)
    }
}

/// A contract's place in a group.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Membership {
    /// Place in [`Plan::contracts`].
    pub(crate) contract: usize,
    pub(crate) priority: u32,
    /// The weight, or the share in a hundred.
    pub(crate) weight: u32,
}

/// Who receives leads.
#[derive(Clone)]
pub(crate) struct Buyer {
    pub(crate) caps: Calendar,
    /// How far its funds may be overdrawn, where it pays from funds.
    pub(crate) funds: Option<Money>,
    pub(crate) dedupe: Vec<DedupeRule>,
    /// Which leads it may give back; none where that was not agreed on.
    pub(crate) returns: Option<Returns>,
    /// How leads go out to it.
    pub(crate) deliver: DeskTerms,
}

/// Which leads a buyer may give back (rule 93).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Returns {
    /// How long after the sale, in milliseconds.
    pub(crate) within: i64,
    /// How many in a hundred of those sold in a billing cycle.
    pub(crate) max_rate: Option<u32>,
    /// For which reasons; any when there is none.
    pub(crate) reasons: Vec<String>,
    /// Whether a lead that comes back in its window gives its place under a cap back (rule 18).
    pub(crate) refunds_cap: bool,
}

/// One purchase rule.
#[derive(Clone)]
pub(crate) struct Contract {
    pub(crate) id: ContractId,
    /// What its counts and turns are kept under: the id it was first known by (rule 29).
    pub(crate) state_id: ContractId,
    pub(crate) buyer: BuyerId,
    /// The place of the buyer's company among all: at most one contract of a company gets a lead.
    pub(crate) company: usize,
    pub(crate) paused: bool,
    /// The first day it buys.
    pub(crate) starts: Option<Date>,
    /// The last day it buys.
    pub(crate) ends: Option<Date>,
    /// None: every lead of its vertical.
    pub(crate) criteria: Option<Criteria>,
    pub(crate) schedule: Schedule,
    /// What happens while the consumer may not be called; none where nobody asks.
    pub(crate) call_window: Option<OutsideCallWindow>,
    pub(crate) caps: Calendar,
    /// Whether its caps are spread over the open time of their windows.
    pub(crate) pace: bool,
    pub(crate) rate: Option<Rate>,
    /// What it pays for a lead alone, where it is a fixed price.
    pub(crate) exclusive: Option<Money>,
    /// What it pays for a shared lead, where it is a fixed price.
    pub(crate) shared: Option<Shared>,
    /// Which bids count for a lead alone, where it bids.
    pub(crate) exclusive_bid: Option<BidTerms>,
    /// Which bids count for a shared lead, where it bids.
    pub(crate) shared_bid: Option<SharedBid>,
    /// How it is asked for a bid.
    pub(crate) ping: Option<Ping>,
    /// How it gets a lead; by the host where nothing is said.
    pub(crate) post: Option<Post>,
    /// What is done where it does not answer.
    pub(crate) no_answer: Option<NoAnswer>,
    /// Whether what is bid to a supplier keeps its place.
    pub(crate) holds_bids: bool,
    /// How many of its leads in a hundred come back.
    pub(crate) expected_return: u32,
    /// Places of contracts that must not get the same lead, ascending; symmetric.
    pub(crate) never_with: Vec<usize>,
    /// What operations may change without a new plan.
    pub(crate) may: May,
    /// How many leads with the same value of a field may have come before.
    pub(crate) repeats: BTreeMap<String, u32>,
    /// What the consent of a lead must have for it.
    pub(crate) consent: Option<ConsentTerms>,
}

impl Contract {
    /// Whether it shares leads, at a fixed price or by a bid.
    pub(crate) fn shares(&self) -> bool {
        self.shared.is_some() || self.shared_bid.is_some()
    }

    /// Whether it buys leads to have them alone, at a fixed price or by a bid.
    pub(crate) fn sells_alone(&self) -> bool {
        self.exclusive.is_some() || self.exclusive_bid.is_some()
    }

    /// Whether it has to be asked for a bid.
    pub(crate) fn bids(&self, sale: Sale) -> Option<&BidTerms> {
        match sale {
            Sale::Exclusive => self.exclusive_bid.as_ref().filter(|_| self.exclusive.is_none()),
            Sale::Shared => self.shared_bid.as_ref().filter(|_| self.shared.is_none()).map(|bid| &bid.terms),
        }
    }

    /// How many other buyers may get a lead that it shares.
    pub(crate) fn with_at_most(&self) -> Option<u32> {
        self.shared.map_or_else(|| self.shared_bid.and_then(|bid| bid.with_at_most), |shared| shared.with_at_most)
    }
}

/// What operations may change about a contract; nothing unless the plan says so.
#[derive(Clone, Debug, Default)]
pub(crate) struct May {
    /// To pause it and to let it buy again.
    pub(crate) pause: bool,
    /// The least and the most leads of a window.
    pub(crate) caps: BTreeMap<Window, (Option<i64>, Option<i64>)>,
    /// The least and the most that it pays.
    pub(crate) price: Option<(Option<Money>, Option<Money>)>,
}

/// What a contract does with a lead whose consumer may not be called now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OutsideCallWindow {
    /// It does not buy it.
    Skip,
    /// It buys it, and calls later.
    Sell,
    /// It lets it wait, where nobody else takes it.
    Hold,
}

/// The terms of a shared sale.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shared {
    pub(crate) price: Money,
    /// How many other buyers may get the lead.
    pub(crate) with_at_most: Option<u32>,
}

/// Which bids count for a shared sale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SharedBid {
    pub(crate) terms: BidTerms,
    /// How many other buyers may get the lead.
    pub(crate) with_at_most: Option<u32>,
}

/// How a contract is asked for a bid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ping {
    /// The key of [`Plan::endpoints`].
    pub(crate) endpoint: String,
    /// What it is shown; nothing that says who the consumer is (rule 62).
    pub(crate) send: Vec<Sent>,
    /// How long an answer is waited for, in milliseconds.
    pub(crate) wait: i64,
}

/// How a contract gets a lead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Post {
    /// The key of [`Plan::endpoints`].
    pub(crate) endpoint: String,
    /// What is sent; all fields when there is none.
    pub(crate) send: Vec<Sent>,
    /// How long an answer is waited for, in milliseconds.
    pub(crate) wait: i64,
    /// How often it is tried; as usual where nothing is said.
    pub(crate) tries: Option<u32>,
    /// How long it is tried, in milliseconds; as usual where nothing is said.
    pub(crate) give_up_after: Option<i64>,
    /// Whether an acceptance after the lease counts where there is room (rule 46).
    pub(crate) honors_late: bool,
    /// What an acceptance at a lower price is (rule 48).
    pub(crate) lower_price: LowerPrice,
}

/// What is done where a buyer takes a lead for less than it was sold for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum LowerPrice {
    /// It owes the price of the sale all the same.
    #[default]
    Keep,
    /// It owes what it says.
    Take,
    /// It does not get the lead: the next one does.
    Reject,
}

/// What is done where a contract does not answer (rule 44).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NoAnswer {
    /// How long the lead is kept for it, in milliseconds.
    pub(crate) hold_at_most: Option<i64>,
    pub(crate) then: AfterNoAnswer,
}

/// What is done after that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum AfterNoAnswer {
    /// It counts as sold.
    CountAsSold,
    /// Another one may get the lead.
    Release,
    /// It is sent again with the same key.
    Retry,
    /// This endpoint is asked what became of it.
    Ask(String),
}

impl Plan {
    /// The name that the plan gives itself.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// `sha256:` and 64 hex digits over the canonical plan and the hashes of its lists.
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// The canonical JSON of all its files together.
    pub fn canonical(&self) -> &str {
        &self.canonical
    }

    /// The verticals by name.
    pub fn verticals(&self) -> impl Iterator<Item = (&str, &Schema)> {
        self.verticals.iter().map(|(name, schema)| (name.as_str(), schema))
    }

    /// The lists that the plan keeps outside of itself, each with its compiled file; none for one that the host answers
    /// for. An engine counts them as missing until [`set_list`](crate::engine::Engine::set_list) gives them.
    pub fn outside_lists(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        self.lists.iter().filter_map(|(name, list)| match &list.from {
            From::Plan(_) => None,
            From::Compiled(file) => Some((name.as_str(), Some(file.as_str()))),
            From::Host => Some((name.as_str(), None)),
        })
    }

    /// How many buyers there are.
    pub fn buyer_count(&self) -> usize {
        self.buyers.len()
    }

    /// Where leads are delivered to, sorted by name.
    pub fn endpoints(&self) -> impl Iterator<Item = &Endpoint> {
        self.endpoints.values()
    }

    /// The endpoint of this name.
    pub fn endpoint(&self, name: &str) -> Option<&Endpoint> {
        self.endpoints.get(name)
    }

    /// Where a contract is asked for a bid, or gets its leads, and what of them is sent; none where the plan does not say.
    pub fn sending(&self, contract: &ContractId, asked: Asked) -> Option<(&Endpoint, &[Sent])> {
        let place = self.contracts.binary_search_by(|known| known.id.cmp(contract)).ok()?;
        let contract = self.contracts.get(place)?;
        let (endpoint, send) = match asked {
            Asked::Ping => contract.ping.as_ref().map(|ping| (&ping.endpoint, &ping.send)),
            Asked::Post => contract.post.as_ref().map(|post| (&post.endpoint, &post.send)),
        }?;
        Some((self.endpoints.get(endpoint)?, send))
    }

    /// The longest that an answer is waited for after a `post`.
    pub fn longest_wait(&self) -> Duration {
        let waits = self.contracts.iter().filter_map(|contract| contract.post.as_ref().map(|post| post.wait));
        Duration::from_millis(waits.max().and_then(|millis| u64::try_from(millis).ok()).unwrap_or_default())
    }

    /// The names of the secrets that deliveries need, each once.
    pub fn posting_secrets(&self) -> BTreeSet<&str> {
        let posting = self.contracts.iter().filter_map(|contract| {
            let post = &contract.post.as_ref()?.endpoint;
            let asked = match contract.no_answer.as_ref().map(|no_answer| &no_answer.then) {
                Some(AfterNoAnswer::Ask(endpoint)) => Some(endpoint),
                _ => None,
            };
            Some([Some(post), asked].into_iter().flatten())
        });
        let endpoints = posting.flatten().filter_map(|endpoint| self.endpoints.get(endpoint));
        endpoints.flat_map(Endpoint::secret_names).collect()
    }

    /// The contracts that an endpoint is for, and what is asked there; those that `no_answer` asks are not among them.
    pub fn contracts_at<'a>(&'a self, endpoint: &'a str) -> impl Iterator<Item = (&'a ContractId, Asked)> {
        self.contracts.iter().flat_map(move |contract| {
            let ping = contract.ping.as_ref().filter(|ping| ping.endpoint == endpoint).map(|_| Asked::Ping);
            let post = contract.post.as_ref().filter(|post| post.endpoint == endpoint).map(|_| Asked::Post);
            ping.into_iter().chain(post).map(|asked| (&contract.id, asked))
        })
    }

    /// The vertical that a contract buys leads of.
    pub fn vertical_of(&self, contract: &ContractId) -> Option<&str> {
        let place = self.contracts.binary_search_by(|known| known.id.cmp(contract)).ok()?;
        let has = |route: &&Route| {
            let groups = route.groups.iter().chain(&route.house);
            groups.flat_map(|group| &group.members).any(|member| member.contract == place)
        };
        self.routes.iter().find(|(_, route)| has(route)).map(|(name, _)| name.as_str())
    }

    /// What a contract pays for a lead where that is fixed: alone, or else shared.
    pub fn fixed_price(&self, contract: &ContractId) -> Option<Money> {
        let place = self.contracts.binary_search_by(|known| known.id.cmp(contract)).ok()?;
        let contract = self.contracts.get(place)?;
        contract.exclusive.or(contract.shared.map(|shared| shared.price))
    }

    /// The currency of every amount.
    pub fn currency(&self) -> Currency {
        self.currency
    }

    /// What one unit of a currency is worth in that of the plan; those that the plan names (rule 57).
    pub fn rates(&self) -> &BTreeMap<Currency, Money> {
        &self.rates
    }

    /// The contracts with their buyers, sorted by id.
    pub fn contracts(&self) -> impl Iterator<Item = (&ContractId, &BuyerId)> {
        self.contracts.iter().map(|contract| (&contract.id, &contract.buyer))
    }

    /// Which account a sale to a buyer is posted to.
    pub(crate) fn pays_from(&self, buyer: &BuyerId) -> Account {
        let prepaid = self.buyers.get(buyer).is_some_and(|buyer| buyer.funds.is_some());
        if prepaid { Account::Funds(buyer.clone()) } else { Account::Buyer(buyer.clone()) }
    }

    pub(crate) fn contract(&self, place: usize) -> Option<&Contract> {
        self.contracts.get(place)
    }
}

impl std::fmt::Debug for Plan {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Plan({} {})", self.name, self.hash)
    }
}
