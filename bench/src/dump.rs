//! A made-up business as a WHMCS dump: as large as asked for, with every cycle and every day of the month, always the same.

use std::fmt::Arguments;
use std::io::{self, Write};

use bursar_ids::Rng;

/// The committed dump, of which the definitions of the tables are taken.
const BUSINESS: &str = include_str!("../../modules/import/tests/business.sql");

/// Who signs in, as version 8 has it; the committed dump is of an older one.
const LOGINS: &str = "CREATE TABLE `tblusers` (
  `id` int(10) unsigned NOT NULL AUTO_INCREMENT,
  `first_name` varchar(255) NOT NULL DEFAULT '',
  `last_name` varchar(255) NOT NULL DEFAULT '',
  `email` varchar(255) NOT NULL DEFAULT '',
  `password` varchar(255) NOT NULL DEFAULT '',
  `second_factor` varchar(255) NOT NULL DEFAULT '',
  `email_verified_at` timestamp NULL DEFAULT NULL,
  `created_at` timestamp NULL DEFAULT NULL,
  PRIMARY KEY (`id`)
);
CREATE TABLE `tblusers_clients` (
  `id` int(10) unsigned NOT NULL AUTO_INCREMENT,
  `auth_user_id` int(10) unsigned NOT NULL DEFAULT 0,
  `client_id` int(10) unsigned NOT NULL DEFAULT 0,
  `owner` tinyint(1) unsigned NOT NULL DEFAULT 0,
  `permissions` text DEFAULT NULL,
  PRIMARY KEY (`id`)
);
";

const CYCLES: [(&str, i64); 6] = [
    ("Monthly", 1),
    ("Quarterly", 3),
    ("Semi-Annually", 6),
    ("Annually", 12),
    ("Biennially", 24),
    ("Triennially", 36),
];

/// Rows of one statement; mysqldump writes statements of about a megabyte.
const ROWS_A_STATEMENT: u64 = 5_000;

/// Writes a dump of so many clients with three services each, their invoices, payments and credit. Nothing is held: the
/// rows of each table are made again from the same seed when its turn comes.
pub fn write_business(out: &mut dyn Write, clients: i64) -> io::Result<()> {
    writeln!(out, "-- MariaDB dump 10.19")?;
    for statement in BUSINESS.split(";\n") {
        let name = statement.split('`').nth(1).filter(|_| statement.starts_with("INSERT"));
        match name.and_then(Table::named) {
            Some(table) => {
                let (head, _) = statement.split_once("VALUES").unwrap_or((statement, ""));
                Rows { out, table, head, written: 0 }.all(clients)?;
            }
            None => match (statement.trim_start().starts_with("--"), statement.find("CREATE TABLE")) {
                (false, _) => writeln!(out, "{statement};")?,
                (true, Some(at)) => writeln!(out, "{};", &statement[at..])?,
                (true, None) => {}
            },
        }
    }
    write!(out, "{LOGINS}")?;
    for (table, head) in
        [(Table::Users, "INSERT INTO `tblusers` "), (Table::Members, "INSERT INTO `tblusers_clients` ")]
    {
        Rows { out, table, head, written: 0 }.all(clients)?;
    }
    writeln!(out, "-- Dump completed")
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Table {
    Clients,
    Services,
    Addons,
    Invoices,
    Lines,
    Transactions,
    Credit,
    Notes,
    Users,
    Members,
}

impl Table {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "tblclients" => Self::Clients,
            "tblhosting" => Self::Services,
            "tblhostingaddons" => Self::Addons,
            "tblinvoices" => Self::Invoices,
            "tblinvoiceitems" => Self::Lines,
            "tblaccounts" => Self::Transactions,
            "tblcredit" => Self::Credit,
            "tblnotes" => Self::Notes,
            _ => return None,
        })
    }
}

/// The rows of one table on their way out; those of others are passed over.
struct Rows<'a> {
    out: &'a mut dyn Write,
    table: Table,
    head: &'a str,
    written: u64,
}

