desk-pay-title = { $number } zahlen
desk-pay-owed = Zu zahlen
desk-pay-due = Fällig am { $date }
desk-pay-card-heading = Wählen Sie eine Testkarte
desk-pay-card-advice = Dieser Shop nutzt das Sandbox-Gateway: Es fließt kein Geld. Jede Karte zeigt, was eine echte tun könnte.
desk-pay-card = Karte
desk-pay-choose = Wählen Sie eine der Karten.
desk-pay-now = { $amount } zahlen
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
   *[other] { $words }
}
desk-result-title = Ihre Zahlung
desk-paid-heading = Danke, { $amount } sind bezahlt
desk-paid-text = Ihre Zahlung für { $number } ist eingegangen.
desk-paid-back = Zurück zu Ihren Rechnungen
desk-paid-order = Wie es weitergeht
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
