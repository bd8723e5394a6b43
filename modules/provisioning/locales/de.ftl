provisioning-nav-services = Dienste
provisioning-service = Dienst
provisioning-state = Zustand
provisioning-since = Seit
provisioning-none = Noch nichts da
provisioning-none-advice = Was Sie bestellen und wir für Sie einrichten, erscheint hier.
provisioning-being-made = Wir richten es ein. Diese Seite zeigt es, sobald es bereit ist.
provisioning-made-on = Wir richten es am { $on } ein.
provisioning-delayed = Bei uns ist etwas schiefgegangen. Wir wissen davon und kümmern uns; Sie müssen nichts tun.
provisioning-suspended = Er ist gesperrt.
provisioning-addresses = Adressen
provisioning-subscription = Abonnement
provisioning-subscription-open = Bedingungen und Änderungen
provisioning-access = Zugang
provisioning-access-none = Sobald es bereit ist, steht hier, wie Sie hineinkommen.
provisioning-access-kind = { $kind ->
    [username] Benutzername
    [panel_url] Panel
    [endpoint] Adresse zum Verbinden
    [file_transfer] Dateiübertragung
    [file_transfer_username] Benutzername für Dateiübertragung
    [name_server] Nameserver
    [licence] Lizenz
    [note] Gut zu wissen
   *[other] Zugang
}
provisioning-password = Passwort
provisioning-password-once = Es wird nur dieses Mal gezeigt und nie verschickt. Bewahren Sie es sicher auf.
provisioning-reveal = Passwort zeigen
provisioning-reveal-licence = Lizenz zeigen
provisioning-usage = Verbrauch
provisioning-usage-kind = { $kind ->
    [cpu] Prozessor
    [memory] Arbeitsspeicher
    [disk] Speicherplatz
   *[other] Datenverkehr
}
provisioning-usage-days = { $days ->
    [1] Letzter Tag
   *[other] { $days } Tage
}
provisioning-usage-most = höchstens { $most }
provisioning-usage-last = { $last } bei der letzten Messung
provisioning-usage-line = { $line ->
    [in] Eingehend
   *[other] Ausgehend
}
provisioning-usage-none = Es wird alle paar Stunden gemessen. Die ersten Zahlen erscheinen bald hier.
provisioning-actions = Was Sie tun können
provisioning-busy = Daran wird gerade gearbeitet.
provisioning-asked = Es wird gemacht. Sehen Sie in einer Minute wieder nach.
provisioning-door = { $door ->
    [console] Konsole öffnen
    [webmail] Webmail öffnen
    [reseller_panel] Reseller-Panel öffnen
   *[other] Panel öffnen
}
provisioning-action = { $action ->
    [start] Einschalten
    [stop] Herunterfahren
    [restart] Neu starten
    [kill] Hart ausschalten
    [password] Neues Passwort setzen
    [reinstall] Neu installieren
   *[other] Ausführen
}
provisioning-action-asks = { $action ->
    [start] Die Maschine wird eingeschaltet.
    [stop] Die Maschine wird gebeten herunterzufahren.
    [restart] Die Maschine wird heruntergefahren und wieder gestartet.
    [kill] Die Maschine verliert sofort den Strom; was nicht gespeichert war, geht verloren.
    [password] Es wird ein neues Passwort gemacht. Das alte gilt nicht mehr.
    [reinstall] Die Maschine wird neu installiert. Alles auf ihrer Platte geht verloren.
   *[other] Sind Sie sicher?
}
provisioning-privacy-running = Ein Dienst ist noch da. Er muss zuerst entfernt werden.

# What a member of a team, or a program of theirs, may do.

provisioning-permission-view = Dienste sehen
provisioning-permission-operate = Dienste bedienen