impl Rows<'_> {
    fn all(mut self, clients: i64) -> io::Result<()> {
        let mut rng = Rng::from_seed(35);
        for client in 1..=clients {
            self.client(client, &mut rng)?;
        }
        if self.written > 0 { writeln!(self.out, ";") } else { Ok(()) }
    }

    fn add(&mut self, table: Table, row: Arguments<'_>) -> io::Result<()> {
        if table != self.table {
            return Ok(());
        }
        if self.written.is_multiple_of(ROWS_A_STATEMENT) {
            let end = if self.written > 0 { ";\n" } else { "" };
            writeln!(self.out, "{end}{}VALUES", self.head)?;
        } else {
            self.out.write_all(b",\n")?;
        }
        self.written += 1;
        self.out.write_fmt(row)
    }

    fn client(&mut self, client: i64, rng: &mut Rng) -> io::Result<()> {
        // The second currency has no decimals.
        let currency = if client % 5 == 0 { 2 } else { 1 };
        let credit = if client % 4 == 0 { "5.00" } else { "0.00" };
        self.add(Table::Clients,
            format_args!(
                "({client},'Ann','Able {client}','Able &amp; Co','c{client}@example.com','1 Road','','Town','','12345','US',\
             '+1.555','',{currency},'stripe','{credit}',0,0,0,0,0,'2025-01-31','',0,0,'Active','german','')"
            ),
        )?;
        if client % 4 == 0 {
            self.add(Table::Credit, format_args!("({client},{client},'2025-10-01','Gift','5.00',0)"))?;
        }
        self.add(Table::Notes, format_args!("({client},{client},'2025-05-05 10:00:00','Called',1)"))?;
        let hash = "$2y$10$abcdefghijklmnopqrstuuJf6bLoRrUlYHGgv0B3Ht0pOQh0rQ5Zq";
        self.add(
            Table::Users,
            format_args!(
                "({client},'Ann','Able {client}','c{client}@example.com','{hash}','','2025-01-31 10:00:00',\
             '2025-01-31 10:00:00')"
            ),
        )?;
        self.add(Table::Members, format_args!("({client},{client},{client},1,NULL)"))?;
        for n in 0..3 {
            self.service(client * 3 - 2 + n, client, rng)?;
        }
        Ok(())
    }

    fn service(&mut self, id: i64, client: i64, rng: &mut Rng) -> io::Result<()> {
        let (cycle, _) = *rng.pick(&CYCLES).expect("there are cycles");
        let cycle = if rng.chance_ppm(600_000) { "Monthly" } else { cycle };
        let begun = 1 + id % 31;
        // The first period without an invoice begins within two months, on the day it began or the month's last.
        let (month, length) = *rng.pick(&[(1, 31), (2, 28), (3, 31)]).expect("there are months");
        let due = begun.min(length);
        let status = if rng.chance_ppm(50_000) { "Suspended" } else { "Active" };
        let amount = 100 * (1 + id % 40);
        self.add(Table::Services,
            format_args!(
                "({id},{client},0,1,'2024-01-{begun:02}','example{id}.com','stripe',1,'{amount}.00','{amount}.00','{cycle}',\
             '2026-{month:02}-{due:02}','2026-{month:02}-{due:02}','0000-00-00','{status}','',0,'0000-00-00',0,0,'','','')"
            ),
        )?;
        if id % 6 == 0 {
            self.add(
                Table::Addons,
                format_args!(
                    "({id},{id},1,0,0,'',1,'0.00','200.00','Monthly','on','Active','2024-01-{begun:02}',\
                 '2026-{month:02}-{due:02}','2026-{month:02}-{due:02}','0000-00-00','stripe','')"
                ),
            )?;
        }
        for n in 0..3 {
            self.invoice(id * 3 - 2 + n, (id, client), amount, n)?;
        }
        Ok(())
    }

    fn invoice(&mut self, id: i64, (service, client): (i64, i64), amount: i64, n: i64) -> io::Result<()> {
        let is_paid = id % 7 != 0;
        let (status, paid) =
            if is_paid { ("Paid", "2025-11-02 10:00:00") } else { ("Unpaid", "0000-00-00 00:00:00") };
        let month = 9 + n;
        self.add(Table::Invoices,
            format_args!(
                "({id},{client},'','2025-{month:02}-01','2025-{month:02}-15','{paid}','0000-00-00 00:00:00',\
             '0000-00-00 00:00:00','{amount}.00','0.00','0.00','0.00','{amount}.00','0.000','0.000','{status}','stripe','')"
            ),
        )?;
        self.add(Table::Lines,
            format_args!(
                "({id},{id},{client},'Hosting',{service},'Hosting\\nexample{service}.com','{amount}.00',0,'2025-{month:02}-15')"
            ),
        )?;
        if is_paid {
            self.add(Table::Transactions,
                format_args!(
                    "({id},{client},0,'stripe','2025-{month:02}-10 10:00:00','Invoice Payment','{amount}.00','1.00','0.00',\
                 '1.00000','T{id}',{id},0)"
                ),
            )?;
        }
        Ok(())
    }
}
