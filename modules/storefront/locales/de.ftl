# Der Shop: Katalog, Warenkorb, Kasse, Texte.

storefront-every = { $cycle ->
    [one_time] einmalig
    [hourly] pro Stunde
    [daily] pro Tag
    [weekly] pro Woche
    [monthly] pro Monat
    [quarterly] alle 3 Monate
    [semi_annual] alle 6 Monate
    [annual] pro Jahr
    [biennial] alle 2 Jahre
    [triennial] alle 3 Jahre
    [quadrennial] alle 4 Jahre
    [quinquennial] alle 5 Jahre
   *[other] einmalig
}
storefront-cycle-name = { $cycle ->
    [one_time] Einmalig
    [hourly] Stündlich
    [daily] Täglich
    [weekly] Wöchentlich
    [monthly] Monatlich
    [quarterly] Vierteljährlich
    [semi_annual] Halbjährlich
    [annual] Jährlich
    [biennial] 2 Jahre
    [triennial] 3 Jahre
    [quadrennial] 4 Jahre
    [quinquennial] 5 Jahre
   *[other] Einmalig
}
storefront-step = { $step ->
    [cart] Warenkorb
    [account] Ihre Angaben
    [pay] Zahlung
    [done] Fertig
   *[other] Warenkorb
}
storefront-tax-note = { $note ->
    [reverse_charge] Sie führen die Steuer selbst ab (Reverse Charge).
    [exempt] Es fällt keine Steuer an.
   *[other] Es fällt keine Steuer an.
}
storefront-left = { $count ->
    [one] Nur noch eines da
   *[other] Nur noch { $count } da
}
storefront-trial = { $days ->
    [one] Ein Tag kostenlos
   *[other] { $days } Tage kostenlos
}
storefront-nav-shop = Shop
storefront-nav-cart = Warenkorb
storefront-currency = Währung
storefront-cycle = Abrechnungszeitraum
storefront-featured = Beliebt
storefront-free = Kostenlos
storefront-saved = { $percent } % sparen
storefront-setup = { $amount } Einrichtung
storefront-sold-out = Ausverkauft
storefront-set-up = Einrichtung
storefront-closed = Dieser Shop ist noch nicht geöffnet. Bitte schauen Sie bald wieder vorbei.
storefront-choose = Auswählen
storefront-discount = Rabatt
storefront-net = Netto
storefront-tax = Steuer
storefront-total = Gesamt
storefront-trial-until = Kostenlos bis { $date }
storefront-then = Danach { $amount } { $every } ab { $date }
storefront-text-version = Fassung { $version } vom { $date }
storefront-home-about = Server, Webspace und Domains, in Minuten eingerichtet.
storefront-home-shop = Zum Angebot
storefront-home-featured = Beliebt
storefront-home-all = Alles ansehen
storefront-home-groups = Unser Angebot
storefront-shop-title = Shop
storefront-shop-about = Preise ohne Überraschung: Was im Warenkorb steht, steht auf der Rechnung.
storefront-shop-empty = Zurzeit wird nichts angeboten
storefront-shop-empty-advice = Bitte kommen Sie später wieder oder fragen Sie uns.
storefront-compare = Vergleichen
storefront-compare-title = { $group } im Vergleich
storefront-each = je { $amount }
storefront-included = inklusive
storefront-once = einmalig
storefront-addons = Zusätze
storefront-questions = Zu Ihrer Bestellung
storefront-quantity = Anzahl
storefront-summary = Übersicht
storefront-cart-change = Änderungen speichern
storefront-cart-add = In den Warenkorb
storefront-price-again = Preis anzeigen
storefront-cart-title = Ihr Warenkorb
storefront-cart-update = Aktualisieren
storefront-cart-edit = Ändern
storefront-cart-remove = Entfernen
storefront-tax-for = Steuer für
storefront-coupon = Code
storefront-coupon-use = Einlösen
storefront-cart-checkout = Zur Kasse
storefront-cart-mend = Etwas in Ihrem Warenkorb ist so nicht bestellbar. Ändern oder entfernen Sie es.
storefront-cart-more = Weiter umsehen
storefront-cart-empty = Ihr Warenkorb ist leer
storefront-cart-empty-advice = Was Sie im Shop auswählen, wartet hier auf Sie.
storefront-checkout-title = Kasse
storefront-checkout-you = Sie bestellen als
storefront-checkout-order = Ihre Bestellung
storefront-checkout-note = Sollten wir etwas wissen?
storefront-checkout-agree = Ich habe gelesen und stimme zu:
storefront-checkout-agree-missing = Bitte stimmen Sie den Texten zu, um zu bestellen.
storefront-checkout-place = Zahlungspflichtig bestellen: { $amount }
storefront-checkout-next = Wie Sie zahlen, wählen Sie auf der nächsten Seite. Vorher wird nichts abgebucht.
storefront-checkout-may-not = Für dieses Konto dürfen Sie nicht bestellen. Fragen Sie den Inhaber.
storefront-checkout-staff = Sie sind als Mitarbeiter angemeldet. Bestellen Sie auf der Seite des Kunden oder melden Sie sich ab.
storefront-checkout-back = Zurück zum Warenkorb
storefront-account-new = Neu hier
storefront-account-first-name = Vorname
storefront-account-last-name = Nachname
storefront-account-email = E-Mail-Adresse
storefront-account-password = Passwort
storefront-account-password-missing = Bitte geben Sie Ihr Passwort ein.
storefront-account-company = Firma
storefront-account-tax-id = USt-IdNr. oder Steuernummer
storefront-account-address = Straße und Hausnummer
storefront-account-postcode = Postleitzahl
storefront-account-city = Ort
storefront-account-state = Bundesland oder Region
storefront-account-country = Land
storefront-account-create = Konto anlegen und weiter
storefront-account-known-title = Ich habe ein Konto
storefront-account-sign-in = Anmelden und weiter
storefront-account-link = Stattdessen mit einem Link anmelden
storefront-account-too-many = Aus Ihrem Netz wurden zu viele Konten angelegt. Bitte versuchen Sie es in einer Stunde wieder.
