# Which mails a customer wants.

messaging-nav-preferences = Mails
messaging-preferences-title = Your mails
messaging-preferences-advice = Choose which mails you want. Invoices and everything that concerns your access always come.
messaging-preferences-save = Save
messaging-preferences-saved = Your choice is saved.
messaging-preferences-link = Choose which mails you get
