//! Who buys from the demo: invented names over eight countries.

use bursar_customers::{CustomerDetails, Grouping, NewCustomer, Postal};
use bursar_ids::Rng;
use bursar_money::Currency;

const FIRST: &[&str] = &[
    "Anna", "Ben", "Clara", "David", "Elif", "Finn", "Greta", "Hannah", "Ivan", "Julia", "Kenji", "Lea",
    "Marek", "Nadia", "Omar", "Paula", "Quentin", "Rosa", "Sven", "Tariq", "Uma", "Viktor", "Wanda", "Yusuf",
    "Zoé",
];
const LAST: &[&str] = &[
    "Albrecht",
    "Bianchi",
    "Castillo",
    "Dubois",
    "Eriksen",
    "Fischer",
    "García",
    "Hoffmann",
    "Ito",
    "Jansen",
    "Kowalski",
    "Lefèvre",
    "Müller",
    "Novak",
    "Okafor",
    "Petrov",
    "Quist",
    "Rossi",
    "Schneider",
    "Tanaka",
    "Ullmann",
    "Vargas",
    "Weber",
    "Yamamoto",
    "Zieliński",
];
const TRADES: &[&str] = &["Media", "Games", "Logistics", "Design", "Software", "Bakery", "Studio", "Labs"];

struct Place {
    country: &'static str,
    city: &'static str,
    postcode: &'static str,
    street: &'static str,
    language: &'static str,
    currency: Currency,
    weight: u64,
}

const PLACES: &[Place] = &[
    Place {
        country: "DE",
        city: "Hamburg",
        postcode: "20095",
        street: "Lange Reihe",
        language: "de",
        currency: Currency::EUR,
        weight: 8,
    },
    Place {
        country: "DE",
        city: "München",
        postcode: "80331",
        street: "Sendlinger Straße",
        language: "de",
        currency: Currency::EUR,
        weight: 6,
    },
    Place {
        country: "FR",
        city: "Lyon",
        postcode: "69001",
        street: "Rue de la République",
        language: "fr",
        currency: Currency::EUR,
        weight: 4,
    },
    Place {
        country: "ES",
        city: "Valencia",
        postcode: "46001",
        street: "Calle de la Paz",
        language: "es",
        currency: Currency::EUR,
        weight: 3,
    },
    Place {
        country: "GB",
        city: "Leeds",
        postcode: "LS1 4AP",
        street: "Park Row",
        language: "en",
        currency: Currency::GBP,
        weight: 4,
    },
    Place {
        country: "US",
        city: "Portland",
        postcode: "97201",
        street: "Alder Street",
        language: "en",
        currency: Currency::USD,
        weight: 6,
    },
    Place {
        country: "JP",
        city: "Osaka",
        postcode: "530-0001",
        street: "Umeda 1-2",
        language: "en",
        currency: Currency::JPY,
        weight: 2,
    },
    Place {
        country: "BD",
        city: "Dhaka",
        postcode: "1207",
        street: "Mirpur Road",
        language: "bn",
        currency: Currency::USD,
        weight: 3,
    },
];

/// One invented customer.
pub fn invent(n: usize, rng: &mut Rng) -> NewCustomer {
    let first = pick(FIRST, rng);
    let last = pick(LAST, rng);
    let total: u64 = PLACES.iter().map(|place| place.weight).sum();
    let mut at = rng.below(total);
    let place = PLACES
        .iter()
        .find(|place| {
            let here = at < place.weight;
            at = at.saturating_sub(place.weight);
            here
        })
        .expect("the weights add up to the total");
    let company = if rng.below(3) == 0 { format!("{last} {}", pick(TRADES, rng)) } else { String::new() };
    let grouping = if company.is_empty() { Grouping::Separate } else { Grouping::Daily };
    let postal = Postal {
        first_name: (*first).to_owned(),
        last_name: (*last).to_owned(),
        company,
        email: format!("{}.{n}@example.org", first.to_lowercase().replace('é', "e")),
        address1: format!("{} {}", place.street, 1 + rng.below(120)),
        city: place.city.to_owned(),
        postcode: place.postcode.to_owned(),
        country: place.country.to_owned(),
        ..Postal::default()
    };
    let details = CustomerDetails {
        postal,
        language: place.language.to_owned(),
        grouping,
        ..CustomerDetails::default()
    };
    NewCustomer { currency: place.currency, details }
}

fn pick<'a>(among: &'a [&'static str], rng: &mut Rng) -> &'a &'static str {
    rng.pick(among).expect("the list is not empty")
}
