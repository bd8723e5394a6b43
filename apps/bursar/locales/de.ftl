desk-pay-title = { $number } zahlen
desk-pay-card-heading = Wählen Sie eine Testkarte
desk-pay-card-advice = Dieser Shop nutzt das Sandbox-Gateway: Es fließt kein Geld. Jede Karte zeigt, was eine echte tun könnte.
desk-pay-choose = Wählen Sie eine der Karten.
desk-pay-now = { $amount } zahlen
desk-pay-several = { $count ->
    [one] { $count } Rechnung zahlen
   *[other] { $count } Rechnungen zahlen
}
desk-pay-back = Ihre Rechnungen
desk-pay-running = Dafür läuft bereits eine Zahlung.
desk-pay-running-look = Ansehen oder abbrechen
desk-pay-invoice = Rechnung
desk-pay-open = Offen
desk-pay-by-credit = Aus Guthaben
desk-pay-by-card = Wird abgebucht
desk-pay-stays = Bleibt offen
desk-pay-what = Was Sie zahlen
desk-pay-amount = Betrag
desk-pay-amount-help = Leer lassen, um alles zu zahlen: { $amount }.
desk-pay-use-credit = Mein Guthaben von { $amount } verwenden
desk-pay-use-credit-help = Guthaben wird sofort verwendet, zuerst für das, was zuerst fällig ist.
desk-pay-show = Zeigen, was es ergibt
desk-pay-comes-to = Was es ergibt
desk-pay-credit-left = Guthaben danach
desk-pay-how = Wie Sie zahlen
desk-pay-credit-only = Ihr Guthaben zahlt { $amount }. Es wird nichts abgebucht.
desk-pay-from-credit = Aus Guthaben zahlen
desk-pay-kept = Ihre Zahlungsmittel
desk-pay-usual = Damit zahlen Sie gewöhnlich
desk-pay-keep = Für spätere Zahlungen aufbewahren
desk-pay-keep-help = Der Zahlungsdienst bewahrt es auf, nicht wir. Sie können es jederzeit entfernen.
desk-pay-method-gone = Dieses Zahlungsmittel gibt es nicht mehr. Bitte wählen Sie ein anderes.
desk-pay-moved = Das ergibt es jetzt. Bitte sehen Sie es noch einmal an und zahlen Sie dann.
desk-pay-nothing = Es gibt nichts zu zahlen.
desk-pay-by-credit-done = Danke, Ihr Guthaben hat es bezahlt.
desk-paid-funds = Das Geld ist auf Ihrem Guthaben.
desk-withdraw = Anders zahlen
desk-withdrawn = Die Zahlung ist abgebrochen. Es wurde nichts abgebucht.
desk-not-withdrawn = Diese Zahlung ließ sich nicht mehr abbrechen.
desk-cancelled-heading = Die Zahlung ist abgebrochen
desk-cancelled-text = Es wurde nichts abgebucht.
desk-setup-title = Sandbox: eine Karte zum Aufbewahren
desk-setup-give = Diese Karte aufbewahren
desk-setup-none = Ohne Karte zurück
desk-panel-title = Sandbox: das Panel einer Maschine
desk-panel-machine = Maschine
desk-panel-advice = Hier würde sich das Panel eines echten Anbieters öffnen, schon angemeldet. Die Sandbox stellt nichts Echtes her, darum gibt es nichts zu sehen.
desk-panel-back = Ihre Dienste
desk-funds-title = Guthaben aufladen
desk-funds-about = Was Sie im Voraus zahlen, liegt auf Ihrem Guthaben und zahlt Rechnungen von selbst.
desk-funds-credit = Ihr Guthaben
desk-funds-none = Keines
desk-funds-full = Ihr Guthaben ist so hoch, wie es sein darf. Mehr lässt sich jetzt nicht aufladen.
desk-funds-how-much = Wie viel
desk-funds-amount = Betrag in { $currency }
desk-funds-between = Zwischen { $smallest } und { $largest }.
desk-funds-from = Mindestens { $smallest }.
desk-funds-reason = Guthaben im Voraus
desk-funds-history = Änderungen Ihres Guthabens
desk-funds-when = Wann
desk-funds-what = Was
desk-funds-move = { $reason ->
    [deposit] Im Voraus gezahlt
    [overpayment] Mehr gezahlt als geschuldet
    [applied] Für eine Rechnung verwendet
    [refunded] Zurückgezahlt
    [reopened] Eine Rechnung ist wieder offen
    [credit_note] Gutschrift
    [refund_failed] Eine Rückzahlung kam zurück
   *[other] { $words }
}
desk-card = { $token ->
    [tok_visa] Visa, die zahlt
    [tok_mastercard] Mastercard, die zahlt
    [tok_authenticate] Karte, die nach Bestätigung fragt
    [tok_decline_insufficient_funds] Karte ohne ausreichend Geld
    [tok_decline_expired_card] Abgelaufene Karte
    [tok_decline_stolen_card] Karte, die nie wieder versucht werden darf
    [tok_pending] Lastschrift, die eine Stunde braucht
    [tok_lose_after] Karte, deren Antwort nach dem Zahlen verloren geht
    [tok_webhook_twice] Karte, deren Webhook zweimal kommt
    [tok_capture_declined] Karte, die reserviert und dann ablehnt
    [tok_hold_short] Karte, die nur eine Stunde reserviert
   *[other] { $words }
}
desk-result-title = Ihre Zahlung
desk-paid-heading = Danke, { $amount } sind bezahlt
desk-paid-text = Ihre Zahlung für { $number } ist eingegangen.
desk-paid-back = Zurück zu Ihren Rechnungen
desk-paid-order = Wie es weitergeht
desk-held-heading = { $amount } ist auf Ihrer Karte reserviert
desk-held-text = Wir buchen es ab, wenn alles bereit ist, was Sie bestellt haben. Können wir nicht liefern, geben wir es frei, und Sie zahlen nichts. Ihre Karte hält es längstens bis { $date }.
desk-released-heading = { $amount } ist nicht mehr reserviert
desk-released-text = Der Betrag ist auf Ihrer Karte wieder frei oder wird es in den nächsten Tagen. Es wurde nichts abgebucht.
desk-asking-heading = Wir fragen bei der Bank nach
desk-asking-text = Die Antwort ist noch nicht da. Diese Seite sieht von selbst wieder nach; Sie müssen nicht noch einmal zahlen.
desk-asking-look = Jetzt nachsehen
desk-confirm-heading = Bitte bestätigen Sie die Zahlung
desk-confirm-text = Ihre Bank möchte, dass Sie { $amount } bestätigen.
desk-confirm-go = Bei der Bank bestätigen
desk-declined-heading = Die Zahlung ist nicht durchgegangen
desk-declined-why = { $code ->
    [insufficient_funds] Auf dieser Karte ist nicht genug Geld. Es wurde nichts abgebucht.
    [expired_card] Diese Karte ist abgelaufen. Es wurde nichts abgebucht.
    [authentication_failed] Die Zahlung wurde nicht bestätigt. Es wurde nichts abgebucht.
    [stolen_card] Die Bank nimmt diese Karte nicht an. Bitte verwenden Sie eine andere. Es wurde nichts abgebucht.
    [lost_card] Die Bank nimmt diese Karte nicht an. Bitte verwenden Sie eine andere. Es wurde nichts abgebucht.
   *[other] Die Bank hat diese Zahlung nicht angenommen. Es wurde nichts abgebucht.
}
desk-declined-again = Anders versuchen
desk-bank-title = Bestätigen
desk-bank-heading = Sandbox-Bank
desk-bank-question = Bestätigen Sie die Zahlung von { $open }{ $amount }{ $close }?
desk-bank-refuse = Ablehnen
desk-notice-ready = { $service } ist bereit.
desk-notice-ready-kind = Bereite Dienste
desk-notice-device = Jemand hat sich als Sie mit einem neuen Browser angemeldet: { $agent }, von { $address }. Waren Sie das nicht? Ändern Sie Ihr Passwort.
desk-notice-device-kind = Anmeldungen mit einem neuen Browser
desk-notice-copy = Die Kopie Ihrer Daten ist fertig.
desk-notice-copy-kind = Kopien Ihrer Daten
