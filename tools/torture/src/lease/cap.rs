//! A cap that holders share: the rows at home, the rows where they decide, and what is on the way between them.

use super::Mutant;
use crate::sim::Dice;
use leadwright::limits::{Budget, Lease, Purse, Receipt, Ticket};
use leadwright::model::Timestamp;

pub(crate) const HOLDERS: usize = 4;

pub(super) enum Message {
    Ticket(usize, Ticket),
    Receipt(usize, Receipt),
}

pub(crate) struct Cap {
    pub(super) budget: Budget,
    pub(super) leases: [Lease; HOLDERS],
    pub(crate) purses: [Purse; HOLDERS],
    pub(super) messages: Vec<Message>,
    /// What buyers have got in truth.
    pub(crate) taken: i64,
}

pub(crate) fn at(millis: i64) -> Timestamp {
    Timestamp::EPOCH.plus_millis(millis)
}

impl Cap {
    pub(crate) fn new(most: i64) -> Self {
        Self {
            budget: Budget::new(most),
            leases: Default::default(),
            purses: Default::default(),
            messages: Vec::new(),
            taken: 0,
        }
    }

    /// Home grants, and its answer is on the way.
    pub(crate) fn ask_home(&mut self, who: usize, grain: i64) {
        let holders = self.leases.iter().enumerate().filter(|(n, lease)| *n != who && lease.is_out).count() + 1;
        let holders = i64::try_from(holders).unwrap_or(1);
        let has_back = self.purses[who].back > 0;
        if let Some(ticket) = self.budget.grant(&mut self.leases[who], holders, grain, has_back) {
            self.messages.push(Message::Ticket(who, ticket));
        }
    }

    /// Somebody looks after a lease whose time is over. Whether it was closed.
    pub(crate) fn sweep(&mut self, who: usize, now: i64) -> bool {
        let fence = self.leases[who].fence;
        if !self.leases[who].is_out {
            return false;
        }
        let receipt = self.purses[who].close_lost(fence, at(now));
        self.messages.extend(receipt.map(|receipt| Message::Receipt(who, receipt)));
        receipt.is_some()
    }

    /// A message arrives, lately, and perhaps not for the last time.
    pub(crate) fn arrive(&mut self, until: i64, dice: &mut Dice, mutant: Option<Mutant>) {
        if self.messages.is_empty() {
            return;
        }
        let place = dice.place(self.messages.len());
        self.take_in(place, at(until), mutant);
        if dice.chance(700) {
            self.messages.swap_remove(place);
        }
    }

    fn take_in(&mut self, place: usize, until: Timestamp, mutant: Option<Mutant>) {
        let is_blind = mutant == Some(Mutant::NoFence);
        match &self.messages[place] {
            Message::Ticket(who, ticket) => {
                let purse = &mut self.purses[*who];
                if is_blind && !purse.is_open {
                    // Whatever comes opens it.
                    *purse = Purse { fence: ticket.fence, granted: ticket.granted, until, is_open: true, ..*purse };
                } else {
                    purse.put(*ticket, until);
                }
            }
            Message::Receipt(who, receipt) => {
                let lease = &mut self.leases[*who];
                let receipt = if is_blind { Receipt { fence: lease.fence, ..*receipt } } else { *receipt };
                self.budget.settle(lease, receipt);
            }
        }
    }

    /// What is on the way to or from somebody arrives at once, in its order.
    pub(crate) fn settle(&mut self, of: usize, until: i64) {
        let is_its = |message: &Message| match message {
            Message::Ticket(who, _) | Message::Receipt(who, _) => *who == of,
        };
        while let Some(place) = self.messages.iter().position(is_its) {
            self.take_in(place, at(until), None);
            self.messages.remove(place);
        }
    }

    /// A message is lost: what was granted is out all the same.
    pub(crate) fn lose(&mut self, dice: &mut Dice) {
        if !self.messages.is_empty() {
            let place = dice.place(self.messages.len());
            self.messages.swap_remove(place);
        }
    }

    /// What was taken, what is out and what is free make the limit.
    pub(crate) fn check(&self) -> Result<(), String> {
        let out: i64 = self.leases.iter().map(|lease| lease.granted).sum();
        let Budget { most, used, leased } = self.budget;
        if leased != out || used + leased + self.budget.free() != most || self.budget.free() < 0 {
            return Err(format!("{used} used, {leased} leased, of which {out} are out, of {most}"));
        }
        let open =
            self.leases.iter().zip(&self.purses).filter(|(lease, purse)| lease.is_out && purse.fence == lease.fence);
        let spent: i64 = open.map(|(_, purse)| purse.spent).sum();
        let back: i64 = self.purses.iter().map(|purse| purse.back).sum();
        if used + spent - back != self.taken {
            return Err(format!("{} were taken, and the books say {}", self.taken, used + spent - back));
        }
        if self.taken > most {
            return Err(format!("{} were taken of {most}", self.taken));
        }
        Ok(())
    }

    /// All leases are over and all that was on the way was lost: what was out comes home.
    pub(crate) fn end(&mut self, now: i64) -> Result<u64, String> {
        self.messages.clear();
        let closed = (0..HOLDERS).filter(|who| self.sweep(*who, now)).count();
        while let Some(message) = self.messages.pop() {
            if let Message::Receipt(who, receipt) = message {
                self.budget.settle(&mut self.leases[who], receipt);
            }
        }
        self.check()?;
        if self.budget.leased != 0 {
            return Err(format!("{} stay out for ever", self.budget.leased));
        }
        Ok(closed as u64)
    }
}
