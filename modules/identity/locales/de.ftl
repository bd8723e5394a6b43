identity-sign-in-email = E-Mail-Adresse
identity-sign-in-send = Stattdessen einen Link senden
identity-sign-in-password = Passwort
identity-sign-in-no-password = Kein Passwort oder vergessen?
identity-sign-in-password-missing = Bitte ausfüllen, oder lassen Sie sich stattdessen einen Link senden.
identity-no-match = E-Mail-Adresse oder Passwort stimmt nicht.
identity-too-many = Zu viele Versuche. Warten Sie eine Viertelstunde und versuchen Sie es noch einmal.
identity-sign-in-sent-heading = Sehen Sie in Ihre E-Mails
identity-sign-in-sent = Wenn wir die Adresse kennen, ist ein Link zum Anmelden dorthin unterwegs. Er gilt einmal, innerhalb von { $minutes } Minuten.
identity-sign-in-sent-retry = Nichts angekommen? Sehen Sie im Spam-Ordner nach oder { $open }versuchen Sie eine andere Adresse{ $close }.
identity-link-heading = Willkommen zurück
identity-link-text = Noch ein Schritt: Dieser Link meldet Sie einmal an.
identity-link-sign-in = Bei { $brand } anmelden
identity-link-not-valid = Dieser Link wurde schon benutzt oder ist zu alt. Fordern Sie auf der Anmeldeseite einen neuen an.
identity-signed-out = Sie sind abgemeldet.
identity-sign-in-passkey = Passkey verwenden
identity-sign-in-forgotten = Passwort vergessen?
identity-wrong-code = Dieser Code stimmt nicht. Nehmen Sie den neuesten; jeder gilt nur einmal.
identity-passkey-refused = Der Passkey hat nicht funktioniert. Vielleicht gehört er zu einem anderen Konto oder wurde hier entfernt.
identity-challenge-over = Das hat zu lange gedauert oder wurde zu oft versucht. Bitte beginnen Sie von vorn.
identity-nav-team = Team
identity-nav-security = Sicherheit
identity-team-about = Wer sich außer Ihnen hier anmeldet, und was sie dürfen.
identity-team-member = Mitglied
identity-team-role = Rolle
identity-team-seen = Letzte Anmeldung
identity-team-set = Setzen
identity-team-remove = Entfernen
identity-team-remove-question = { $name } kann sich hier nicht mehr anmelden.
identity-team-invited = Eingeladen
identity-team-until = Bis
identity-team-withdraw = Zurücknehmen
identity-team-invite = Jemanden einladen
identity-invitation-heading = { $customer } beitreten
identity-invitation-text = Sie wurden mit der Adresse { $email } eingeladen. Nehmen Sie an, um sich anzumelden.
identity-invitation-name = Ihr Name
identity-invitation-accept = Annehmen
identity-role = { $role ->
    [owner] Inhaber
    [billing] Abrechnung
    [technical] Technik
   *[read_only] Nur lesen
 }
