# La boutique : catalogue, panier, commande, textes.

storefront-every = { $cycle ->
    [one_time] une fois
    [hourly] par heure
    [daily] par jour
    [weekly] par semaine
    [monthly] par mois
    [quarterly] tous les 3 mois
    [semi_annual] tous les 6 mois
    [annual] par an
    [biennial] tous les 2 ans
    [triennial] tous les 3 ans
    [quadrennial] tous les 4 ans
    [quinquennial] tous les 5 ans
   *[other] une fois
}
storefront-cycle-name = { $cycle ->
    [one_time] Une fois
    [hourly] Horaire
    [daily] Quotidien
    [weekly] Hebdomadaire
    [monthly] Mensuel
    [quarterly] Trimestriel
    [semi_annual] Semestriel
    [annual] Annuel
    [biennial] 2 ans
    [triennial] 3 ans
    [quadrennial] 4 ans
    [quinquennial] 5 ans
   *[other] Une fois
}
storefront-step = { $step ->
    [cart] Panier
    [account] Vos coordonnées
    [pay] Paiement
    [done] Terminé
   *[other] Panier
}
storefront-tax-note = { $note ->
    [reverse_charge] Vous acquittez la taxe vous-même (autoliquidation).
    [exempt] Aucune taxe n’est facturée.
   *[other] Aucune taxe n’est facturée.
}
storefront-left = { $count ->
    [one] Plus qu’un seul
   *[other] Plus que { $count }
}
storefront-trial = { $days ->
    [one] Un jour gratuit
   *[other] { $days } jours gratuits
}
storefront-nav-shop = Boutique
storefront-nav-cart = Panier
storefront-currency = Devise
storefront-cycle = Période de facturation
storefront-featured = Populaire
storefront-free = Gratuit
storefront-saved = { $percent } % d’économie
storefront-setup = { $amount } de mise en service
storefront-sold-out = Épuisé
storefront-set-up = Mise en service
storefront-closed = Cette boutique n’est pas encore ouverte. Revenez bientôt.
storefront-choose = Choisir
storefront-discount = Remise
storefront-net = Hors taxes
storefront-tax = Taxes
storefront-total = Total
storefront-trial-until = Gratuit jusqu’au { $date }
storefront-then = Puis { $amount } { $every } à partir du { $date }
storefront-text-version = Version { $version } du { $date }
storefront-home-about = Serveurs, hébergement et noms de domaine, prêts en quelques minutes.
storefront-home-shop = Voir nos offres
storefront-home-featured = Populaire
storefront-home-all = Tout voir
storefront-home-groups = Nos offres
storefront-shop-title = Boutique
storefront-shop-about = Des prix sans surprise : ce que vous voyez dans le panier est ce qui est facturé.
storefront-shop-empty = Rien n’est en vente pour le moment
storefront-shop-empty-advice = Revenez plus tard ou demandez-nous.
storefront-compare = Comparer
storefront-compare-title = { $group } : comparaison
storefront-each = { $amount } l’unité
storefront-included = inclus
storefront-once = une fois
storefront-addons = Options
storefront-questions = À propos de votre commande
storefront-quantity = Quantité
storefront-summary = Récapitulatif
storefront-cart-change = Enregistrer
storefront-cart-add = Ajouter au panier
storefront-price-again = Afficher le prix
storefront-cart-title = Votre panier
storefront-cart-update = Mettre à jour
storefront-cart-edit = Modifier
storefront-cart-remove = Retirer
storefront-tax-for = Taxes pour
storefront-coupon = Code
storefront-coupon-use = Utiliser
storefront-cart-checkout = Passer la commande
storefront-cart-mend = Un article du panier ne peut pas être commandé ainsi. Modifiez-le ou retirez-le pour continuer.
storefront-cart-more = Continuer les achats
storefront-cart-empty = Votre panier est vide
storefront-cart-empty-advice = Ce que vous choisissez dans la boutique vous attend ici.
storefront-checkout-title = Commande
storefront-checkout-you = Vous commandez en tant que
storefront-checkout-order = Votre commande
storefront-checkout-note = Une précision à nous donner ?
storefront-checkout-agree = J’ai lu et j’accepte :
storefront-checkout-agree-missing = Veuillez accepter les textes pour commander.
storefront-checkout-place = Commander et payer { $amount }
storefront-checkout-next = Vous choisissez le moyen de paiement à la page suivante. Rien n’est débité avant.
storefront-checkout-may-not = Vous ne pouvez pas commander pour ce compte. Demandez à son titulaire.
storefront-checkout-staff = Vous êtes connecté en tant que personnel. Commandez depuis la page du client, ou déconnectez-vous.
storefront-checkout-back = Retour au panier
storefront-account-new = Nouveau client
storefront-account-first-name = Prénom
storefront-account-last-name = Nom
storefront-account-email = Adresse e-mail
storefront-account-password = Mot de passe
storefront-account-password-missing = Indiquez votre mot de passe.
storefront-account-company = Entreprise
storefront-account-tax-id = Numéro de TVA ou fiscal
storefront-account-address = Rue et numéro
storefront-account-postcode = Code postal
storefront-account-city = Ville
storefront-account-state = État ou région
storefront-account-country = Pays
storefront-account-create = Créer le compte et continuer
storefront-account-known-title = J’ai un compte
storefront-account-sign-in = Se connecter et continuer
storefront-account-link = Se connecter par un lien
storefront-account-too-many = Trop de comptes ont été créés depuis votre réseau. Réessayez dans une heure.
