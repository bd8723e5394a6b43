-- MariaDB dump 10.19
-- A small business of two clients, with broken rows of the kinds that are told one by one.
CREATE TABLE `tblaccounts` (`id` text, `userid` text, `currency` text, `gateway` text, `date` text, `description` text, `amountin` text, `fees` text, `amountout` text, `rate` text, `transid` text, `invoiceid` text, `refundid` text) DEFAULT CHARSET=utf8mb3;
INSERT INTO `tblaccounts` VALUES
(1,1,0,'stripe','2025-11-02 10:00:00','Invoice Payment','8.73','0.50','0.00','1.00000','T1',1,0),
(2,1,0,'stripe','2025-11-05 10:00:00','Refund','0.00','0.00','1.00','1.00000','T2',1,1),
(3,1,0,'bank','2025-12-01 09:00:00','Invoice Payment','12.00','0.00','0.00','1.00000','T3',3,0),
(4,0,1,'bank','2025-12-02 09:00:00','Rent','0.00','0.00','40.00','1.00000','',0,0),
(5,2,0,'paypal','2025-12-03 09:00:00','Invoice Payment','1317.36','40.50','0.00','1.00000','T5',7,0);
CREATE TABLE `tbladdons` (`id` text, `packages` text, `name` text, `description` text, `billingcycle` text, `allowqty` text, `tax` text, `showorder` text, `hidden` text, `retired` text, `weight` text) DEFAULT CHARSET=utf8mb3;
INSERT INTO `tbladdons` VALUES
(1,'1','Backup','','recurring',0,1,'',0,0,1);
CREATE TABLE `tblbankaccts` (`id` text, `bank_name` text, `bank_data` blob) DEFAULT CHARSET=utf8mb3;
INSERT INTO `tblbankaccts` VALUES
(1,'Volksbank','148f15a44d825418b0e50ed8389c90523771dbd2c2718c92eae77cffdc3fe64e');
CREATE TABLE `tblcancelrequests` (`id` text, `date` text, `relid` text, `reason` text, `type` text) DEFAULT CHARSET=utf8mb3;
CREATE TABLE `tblclientgroups` (`id` text, `groupname` text, `groupcolour` text, `discountpercent` text, `susptermexempt` text, `separateinvoices` text) DEFAULT CHARSET=utf8mb3;
INSERT INTO `tblclientgroups` VALUES
(1,'Partners','#2fb344','10.00','','');
CREATE TABLE `tblclients` (`id` text, `firstname` text, `lastname` text, `companyname` text, `email` text, `address1` text, `address2` text, `city` text, `state` text, `postcode` text, `country` text, `phonenumber` text, `tax_id` text, `currency` text, `defaultgateway` text, `credit` text, `taxexempt` text, `latefeeoveride` text, `overideduenotices` text, `separateinvoices` text, `disableautocc` text, `datecreated` text, `notes` text, `billingcid` text, `groupid` text, `status` text, `language` text, `password` text) DEFAULT CHARSET=utf8mb3;
INSERT INTO `tblclients` VALUES
(1,'Ann','Able','Able &amp; Co','ann@example.com','1 Road','','Town','','12345','US','+1.555','',1,'stripe','5.00',0,0,0,0,0,'2025-01-31','Pays late',0,1,'Active','german',''),
(2,'Yuki','Able','Able &amp; Co','yuki@example.com','1 Road','','Town','','12345','JP','+1.555','',2,'stripe','0.00',0,0,0,0,0,'2025-01-31','',0,0,'Active','german',''),
(3,'Cid','Able','Able &amp; Co','cid@example.com','1 Road','','Town','','12345','DE','+1.555','',9,'stripe','1.00',0,0,0,0,0,'2025-01-31','',0,0,'Closed','german','');
CREATE TABLE `tblconfiguration` (`id` text, `setting` text, `value` text) DEFAULT CHARSET=utf8mb3;
INSERT INTO `tblconfiguration` VALUES
(1,'CompanyName','Able Hosting'),
(2,'TaxEnabled','on'),
(3,'TaxType','Exclusive'),
(4,'CreateInvoiceDaysBefore','14'),
(5,'DefaultCountry','US');
CREATE TABLE `tblcontacts` (`id` text, `userid` text, `firstname` text, `lastname` text, `companyname` text, `email` text, `address1` text, `address2` text, `city` text, `state` text, `postcode` text, `country` text, `phonenumber` text, `tax_id` text, `invoiceemails` text, `generalemails` text, `productemails` text, `domainemails` text, `supportemails` text) DEFAULT CHARSET=utf8mb3;
INSERT INTO `tblcontacts` VALUES
(1,1,'Ben','Able','','ben@example.com','','','','','','US','','',1,0,0,0,0);
CREATE TABLE `tblcredit` (`id` text, `clientid` text, `date` text, `description` text, `amount` text, `relid` text) DEFAULT CHARSET=utf8mb3;
INSERT INTO `tblcredit` VALUES
(1,1,'2025-10-01','Gift','7.00',0),
(2,1,'2025-11-02','Credit Applied to Invoice #1','-2.00',0);
CREATE TABLE `tblcreditcards` (`id` text, `card_type` text, `last_four` text, `expiry_date` text, `card_data` blob) DEFAULT CHARSET=utf8mb3;
INSERT INTO `tblcreditcards` VALUES
(1,'Visa','4242','2030-08-31 00:00:00','b05a63eb9d2c91a73bcf4c836b1ea28d62e1b8581d0a7db74c772b1ca36de302f6c479c6a7a81e4d9e357d6e1ed770d3'),
(2,'Visa','1111','2030-08-31 00:00:00','e9af92f722e9304f03f578dfa0c1d462b373c13a81222e49765d41a5b1f2ae55a0899efb5482117045d9307f20c2b216');
CREATE TABLE `tblcurrencies` (`id` text, `code` text, `prefix` text, `suffix` text, `format` text, `rate` text, `default` text) DEFAULT CHARSET=utf8mb3;
INSERT INTO `tblcurrencies` VALUES
(1,'USD','$','',1,'1.00000',1),
(2,'JPY','','',4,'150.00000',0);
CREATE TABLE `tblhosting` (`id` text, `userid` text, `orderid` text, `packageid` text, `regdate` text, `domain` text, `paymentmethod` text, `qty` text, `firstpaymentamount` text, `amount` text, `billingcycle` text, `nextduedate` text, `nextinvoicedate` text, `termination_date` text, `domainstatus` text, `suspendreason` text, `overideautosuspend` text, `overidesuspenduntil` text, `promoid` text, `promocount` text, `subscriptionid` text, `username` text, `notes` text) DEFAULT CHARSET=utf8mb3;
INSERT INTO `tblhosting` VALUES
(1,1,0,1,'2025-01-31','example1.com','stripe',1,'10.00','10.00','Monthly','2026-02-28','2026-02-28','0000-00-00','Active','',0,'0000-00-00',0,0,'','',''),
(2,2,0,1,'2025-01-15','example2.com','stripe',1,'1197.60','1197.60','Annually','2026-01-15','2027-01-15','0000-00-00','Suspended','',0,'0000-00-00',0,0,'','',''),
(3,1,0,1,'2025-01-31','example3.com','stripe',1,'1.00','1.00','','2026-01-01','2026-01-01','0000-00-00','Active','',0,'0000-00-00',0,0,'','',''),
(4,1,0,1,'2025-01-31','example4.com','stripe',1,'0.00','0.00','Free Account','0000-00-00','0000-00-00','0000-00-00','Active','',0,'0000-00-00',0,0,'','','');
CREATE TABLE `tblhostingaddons` (`id` text, `hostingid` text, `addonid` text, `userid` text, `orderid` text, `name` text, `qty` text, `setupfee` text, `recurring` text, `billingcycle` text, `tax` text, `status` text, `regdate` text, `nextduedate` text, `nextinvoicedate` text, `termination_date` text, `paymentmethod` text, `notes` text) DEFAULT CHARSET=utf8mb3;
INSERT INTO `tblhostingaddons` VALUES
(1,1,1,0,0,'',1,'0.00','2.00','Monthly','on','Active','2025-01-31','2026-02-28','2026-02-28','0000-00-00','stripe','');
CREATE TABLE `tblhostingconfigoptions` (`id` text, `relid` text, `configid` text, `optionid` text, `qty` text) DEFAULT CHARSET=utf8mb3;
INSERT INTO `tblhostingconfigoptions` VALUES
(1,1,1,1,0),
(2,1,2,2,3),
(3,1,3,3,0),
(4,9,1,1,0),
(5,2,1,2,0);
CREATE TABLE `tblinvoiceitems` (`id` text, `invoiceid` text, `userid` text, `type` text, `relid` text, `description` text, `amount` text, `taxed` text, `duedate` text) DEFAULT CHARSET=utf8mb3;
INSERT INTO `tblinvoiceitems` VALUES
(1,1,1,'Hosting',1,'Hosting\nOctober','8.00',1,'2025-10-31'),
(2,1,1,'Addon',1,'Backup','2.00',1,'2025-10-31'),
(3,2,2,'Hosting',2,'Hosting','743.50',1,'2026-01-15'),
(4,3,1,'Invoice',1,'Invoice #1','12.00',0,'2025-12-01'),
(5,4,8,'',0,'Orphan','5.00',0,'2025-12-01'),
(6,5,1,'',0,'Draft','3.00',0,'2025-12-01'),
(7,0,1,'',0,'Queued','9.00',0,'2025-12-01'),
(8,7,2,'Hosting',2,'Hosting','1197.60',1,'2025-01-15');
CREATE TABLE `tblinvoices` (`id` text, `userid` text, `invoicenum` text, `date` text, `duedate` text, `datepaid` text, `date_refunded` text, `date_cancelled` text, `subtotal` text, `credit` text, `tax` text, `tax2` text, `total` text, `taxrate` text, `taxrate2` text, `status` text, `paymentmethod` text, `notes` text) DEFAULT CHARSET=utf8mb3;
INSERT INTO `tblinvoices` VALUES
(1,1,'A-1','2025-11-01','2025-11-15','2025-11-02 10:00:00','0000-00-00 00:00:00','0000-00-00 00:00:00','10.00','2.00','0.73','0.00','8.73','7.250','0.000','Paid','stripe',''),
(2,2,'','2025-11-01','2025-11-15','0000-00-00 00:00:00','0000-00-00 00:00:00','0000-00-00 00:00:00','743.50','0.00','74.35','0.00','817.85','10.000','0.000','Unpaid','stripe',''),
(3,1,'','2025-11-01','2025-11-15','2025-12-01 09:00:00','0000-00-00 00:00:00','0000-00-00 00:00:00','12.00','0.00','0.00','0.00','12.00','0.000','0.000','Paid','stripe',''),
(4,8,'','2025-11-01','2025-11-15','0000-00-00 00:00:00','0000-00-00 00:00:00','0000-00-00 00:00:00','5.00','0.00','0.00','0.00','5.00','0.000','0.000','Unpaid','stripe',''),
(5,1,'','2025-11-01','2025-11-15','0000-00-00 00:00:00','0000-00-00 00:00:00','0000-00-00 00:00:00','3.00','0.00','0.00','0.00','3.00','0.000','0.000','Draft','stripe',''),
(6,1,'','2025-11-01','2025-11-15','0000-00-00 00:00:00','0000-00-00 00:00:00','0000-00-00 00:00:00','7.00','0.00','0.00','0.00','7.00','0.000','0.000','unpaid','stripe',''),
(7,2,'','2025-11-01','2025-11-15','2025-12-03 09:00:00','0000-00-00 00:00:00','0000-00-00 00:00:00','1197.60','0.00','119.76','0.00','1317.36','10.000','0.000','Paid','stripe','');
CREATE TABLE `tblnotes` (`id` text, `userid` text, `created` text, `note` text, `sticky` text) DEFAULT CHARSET=utf8mb3;
INSERT INTO `tblnotes` VALUES
(1,1,'2025-05-05 10:00:00','Called',1);
CREATE TABLE `tblpaymethods` (`id` text, `userid` text, `description` text, `payment_id` text, `payment_type` text, `gateway_name` text, `order_preference` text, `deleted_at` text) DEFAULT CHARSET=utf8mb3;
INSERT INTO `tblpaymethods` VALUES
(1,1,'',1,'RemoteCreditCard','stripe',0,NULL),
(2,1,'',1,'RemoteBankAccount','gocardless',1,NULL),
(3,1,'',2,'CreditCard','stripe',2,NULL),
(4,2,'',7,'RemoteCreditCard','stripe',0,NULL),
(5,2,'',1,'RemoteCreditCard','stripe',0,'2025-06-01 00:00:00');
CREATE TABLE `tblpricing` (`id` text, `type` text, `currency` text, `relid` text, `msetupfee` text, `qsetupfee` text, `ssetupfee` text, `asetupfee` text, `bsetupfee` text, `tsetupfee` text, `monthly` text, `quarterly` text, `semiannually` text, `annually` text, `biennially` text, `triennially` text) DEFAULT CHARSET=utf8mb3;
INSERT INTO `tblpricing` VALUES
(1,'product',1,1,'5.00','0.00','0.00','0.00','0.00','0.00','10.00','-1.00','-1.00','100.00','-1.00','-1.00'),
(2,'product',2,1,'0.00','0.00','0.00','0.00','0.00','0.00','1197.60','-1.00','-1.00','-1.00','-1.00','-1.00');
CREATE TABLE `tblproductconfiggroups` (`id` text, `name` text, `description` text) DEFAULT CHARSET=utf8mb3;
INSERT INTO `tblproductconfiggroups` VALUES
(1,'Sizes','');
CREATE TABLE `tblproductconfiglinks` (`id` text, `gid` text, `pid` text) DEFAULT CHARSET=utf8mb3;
INSERT INTO `tblproductconfiglinks` VALUES
(1,1,1);
CREATE TABLE `tblproductconfigoptions` (`id` text, `gid` text, `optionname` text, `optiontype` text, `qtyminimum` text, `qtymaximum` text, `order` text, `hidden` text) DEFAULT CHARSET=utf8mb3;
INSERT INTO `tblproductconfigoptions` VALUES
(1,1,'ram|Memory',1,0,0,0,0),
(2,1,'Extra IP',4,0,8,1,0),
(3,1,'Backups',3,0,0,2,0);
CREATE TABLE `tblproductconfigoptionssub` (`id` text, `configid` text, `optionname` text, `sortorder` text, `hidden` text) DEFAULT CHARSET=utf8mb3;
INSERT INTO `tblproductconfigoptionssub` VALUES
(1,1,'4|4 GB',0,0),
(2,2,'IP',0,0),
(3,3,'Yes',0,0);
CREATE TABLE `tblproductgroups` (`id` text, `name` text, `slug` text, `headline` text, `hidden` text, `order` text) DEFAULT CHARSET=utf8mb3;
INSERT INTO `tblproductgroups` VALUES
(1,'Hosting','hosting','',0,1);
CREATE TABLE `tblproducts` (`id` text, `type` text, `gid` text, `name` text, `slug` text, `description` text, `hidden` text, `retired` text, `is_featured` text, `stockcontrol` text, `qty` text, `proratabilling` text, `proratadate` text, `proratachargenextmonth` text, `paytype` text, `allowqty` text, `recurringcycles` text, `autoterminatedays` text, `tax` text, `order` text, `servertype` text) DEFAULT CHARSET=utf8mb3;
INSERT INTO `tblproducts` VALUES
(1,'hostingaccount',1,'Starter','starter','Fast<br>and cheap',0,0,0,0,0,0,0,0,'recurring',0,0,0,1,1,'cpanel');
CREATE TABLE `tblpromotions` (`id` text, `code` text, `type` text, `recurring` text, `value` text, `cycles` text, `appliesto` text, `requires` text, `requiresexisting` text, `startdate` text, `expirationdate` text, `maxuses` text, `uses` text, `applyonce` text, `newsignups` text, `existingclient` text, `onceperclient` text, `recurfor` text, `upgrades` text, `notes` text) DEFAULT CHARSET=utf8mb3;
INSERT INTO `tblpromotions` VALUES
(1,'SAVE20','Percentage',0,'20.00','','1','',0,'0000-00-00','0000-00-00',0,3,0,0,0,0,0,0,'');
CREATE TABLE `tbltax` (`id` text, `level` text, `name` text, `state` text, `country` text, `taxrate` text) DEFAULT CHARSET=utf8mb3;
INSERT INTO `tbltax` VALUES
(1,1,'Sales tax','','US','7.250');
-- Dump completed