identity-leave-heading = Einen Moment
identity-leave-go = Weiter zu { $host }
identity-consent-heading = Bei { $app } anmelden
identity-consent-as = Sie sind angemeldet als { $person }.
identity-consent-learns = { $app } erfährt:
identity-consent-openid = dass Sie es sind, sooft Sie wiederkommen
identity-consent-profile = Ihren Namen
identity-consent-email = Ihre E-Mail-Adresse
identity-consent-offline = und darf auch nachfragen, wenn Sie nicht da sind
identity-consent-allow = Erlauben
identity-consent-deny = Nicht erlauben
identity-consent-then = Danach geht es zurück zu { $host }.
identity-choose-heading = Wer meldet sich bei { $app } an?
identity-choose-customer = Ich bin Kunde
identity-choose-staff = Ich arbeite hier
identity-app-wrong-heading = Diese Anmeldung kann nicht weitergehen
identity-app-unknown = Der Dienst, von dem Sie kommen, ist hier nicht bekannt. Sagen Sie es seinem Betreiber.
identity-app-address = Der Dienst, von dem Sie kommen, will Sie an eine Adresse zurückschicken, die nicht eingetragen ist. Sagen Sie es seinem Betreiber.
identity-app-not-you = Bei einem anderen Dienst kann sich nur die Person selbst anmelden, nicht jemand an ihrer Stelle.
identity-app-not-from-here = Mitarbeitende können sich aus diesem Netz nicht anmelden.
identity-app-disconnected = Der Dienst kennt Sie nicht mehr.
identity-out-heading = Abmelden
identity-out-question = Auch hier abmelden?
identity-about-you = Wie Sie sich als { $email } anmelden
identity-must-enrol = Richten Sie einen zweiten Faktor ein, um fortzufahren: einen Passkey oder eine App, die Codes erzeugt. Ihre Rolle braucht einen.
identity-passkeys = Passkeys
identity-passkeys-about = Der sicherste und schnellste Weg: Ihr Gerät meldet Sie mit Gesicht, Finger oder PIN an.
identity-passkey-since = seit { $since }
identity-passkey-used = seit { $since }, zuletzt benutzt { $used }
identity-passkey-remove = Der Passkey { $name } meldet Sie dann nicht mehr an.
identity-passkey-name = Name
identity-passkey-name-help = Wo er liegt: mein Telefon, der Stick im Tresor.
identity-passkey-add = Passkey hinzufügen
identity-passkey-bare = Passkeys funktionieren, wo diese Seiten einen Namen haben, nicht unter einer bloßen Adresse.
identity-app = Code-App
identity-app-on = Eingeschaltet seit { $since }: Bei der Anmeldung wird ein Code verlangt.
identity-app-off = Ausschalten
identity-app-off-question = Es wird kein Code mehr verlangt.
identity-app-about = Eine App auf Ihrem Telefon erzeugt Codes, die jede halbe Minute wechseln.
identity-app-set-up = Code-App einrichten
identity-codes-left = { $count ->
    [one] Noch ein Wiederherstellungscode.
   *[other] Noch { $count } Wiederherstellungscodes.
 }
identity-codes-new = Neue Wiederherstellungscodes
identity-codes-new-question = Die aufgehobenen Codes gelten dann nicht mehr.
identity-devices = { $count ->
    [one] Ein vertrautes Gerät: Dort wird kein zweiter Faktor verlangt.
   *[other] { $count } vertraute Geräte: Dort wird kein zweiter Faktor verlangt.
 }
identity-devices-none = Keinem mehr vertrauen
identity-devices-question = Der zweite Faktor wird dann wieder auf jedem Gerät verlangt.
identity-password-new = Neues Passwort
identity-password-help = Mindestens 12 Zeichen; ein Satz ist ein gutes Passwort. Ihre anderen Sitzungen enden.
identity-password-change = Passwort ändern
identity-password-set = Passwort festlegen
identity-address = E-Mail-Adresse
identity-address-unshown = Sie haben noch nicht bestätigt, dass { $email } Ihnen gehört.
identity-address-send = E-Mail senden
identity-address-sent = Eine E-Mail ist unterwegs an { $email }.
identity-connected = Verbundene Dienste
identity-connected-about = Sie kennen Sie durch Ihr Konto hier.
identity-disconnect = Trennen
identity-disconnect-question = { $app } kennt Sie dann nicht mehr, bis Sie sich dort wieder anmelden.
identity-sessions = Sitzungen
identity-browser = Browser
identity-browser-on = { $program } auf { $system }
identity-browser-unknown = Unbekannter Browser
identity-from = Von
identity-signed-in = Angemeldet
identity-last-used = Zuletzt benutzt
identity-this-one = diese
identity-session-end = Beenden
identity-sessions-end = Alle anderen beenden
identity-sign-ins = Anmeldungen
identity-when = Wann
identity-outcome = Ergebnis
identity-how = Wie
identity-method = { $method ->
    [password] Passwort
    [passkey] Passkey
    [link] Link
    [staff-link] Link vom Team
    [sign-up] Registrierung
    [code] Code
    [password-and-code] Passwort und Code
    [password-and-passkey] Passwort und Passkey
    [password-and-recovery-code] Passwort und Wiederherstellungscode
    [link-and-second-factor] Link und zweiter Faktor
    [other-service] anderer Dienst
    [other-service-and-second-factor] anderer Dienst und zweiter Faktor
    [other-service-with-its-second-factor] anderer Dienst mit dessen zweitem Faktor
   *[other] { $shown }
 }
