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
