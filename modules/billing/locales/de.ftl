billing-nav-invoices = Rechnungen
billing-invoices-title = Ihre Rechnungen
billing-invoices-order = Neueste zuerst.
billing-invoices-empty = Noch keine Rechnungen
billing-invoices-empty-advice = Ihre Rechnungen stehen hier, sobald es welche gibt.
billing-owed = Zu zahlen
billing-credit = Ihr Guthaben
billing-number = Nummer
billing-issued = Ausgestellt
billing-due = Fällig
billing-status = Status
billing-total = Gesamt
billing-open = Offen
billing-pdf = PDF
billing-pay = { $amount } zahlen
billing-held = Der Betrag ist auf Ihrer Karte reserviert. Wir buchen ihn ab, wenn das Bestellte bereit ist; Sie müssen nicht zahlen.
billing-document = Beleg
billing-paid = Bezahlt
billing-tax = Steuer
billing-paid-so-far = Bisher gezahlt
billing-paid-nothing = Noch nichts.
billing-lines = Positionen
billing-what = Leistung
billing-quantity = Menge
billing-price = Preis
billing-net = Netto
billing-with-tax = Mit Steuer
billing-how = So kommt dieser Betrag zustande
billing-set-up = Einrichtung
billing-discounts = Rabatte, bereits abgezogen
billing-without-tax = Ohne Steuer
billing-settled = Beglichen
billing-still-open = Noch offen
billing-step-share = { $product } × { $part }/{ $whole } eines vollen Zeitraums
billing-step-discount = abzüglich { $label }: { $amount }
billing-step-inclusive = der Preis enthält Steuer; ohne sie { $amount }
billing-step-tax = Steuer { $percent } %: { $amount }
billing-step-tax-on-top = darauf Steuer { $percent } %: { $amount }
billing-step-no-tax = keine Steuer
billing-settled-payment = Zahlung { $id }
billing-settled-credit = Kundenguthaben
billing-settled-credit-note = Gutschrift
billing-settled-write-off = Ausgebucht
billing-refused-just-paid = Diese Rechnung wurde soeben bezahlt; die Zahlung wird gerade verbucht.
billing-refused-under-way = Für eine dieser Rechnungen läuft bereits eine Zahlung. Warten Sie sie ab oder brechen Sie sie zuerst ab.
billing-refused-not-open = { $number } ist nicht offen, es gibt also nichts zu zahlen.
billing-refused-currencies = Diese Rechnungen lauten auf verschiedene Währungen. Zahlen Sie die jeder Währung für sich.
billing-pay-choose = Wählen Sie, was Sie zahlen möchten.
billing-pay-too-many = Wählen Sie höchstens { $most } Rechnungen auf einmal.
billing-pay-amount = Geben Sie einen Betrag über null und höchstens { $amount } ein; so viel ist offen.
billing-pay-selected = Die gewählten zahlen
billing-pay-all = Alles zahlen
billing-choose = Wählen
billing-funds-full = Ihr Guthaben ist so hoch, wie es sein darf.
billing-funds-too-small = Laden Sie mindestens { $amount } auf.
billing-funds-too-large = Laden Sie höchstens { $amount } auf.
billing-add-funds = Guthaben aufladen
billing-methods = Zahlungsmittel
billing-nav-home = Übersicht
billing-nav-subscriptions = Abonnements
billing-home-nobody = Sie sind angemeldet, gehören aber noch zu keinem Kunden
billing-home-nobody-advice = Bitten Sie die Person, die das Konto verwaltet, um eine Einladung, oder bestellen Sie etwas.
billing-home-hello = Hallo { $name }
billing-home-services = Ihre Dienste
billing-home-next = Nächste Rechnung
billing-home-nothing = Nichts
billing-home-open = Offene Rechnungen
billing-home-shop = Zum Angebot
billing-pay-now = Jetzt bezahlen
billing-subscriptions-empty = Noch keine Dienste
billing-subscriptions-empty-advice = Was Sie bestellen, steht hier.
billing-subscription = Dienst
billing-cycle-label = Abrechnung
billing-change = Tarif oder Abrechnung ändern
billing-cancel = Dienst kündigen
billing-keep = Dienst behalten
billing-change-drop = Geplante Änderung verwerfen
billing-terms = Vertrag
billing-since = Seit
billing-trial-until = Kostenlos bis
billing-next-period = Nächster Zeitraum ab
billing-ends-on = Endet am
billing-ended-on = Beendet am
billing-items = Woraus er besteht
billing-change-what = Was sich ändert
billing-change-plan = Tarif, Optionen und Zusätze
billing-plan = Tarif
billing-change-options = Optionen dieses Tarifs zeigen
billing-change-when = Wann
billing-change-now = Jetzt
billing-change-now-help = Was Sie für den Rest des Zeitraums bezahlt haben, wird auf den neuen Preis angerechnet.
billing-change-later = Mit dem nächsten Zeitraum
billing-change-later-help = Bis dahin ändert sich nichts.
billing-change-show = Zeigen, was es kostet
billing-change-make = Änderung ausführen
billing-change-leave = Alles lassen, wie es ist
billing-change-scheduled = Die Änderung wird am { $date } ausgeführt.
billing-change-made = Die Änderung ist ausgeführt.
billing-change-moved = Die Beträge sind nicht mehr die, die Sie gesehen haben. Bitte sehen Sie sie noch einmal an.
billing-change-dropped = Die geplante Änderung ist verworfen.
billing-change-choose-cycle = Wählen Sie, wie oft abgerechnet wird.
billing-change-choose-what = Wählen Sie, was sich ändern soll.
billing-change-choose-plan = Wählen Sie einen Tarif.
billing-change-quantity-wrong = Geben Sie eine ganze Zahl ab 1 ein.
billing-change-choose = Bitte wählen Sie.
billing-cancel-when = Wann soll er enden?
billing-cancel-end = Wenn der bezahlte Zeitraum endet
billing-cancel-end-help = Er läuft bis zum { $date }; bis dahin können Sie es sich anders überlegen.
billing-cancel-now = Sofort
billing-cancel-now-help = Er endet sofort; der Rest des Bezahlten wird nicht erstattet.
billing-cancel-why = Warum gehen Sie?
billing-cancel-comment = Was wir noch wissen sollten
billing-cancel-choose = Bitte sagen Sie uns, warum; ein Klick genügt.
billing-cancel-done = Der Dienst ist gekündigt.
billing-kept = Schön, der Dienst bleibt.
billing-yes = Ja
billing-no = Nein
billing-none = Keine
billing-quote-charges = Eine Rechnung über { $amount }
billing-quote-back = { $amount } werden zu Guthaben
billing-quote-nothing = Jetzt wird nichts berechnet
billing-quote-effective = Gilt ab
billing-quote-period = Ein voller Zeitraum, ohne Rabatte und Steuer
billing-cycle = { $cycle ->
    [one_time] einmalig
    [hourly] stündlich
    [daily] täglich
    [weekly] wöchentlich
    [monthly] monatlich
    [quarterly] vierteljährlich
    [semi_annual] alle 6 Monate
    [annual] jährlich
    [biennial] alle 2 Jahre
    [triennial] alle 3 Jahre
    [quadrennial] alle 4 Jahre
   *[quinquennial] alle 5 Jahre
}
billing-cancel-reason = { $reason ->
    [price] Es ist zu teuer
    [unused] Ich brauche es nicht mehr
    [missing] Mir fehlt etwas
    [quality] Es hat nicht gut funktioniert
    [moving] Ich wechsle zu einem anderen Anbieter
   *[other] Etwas anderes
}
billing-mail-received = Zahlungsbestätigungen
billing-notice-overdue = Rechnung { $number } ist überfällig: { $amount } sind noch offen.
billing-notice-overdue-kind = Überfällige Rechnungen
billing-privacy-kept = Rechnungen, Gutschriften und was abgerechnet wurde, für das Finanzamt.
billing-privacy-running = Ein Vertrag läuft noch. Kündigen Sie ihn zuerst.
billing-privacy-owed = Eine Rechnung ist noch nicht bezahlt.
billing-privacy-credit = Sie haben noch Guthaben. Bitten Sie uns um Auszahlung.

# What a member of a team, or a program of theirs, may do.

billing-permission-invoice-view = Rechnungen und Guthaben sehen
billing-permission-invoice-pay = Rechnungen bezahlen
billing-permission-subscription-view = Abonnements sehen
billing-permission-subscription-change = Abonnements ändern und kündigen
