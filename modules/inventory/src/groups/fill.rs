//! Which server of a group is next: a pure decision.

use std::cmp::Ordering;
use std::collections::BTreeMap;

coded! {
    /// How a group fills.
    Fill {
        /// One after the other.
        RoundRobin = "round_robin",
        /// Whoever carries the fewest.
        LeastUsed = "least_used",
        /// Each by its weight: a server of weight 2 gets twice as many as one of weight 1.
        Weighted = "weighted",
        /// The region that carries the fewest, and in it whoever carries the fewest.
        ByRegion = "by_region",
        /// The first until it is full, then the second.
        UntilFull = "until_full",
    }
}

impl Fill {
    /// What people choose it by.
    pub const fn label(self) -> &'static str {
        match self {
            Self::RoundRobin => "One after the other",
            Self::LeastUsed => "Whoever carries the fewest",
            Self::Weighted => "By weight",
            Self::ByRegion => "Evenly over regions",
            Self::UntilFull => "The first until it is full",
        }
    }
}

/// A server that may be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Which server.
    pub server_id: i64,
    /// Where it stands.
    pub region_id: Option<i64>,
    /// Services it carries or is about to.
    pub taken: i64,
    /// How many it may; none for as many as its panel takes.
    pub limit: Option<i64>,
    /// Its share, 1 or more.
    pub weight: i64,
    /// Its place in the group.
    pub position: i64,
    /// When it was chosen last, counted in choices; 0 for never.
    pub turn: i64,
    /// It did not answer when it was asked last.
    pub is_down: bool,
}

impl Candidate {
    fn has_room(&self) -> bool {
        self.limit.is_none_or(|limit| self.taken < limit)
    }

    /// Whether this one has less than its share compared with another, were it to get one more.
    fn by_share(&self, other: &Self) -> Ordering {
        let share = |own: &Self, weight: i64| i128::from(own.taken + 1) * i128::from(weight.max(1));
        share(self, other.weight).cmp(&share(other, self.weight))
    }
}

