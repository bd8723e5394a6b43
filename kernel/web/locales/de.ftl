shell-skip = Zum Inhalt springen
shell-navigation = Hauptnavigation
shell-navigation-show = Navigation anzeigen
shell-close = Schließen
shell-more = Mehr
shell-notices = Benachrichtigungen
shell-sign-in = Anmelden
shell-sign-out = Abmelden
shell-back = Zurück
shell-colours = Farben
shell-colours-light = Hell
shell-colours-dark = Dunkel
shell-colours-system = Wie das System
shell-language = Sprache
shell-pages = Seiten
shell-previous = Zurück
shell-next = Weiter
shell-newest = Neueste
shell-older = Ältere
shell-all-in-list = Alle als Liste
shell-leave = Es geht auf einer anderen Seite weiter
shell-leave-advice = Die Zahlung erfolgt bei { $host }. Danach kommen Sie hierher zurück.
shell-leave-go = Weiter zu { $host }
shell-optional = freiwillig
shell-keep = So lassen
shell-ask = { $action }?

shell-status = { $status ->
    [accepted] Angenommen
    [active] Aktiv
    [authorized] Autorisiert
    [cancelled] Storniert
    [captured] Bezahlt
    [capturing] Wird abgebucht
    [closed] Geschlossen
    [completed] Abgeschlossen
    [created] Angelegt
    [declined] Abgelehnt
    [deprovisioned] Entfernt
    [deprovisioning] Wird entfernt
    [draft] Entwurf
    [ended] Beendet
    [expired] Abgelaufen
    [failed] Fehlgeschlagen
    [fraud] Betrug
    [held] Zurückgehalten
    [inactive] Inaktiv
    [issued] Ausgestellt
    [needs_authentication] Bestätigung nötig
    [open] Offen
    [overdue] Überfällig
    [paid] Bezahlt
    [partially_paid] Teilweise bezahlt
    [past_due] Überfällig
    [paused] Pausiert
    [pending] Ausstehend
    [pending_payment] Wartet auf Zahlung
    [pending_review] In Prüfung
    [processing] In Bearbeitung
    [provisioning] Wird eingerichtet
    [queued] Eingereiht
    [refunded] Erstattet
    [rejected] Zurückgewiesen
    [released] Freigegeben
    [releasing] Wird freigegeben
    [requires_action] Bestätigung nötig
    [resuming] Wird freigegeben
    [sent] Gesendet
    [settled] Beglichen
    [succeeded] Bezahlt
    [suspended] Gesperrt
    [suspending] Wird gesperrt
    [terminated] Beendet
    [trial] Testphase
    [trialing] Testphase
    [uncollectible] Ausgebucht
    [unknown] Wird geprüft
    [updating] Wird geändert
    [void] Storniert
    [waiting] Wartet
   *[other] { $words }
}

shell-form-required = Bitte ausfüllen.
shell-form-too-long = Bitte höchstens { $most } Zeichen verwenden.
shell-form-date = Bitte ein Datum angeben, zum Beispiel 2026-03-31.
shell-form-money = Bitte einen Betrag in { $currency } angeben, zum Beispiel { $example }.

shell-error-home = Zur Startseite
shell-error-number = Wenn Sie uns danach fragen, nennen Sie bitte die Nummer { $open }{ $number }{ $close }.
shell-problem-title = { $status ->
    [400] Diese Anfrage konnten wir nicht lesen
    [403] Das dürfen Sie nicht
    [404] Nicht gefunden
    [405] Das nimmt diese Adresse nicht an
    [409] Das ist gerade nicht möglich
    [413] Das war zu groß
    [422] Bitte sehen Sie hier noch einmal hin
    [503] Zurzeit nicht verfügbar
    [504] Das hat zu lange gedauert
   *[other] Etwas ist schiefgegangen
}
shell-problem-not-found = Unter dieser Adresse gibt es nichts, oder Sie dürfen es nicht sehen.
shell-problem-method = Diese Art von Anfrage nimmt diese Adresse nicht an.
shell-problem-too-large = Was Sie gesendet haben, ist größer, als wir annehmen. Es wurde nichts geändert.
shell-problem-form-broken = Das Formular ist nicht vollständig angekommen. Bitte senden Sie es noch einmal.
shell-problem-zero = Was Sie gesendet haben, enthält ein Zeichen, das in keinem Text vorkommt (Null, %00 in einer Adresse). Entfernen Sie es und senden Sie noch einmal.
shell-problem-form-token = Dieses Formular passt nicht zu Ihrer Sitzung, deshalb wurde nichts geändert. Das geschieht, wenn Sie sich in einem anderen Tab an- oder abgemeldet haben oder die Seite sehr lange offen war. Gehen Sie zurück, laden Sie die Seite neu und senden Sie das Formular noch einmal.
shell-problem-panic = Bei uns ist etwas schiefgegangen. Bitte versuchen Sie es noch einmal; wenn es wieder geschieht, nennen Sie uns die Nummer unten.
shell-problem-slow = Das hat zu lange gedauert und wurde abgebrochen. Bitte versuchen Sie es noch einmal.
shell-problem-fault = Bei uns ist etwas schiefgegangen. Es wurde nichts geändert.
shell-problem-unavailable = Das ist gerade nicht verfügbar. Bitte versuchen Sie es gleich noch einmal.
shell-problem-denied = Das dürfen Sie nicht (dafür ist die Berechtigung { $permission } nötig).
shell-security = Sicherheit
shell-tokens = API-Token
shell-impersonation = { $staff } handelt als { $person }. Alles wird protokolliert.
shell-impersonation-end = Beenden
