customers-nav-profile = Profil
customers-profile-about = Was Rechnungen drucken und wie wir Sie erreichen.
customers-profile-wrong = Bitte bessern Sie die markierten Felder aus
customers-profile-saved = Ihr Profil ist gespeichert.
customers-profile-who = Name und Anschrift
customers-profile-invoices = Rechnungen und Steuer
customers-profile-language = Sprache
customers-first-name = Vorname
customers-last-name = Nachname
customers-company = Firma
customers-email = E-Mail-Adresse
customers-phone = Telefon
customers-address1 = Straße und Hausnummer
customers-address2 = Zweite Zeile
customers-postcode = Postleitzahl
customers-city = Ort
customers-state = Bundesland oder Region
customers-country = Land
customers-tax-id = Steuernummer
customers-tax-id-state = { $state ->
    [none] Es gibt keine.
    [unchecked] Sie wird geprüft.
    [valid] Das Register kennt sie.
   *[invalid] Das Register kennt sie nicht: Steuer wird berechnet.
}
customers-printed = Auf Rechnungen gedruckt
customers-printed-own = Was oben steht
customers-printed-help = Einer Ihrer Kontakte kann an die Stelle von Name und Anschrift oben treten.
customers-auto-credit = Guthaben für neue Rechnungen verwenden
customers-auto-credit-help = Guthaben zahlt eine Rechnung, sobald sie gestellt ist.
customers-currency = Währung der Rechnungen
customers-number = Kundennummer
customers-since = Kunde seit
customers-language = Sprache
customers-language-help = E-Mails, Dokumente und diese Seiten sprechen sie.
customers-save = Speichern
customers-email-confirm = Bestätigen Sie, dass Sie es sind, bevor Sie diese Adresse ändern: Links zum Anmelden gehen dorthin.
customers-email-confirm-go = Bestätigen, dass ich es bin
customers-contacts = Kontakte
customers-contacts-about = Menschen, die neben Ihnen Post bekommen.
customers-contact = Kontakt
customers-contact-new = Neuer Kontakt
customers-contact-gets = Bekommt Post über
customers-role = { $role ->
    [invoices] Rechnungen und Mahnungen
    [services] Dienste
    [domains] Domains
    [support] Support
   *[general] Alles andere
}
customers-contact-printed = Auf Rechnungen gedruckt
customers-contact-remove = Entfernen
customers-contact-remove-question = { $name } bekommt keine Post mehr. Gestellte Dokumente bleiben, wie sie sind.
customers-contact-added = Der Kontakt ist hinzugefügt.
customers-contact-saved = Der Kontakt ist gespeichert.
customers-contact-removed = Der Kontakt ist entfernt.
customers-contacts-empty = Noch keine Kontakte
customers-contacts-empty-advice = Fügen Sie eine Buchhalterin hinzu, die Rechnungen bekommt, oder einen Techniker, der von Diensten hört.
customers-refused-changed = Jemand anderes hat das inzwischen gespeichert. Laden Sie die Seite neu und wiederholen Sie Ihre Änderung.
customers-refused-in-use = Dieser Kontakt steht auf Rechnungen. Wählen Sie in Ihrem Profil zuerst einen anderen.
customers-check-long = Das hat { $length } Zeichen; kürzen Sie es auf höchstens { $most }.
customers-check-control = Entfernen Sie Zeilenumbrüche und Steuerzeichen.
customers-check-email = Geben Sie eine E-Mail-Adresse wie ann@example.com ein.
customers-check-country = Wählen Sie ein Land aus der Liste.
customers-check-phone = Höchstens 40 Ziffern, Leerzeichen und + - ( ) . / wie +49 30 1234.
customers-check-tax-id = Höchstens 40 Buchstaben, Ziffern, Leerzeichen und - . / wie auf der Registrierung.
customers-check-name = Geben Sie einen Vornamen, einen Nachnamen oder eine Firma ein.
customers-nav-privacy = Datenschutz
customers-privacy-advice = Eine Kopie von allem, was wir über Sie haben, und wie Sie vergessen werden.
customers-privacy-copy = Eine Kopie Ihrer Daten
customers-privacy-copy-help = Wir sammeln alles, was wir über Sie haben, als Datei mit JSON-Zeilen. Sie kann { $days } Tage lang abgeholt werden.
customers-privacy-ask-copy = Kopie anfordern
customers-privacy-copy-asked = Ihre Kopie wird erstellt. Sie finden sie gleich hier.
customers-privacy-making = Sie wird erstellt.
customers-privacy-download = Herunterladen
customers-privacy-until = bis { $date }
customers-privacy-gone = Sie ist gelöscht; fordern Sie eine neue an.
customers-privacy-erase = Konto löschen
customers-privacy-erase-help = Wir sehen uns Ihren Wunsch an, warten { $days } Tage, in denen Sie ihn zurücknehmen können, und löschen dann Namen, Adressen, Kontakte, E-Mails und Anmeldungen.
customers-privacy-kept = Was wir von Gesetzes wegen aufbewahren, bleibt bis { $date }:
customers-privacy-hindered = Das muss vorher geregelt sein:
customers-privacy-ask-erase = Konto löschen
customers-privacy-erase-question = Danach kann sich niemand mehr für dieses Konto anmelden. Holen Sie vorher eine Kopie Ihrer Daten ab.
customers-privacy-erase-asked = Ihr Wunsch ist eingegangen. Sie können ihn zurücknehmen, bis er erfüllt ist.
customers-privacy-erase-waits = Ihr Konto wird nach dem { $date } gelöscht, sobald jemand Ihren Wunsch angesehen hat.
customers-privacy-keep = Konto behalten
customers-privacy-kept-account = Ihr Konto bleibt bestehen.
customers-privacy-refused = Ihr Wunsch wurde abgelehnt:
customers-privacy-kept-documents = Rechnungen und Gutschriften tragen Ihren Namen und Ihre Adresse.

# What a member of a team, or a program of theirs, may do.

customers-permission-privacy = Eine Kopie aller Daten holen und das Konto schließen
customers-permission-profile = Profil und Kontakte sehen und ändern
