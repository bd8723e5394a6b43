payments-methods-title = Zahlungsmittel
payments-methods-about = Der Zahlungsdienst bewahrt sie auf. Wir sehen nie die ganze Nummer.
payments-method = Zahlungsmittel
payments-method-expires = Gültig bis
payments-method-use = Verwendung
payments-method-usual = Das übliche
payments-method-make-usual = Zum üblichen machen
payments-method-attended = Sie müssen dabei sein
payments-method-add = Zahlungsmittel hinzufügen
payments-method-remove = Entfernen
payments-method-remove-question = { $label } wird hier und beim Zahlungsdienst entfernt.
payments-method-added = Das Zahlungsmittel ist aufbewahrt.
payments-method-waiting = Der Zahlungsdienst wartet noch auf Sie. Fügen Sie das Zahlungsmittel erneut hinzu, wenn Sie seine Seite geschlossen haben.
payments-method-none = Es wurde kein Zahlungsmittel hinzugefügt.
payments-method-usual-done = Das ist jetzt das übliche.
payments-method-removed = Das Zahlungsmittel ist entfernt.
payments-methods-empty = Noch keine Zahlungsmittel
payments-methods-empty-advice = Mit einem hier zahlen Sie mit einem Klick, und Rechnungen können sich von selbst zahlen.
payments-automatic = Automatische Zahlung
payments-automatic-about = Wird eine Rechnung gestellt, zahlt zuerst Ihr Guthaben und den Rest das übliche Zahlungsmittel.
payments-automatic-is-on = Rechnungen werden automatisch mit dem üblichen Zahlungsmittel bezahlt.
payments-automatic-is-off = Sie zahlen jede Rechnung selbst.
payments-automatic-turn-on = Automatisch zahlen
payments-automatic-turn-off = Jede Rechnung selbst zahlen
payments-gateway-refused = Der Zahlungsdienst hat das abgelehnt. Bitte versuchen Sie es auf andere Weise.
payments-gateway-away = Der Zahlungsdienst antwortet gerade nicht. Bitte versuchen Sie es in ein paar Minuten noch einmal.
payments-privacy-kept = Zahlungen und Erstattungen, weil die Bücher aufbewahrt werden.
payments-privacy-methods = Eine Zahlungsart ist gespeichert. Entfernen Sie sie zuerst, damit auch der Zahlungsdienst sie vergisst.

# What a member of a team, or a program of theirs, may do.

payments-permission-methods = Zahlungsmittel verwalten
