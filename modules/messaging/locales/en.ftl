# Which mails a customer wants.

messaging-nav-preferences = Mails
messaging-preferences-title = Your mails
messaging-preferences-advice = Choose which mails you want. Invoices and everything that concerns your access always come.
messaging-preferences-save = Save
messaging-preferences-saved = Your choice is saved.
messaging-preferences-link = Choose which mails you get

# News inside the product.
messaging-notices = Notifications
messaging-notices-choose = What you hear of
messaging-notices-choose-advice = Choose for each kind whether it shows in the bell, comes by mail too, or not at all.
messaging-notices-app = In the bell
messaging-notices-mail = In the bell and by mail
messaging-notices-off = Not at all
messaging-notices-read-all = Mark all as read
messaging-notices-unread = New
messaging-notices-none = Nothing new
messaging-notices-none-advice = What concerns you shows here: invoices, services, sign-ins.
messaging-notices-saved = Your choice is saved.

# What a member of a team, or a program of theirs, may do.

messaging-permission-preferences = Choose which mails come
