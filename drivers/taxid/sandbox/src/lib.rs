//! A register of tax numbers that asks nobody: a few known businesses, and outages on demand.
//!
//! A well-formed number that is not in the register is `Invalid`, as it would be in the real one.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use bursar_outbound::Call;
use bursar_taxid::{Check, TaxId, TaxIdRegister};

/// One business the register starts with: number, name, address. Germany and Spain give no names, as in reality.
const KNOWN: &[(&str, &str, &str)] = &[
    ("ATU13585627", "Alpenhost GmbH", "Ringstraße 1\n1010 Wien"),
    ("BE0428759497", "Hébergement du Nord SA", "Rue Neuve 12\n1000 Bruxelles"),
    ("DE136695976", "", ""),
    ("DK13585628", "Nordlys Hosting ApS", "Havnegade 3\n1058 København"),
    ("EL094259216", "ΦΙΛΟΞΕΝΙΑ ΑΕ", "Ερμού 5\n105 63 Αθήνα"),
    ("ESB58378431", "", ""),
    ("FI20774740", "Järvi Oy", "Mannerheimintie 9\n00100 Helsinki"),
    ("FR40303265045", "Serveurs de France SARL", "5 rue de la Paix\n75002 Paris"),
    ("IE6433435F", "Clover Cloud Ltd", "1 Grand Canal Quay\nDublin 2"),
    ("IT00743110157", "Nuvola S.p.A.", "Via Roma 7\n20121 Milano"),
    ("LU15027442", "Serveurs Lux S.à r.l.", "2 rue du Fossé\nL-1536 Luxembourg"),
    ("NL004495445B01", "Polder Hosting B.V.", "Keizersgracht 100\n1015 AA Amsterdam"),
    ("PL8567346215", "Chmura Sp. z o.o.", "ul. Prosta 20\n00-850 Warszawa"),
    ("PT501964843", "Nuvem Lda.", "Rua Augusta 10\n1100-053 Lisboa"),
    ("SE123456789701", "Norrsken Hosting AB", "Storgatan 4\n111 22 Stockholm"),
];

/// The register. Changes are for tests and demonstrations.
#[derive(Debug)]
pub struct SandboxRegister {
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    known: BTreeMap<String, (String, String)>,
    away: BTreeSet<String>,
}

impl Default for SandboxRegister {
    fn default() -> Self {
        let known = KNOWN
            .iter()
            .map(|(id, name, address)| ((*id).to_owned(), ((*name).to_owned(), (*address).to_owned())));
        Self { state: Mutex::new(State { known: known.collect(), away: BTreeSet::new() }) }
    }
}

impl SandboxRegister {
    /// Adds or replaces a business.
    pub fn register(&self, number: &TaxId, name: &str, address: &str) {
        self.lock().known.insert(number.as_str().to_owned(), (name.to_owned(), address.to_owned()));
    }

    /// Takes a business out.
    pub fn strike(&self, number: &TaxId) {
        self.lock().known.remove(number.as_str());
    }

    /// From now on the register of a state (by number prefix) does not answer.
    pub fn take_away(&self, prefix: &str) {
        self.lock().away.insert(prefix.to_owned());
    }

    /// The register of a state answers again.
    pub fn bring_back(&self, prefix: &str) {
        self.lock().away.remove(prefix);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl TaxIdRegister for SandboxRegister {
    fn id(&self) -> &'static str {
        "sandbox"
    }

    async fn check(&self, _call: &Call, number: &TaxId) -> Check {
        let state = self.lock();
        if state.away.contains(number.prefix()) {
            return Check::Unavailable {
                why: format!("the register of {} does not answer", number.prefix()),
            };
        }
        match state.known.get(number.as_str()) {
            Some((name, address)) => Check::Valid { name: name.clone(), address: address.clone() },
            None => Check::Invalid,
        }
    }
}

#[cfg(test)]
mod tests {
    use bursar_outbound::{Credentials, DEFAULT_TIMEOUT};
    use bursar_time::Instant;

    use super::*;

    async fn ask(register: &SandboxRegister, country: &str, text: &str) -> Check {
        let call = Call::new(Instant::from_micros(0), DEFAULT_TIMEOUT, Credentials::none());
        bursar_taxid::check(register, &call, country, text).await
    }

    #[tokio::test]
    async fn known_unknown_malformed_and_foreign_numbers_are_told_apart() {
        let register = SandboxRegister::default();
        let known = ask(&register, "AT", "u 1358 5627").await;
        assert_eq!(
            known,
            Check::Valid {
                name: "Alpenhost GmbH".to_owned(), address: "Ringstraße 1\n1010 Wien".to_owned()
            }
        );
        assert_eq!(ask(&register, "HU", "12892312").await, Check::Invalid, "well-formed and not registered");
        assert_eq!(ask(&register, "AT", "U13585628").await, Check::Invalid, "wrong check digit");
        assert!(matches!(ask(&register, "US", "12-3456789").await, Check::Unavailable { .. }));
    }

    #[tokio::test]
    async fn an_outage_is_not_a_no() {
        let register = SandboxRegister::default();
        register.take_away("AT");
        assert!(matches!(ask(&register, "AT", "U13585627").await, Check::Unavailable { .. }));
        assert!(matches!(ask(&register, "FR", "40303265045").await, Check::Valid { .. }));
        register.bring_back("AT");
        assert!(matches!(ask(&register, "AT", "U13585627").await, Check::Valid { .. }));
    }

    #[tokio::test]
    async fn a_business_can_come_and_go() {
        let register = SandboxRegister::default();
        let number = TaxId::parse("HU", "HU12892312").unwrap();
        register.register(&number, "Felhő Kft.", "Budapest");
        assert!(matches!(ask(&register, "HU", "12892312").await, Check::Valid { .. }));
        register.strike(&number);
        assert_eq!(ask(&register, "HU", "12892312").await, Check::Invalid);
    }

    #[test]
    fn every_business_has_a_well_formed_number() {
        for (number, _, _) in KNOWN {
            let country = if number.starts_with("EL") { "GR" } else { &number[..2] };
            assert!(TaxId::parse(country, number).is_ok(), "{number}");
        }
    }
}