identity-said-password = Ihr Passwort ist geändert, und Ihre anderen Sitzungen sind beendet.
identity-said-totp-off = Es werden keine Codes mehr verlangt.
identity-said-passkey = Der Passkey kann benutzt werden.
identity-said-passkey-gone = Der Passkey ist hier entfernt. Löschen Sie ihn auch auf dem Gerät.
identity-said-distrust = Der zweite Faktor wird wieder auf jedem Gerät verlangt.
identity-said-session-ended = Die Sitzung ist beendet.
identity-said-sessions-ended = Alle anderen Sitzungen sind beendet.
identity-totp-heading = Code-App einrichten
identity-totp-scan = 1. Scannen Sie dies
identity-totp-scan-about = Mit einer Authenticator-App auf Ihrem Telefon.
identity-totp-or = Oder tippen Sie diesen Schlüssel in die App, oder { $open }öffnen Sie die App auf diesem Gerät{ $close }:
identity-totp-type = 2. Tippen Sie den angezeigten Code ein
identity-totp-code-help = Sechs Ziffern. Sie wechseln jede halbe Minute.
identity-totp-on = Einschalten
identity-code = Code
identity-codes-heading = Heben Sie Ihre Wiederherstellungscodes auf
identity-codes-about = Jeder meldet Sie einmal an, wenn Sie Ihren zweiten Faktor nicht zur Hand haben. Sie werden nur jetzt gezeigt.
identity-codes-keep = Drucken Sie diese Seite oder heben Sie die Codes in einem Passwortmanager auf, nicht auf dem Gerät, das Ihre Codes erzeugt.
identity-codes-kept = Ich habe sie aufgehoben
identity-second-heading = Noch ein Schritt
identity-second-recovery = Wiederherstellungscode
identity-second-code-help = Sechs Ziffern aus Ihrer App oder einer Ihrer Wiederherstellungscodes.
identity-second-recovery-help = Einer der aufgehobenen Codes; jeder gilt einmal.
identity-second-trust = { $days ->
    [one] Auf diesem Gerät einen Tag lang nicht fragen
   *[other] Auf diesem Gerät { $days } Tage lang nicht fragen
 }
identity-second-other = Als jemand anderes anmelden
identity-sign-heading = Passkey
identity-sign-make = Ihr Browser fordert Sie auf, einen Passkey anzulegen.
identity-sign-use = Ihr Browser fordert Sie auf, Ihren Passkey zu benutzen.
identity-sign-again = Noch einmal versuchen
identity-sign-script = Passkeys brauchen JavaScript. Nehmen Sie stattdessen einen Code.
identity-sign-none = Dieser Browser kennt keine Passkeys. Nehmen Sie stattdessen einen Code.
identity-sign-failed = Das hat nicht geklappt oder wurde abgebrochen. Versuchen Sie es noch einmal oder gehen Sie zurück.
identity-back = Zurück
identity-confirm-heading = Bestätigen Sie, dass Sie es sind
identity-confirm-about = Was jetzt kommt, verdient einen zweiten Blick: Sie sind als { $email } angemeldet.
identity-confirm-code = Oder ein Code aus Ihrer App
identity-confirm-do = Bestätigen
identity-confirm-link = Sie haben kein Passwort. Ein Link per E-Mail bestätigt es auch.
identity-link-send = Link senden
identity-reset-heading = Neues Passwort
identity-reset-sent = Wenn sich jemand mit dieser Adresse anmeldet, ist ein Link für ein neues Passwort dorthin unterwegs. Er gilt einmal, innerhalb einer Stunde.
identity-reset-about = Geben Sie die Adresse ein, mit der Sie sich anmelden. Wir senden Ihnen einen Link für ein neues Passwort.
identity-reset-back = Zurück zur Anmeldung
identity-reset-choose = Wählen Sie ein neues Passwort
identity-reset-help = Mindestens 12 Zeichen; ein Satz ist ein gutes Passwort. Wer als Sie angemeldet ist, wird abgemeldet.
identity-reset-set = Passwort festlegen
identity-reset-done = Ihr neues Passwort ist festgelegt. Melden Sie sich damit an.
identity-verify-title = Ihre Adresse
identity-verify-heading = Ist das Ihre Adresse?
identity-verify-about = Sie kamen über einen Link, den wir dorthin gesendet haben. Bestätigen Sie, und Sie melden sich mit dieser Adresse an.
identity-verify-yes = Ja, das ist meine
identity-verify-done = Danke: Die Adresse gehört Ihnen.
identity-verify-stranger = Haben Sie sich selbst registriert, melden Sie sich zuerst an: Dann bleibt Ihr Passwort, wie es ist. Sonst endet jetzt alles, was jemand mit Ihrer Adresse eingerichtet hat, und Sie wählen ein eigenes Passwort.
identity-others-ended = Jemand hatte sich mit Ihrer Adresse angemeldet und Zugänge eingerichtet. All das ist jetzt beendet. Wählen Sie ein eigenes Passwort und sehen Sie nach, wer sonst in Ihrem Team ist.
identity-tokens = API-Schlüssel
identity-tokens-about = Schlüssel für Programme. Jeder hat die Rechte, die Sie ankreuzen, und nie mehr als Sie selbst.
identity-token-made = Ihr neuer Schlüssel
identity-token-copy = Kopieren Sie ihn jetzt: Er wird nur dieses eine Mal gezeigt.
identity-token-sent = Ein Programm sendet ihn mit jeder Anfrage als { $header }
identity-token = Schlüssel
identity-token-may = Darf
identity-token-until = Gilt bis
identity-token-never = nie
identity-token-delete = Aufgeben
identity-token-delete-question = Programme, die { $name } benutzen, funktionieren sofort nicht mehr.
identity-token-deleted = Der Schlüssel gilt nicht mehr.
identity-token-new = Neuer Schlüssel
identity-token-for = Wofür er ist
identity-token-for-help = Der Name des Programms, das ihn benutzt.
identity-token-days = Gilt für
identity-token-days-month = 30 Tage
identity-token-days-quarter = 90 Tage
identity-token-days-year = ein Jahr
identity-token-rights = Er darf
identity-token-make = Schlüssel anlegen
identity-wrong-password = Das ist nicht Ihr Passwort.
identity-factor-already = Es gibt schon einen. Entfernen Sie ihn zuerst, um einen anderen einzurichten.
identity-remove = Entfernen
identity-password-length = Nehmen Sie { $from } bis { $to } Zeichen; ein Satz ist ein gutes Passwort.
identity-password-common = Wer rät, versucht dieses zuerst. Wählen Sie ein anderes: Ein Satz ist ein gutes Passwort.
identity-code-wrong-clock = Dieser Code stimmt nicht. Sehen Sie auf den neuesten, und ob die Uhr des Telefons stimmt.

