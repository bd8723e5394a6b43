//! A made-up business as a dump: as large as asked for, with every cycle and every day of the month, always the same.

use std::fmt::Write as _;

use bursar_ids::Rng;

/// The committed dump, of which the definitions of the tables are taken.
const BUSINESS: &str = include_str!("../../../../modules/import/tests/business.sql");

const CYCLES: [(&str, i64); 6] = [
    ("Monthly", 1),
    ("Quarterly", 3),
    ("Semi-Annually", 6),
    ("Annually", 12),
    ("Biennially", 24),
    ("Triennially", 36),
];

/// Rows by table.
struct Tables {
    clients: String,
    services: String,
    addons: String,
    invoices: String,
    lines: String,
    transactions: String,
    credit: String,
    notes: String,
}

/// A dump of so many clients with three services each, their invoices, payments and credit.
pub fn generated(clients: i64) -> String {
    let mut rng = Rng::from_seed(35);
    let new = String::new;
    let mut tables = Tables {
        clients: new(),
        services: new(),
        addons: new(),
        invoices: new(),
        lines: new(),
        transactions: new(),
        credit: new(),
        notes: new(),
    };
    for client in 1..=clients {
        tables.client(client, &mut rng);
    }
    let mut dump = String::from("-- MariaDB dump 10.19\n");
    for statement in BUSINESS.split(";\n") {
        let rows = match statement.split('`').nth(1).filter(|_| statement.starts_with("INSERT")) {
            Some("tblclients") => &tables.clients,
            Some("tblhosting") => &tables.services,
            Some("tblhostingaddons") => &tables.addons,
            Some("tblinvoices") => &tables.invoices,
            Some("tblinvoiceitems") => &tables.lines,
            Some("tblaccounts") => &tables.transactions,
            Some("tblcredit") => &tables.credit,
            Some("tblnotes") => &tables.notes,
            Some(_) | None => {
                if !statement.trim_start().starts_with("--") {
                    dump.push_str(statement);
                    dump.push_str(";\n");
                } else if let Some(at) = statement.find("CREATE TABLE") {
                    dump.push_str(&statement[at..]);
                    dump.push_str(";\n");
                }
                continue;
            }
        };
        let (head, _) = statement.split_once("VALUES").expect("an INSERT has values");
        dump.push_str(head);
        dump.push_str("VALUES\n");
        dump.push_str(rows.trim_end_matches(",\n"));
        dump.push_str(";\n");
    }
    dump.push_str("-- Dump completed\n");
    dump
}

impl Tables {
    fn client(&mut self, client: i64, rng: &mut Rng) {
        // The second currency has no decimals.
        let currency = if client % 5 == 0 { 2 } else { 1 };
        let credit = if client % 4 == 0 { "5.00" } else { "0.00" };
        add(
            &mut self.clients,
            format_args!(
                "({client},'Ann','Able {client}','Able &amp; Co','c{client}@example.com','1 Road','','Town','','12345','US',\
             '+1.555','',{currency},'stripe','{credit}',0,0,0,0,0,'2025-01-31','',0,0,'Active','german','')"
            ),
        );
        if client % 4 == 0 {
            add(&mut self.credit, format_args!("({client},{client},'2025-10-01','Gift','5.00',0)"));
        }
        add(&mut self.notes, format_args!("({client},{client},'2025-05-05 10:00:00','Called',1)"));
        for n in 0..3 {
            self.service(client * 3 - 2 + n, client, rng);
        }
    }

    fn service(&mut self, id: i64, client: i64, rng: &mut Rng) {
        let (cycle, _) = *rng.pick(&CYCLES).expect("there are cycles");
        let cycle = if rng.chance_ppm(600_000) { "Monthly" } else { cycle };
        let begun = 1 + id % 31;
        // The first period without an invoice begins within two months, on the day it began or the month's last.
        let (month, length) = *rng.pick(&[(1, 31), (2, 28), (3, 31)]).expect("there are months");
        let due = begun.min(length);
        let status = if rng.chance_ppm(50_000) { "Suspended" } else { "Active" };
        let amount = 100 * (1 + id % 40);
        add(
            &mut self.services,
            format_args!(
                "({id},{client},0,1,'2024-01-{begun:02}','example{id}.com','stripe',1,'{amount}.00','{amount}.00','{cycle}',\
             '2026-{month:02}-{due:02}','2026-{month:02}-{due:02}','0000-00-00','{status}','',0,'0000-00-00',0,0,'','','')"
            ),
        );
        if id % 6 == 0 {
            add(
                &mut self.addons,
                format_args!(
                    "({id},{id},1,0,0,'',1,'0.00','200.00','Monthly','on','Active','2024-01-{begun:02}',\
                 '2026-{month:02}-{due:02}','2026-{month:02}-{due:02}','0000-00-00','stripe','')"
                ),
            );
        }
        for n in 0..3 {
            self.invoice(id * 3 - 2 + n, (id, client), amount, n);
        }
    }

    fn invoice(&mut self, id: i64, (service, client): (i64, i64), amount: i64, n: i64) {
        let is_paid = id % 7 != 0;
        let (status, paid) =
            if is_paid { ("Paid", "2025-11-02 10:00:00") } else { ("Unpaid", "0000-00-00 00:00:00") };
        let month = 9 + n;
        add(
            &mut self.invoices,
            format_args!(
                "({id},{client},'','2025-{month:02}-01','2025-{month:02}-15','{paid}','0000-00-00 00:00:00',\
             '0000-00-00 00:00:00','{amount}.00','0.00','0.00','0.00','{amount}.00','0.000','0.000','{status}','stripe','')"
            ),
        );
        add(
            &mut self.lines,
            format_args!(
                "({id},{id},{client},'Hosting',{service},'Hosting\\nexample{service}.com','{amount}.00',0,'2025-{month:02}-15')"
            ),
        );
        if is_paid {
            add(
                &mut self.transactions,
                format_args!(
                    "({id},{client},0,'stripe','2025-{month:02}-10 10:00:00','Invoice Payment','{amount}.00','1.00','0.00',\
                 '1.00000','T{id}',{id},0)"
                ),
            );
        }
    }
}

fn add(rows: &mut String, row: std::fmt::Arguments<'_>) {
    rows.write_fmt(row).expect("writing to a string cannot fail");
    rows.push_str(",\n");
}
