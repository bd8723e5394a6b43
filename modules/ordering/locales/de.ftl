# Die eigenen Bestellungen eines Kunden.

ordering-next-title = { $status ->
    [held] Ihr Geld ist reserviert, abgebucht ist noch nichts
    [paying] Ihre Zahlung ist unterwegs
    [pending_payment] Wir warten auf Ihre Zahlung
    [pending_review] Wir sehen uns die Bestellung an
    [accepted] Ihre Bestellung ist angenommen
    [rejected] Ihre Bestellung wurde abgelehnt
    [cancelled] Ihre Bestellung ist storniert
   *[other] Ihre Bestellung ist geschlossen
}
ordering-next = { $status ->
    [held] Wir buchen es ab, wenn alles bereit ist, was Sie bestellt haben. Können wir nicht liefern, geben wir es frei, und Sie zahlen nichts.
    [paying] Wir warten auf die Antwort der Bank. Diese Seite schaut von selbst wieder nach; Sie müssen nicht noch einmal zahlen.
    [pending_payment] Zahlen Sie die Rechnung, dann beginnen wir sofort. Vorher wird nichts eingerichtet.
    [pending_review] Ihre Zahlung ist da. Jemand von uns prüft die Bestellung, meist innerhalb eines Werktags. Sie müssen nichts tun.
    [accepted] Was Sie bestellt haben, wird eingerichtet. Sie finden es bei Ihren Verträgen und bekommen eine E-Mail, wenn es bereit ist.
    [rejected] Nichts davon wird berechnet. Was Sie gezahlt haben, ist Ihr Guthaben oder auf dem Rückweg; Einzelheiten stehen in Ihrer E-Mail.
    [cancelled] Nichts davon wird berechnet. Wenn Sie es noch möchten, bestellen Sie es erneut im Shop.
   *[other] Wenn Sie Fragen dazu haben, schreiben Sie uns bitte.
}
ordering-nav-orders = Bestellungen
ordering-list-title = Ihre Bestellungen
ordering-new = Etwas bestellen
ordering-number = Nummer
ordering-placed = Bestellt
ordering-status = Status
ordering-total = Gesamt
ordering-none = Noch keine Bestellungen
ordering-none-advice = Was Sie im Shop bestellen, steht hier, mit dem, was als Nächstes geschieht.
ordering-title = Bestellung { $number }
ordering-pay = { $amount } zahlen
ordering-withdraw = Bestellung zurücknehmen
ordering-withdraw-ask = Nichts davon wird geliefert, und die Rechnung wird ungültig.
ordering-withdrawn = Die Bestellung ist zurückgenommen.
ordering-held = Sie ist bis { $date } für Sie reserviert.
ordering-why = Grund: { $why }.
ordering-items = Was Sie bestellt haben
ordering-what = Was
ordering-now = Sofort
ordering-later = Je Zeitraum
ordering-invoice = Zur Rechnung
ordering-agreed = Sie haben zugestimmt:
ordering-privacy-kept = Bestellungen als Grundlage ihrer Rechnungen; Anmerkungen und Adressen werden gelöscht.

# What a member of a team, or a program of theirs, may do.

ordering-permission-view = Bestellungen sehen
ordering-permission-place = Bestellen
