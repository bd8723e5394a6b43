//! What the demo sells.

use bursar_catalog::{
    CouponDetails, CouponKind, GroupDetails, NewPrice, OwnerKind, ProductDetails, ProductKind, create_coupon,
    create_group, create_product, put_price,
};
use bursar_context::Cx;
use bursar_fault::Fault;
use bursar_money::Currency;
use bursar_time::Cycle;

/// A product as the demo describes it: monthly prices in EUR, USD, GBP (cents) and JPY (yen).
struct Offer {
    group: usize,
    kind: ProductKind,
    name: &'static str,
    about: &'static str,
    features: &'static [(&'static str, &'static str)],
    monthly: [i64; 4],
    setup: [i64; 4],
    /// How often customers pick it during the year, relatively; what is new this morning nobody has.
    weight: u64,
}

/// Places on the shelf: what is made of a whole machine, what people do by hand, and what there is one of.
pub(super) const DEDICATED: usize = 5;
pub(super) const COLOCATION: usize = 7;
pub(super) const GRAPHICS: usize = 8;

pub(super) const CURRENCIES: [Currency; 4] = [Currency::EUR, Currency::USD, Currency::GBP, Currency::JPY];

const GROUPS: [(&str, &str); 4] = [
    ("Web hosting", "For sites that should simply work"),
    ("Virtual servers", "Root access, NVMe, hourly snapshots"),
    ("Dedicated servers", "Your own machine in Frankfurt"),
    ("Game servers", "Low ping, mods welcome"),
];

const OFFERS: &[Offer] = &[
    Offer {
        group: 0,
        kind: ProductKind::WebHosting,
        name: "Web S",
        about: "One site, **daily backups**, free TLS.",
        features: &[("Storage", "10 GB"), ("Sites", "1")],
        monthly: [395, 449, 349, 600],
        setup: [0; 4],
        weight: 5,
    },
    Offer {
        group: 0,
        kind: ProductKind::WebHosting,
        name: "Web L",
        about: "Ten sites, staging, **hourly backups**.",
        features: &[("Storage", "100 GB"), ("Sites", "10")],
        monthly: [1_295, 1_399, 1_099, 1_900],
        setup: [0; 4],
        weight: 5,
    },
    Offer {
        group: 1,
        kind: ProductKind::Vps,
        name: "VPS-1",
        about: "A small server for one job.",
        features: &[("CPU", "1 core"), ("Memory", "2 GB"), ("Disk", "40 GB NVMe")],
        monthly: [595, 649, 499, 900],
        setup: [0; 4],
        weight: 5,
    },
    Offer {
        group: 1,
        kind: ProductKind::Vps,
        name: "VPS-2",
        about: "The one most people take.",
        features: &[("CPU", "2 cores"), ("Memory", "4 GB"), ("Disk", "80 GB NVMe")],
        monthly: [995, 1_099, 849, 1_500],
        setup: [0; 4],
        weight: 5,
    },
    Offer {
        group: 1,
        kind: ProductKind::Vps,
        name: "VPS-4",
        about: "Databases and busy shops.",
        features: &[("CPU", "4 cores"), ("Memory", "16 GB"), ("Disk", "240 GB NVMe")],
        monthly: [2_995, 3_299, 2_599, 4_500],
        setup: [0; 4],
        weight: 5,
    },
    Offer {
        group: 2,
        kind: ProductKind::Dedicated,
        name: "Ryzen 64",
        about: "Eight cores, two mirrored NVMe drives.",
        features: &[("CPU", "8 cores"), ("Memory", "64 GB"), ("Disk", "2 × 1 TB NVMe")],
        monthly: [7_900, 8_900, 6_900, 12_500],
        setup: [4_900, 4_900, 3_900, 7_500],
        weight: 1,
    },
    Offer {
        group: 3,
        kind: ProductKind::GameServer,
        name: "Minecraft 20",
        about: "Twenty slots, any mod pack.",
        features: &[("Slots", "20"), ("Memory", "6 GB")],
        monthly: [1_150, 1_250, 990, 1_700],
        setup: [0; 4],
        weight: 5,
    },
    Offer {
        group: 2,
        kind: ProductKind::Other,
        name: "Colocation 1U",
        about: "Your machine in our rack: power, network and **hands on site**.",
        features: &[("Space", "1 unit"), ("Power", "200 W"), ("Network", "1 Gbit/s")],
        monthly: [4_900, 5_400, 4_200, 7_900],
        setup: [2_900, 3_200, 2_500, 4_700],
        weight: 0,
    },
    Offer {
        group: 1,
        kind: ProductKind::Vps,
        name: "GPU 24",
        about: "A graphics card of your own, for models and rendering.",
        features: &[("CPU", "8 cores"), ("Memory", "64 GB"), ("Graphics", "24 GB")],
        monthly: [18_900, 20_900, 15_900, 29_900],
        setup: [0; 4],
        weight: 0,
    },
];

/// Periods sold, with how many monthly prices each costs in tenths: a year is ten months' money.
pub(super) const CYCLES: [(Cycle, i64); 3] =
    [(Cycle::Monthly, 10), (Cycle::Quarterly, 29), (Cycle::Annual, 100)];

/// A product on the shelf.
#[derive(Debug, Clone, Copy)]
pub struct Shelved {
    /// Its id.
    pub id: i64,
    /// How often customers pick it, relatively.
    pub weight: u64,
}

/// Puts everything on the shelf.
pub async fn fill(cx: &Cx) -> Result<Vec<Shelved>, Fault> {
    let refused = |e: bursar_catalog::CatalogError| Fault::new(format!("the demo's catalogue: {e}"));
    let mut groups = Vec::new();
    for (position, (name, headline)) in (0..).zip(GROUPS) {
        let details = GroupDetails {
            name: name.into(),
            headline: headline.into(),
            position,
            ..GroupDetails::default()
        };
        groups.push(create_group(cx, details).await.map_err(refused)?);
    }
    let mut shelf = Vec::new();
    for (position, offer) in (0..).zip(OFFERS) {
        let mut details = ProductDetails::named(groups[offer.group], offer.name);
        details.kind = offer.kind;
        offer.about.clone_into(&mut details.description_md);
        details.features = offer.features.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        details.position = position;
        details.featured = offer.name == "VPS-2";
        let id = create_product(cx, details).await.map_err(refused)?;
        for (n, currency) in CURRENCIES.into_iter().enumerate() {
            for (cycle, tenths) in CYCLES {
                let price = NewPrice {
                    owner_kind: OwnerKind::Product,
                    owner_id: id.get(),
                    currency,
                    cycle,
                    amount_minor: offer.monthly[n] * tenths / 10,
                    setup_minor: offer.setup[n],
                    valid_from_on: None,
                };
                put_price(cx, price).await.map_err(refused)?;
            }
        }
        shelf.push(Shelved { id: id.get(), weight: offer.weight });
    }
    let welcome = CouponDetails {
        code: "WELCOME20".into(),
        kind: CouponKind::Percent,
        value_ppm: 200_000,
        recurring_periods: 3,
        first_order_only: true,
        notes: "20 % off the first three periods".into(),
        ..CouponDetails::default()
    };
    create_coupon(cx, welcome).await.map_err(refused)?;
    Ok(shelf)
}
