//! An older app: for each kind of lead a chain of if/elif that somebody has added to for years, with counters beside it.

use crate::branch::Branch;
use crate::lead::{Field, Lead, Places, fields, lead};
use fastrand::Rng;
use leadwright::limits::Zone;
use leadwright::model::{Date, Timestamp};
use std::collections::BTreeMap;
use std::fmt::Write as _;

pub(crate) const ZONE: &str = "America/Chicago";
/// Midnight there.
const BEGIN: &str = "2026-03-02T06:00:00Z";
const DAY: i64 = 86_400_000;
const NAMES: [&str; 8] = ["solar", "mortgage", "auto", "roofing", "windows", "debt", "legal", "medicare"];

#[derive(Clone, Debug)]
pub(crate) struct Contract {
    pub(crate) id: String,
    pub(crate) buyer: String,
    pub(crate) price: String,
    /// By day, or by hour.
    cap: Option<(bool, u64)>,
}

#[derive(Clone, Debug)]
struct Vertical {
    name: &'static str,
    fields: Vec<Field>,
    branches: Vec<Branch>,
    /// How many of the leads are its own.
    weight: u32,
}

pub(crate) struct Monolith {
    zone: Zone,
    places: Places,
    dice: Rng,
    verticals: Vec<Vertical>,
    pub(crate) contracts: Vec<Contract>,
    used: BTreeMap<(usize, Date, u8), u64>,
    sold: Vec<u64>,
    leads: usize,
    at: Timestamp,
    a_day: i64,
    record_caps: bool,
}

/// A lead and what became of it.
pub(crate) struct Pair {
    pub(crate) lead: String,
    pub(crate) at: Timestamp,
    pub(crate) sold: Option<usize>,
    /// The line that a recorder writes.
    pub(crate) line: String,
}

impl Monolith {
    /// `a_day` leads come on a day. Without `record_caps` nobody wrote the counters down.
    pub(crate) fn new(seed: u64, contracts: usize, a_day: usize, record_caps: bool) -> Self {
        let mut dice = Rng::with_seed(seed);
        let zone: Zone = ZONE.parse().expect("the zone is known");
        let places = Places::new();
        let count = match contracts {
            ..50 => 3,
            50..200 => 5,
            _ => 8,
        };
        let verticals = (0..count).map(|n| Vertical {
            name: NAMES[n],
            fields: fields(&mut dice),
            branches: Vec::new(),
            weight: dice.u32(5..15),
        });
        let verticals = verticals.collect();
        let (at, a_day) = (BEGIN.parse().expect("it is a time"), i64::try_from(a_day).unwrap_or(i64::MAX).max(1));
        let mut monolith = Self {
            zone,
            places,
            dice,
            verticals,
            contracts: Vec::new(),
            used: BTreeMap::new(),
            sold: Vec::new(),
            leads: 0,
            at,
            a_day,
            record_caps,
        };
        monolith.grow(contracts);
        monolith
    }

    /// Adds branch after branch, each of which somebody still gets leads from.
    fn grow(&mut self, contracts: usize) {
        let samples: Vec<Vec<Lead>> = (0..self.verticals.len())
            .map(|vertical| (0..6_000).map(|n| self.lead_at(vertical, self.at.plus_millis(n * DAY / 857))).collect())
            .collect();
        let mut left: Vec<Vec<&Lead>> = samples.iter().map(|sample| sample.iter().collect()).collect();
        while self.contracts.len() < contracts {
            let vertical = self.contracts.len() % self.verticals.len();
            let branch = self.branch(vertical, &left[vertical], contracts);
            left[vertical].retain(|lead| !branch.holds(lead));
            self.verticals[vertical].branches.push(branch);
        }
        let whole: u32 = self.verticals.iter().map(|vertical| vertical.weight).sum();
        for (place, sample) in samples.iter().enumerate() {
            let a_day = self.a_day as u64 * u64::from(self.verticals[place].weight) / u64::from(whole);
            self.limit(place, sample, a_day);
        }
        self.sold = vec![0; self.contracts.len()];
    }

    fn branch(&mut self, vertical: usize, left: &[&Lead], contracts: usize) -> Branch {
        let mut branch = Branch::default();
        // A branch that nobody reaches was taken out long ago, and one that takes all ends the chain.
        for _ in 0..400 {
            branch = Branch::by_chance(&self.verticals[vertical].fields, &self.places, &mut self.dice);
            let takes = left.iter().filter(|lead| branch.holds(lead)).count();
            if takes >= 12 && takes * 6 <= left.len() {
                break;
            }
        }
        let turns = if self.dice.u32(0..14) == 0 { self.dice.usize(2..=3) } else { 1 };
        for _ in 0..turns.min(contracts - self.contracts.len()) {
            let n = self.contracts.len();
            branch.contracts.push(n);
            let buyer = format!("b{:03}", self.dice.usize(0..contracts.div_ceil(2)));
            let (id, price) = (format!("{buyer}-{n:03}"), format!("{}.00", self.dice.u32(8..120)));
            self.contracts.push(Contract { id, buyer, price, cap: None });
        }
        branch
    }

