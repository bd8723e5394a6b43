messaging-nav-preferences = E-mails
messaging-preferences-title = Vos e-mails
messaging-preferences-advice = Choisissez les e-mails que vous souhaitez. Les factures et tout ce qui concerne votre accès arrivent toujours.
messaging-preferences-save = Enregistrer
messaging-preferences-saved = Votre choix est enregistré.
messaging-preferences-link = Choisir les e-mails que vous recevez
