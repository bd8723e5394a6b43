shell-skip = Aller au contenu
shell-navigation = Navigation principale
shell-navigation-show = Afficher la navigation
shell-close = Fermer
shell-more = Plus
shell-notices = Notifications
shell-sign-in = Se connecter
shell-sign-out = Se déconnecter
shell-back = Retour
shell-colours = Couleurs
shell-colours-light = Clair
shell-colours-dark = Sombre
shell-colours-system = Comme le système
shell-language = Langue
shell-pages = Pages
shell-previous = Précédent
shell-next = Suivant
shell-newest = Plus récents
shell-older = Plus anciens
shell-all-in-list = Tout en liste
shell-leave = Vous continuez sur un autre site
shell-leave-advice = Le paiement se fait chez { $host }. Vous revenez ici ensuite.
shell-leave-go = Continuer vers { $host }
shell-optional = facultatif
shell-keep = Laisser ainsi
shell-ask = { $action } ?

shell-status = { $status ->
    [accepted] Accepté
    [active] Actif
    [authorized] Autorisé
    [cancelled] Annulé
    [captured] Payé
    [capturing] En cours de débit
    [closed] Fermé
    [completed] Terminé
    [created] Créé
    [declined] Refusé
    [deprovisioned] Supprimé
    [deprovisioning] Suppression en cours
    [draft] Brouillon
    [ended] Terminé
    [expired] Expiré
    [failed] Échoué
    [fraud] Fraude
    [held] Retenu
    [inactive] Inactif
    [issued] Émise
    [needs_authentication] À confirmer
    [open] À payer
    [overdue] En retard
    [paid] Payée
    [partially_paid] Payée en partie
    [past_due] En retard
    [paused] En pause
    [pending] En attente
    [pending_payment] En attente de paiement
    [pending_review] En cours d’examen
    [processing] En cours
    [provisioning] En préparation
    [queued] En file d’attente
    [refunded] Remboursé
    [rejected] Rejeté
    [released] Libéré
    [releasing] En cours de libération
    [requires_action] À confirmer
    [resuming] Réactivation en cours
    [sent] Envoyé
    [settled] Réglé
    [succeeded] Payé
    [suspended] Suspendu
    [suspending] Suspension en cours
    [terminated] Terminé
    [trial] Essai
    [trialing] Essai
    [uncollectible] Irrécouvrable
    [unknown] En vérification
    [updating] Changement en cours
    [void] Annulée
    [waiting] En attente
   *[other] { $words }
}

shell-form-required = Veuillez remplir ce champ.
shell-form-too-long = Veuillez utiliser au plus { $most } caractères.
shell-form-date = Veuillez indiquer une date, par exemple 2026-03-31.
shell-form-money = Veuillez indiquer un montant en { $currency }, par exemple { $example }.

shell-error-home = Vers la page d’accueil
shell-error-number = Si vous nous contactez à ce sujet, indiquez le numéro { $open }{ $number }{ $close }.
shell-problem-title = { $status ->
    [400] Nous n’avons pas pu lire cette demande
    [403] Vous ne pouvez pas faire cela
    [404] Introuvable
    [405] Cette adresse n’accepte pas cela
    [409] Ce n’est pas possible pour le moment
    [413] C’était trop volumineux
    [422] Un point demande votre attention
    [503] Indisponible pour le moment
    [504] Cela a pris trop de temps
   *[other] Une erreur s’est produite
}
shell-problem-not-found = Il n’y a rien à cette adresse, ou vous n’y avez pas accès.
shell-problem-method = Cette adresse n’accepte pas ce type de demande.
shell-problem-too-large = Votre envoi dépasse la taille acceptée. Rien n’a été modifié.
shell-problem-form-broken = Le formulaire n’est pas arrivé en entier. Veuillez le renvoyer.
shell-problem-zero = Ce que vous avez envoyé contient un caractère qui n’existe dans aucun texte (zéro, %00 dans une adresse). Retirez-le et renvoyez.
shell-problem-form-token = Ce formulaire ne correspond pas à votre session, rien n’a donc été modifié. Cela arrive quand vous vous êtes connecté ou déconnecté dans un autre onglet, ou quand la page est restée ouverte très longtemps. Revenez en arrière, rechargez la page et renvoyez-le.
shell-problem-panic = Une erreur s’est produite de notre côté. Veuillez réessayer ; si cela se reproduit, communiquez-nous le numéro ci-dessous.
shell-problem-slow = Cela a pris trop de temps et a été interrompu. Veuillez réessayer.
shell-problem-fault = Une erreur s’est produite de notre côté. Rien n’a été modifié.
shell-problem-unavailable = Ce n’est pas disponible pour le moment. Veuillez réessayer dans un instant.
shell-problem-denied = Vous ne pouvez pas faire cela (l’autorisation { $permission } est nécessaire).
shell-security = Sécurité
shell-tokens = Jetons d’API
shell-impersonation = { $staff } agit au nom de { $person }. Tout est consigné.
shell-impersonation-end = Arrêter
