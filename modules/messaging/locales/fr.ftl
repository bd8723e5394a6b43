messaging-nav-preferences = E-mails
messaging-preferences-title = Vos e-mails
messaging-preferences-advice = Choisissez les e-mails que vous souhaitez. Les factures et tout ce qui concerne votre accès arrivent toujours.
messaging-preferences-save = Enregistrer
messaging-preferences-saved = Votre choix est enregistré.
messaging-preferences-link = Choisir les e-mails que vous recevez
messaging-notices = Notifications
messaging-notices-choose = Ce dont vous êtes informé
messaging-notices-choose-advice = Choisissez pour chaque type s’il apparaît à la cloche, arrive aussi par e-mail, ou pas du tout.
messaging-notices-app = À la cloche
messaging-notices-mail = À la cloche et par e-mail
messaging-notices-off = Jamais
messaging-notices-read-all = Tout marquer comme lu
messaging-notices-unread = Nouveau
messaging-notices-none = Rien de nouveau
messaging-notices-none-advice = Ce qui vous concerne apparaît ici : factures, services, connexions.
messaging-notices-saved = Votre choix est enregistré.

# What a member of a team, or a program of theirs, may do.

messaging-permission-preferences = Choisir quels messages arrivent
