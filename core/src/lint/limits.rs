//! Limits that no lead can pass, limits that never count, and times that never come.

use super::{Linter, counted};
use crate::limits::{Cap, Measure, Window};
use crate::model::{Code, Money, Node};
use crate::plan::compiled::{Calendar, Contract, Group, Payout, Route};

/// More days than this are not looked at one by one.
const DAYS: i64 = 800;

impl Linter<'_> {
    pub(super) fn limits(&mut self) {
        let plan = self.plan;
        for contract in &plan.contracts {
            let cheapest = prices(contract).min();
            for cap in takes_none(&contract.caps, cheapest) {
                let message = format!("contract `{}` buys nothing: {}", contract.id, said(cap, cheapest));
                self.at_contract(Code::LintCapTakesNone, contract, &["caps", cap.window.as_str()], message, None);
            }
            self.never_counts(contract);
            self.paces_nothing(contract);
            self.times(contract);
            self.too_cheap(contract);
        }
        for (id, buyer) in &plan.buyers {
            let own = plan.contracts.iter().filter(|contract| contract.buyer == *id);
            let cheapest = own.flat_map(prices).min();
            let Some((node, path)) = self.buyers.get(id.as_str()).cloned() else { continue };
            self.caps_of(node, &path, &buyer.caps, cheapest, &format!("buyer `{id}`"));
        }
        for (id, source) in &plan.sources {
            let Some(node) = self.root.get("sources").and_then(|sources| sources.get(id.as_str())) else { continue };
            let path = format!("/sources/{}", super::escape(id.as_str()));
            self.caps_of(node, &path, &source.caps, None, &format!("the source `{id}`"));
        }
        for (vertical, route) in &plan.routes {
            let node = self.root.get("routes").and_then(|routes| routes.get(vertical));
            let groups = node.and_then(|node| node.get("groups")).map(Node::items).unwrap_or_default();
            for (n, (group, node)) in route.groups.iter().zip(groups).enumerate() {
                let members = group.members.iter().filter_map(|member| plan.contract(member.contract));
                let cheapest = members.flat_map(prices).min();
                let path = format!("/routes/{}/groups/{n}", super::escape(vertical));
                self.caps_of(node, &path, &group.caps, cheapest, &format!("the group `{}`", group.id));
            }
        }
    }

    fn caps_of(&mut self, node: &Node, path: &str, caps: &Calendar, cheapest: Option<Money>, owner: &str) {
        for cap in takes_none(caps, cheapest) {
            let window = cap.window.as_str();
            let member = node.get("caps").and_then(|caps| caps.members().iter().find(|member| member.key == window));
            let Some(member) = member else { continue };
            let message = format!("nothing is sold on {owner}: {}", said(cap, cheapest));
            self.find(Code::LintCapTakesNone, member.place, format!("{path}/caps/{window}"), message, None);
        }
    }

    /// Caps on counts of which another one is always met first.
    fn never_counts(&mut self, contract: &Contract) {
        let caps: Vec<&Cap> =
            contract.caps.caps.iter().filter(|cap| cap.measure == Measure::Count && cap.limit > 0).collect();
        for short in &caps {
            let is_within = |long: &Window| match short.window {
                Window::Hour => !matches!(long, Window::Hour | Window::Rolling(_)),
                Window::Day => !matches!(long, Window::Hour | Window::Day | Window::Rolling(_)),
                // A week may lie in two months.
                Window::Week | Window::Month => *long == Window::Total,
                Window::Rolling(_) => *long == Window::Total,
                Window::Total => false,
            };
            if let Some(long) = caps.iter().find(|long| is_within(&long.window) && short.limit >= long.limit) {
                let message = format!(
                    "the cap of {} {} of contract `{}` never counts: it takes {} {} at most",
                    short.limit,
                    per(short.window),
                    contract.id,
                    long.limit,
                    per(long.window)
                );
                let part = ["caps", short.window.as_str()];
                self.at_contract(Code::LintCapNeverReached, contract, &part, message, None);
            }
        }
        let of = |window| caps.iter().find(|cap| cap.window == window);
        let (Some(hour), Some(day)) = (of(Window::Hour), of(Window::Day)) else { return };
        let hours = contract.schedule.most_hours_a_day();
        let most = hour.limit.saturating_mul(hours);
        if most < day.limit && hours > 0 {
            let message = format!(
                "the cap of {} a day of contract `{}` is never reached: {} an hour make {most} in {}",
                day.limit,
                contract.id,
                hour.limit,
                counted(usize::try_from(hours).unwrap_or(0), "open hour"),
            );
            self.at_contract(Code::LintCapNeverReached, contract, &["caps", "day"], message, None);
        }
    }

    /// Only caps whose windows end can be spread over time.
    fn paces_nothing(&mut self, contract: &Contract) {
        let ends = |cap: &Cap| !matches!(cap.window, Window::Total | Window::Rolling(_));
        if contract.pace && !contract.caps.caps.iter().any(ends) {
            let message =
                format!("contract `{}` has no cap of an hour, a day, a week or a month to spread", contract.id);
            self.at_contract(Code::LintPacesNothing, contract, &["pace"], message, None);
        }
    }

    fn times(&mut self, contract: &Contract) {
        let (starts, ends) = (contract.starts, contract.ends);
        if let (Some(starts), Some(ends)) = (starts, ends)
            && ends < starts
        {
            let message = format!("contract `{}` ends on {ends}, before it starts on {starts}", contract.id);
            return self.at_contract(Code::LintNeverOpen, contract, &["ends"], message, None);
        }
        if let Some(ends) = ends.filter(|ends| *ends < self.today) {
            let message = format!("contract `{}` has ended on {ends}", contract.id);
            return self.at_contract(Code::LintExpired, contract, &["ends"], message, None);
        }
        if !contract.schedule.opens_between(starts, ends, DAYS) {
            let message = format!("contract `{}` is never open between its first and its last day", contract.id);
            self.at_contract(Code::LintNeverOpen, contract, &["hours"], message, None);
        }
    }

    /// Prices that are refused wherever the contract is a member.
    fn too_cheap(&mut self, contract: &Contract) {
        let plan = self.plan;
        let Some(best) = prices(contract).max() else { return };
        let is_member = |group: &&Group| {
            let members = group.members.iter().filter_map(|member| plan.contract(member.contract));
            members.into_iter().any(|member| member.id == contract.id)
        };
        let Some((vertical, route)) = plan.routes.iter().find(|(_, route)| route.groups.iter().any(|g| is_member(&g)))
        else {
            return;
        };
        let groups: Vec<&Group> = route.groups.iter().filter(is_member).collect();
        if let Some(floor) = groups.iter().map(|group| group.floor).min().filter(|floor| best < *floor) {
            let message = format!("contract `{}` sells nothing: {best} is below the floor of {floor}", contract.id);
            return self.at_contract(Code::LintPriceTooLow, contract, &["sell"], message, None);
        }
        let sources = plan.sources.values().filter(|source| source.verticals.contains(vertical));
        let payouts: Vec<Payout> = sources.map(|source| source.payout).collect();
        let margins = payouts.iter().map(|payout| margin(*payout, best, route));
        let most = margins.max().unwrap_or(best);
        if most < route.min_margin {
            let message = format!(
                "contract `{}` sells nothing: {best} leaves at most {most} after the payout, and `min_margin` is {}",
                contract.id, route.min_margin
            );
            self.at_contract(Code::LintPriceTooLow, contract, &["sell"], message, None);
        }
    }
}