/// The servers with room in the order in which they should be tried: the first one gets the service. One that is down
/// comes after all that are not, because it may be back before anything is made; ties go by place in the group.
pub fn order(fill: Fill, candidates: Vec<Candidate>) -> Vec<Candidate> {
    let mut per_region: BTreeMap<Option<i64>, i64> = BTreeMap::new();
    for candidate in &candidates {
        *per_region.entry(candidate.region_id).or_default() += candidate.taken;
    }
    let in_region = |it: &Candidate| per_region.get(&it.region_id).copied().unwrap_or_default();
    let mut with_room: Vec<Candidate> = candidates.into_iter().filter(Candidate::has_room).collect();
    with_room.sort_by(|a, b| {
        let by_rule = match fill {
            Fill::RoundRobin => a.turn.cmp(&b.turn),
            Fill::LeastUsed => a.taken.cmp(&b.taken),
            Fill::Weighted => a.by_share(b),
            Fill::ByRegion => in_region(a)
                .cmp(&in_region(b))
                .then(a.region_id.cmp(&b.region_id))
                .then(a.taken.cmp(&b.taken)),
            Fill::UntilFull => Ordering::Equal,
        };
        a.is_down
            .cmp(&b.is_down)
            .then(by_rule)
            .then(a.position.cmp(&b.position))
            .then(a.server_id.cmp(&b.server_id))
    });
    with_room
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{Strategy, any, prop, prop_assert, prop_assert_eq, proptest};

    use super::*;

    fn server(server_id: i64, taken: i64) -> Candidate {
        Candidate {
            server_id,
            region_id: None,
            taken,
            limit: None,
            weight: 1,
            position: server_id,
            turn: 0,
            is_down: false,
        }
    }

    /// Who gets the next `count` services, beginning with these servers.
    fn given(fill: Fill, mut servers: Vec<Candidate>, count: usize) -> Vec<i64> {
        let mut given = Vec::new();
        for _ in 0..count {
            let Some(next) = order(fill, servers.clone()).into_iter().next() else { break };
            given.push(next.server_id);
            let last = servers.iter().map(|it| it.turn).max().unwrap_or_default();
            let chosen = servers.iter_mut().find(|it| it.server_id == next.server_id).unwrap();
            chosen.taken += 1;
            chosen.turn = last + 1;
        }
        given
    }

    #[test]
    fn each_rule_with_figures_worked_out_by_hand() {
        // One after the other, whatever they carry: a new server joins the round and does not get everything.
        assert_eq!(given(Fill::RoundRobin, vec![server(1, 9), server(2, 0), server(3, 4)], 4), [1, 2, 3, 1]);
        // 2 has none, then as many as 3 has, so the first in the group; both come to 2 before 1 gets a third.
        assert_eq!(given(Fill::LeastUsed, vec![server(1, 2), server(2, 0), server(3, 1)], 4), [2, 2, 3, 1]);
        // Shares of 3 and 1: of four services the first gets three.
        let heavy = Candidate { weight: 3, ..server(1, 0) };
        assert_eq!(given(Fill::Weighted, vec![heavy, server(2, 0)], 8), [1, 1, 1, 2, 1, 1, 1, 2]);
        // The first takes two and is full, the second takes one, and then there is nobody.
        let small = |id, limit| Candidate { limit: Some(limit), ..server(id, 0) };
        assert_eq!(given(Fill::UntilFull, vec![small(1, 2), small(2, 1)], 9), [1, 1, 2]);
        // Region 7 has one server and region 8 two: the regions get as many each.
        let at = |id, region| Candidate { region_id: Some(region), ..server(id, 0) };
        assert_eq!(given(Fill::ByRegion, vec![at(1, 7), at(2, 8), at(3, 8)], 6), [1, 2, 1, 3, 1, 2]);
    }

    #[test]
    fn one_that_is_down_comes_last_and_still_before_nobody() {
        let down = Candidate { is_down: true, ..server(1, 0) };
        assert_eq!(given(Fill::LeastUsed, vec![down.clone(), server(2, 50)], 2), [2, 2]);
        assert_eq!(given(Fill::LeastUsed, vec![down], 1), [1]);
    }

    fn any_servers() -> impl Strategy<Value = Vec<Candidate>> {
        let one = (
            0..40_i64,
            prop::option::of(0..40_i64),
            1..6_i64,
            prop::option::of(0..3_i64),
            0..9_i64,
            any::<bool>(),
        );
        prop::collection::vec(one, 0..12).prop_map(|all| {
            let number = |(at, (taken, limit, weight, region_id, turn, is_down)): (
                usize,
                (i64, Option<i64>, i64, Option<i64>, i64, bool),
            )| Candidate {
                taken,
                limit,
                weight,
                region_id,
                turn,
                is_down,
                ..server(i64::try_from(at).unwrap() + 1, 0)
            };
            all.into_iter().enumerate().map(number).collect()
        })
    }

    proptest! {
        #[test]
        fn whoever_has_room_is_there_once_and_nobody_else(rule in 0..Fill::ALL.len(), servers in any_servers()) {
            let ordered = order(Fill::ALL[rule], servers.clone());
            let mut ids: Vec<i64> = ordered.iter().map(|it| it.server_id).collect();
            ids.sort_unstable();
            let room: Vec<i64> = servers.iter().filter(|it| it.has_room()).map(|it| it.server_id).collect();
            prop_assert_eq!(ids, room);
            prop_assert!(ordered.is_sorted_by_key(|it| it.is_down));
        }

        #[test]
        fn the_order_of_the_question_does_not_matter(rule in 0..Fill::ALL.len(), servers in any_servers()) {
            let mut backwards = servers.clone();
            backwards.reverse();
            prop_assert_eq!(order(Fill::ALL[rule], servers), order(Fill::ALL[rule], backwards));
        }

        #[test]
        fn by_weight_nobody_gets_less_than_its_share_in_whole_services(
            weights in prop::collection::vec(1..9_i64, 1..6), count in 0..200_usize,
        ) {
            let servers: Vec<Candidate> = weights
                .iter()
                .enumerate()
                .map(|(at, weight)| Candidate { weight: *weight, ..server(i64::try_from(at).unwrap(), 0) })
                .collect();
            let all = given(Fill::Weighted, servers, count);
            let sum: i64 = weights.iter().sum();
            for (at, weight) in weights.iter().enumerate() {
                let got = all.iter().filter(|id| usize::try_from(**id) == Ok(at)).count();
                let (got, count) = (i64::try_from(got).unwrap(), i64::try_from(count).unwrap());
                prop_assert!(got >= count * weight / sum, "{weights:?}: {at} got {got} of {count}");
            }
        }

        #[test]
        fn one_after_the_other_everybody_gets_as_many(servers in 1..8_i64, rounds in 1..6_usize) {
            let all = given(Fill::RoundRobin, (1..=servers).map(|id| server(id, 0)).collect(), rounds * usize::try_from(servers).unwrap());
            for id in 1..=servers {
                prop_assert_eq!(all.iter().filter(|it| **it == id).count(), rounds);
            }
        }
    }
}
