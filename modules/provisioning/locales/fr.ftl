provisioning-nav-services = Services
provisioning-service = Service
provisioning-state = État
provisioning-since = Depuis
provisioning-none = Rien pour l’instant
provisioning-none-advice = Ce que vous commandez et que nous préparons pour vous apparaît ici.
provisioning-being-made = Nous le préparons. Cette page l’affiche dès qu’il est prêt.
provisioning-made-on = Nous le mettons en place le { $on }.
provisioning-delayed = Quelque chose a échoué de notre côté. Nous le savons et nous nous en occupons ; vous n’avez rien à faire.
provisioning-suspended = Il est suspendu.
provisioning-addresses = Adresses
provisioning-subscription = Abonnement
provisioning-subscription-open = Conditions et changements
provisioning-access = Comment se connecter
provisioning-access-none = Vous verrez ici comment vous connecter dès qu’il est prêt.
provisioning-access-kind = { $kind ->
    [username] Nom d’utilisateur
    [panel_url] Panneau
    [endpoint] Adresse de connexion
    [file_transfer] Transfert de fichiers
    [file_transfer_username] Utilisateur pour le transfert de fichiers
    [name_server] Serveur de noms
    [licence] Licence
    [note] À savoir
   *[other] Accès
}
provisioning-password = Mot de passe
provisioning-password-once = Il n’est montré que cette fois et jamais envoyé par courrier. Gardez-le en lieu sûr.
provisioning-reveal = Montrer le mot de passe
provisioning-reveal-licence = Montrer la licence
provisioning-usage = Utilisation
provisioning-usage-kind = { $kind ->
    [cpu] Processeur
    [memory] Mémoire
    [disk] Disque
   *[other] Trafic
}
provisioning-usage-days = { $days ->
    [1] Dernier jour
   *[other] { $days } jours
}
provisioning-usage-most = au plus { $most }
provisioning-usage-last = { $last } à la dernière mesure
provisioning-usage-line = { $line ->
    [in] Entrant
   *[other] Sortant
}
provisioning-usage-none = La mesure se fait à intervalles de quelques heures. Les premiers chiffres apparaîtront bientôt ici.
provisioning-actions = Ce que vous pouvez faire
provisioning-busy = Une opération est en cours.
provisioning-asked = C’est en cours. Regardez de nouveau dans une minute.
provisioning-door = { $door ->
    [console] Ouvrir la console
    [webmail] Ouvrir le webmail
    [reseller_panel] Ouvrir le panneau revendeur
   *[other] Ouvrir le panneau
}
provisioning-action = { $action ->
    [start] Allumer
    [stop] Éteindre
    [restart] Redémarrer
    [kill] Couper le courant
    [password] Définir un nouveau mot de passe
    [reinstall] Réinstaller
   *[other] Exécuter
}
provisioning-action-asks = { $action ->
    [start] La machine est allumée.
    [stop] La machine est priée de s’éteindre.
    [restart] La machine est éteinte puis redémarrée.
    [kill] La machine perd le courant tout de suite ; ce qui n’était pas enregistré est perdu.
    [password] Un nouveau mot de passe est créé. L’ancien ne vaut plus.
    [reinstall] La machine est installée de nouveau. Tout ce qui est sur son disque est perdu.
   *[other] Êtes-vous sûr ?
}
provisioning-privacy-running = Un service existe encore. Il faut d’abord le supprimer.

# What a member of a team, or a program of theirs, may do.

provisioning-permission-view = Voir les services
provisioning-permission-operate = Piloter les services