/// What is left of a sale, at best: a fixed payout falls due once a lead, so a second sale keeps its price.
fn margin(payout: Payout, price: Money, route: &Route) -> Money {
    let out = match payout {
        Payout::Nothing => Money::ZERO,
        Payout::Share(ppm) => price.share_floor_cent(ppm),
        Payout::Fixed(_) if route.max_sales > 1 => Money::ZERO,
        Payout::Fixed(amount) => amount,
    };
    price.checked_sub(out).unwrap_or(Money::ZERO)
}

fn prices(contract: &Contract) -> impl Iterator<Item = Money> + use<> {
    contract.exclusive.into_iter().chain(contract.shared.map(|shared| shared.price))
}

/// Caps that no sale passes.
fn takes_none(calendar: &Calendar, cheapest: Option<Money>) -> impl Iterator<Item = &Cap> {
    calendar.caps.iter().filter(move |cap| match cap.measure {
        Measure::Count => cap.limit == 0,
        Measure::Spend => cap.limit == 0 || !cap.overshoot && cheapest.is_some_and(|price| price.units() > cap.limit),
    })
}

fn said(cap: &Cap, cheapest: Option<Money>) -> String {
    let window = per(cap.window);
    match (cap.measure, Money::from_units(cap.limit), cheapest) {
        (Measure::Spend, Some(limit), Some(price)) if cap.limit > 0 => {
            format!("it may spend {limit} {window}, and a lead costs {price}")
        }
        _ => format!("the cap is 0 {window}"),
    }
}

fn per(window: Window) -> String {
    match window {
        Window::Total => "in all".to_owned(),
        Window::Hour => "an hour".to_owned(),
        Window::Rolling(millis) => format!("in any {}", crate::plan::units::duration_text(millis)),
        window => format!("a {}", window.as_str()),
    }
}
