messaging-nav-preferences = E-Mails
messaging-preferences-title = Ihre E-Mails
messaging-preferences-advice = Wählen Sie, welche E-Mails Sie möchten. Rechnungen und alles, was Ihren Zugang betrifft, kommen immer.
messaging-preferences-save = Speichern
messaging-preferences-saved = Ihre Auswahl ist gespeichert.
messaging-preferences-link = Auswählen, welche E-Mails Sie bekommen
messaging-notices = Benachrichtigungen
messaging-notices-choose = Worüber Sie informiert werden
messaging-notices-choose-advice = Wählen Sie für jede Art, ob sie bei der Glocke erscheint, auch per E-Mail kommt oder gar nicht.
messaging-notices-app = Bei der Glocke
messaging-notices-mail = Bei der Glocke und per E-Mail
messaging-notices-off = Gar nicht
messaging-notices-read-all = Alle als gelesen markieren
messaging-notices-unread = Neu
messaging-notices-none = Nichts Neues
messaging-notices-none-advice = Hier erscheint, was Sie betrifft: Rechnungen, Dienste, Anmeldungen.
messaging-notices-saved = Ihre Auswahl ist gespeichert.

# What a member of a team, or a program of theirs, may do.

messaging-permission-preferences = Wählen, welche E-Mails kommen