# Other services by which people sign in here.

identity-outside-with = Mit { $name } anmelden
identity-outside-connect = { $name } verbinden
identity-outside-connected = Der Dienst ist verbunden: Sie können sich ab jetzt damit anmelden.
identity-outside-disconnected = Sie melden sich mit diesem Dienst nicht mehr an.
identity-outside = Dienste, mit denen Sie sich anmelden
identity-outside-about = Wer Ihr Konto dort hat, meldet sich als Sie an.
identity-outside-question = Sie melden sich mit { $name } nicht mehr an.
identity-outside-not-believed = Dieser Dienst hat nicht geantwortet, wie er sollte. Versuchen Sie es noch einmal, oder melden Sie sich anders an.
identity-outside-not-finished = Die Anmeldung dort wurde nicht beendet. Versuchen Sie es noch einmal, oder melden Sie sich anders an.
identity-outside-unverified = Dieser Dienst hat Ihre E-Mail-Adresse nicht bestätigt. Bestätigen Sie sie dort, oder melden Sie sich anders an und verbinden Sie ihn auf der Seite Sicherheit.
identity-outside-domain = Mit einer Adresse dieser Domain können Sie sich mit diesem Dienst nicht anmelden.
identity-outside-unknown = Unter dieser Adresse ist hier niemand bekannt. Registrieren Sie sich zuerst, oder melden Sie sich anders an.
identity-outside-connect-first = Sie haben hier ein Konto. Melden Sie sich wie bisher an, und verbinden Sie den Dienst auf der Seite Sicherheit.
identity-outside-taken = Dieses Konto ist hier mit jemand anderem verbunden.

# What a member of a team, or a program of theirs, may do.

identity-permission-team = Teammitglieder einladen, ändern und entfernen
identity-permission-group = { $module ->
    [billing] Abrechnung
    [customers] Konto
    [identity] Team
    [messaging] E-Mail
    [ordering] Bestellungen
    [payments] Zahlungsmittel
    [provisioning] Dienste
   *[other] { $module }
 }
