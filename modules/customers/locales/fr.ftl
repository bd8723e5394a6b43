customers-nav-profile = Profil
customers-profile-about = Ce que les factures impriment et comment vous joindre.
customers-profile-wrong = Veuillez corriger les champs marqués
customers-profile-saved = Votre profil est enregistré.
customers-profile-who = Nom et adresse
customers-profile-invoices = Factures et taxes
customers-profile-language = Langue
customers-first-name = Prénom
customers-last-name = Nom
customers-company = Société
customers-email = Adresse e-mail
customers-phone = Téléphone
customers-address1 = Rue et numéro
customers-address2 = Deuxième ligne
customers-postcode = Code postal
customers-city = Ville
customers-state = État ou région
customers-country = Pays
customers-tax-id = Numéro fiscal
customers-tax-id-state = { $state ->
    [none] Il n’y en a pas.
    [unchecked] Il est en cours de vérification.
    [valid] Le registre le connaît.
   *[invalid] Le registre ne le connaît pas : la taxe est facturée.
}
customers-printed = Imprimé sur les factures
customers-printed-own = Ce qui figure ci-dessus
customers-printed-help = L’un de vos contacts peut prendre la place du nom et de l’adresse ci-dessus.
customers-auto-credit = Utiliser l’avoir pour les nouvelles factures
customers-auto-credit-help = L’avoir paie une facture dès son émission.
customers-currency = Devise des factures
customers-number = Numéro de client
customers-since = Client depuis
customers-language = Langue
customers-language-help = Les e-mails, les documents et ces pages l’utilisent.
customers-save = Enregistrer
customers-email-confirm = Confirmez que c’est bien vous avant de changer cette adresse : les liens de connexion y sont envoyés.
customers-email-confirm-go = Confirmer que c’est moi
customers-contacts = Contacts
customers-contacts-about = Les personnes qui reçoivent du courrier en plus de vous.
customers-contact = Contact
customers-contact-new = Nouveau contact
customers-contact-gets = Reçoit le courrier sur
customers-role = { $role ->
    [invoices] Factures et rappels
    [services] Services
    [domains] Domaines
    [support] Assistance
   *[general] Tout le reste
}
customers-contact-printed = Imprimé sur les factures
customers-contact-remove = Retirer
customers-contact-remove-question = { $name } ne recevra plus de courrier. Les documents émis restent tels quels.
customers-contact-added = Le contact est ajouté.
customers-contact-saved = Le contact est enregistré.
customers-contact-removed = Le contact est retiré.
customers-contacts-empty = Pas encore de contact
customers-contacts-empty-advice = Ajoutez une comptable qui reçoit les factures ou un technicien qui reçoit les nouvelles des services.
customers-refused-changed = Quelqu’un d’autre l’a enregistré entre-temps. Rechargez la page et refaites votre modification.
customers-refused-in-use = Ce contact figure sur les factures. Choisissez-en d’abord un autre dans votre profil.
customers-check-long = Cela fait { $length } caractères ; raccourcissez à { $most } au plus.
customers-check-control = Retirez les sauts de ligne et les caractères de contrôle.
customers-check-email = Indiquez une adresse e-mail comme ann@example.com.
customers-check-country = Choisissez un pays dans la liste.
customers-check-phone = Au plus 40 chiffres, espaces et + - ( ) . / comme +49 30 1234.
customers-check-tax-id = Au plus 40 lettres, chiffres, espaces et - . / comme sur l’immatriculation.
customers-check-name = Indiquez un prénom, un nom ou une société.
customers-nav-privacy = Confidentialité
customers-privacy-advice = Une copie de tout ce que nous avons sur vous, et comment être oublié.
customers-privacy-copy = Une copie de vos données
customers-privacy-copy-help = Nous réunissons tout ce que nous avons sur vous dans un fichier de lignes JSON. Il peut être téléchargé pendant { $days } jours.
customers-privacy-ask-copy = Demander une copie
customers-privacy-copy-asked = Votre copie est en préparation. Vous la trouverez ici dans un instant.
customers-privacy-making = En préparation.
customers-privacy-download = Télécharger
customers-privacy-until = jusqu’au { $date }
customers-privacy-gone = Elle n’existe plus ; demandez-en une autre.
customers-privacy-erase = Supprimer le compte
customers-privacy-erase-help = Nous examinons votre souhait, attendons { $days } jours pendant lesquels vous pouvez le retirer, puis effaçons nom, adresses, contacts, e-mails et connexions.
customers-privacy-kept = Ce que la loi nous oblige à garder reste jusqu’au { $date } :
customers-privacy-hindered = Il faut d’abord régler ceci :
customers-privacy-ask-erase = Supprimer le compte
customers-privacy-erase-question = Ensuite, plus personne ne pourra se connecter pour ce compte. Téléchargez d’abord une copie de vos données.
customers-privacy-erase-asked = Votre souhait est arrivé. Vous pouvez le retirer tant qu’il n’est pas exaucé.
customers-privacy-erase-waits = Votre compte sera effacé après le { $date }, dès que quelqu’un aura examiné votre souhait.
customers-privacy-keep = Garder le compte
customers-privacy-kept-account = Votre compte reste.
customers-privacy-refused = Votre souhait a été refusé :
customers-privacy-kept-documents = Les factures et avoirs portent votre nom et votre adresse.

# What a member of a team, or a program of theirs, may do.

customers-permission-privacy = Obtenir une copie de toutes les données et fermer le compte
customers-permission-profile = Voir et modifier le profil et ses contacts