    /// A third of the contracts buy less than they could.
    fn limit(&mut self, vertical: usize, sample: &[Lead], a_day: u64) {
        let mut wins: BTreeMap<usize, u64> = BTreeMap::new();
        for lead in sample {
            let taken = self.verticals[vertical].branches.iter().find(|branch| branch.holds(lead));
            if let Some(branch) = taken {
                *wins.entry(branch.contracts[0]).or_default() += 1;
            }
        }
        let branches: Vec<Vec<usize>> = self.verticals[vertical].branches.iter().map(|b| b.contracts.clone()).collect();
        for contracts in branches {
            let wins = wins.get(&contracts[0]).copied().unwrap_or(0);
            let expected = wins * a_day / sample.len() as u64 / contracts.len() as u64;
            for contract in contracts {
                if self.dice.u32(0..3) == 0 && expected >= 3 {
                    let by_day = self.dice.u32(0..6) > 0;
                    let share = expected * self.dice.u64(50..110) / 100;
                    let limit = if by_day { share.max(2) } else { (share / 8).max(1) };
                    self.contracts[contract].cap = Some((by_day, limit));
                }
            }
        }
    }

    fn lead_at(&mut self, vertical: usize, at: Timestamp) -> Lead {
        lead(vertical, &self.verticals[vertical].fields, at, &self.zone, &self.places, &mut self.dice)
    }

    /// The next lead, and what becomes of it.
    pub(crate) fn next(&mut self) -> Pair {
        let gap = 2 * DAY / self.a_day;
        self.at = self.at.plus_millis(self.dice.i64(1..=gap.max(2)));
        let whole: u32 = self.verticals.iter().map(|vertical| vertical.weight).sum();
        let mut drawn = self.dice.u32(0..whole);
        let mut vertical = 0;
        while drawn >= self.verticals[vertical].weight {
            drawn -= self.verticals[vertical].weight;
            vertical += 1;
        }
        let lead = self.lead_at(vertical, self.at);
        let mut looked = Vec::new();
        let sold = self.decide(&lead, &mut looked);
        self.leads += 1;
        let json = lead.json(&self.verticals[vertical].fields, self.verticals[vertical].name, self.leads);
        let line = self.line(&json, lead.at, sold, &looked);
        Pair { lead: json, at: lead.at, sold, line }
    }

    /// The if/elif. `looked` are the counters that it read.
    fn decide(&mut self, lead: &Lead, looked: &mut Vec<(usize, u64)>) -> Option<usize> {
        let branches = self.verticals[lead.vertical].branches.len();
        for place in 0..branches {
            let branch = &self.verticals[lead.vertical].branches[place];
            if !branch.holds(lead) {
                continue;
            }
            let (contracts, next) = (branch.contracts.clone(), branch.next);
            for turn in 0..contracts.len() {
                let turn = (next + turn) % contracts.len();
                let contract = contracts[turn];
                if self.has_room(contract, lead, looked) {
                    self.verticals[lead.vertical].branches[place].next = (turn + 1) % contracts.len();
                    self.sold[contract] += 1;
                    return Some(contract);
                }
            }
        }
        None
    }

    fn has_room(&mut self, contract: usize, lead: &Lead, looked: &mut Vec<(usize, u64)>) -> bool {
        let Some((by_day, limit)) = self.contracts[contract].cap else { return true };
        let hour = if by_day { 0 } else { lead.quarter / 4 };
        let used = self.used.entry((contract, lead.date, hour)).or_default();
        looked.push((contract, *used));
        let room = *used < limit;
        *used += u64::from(room);
        room
    }

    fn line(&self, lead: &str, at: Timestamp, sold: Option<usize>, looked: &[(usize, u64)]) -> String {
        let mut line = format!(r#"{{"lead":{lead},"at":"{at}""#);
        match sold.map(|contract| &self.contracts[contract]) {
            Some(Contract { id, buyer, price, .. }) => {
                let _ = write!(line, r#","outcome":"sold","contract":"{id}","buyer":"{buyer}","price":"{price}""#);
            }
            None => line.push_str(r#","outcome":"refused""#),
        }
        let caps = looked.iter().filter(|_| self.record_caps).filter_map(|(contract, used)| {
            let Contract { id, cap, .. } = &self.contracts[*contract];
            let (by_day, limit) = (*cap)?;
            let window = if by_day { "day" } else { "hour" };
            Some(format!(r#""{id}":{{"{window}":{{"used":{used},"limit":{limit}}}}}"#))
        });
        let caps: Vec<String> = caps.collect();
        if !caps.is_empty() {
            let _ = write!(line, r#","caps":{{{}}}"#, caps.join(","));
        }
        line.push('}');
        line
    }

    /// Goes on at the next midnight.
    pub(crate) fn next_day(&mut self) {
        let today = self.zone.date(self.at);
        while self.zone.date(self.at) == today {
            self.at = self.at.plus_millis(60_000);
        }
        self.at = self.at.plus_millis(-self.at.millis().rem_euclid(60_000));
    }

    /// Comparisons of all contracts that anything was sold to.
    pub(crate) fn criteria(&self) -> usize {
        let all = self.verticals.iter().flat_map(|vertical| &vertical.branches);
        let of = |branch: &Branch| branch.criteria() * branch.contracts.iter().filter(|c| self.sold[**c] > 0).count();
        all.map(of).sum()
    }

    /// Contracts that anything was sold to.
    pub(crate) fn sold_to(&self) -> usize {
        self.sold.iter().filter(|sold| **sold > 0).count()
    }

    /// Whether two contracts take turns.
    pub(crate) fn take_turns(&self, one: usize, other: usize) -> bool {
        let all = self.verticals.iter().flat_map(|vertical| &vertical.branches);
        all.into_iter().any(|branch| branch.contracts.contains(&one) && branch.contracts.contains(&other))
    }
}
