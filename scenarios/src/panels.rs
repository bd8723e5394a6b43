//! Vendors for a walk: the fakes that `bursar fake` starts, listening on loopback ports.

use std::net::SocketAddr;

use bursar::drivers::FAKES;
use bursar_fakeserver::{FakeServer, Identity};
use bursar_hosting::conformance::{ByHand, Opening};

use crate::house::House;

/// A fake panel that runs as long as it is kept.
pub struct Panel {
    server: FakeServer,
    by_hand: &'static ByHand,
}

impl Panel {
    /// Starts the fake of a driver.
    pub fn start(house: &House, driver: &str) -> Self {
        let by_hand = FAKES.iter().find(|fake| fake.driver == driver).expect("a driver with a fake");
        let Opening::Http(open) = by_hand.open else { panic!("{driver} does not speak HTTP") };
        let fake = open(None).expect("the fake opens");
        let any: SocketAddr = ([127, 0, 0, 1], 0).into();
        let server = house.wait(FakeServer::listen(any, Identity::fresh(), fake));
        Self { server: server.expect("a loopback port is free"), by_hand }
    }

    /// Field names and values for the form of the server, as `bursar fake` prints them.
    pub fn server(&self) -> Vec<(&'static str, String)> {
        let mut fields: Vec<_> =
            self.by_hand.settings.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        fields.push(("url", self.server.url()));
        fields.push(("fingerprint", self.server.identity().fingerprint()));
        fields
    }

    /// The same for the form of a plan map.
    pub fn plan(&self) -> &'static [(&'static str, &'static str)] {
        self.by_hand.plan
    }
}
