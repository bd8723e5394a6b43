use bursar_money::{Currency, Ppm};
use bursar_sqldump::{Event, Reader};
use bursar_time::Cycle;

use super::{
    ClientStatus, Context, CurrencyRow, InvoiceStatus, LegacyRow, PromotionKind, Reading, Severity, WhmcsRow,
    read_any, read_row,
};
use crate::whmcs::LegacyCycle;
use crate::whmcs::amount::Hundredths;

const CURRENCIES: &str = "CREATE TABLE `tblcurrencies` (`id` int, `code` text, `rate` decimal(10,5), `default` int) DEFAULT CHARSET=utf8mb3;\n\
    INSERT INTO `tblcurrencies` VALUES (1,'USD',1.00000,1),(2,'EUR',0.92140,0),(3,'BTCX',2.00000,0);\n";

const PROMOTIONS: &str = "CREATE TABLE `tblpromotions` (`id` int, `code` text, `type` text, `value` decimal(16,2), `recurring` int, \
    `recurfor` int, `cycles` text, `appliesto` text, `requires` text, `requiresexisting` int, `startdate` date, `expirationdate` date, \
    `maxuses` int, `uses` int, `applyonce` int, `newsignups` int, `existingclient` int, `onceperclient` int, `upgrades` int, `notes` text) DEFAULT CHARSET=utf8mb3;\n";

const INVOICES: &str = "CREATE TABLE `tblinvoices` (`id` int, `userid` int, `invoicenum` text, `date` date, `duedate` date, `datepaid` datetime, \
    `date_refunded` datetime, `date_cancelled` datetime, `subtotal` decimal(16,2), `credit` decimal(16,2), `tax` decimal(16,2), \
    `tax2` decimal(16,2), `total` decimal(16,2), `taxrate` decimal(10,3), `taxrate2` decimal(10,3), `status` text, \
    `paymentmethod` text, `notes` text) DEFAULT CHARSET=utf8mb3;\n";

const OPTIONS: &str = "CREATE TABLE `tblhostingconfigoptions` (`id` int, `relid` int, `configid` int, `optionid` int, `qty` int);\n";

const TAXES: &str = "CREATE TABLE `tbltax` (`id` int, `level` int, `name` text, `state` text, `country` text, `taxrate` decimal(10,3)) DEFAULT CHARSET=utf8mb3;\n";

/// The currencies of the dump that can be read.
fn context(dump: &str) -> Context {
    let (mut reader, mut context) = (Reader::open(dump.as_bytes()).unwrap(), Context::default());
    while let Some(event) = reader.next_event().unwrap() {
        if let Event::Row(row) = event
            && row.table().name == CurrencyRow::TABLE
            && let Some(currency) = read_row::<CurrencyRow>(row, &Context::default()).value
        {
            context.currencies.insert(currency.id, currency.code);
        }
    }
    context
}

/// Every row of the dump as read.
fn read_all(dump: &str) -> Vec<Reading<LegacyRow>> {
    let context = context(dump);
    let mut reader = Reader::open(dump.as_bytes()).unwrap();
    let mut readings = Vec::new();
    while let Some(event) = reader.next_event().unwrap() {
        if let Event::Row(row) = event {
            readings.extend(read_any(row, &context));
        }
    }
    readings
}

/// The problems of the rows after the currencies.
fn problems(dump: &str) -> Vec<String> {
    let readings = read_all(&format!("{CURRENCIES}{dump}"));
    let problems = readings.iter().skip(3).flat_map(|reading| &reading.problems);
    problems
        .map(|problem| {
            format!("{problem}{}", if problem.severity == Severity::Refused { " (refused)" } else { "" })
        })
        .collect()
}

#[test]
fn currencies_become_the_context_and_unknown_codes_are_refused() {
    let context = context(CURRENCIES);
    assert_eq!(context.currencies.into_iter().collect::<Vec<_>>(), [(1, Currency::USD), (2, Currency::EUR)]);
    let readings = read_all(CURRENCIES);
    assert!(matches!(&readings[1].value, Some(LegacyRow::Currency(row)) if row.id == 2 && !row.is_base));
    assert_eq!(readings[2].value, None);
    assert_eq!(
        readings[2].problems[0].to_string(),
        "tblcurrencies 3 (line 2), field code: \"BTCX\" is not a currency of ISO 4217"
    );
}

