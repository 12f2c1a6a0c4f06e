//! Leases of a shared cap: whatever is asked, in whichever order, told late, twice or never, the sum is the limit.

use leadwright::limits::{Budget, Lease, Purse, Receipt, Ticket, part};
use leadwright::model::Timestamp;
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Step {
    Grant {
        who: usize,
        grain: i64,
    },
    /// One of the tickets that were ever given comes, perhaps again.
    Put {
        which: usize,
        lasts: i64,
    },
    Take {
        who: usize,
        much: i64,
    },
    /// By somebody who looked at another lease.
    TakeOld {
        who: usize,
    },
    Give {
        who: usize,
    },
    Renew {
        who: usize,
    },
    Close {
        who: usize,
    },
    /// One of the receipts that were ever given comes, perhaps again.
    Settle {
        which: usize,
    },
    Wait {
        millis: i64,
    },
}

fn step() -> impl Strategy<Value = Step> {
    let who = 0..3_usize;
    prop_oneof![
        3 => (who.clone(), 1..5_i64).prop_map(|(who, grain)| Step::Grant { who, grain }),
        3 => (any::<usize>(), 1..30_i64).prop_map(|(which, lasts)| Step::Put { which, lasts }),
        5 => (who.clone(), 1..4_i64).prop_map(|(who, much)| Step::Take { who, much }),
        1 => who.clone().prop_map(|who| Step::TakeOld { who }),
        1 => who.clone().prop_map(|who| Step::Give { who }),
        1 => who.clone().prop_map(|who| Step::Renew { who }),
        2 => who.prop_map(|who| Step::Close { who }),
        2 => any::<usize>().prop_map(|which| Step::Settle { which }),
        3 => (0..20_i64).prop_map(|millis| Step::Wait { millis }),
    ]
}

#[derive(Default)]
struct World {
    now: i64,
    budget: Budget,
    leases: [Lease; 3],
    purses: [Purse; 3],
    tickets: Vec<(usize, Ticket)>,
    receipts: Vec<(usize, Receipt)>,
    /// What buyers got in truth.
    taken: i64,
}

impl World {
    fn at(&self, later: i64) -> Timestamp {
        Timestamp::EPOCH.plus_millis(self.now + later)
    }

    fn step(&mut self, step: &Step) -> Result<(), TestCaseError> {
        let now = self.at(0);
        match *step {
            Step::Grant { who, grain } => {
                let ticket = self.budget.grant(&mut self.leases[who], 3, grain);
                self.tickets.extend(ticket.map(|ticket| (who, ticket)));
            }
            Step::Put { which, lasts } if !self.tickets.is_empty() => {
                let (who, ticket) = self.tickets[which % self.tickets.len()];
                let until = self.at(lasts);
                self.purses[who].put(ticket, until);
            }
            Step::Take { who, much } => {
                let purse = self.purses[who];
                if self.purses[who].take(purse.fence, much, now) {
                    self.taken += much;
                    prop_assert!(now < purse.until, "taken when it was over");
                    prop_assert!(purse.left() >= much, "more than there was");
                }
            }
            Step::TakeOld { who } => {
                let fence = self.purses[who].fence;
                prop_assert!(
                    !self.purses[who].take(fence + 1, 1, now) && !self.purses[who].take(fence.wrapping_sub(1), 1, now)
                );
            }
            Step::Give { who } if self.taken > 0 => {
                self.taken -= 1;
                self.purses[who].give(1);
            }
            Step::Renew { who } => {
                let (fence, until) = (self.purses[who].fence, self.at(20));
                self.purses[who].renew(fence, until);
            }
            Step::Close { who } => {
                let receipt = self.purses[who].close_lost(self.leases[who].fence, now);
                self.receipts.extend(receipt.map(|receipt| (who, receipt)));
            }
            Step::Settle { which } if !self.receipts.is_empty() => {
                let (who, receipt) = self.receipts[which % self.receipts.len()];
                self.budget.settle(&mut self.leases[who], receipt);
            }
            Step::Wait { millis } => self.now += millis,
            _ => {}
        }
        self.holds()
    }

    fn holds(&self) -> Result<(), TestCaseError> {
        let Budget { most, used, leased } = self.budget;
        prop_assert!(self.budget.free() >= 0);
        prop_assert_eq!(leased, self.leases.iter().map(|lease| lease.granted).sum::<i64>());
        let both = self.leases.iter().zip(&self.purses);
        let is_out = |(lease, purse): &(&Lease, &Purse)| lease.granted > 0 && lease.fence == purse.fence;
        let spent: i64 = both.filter(is_out).map(|(_, purse)| purse.spent).sum();
        let back: i64 = self.purses.iter().map(|purse| purse.back).sum();
        prop_assert_eq!(used + spent - back, self.taken);
        prop_assert!(self.taken <= most);
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_used_and_leased_and_free_is_the_limit(most in 0..60_i64, steps in prop::collection::vec(step(), 1..300)) {
        let mut world = World { budget: Budget::new(most), ..World::default() };
        for step in &steps {
            world.step(step)?;
        }
        // When all is over and told, nothing is out, and all that was not taken can be had by one.
        world.now += 1_000;
        for who in 0..3 {
            let now = world.at(0);
            if let Some(receipt) = world.purses[who].close_lost(world.leases[who].fence, now) {
                world.budget.settle(&mut world.leases[who], receipt);
            }
        }
        world.holds()?;
        prop_assert_eq!(world.budget.leased, 0);
        for _ in 0..200 {
            let Some(ticket) = world.budget.grant(&mut world.leases[0], 1, 1) else { break };
            let until = world.at(1);
            prop_assert!(world.purses[0].put(ticket, until));
        }
        let back: i64 = world.purses.iter().skip(1).map(|purse| purse.back).sum();
        prop_assert_eq!(world.taken + world.purses[0].left() + back, most);
    }

    #[test]
    fn a_part_is_never_more_than_is_free_and_never_nothing_of_something(
        free in -9..10_000_i64, holders in 1..99_i64, grain in 1..99_i64
    ) {
        let part = part(free, holders, grain);
        prop_assert!((0..=free.max(0)).contains(&part));
        prop_assert_eq!(part == 0, free <= 0);
    }
}
