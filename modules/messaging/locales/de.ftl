messaging-nav-preferences = E-Mails
messaging-preferences-title = Ihre E-Mails
messaging-preferences-advice = Wählen Sie, welche E-Mails Sie möchten. Rechnungen und alles, was Ihren Zugang betrifft, kommen immer.
messaging-preferences-save = Speichern
messaging-preferences-saved = Ihre Auswahl ist gespeichert.
messaging-preferences-link = Auswählen, welche E-Mails Sie bekommen