#[test]
fn a_good_invoice_is_read_whole() {
    let dump = format!(
        "{INVOICES}INSERT INTO `tblinvoices` VALUES (7,3,'A&amp;B-7','2024-02-29','2024-03-14','2024-03-01 10:20:30',\
         '0000-00-00 00:00:00',NULL,10.00,2.00,0.73,0.00,8.73,7.250,0.000,'Paid','stripe','');"
    );
    let readings = read_all(&dump);
    let Some(LegacyRow::Invoice(invoice)) = &readings[0].value else { panic!("{readings:?}") };
    assert_eq!((invoice.id, invoice.client_id, invoice.number.as_str()), (7, Some(3), "A&B-7"));
    assert_eq!(invoice.issued_on.unwrap().to_string(), "2024-02-29");
    assert_eq!(invoice.paid_at.unwrap().to_string(), "2024-03-01T10:20:30");
    assert_eq!((invoice.refunded_at, invoice.cancelled_at), (None, None));
    assert_eq!((invoice.credit, invoice.total), (Hundredths(200), Hundredths(873)));
    assert_eq!(invoice.tax1_rate, Some(Ppm::new(72_500)));
    assert_eq!(invoice.status, InvoiceStatus::Paid);
    assert_eq!(readings[0].problems, []);
}

#[test]
fn impossible_dates_and_rates_of_documents_are_replaced_and_named() {
    let dump = format!(
        "{INVOICES}INSERT INTO `tblinvoices` VALUES \n(1,3,'','2023-02-31','9999-12-31','0000-00-00 00:00:00',NULL,NULL,\
         1.00,0.00,0.00,0.00,1.00,1000.000,0.000,'unpaid','','');"
    );
    assert_eq!(
        problems(&dump),
        [
            "tblinvoices 1 (line 5), field date: \"2023-02-31\" is not a date; taken as none",
            "tblinvoices 1 (line 5), field duedate: \"9999-12-31\" is not a date; taken as none",
            "tblinvoices 1 (line 5), field taxrate: 1000.000 is not a rate between 0 and 100 %",
            "tblinvoices 1 (line 5), field status: \"unpaid\" is read as \"Unpaid\"",
        ]
    );
    let readings = read_all(&dump);
    assert!(matches!(&readings[0].value, Some(LegacyRow::Invoice(row))
        if row.issued_on.is_none() && row.tax1_rate.is_none() && row.status == InvoiceStatus::Unpaid));
}

#[test]
fn impossible_amounts_and_unknown_statuses_refuse_the_row() {
    let dump = format!(
        "{INVOICES}INSERT INTO `tblinvoices` VALUES (1,3,'',NULL,NULL,NULL,NULL,NULL,\
         1000000000000000000,'x',-5.00,1.005,0.00,0.000,0.000,'Bogus','','');"
    );
    let known = "Draft, Unpaid, Payment Pending, Paid, Cancelled, Refunded, Collections";
    let amount = "is not an amount of at most two decimals and a million millions";
    assert_eq!(
        problems(&dump),
        [
            format!("tblinvoices 1 (line 4), field subtotal: 1000000000000000000 {amount} (refused)"),
            "tblinvoices 1 (line 4), field credit: \"x\" is not a number (refused)".to_owned(),
            format!("tblinvoices 1 (line 4), field tax2: 1.005 {amount} (refused)"),
            format!("tblinvoices 1 (line 4), field status: \"Bogus\" is none of: {known} (refused)"),
        ]
    );
}

#[test]
fn a_coupon_of_more_than_everything_is_refused() {
    let rest = "0,0,'','','',0,'0000-00-00',NULL,0,0,0,0,0,0,0,''";
    let dump = format!(
        "{PROMOTIONS}INSERT INTO `tblpromotions` VALUES (1,'A','Percentage',100.00,{rest}),(2,'B','Percentage',150.00,{rest}),\
         (3,'C','Fixed Amount',150.00,{rest}),(4,'D','Fixed Amount',-1.00,{rest});"
    );
    assert_eq!(
        problems(&dump),
        [
            "tblpromotions 2 (line 4), field value: 150.00 % is not a discount between 0 and 100 % (refused)",
            "tblpromotions 4 (line 4), field value: -1.00 is not an amount that is not below 0 (refused)",
        ]
    );
    let readings = read_all(&dump);
    assert!(
        matches!(&readings[0].value, Some(LegacyRow::Promotion(row)) if row.kind == PromotionKind::Percentage)
    );
    assert_eq!(readings.iter().filter(|reading| reading.value.is_some()).count(), 2);
}

#[test]
fn negative_quantities_and_impossible_tax_rules_are_refused() {
    let dump = format!(
        "{OPTIONS}INSERT INTO tblhostingconfigoptions VALUES (1,5,6,7,-3),(2,0,6,7,0);\n\
         {TAXES}INSERT INTO tbltax VALUES (1,1,'VAT','','DE',1000.000),(2,3,'GST','','AU',-10.000);"
    );
    assert_eq!(
        problems(&dump),
        [
            "tblhostingconfigoptions 1 (line 4), field qty: -3 is not a quantity between 0 and a million (refused)",
            "tbltax 1 (line 6), field taxrate: 1000.000 is not a rate between 0 and 100 % (refused)",
            "tbltax 2 (line 6), field taxrate: -10.000 is not a rate between 0 and 100 % (refused)",
            "tbltax 2 (line 6), field level: 3 is not a tax level, 1 or 2 (refused)",
        ]
    );
}

#[test]
fn unknown_currencies_missing_columns_and_nul_characters_are_named() {
    let dump = "CREATE TABLE `tblpricing` (`id` int, `type` text, `currency` int, `relid` int, `msetupfee` decimal(16,2)) DEFAULT CHARSET=latin1;\n\
        INSERT INTO tblpricing VALUES (1,'product',77,1,-1.00);\n\
        CREATE TABLE `tblproductconfiggroups` (`id` int, `name` text, `description` text) DEFAULT CHARSET=latin1;\n\
        INSERT INTO tblproductconfiggroups VALUES (1,'VPS\\0','MÃ¼ller &amp;amp; Co'),(0,'','');";
    let found = problems(dump);
    assert_eq!(found[0], "tblpricing 1 (line 4), field currency: there is no currency 77 (refused)");
    assert_eq!(
        found[1],
        "tblpricing 1 (line 4), field qsetupfee: the table has no such column; expected a WHMCS 8 database (refused)"
    );
    assert_eq!(
        found[found.len() - 2..],
        [
            "tblproductconfiggroups 1 (line 6), field name: NUL characters were left out",
            "tblproductconfiggroups 0 (line 6), field id: 0 is not an id, which is above 0 (refused)",
        ]
    );
    let readings = read_all(dump);
    let Some(LegacyRow::ConfigGroup(group)) = &readings[1].value else { panic!("{readings:?}") };
    assert_eq!((group.name.as_str(), group.description.as_str()), ("VPS", "Müller &amp; Co"));
    assert_eq!(readings[1].repaired_text_count, 1);
}

#[test]
fn spellings_of_yes_and_of_cycles_are_forgiven() {
    let dump = "CREATE TABLE `tblhostingaddons` (`id` int, `orderid` int, `hostingid` int, `addonid` int, `userid` int, `name` text, `qty` int, \
        `setupfee` decimal(16,2), `recurring` decimal(16,2), `billingcycle` text, `tax` text, `status` text, `regdate` date, `nextduedate` date, \
        `nextinvoicedate` date, `termination_date` date, `paymentmethod` text, `notes` text) DEFAULT CHARSET=utf8mb3;\n\
        INSERT INTO tblhostingaddons VALUES \
        (1,1,1,0,0,'x',1,0.00,3.00,'semi-annually','on','Active','2020-01-01',NULL,'','0000-00-00','',''),\
        (2,1,1,0,0,'x',1,0.00,3.00,'','maybe','Active','2020-01-01',NULL,'','0000-00-00','','');";
    let readings = read_all(dump);
    let Some(LegacyRow::HostingAddon(addon)) = &readings[0].value else { panic!("{readings:?}") };
    assert_eq!((addon.cycle, addon.is_taxed), (LegacyCycle::Paid(Cycle::SemiAnnual), true));
    assert_eq!((addon.addon_id, addon.client_id, addon.next_due_on), (None, None, None));
    assert_eq!(readings[0].problems, []);
    let found: Vec<String> = readings[1].problems.iter().map(ToString::to_string).collect();
    assert_eq!(
        found,
        [
            "tblhostingaddons 2 (line 2), field billingcycle: \"\" is none of: Free Account, One Time, Monthly … Triennially",
            "tblhostingaddons 2 (line 2), field tax: \"maybe\" is neither yes nor no; taken as no",
        ]
    );
    assert_eq!(readings[1].value, None);
}

#[test]
fn names_of_tables_are_those_of_whmcs_and_others_are_not_read() {
    assert_eq!(super::ClientRow::TABLE, "tblclients");
    assert_eq!(super::TransactionRow::TABLE, "tblaccounts");
    assert!(read_all("CREATE TABLE mod_x (id int); INSERT INTO mod_x VALUES (1);").is_empty());
    assert!(Context::default().currencies.is_empty());
    assert!(ClientStatus::Active < ClientStatus::Closed);
}
