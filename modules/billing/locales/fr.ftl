billing-nav-invoices = Factures
billing-invoices-title = Vos factures
billing-invoices-order = Les plus récentes d’abord.
billing-invoices-empty = Pas encore de factures
billing-invoices-empty-advice = Vos factures apparaîtront ici dès qu’il y en aura.
billing-owed = À payer
billing-credit = Votre avoir
billing-number = Numéro
billing-issued = Émise le
billing-due = Échéance
billing-status = État
billing-total = Total
billing-open = Reste dû
billing-pdf = PDF
billing-pay = Payer { $amount }
billing-held = Le montant est réservé sur votre carte. Nous le débitons lorsque votre commande est prête ; vous n’avez pas à payer.
billing-document = Document
billing-paid = Payée le
billing-tax = Taxe
billing-paid-so-far = Payé jusqu’ici
billing-paid-nothing = Rien pour l’instant.
billing-lines = Lignes
billing-what = Désignation
billing-quantity = Quantité
billing-price = Prix
billing-net = Net
billing-with-tax = Taxe comprise
billing-how = Comment ce montant est obtenu
billing-set-up = Mise en service
billing-discounts = Remises, déjà déduites
billing-without-tax = Hors taxe
billing-settled = Réglé
billing-still-open = Reste à payer
billing-step-share = { $product } × { $part }/{ $whole } d’une période entière
billing-step-discount = moins { $label } : { $amount }
billing-step-inclusive = le prix comprend la taxe ; sans elle { $amount }
billing-step-tax = taxe { $percent } % : { $amount }
billing-step-tax-on-top = en plus, taxe { $percent } % : { $amount }
billing-step-no-tax = sans taxe
billing-settled-payment = Paiement { $id }
billing-settled-credit = Avoir du client
billing-settled-credit-note = Avoir
billing-settled-write-off = Passé en perte
billing-refused-just-paid = Cette facture vient d’être payée ; le paiement est en cours d’enregistrement.
billing-refused-under-way = Un paiement est déjà en cours pour l’une de ces factures. Attendez-le ou annulez-le d’abord.
billing-refused-not-open = { $number } n’est pas à payer, il n’y a donc rien à régler.
billing-refused-currencies = Ces factures sont dans des devises différentes. Payez celles de chaque devise à part.
billing-pay-choose = Choisissez quoi payer.
billing-pay-too-many = Choisissez au plus { $most } factures à la fois.
billing-pay-amount = Indiquez un montant supérieur à zéro et d’au plus { $amount }, ce qui reste ouvert.
billing-pay-selected = Payer les factures choisies
billing-pay-all = Tout payer
billing-choose = Choisir
billing-funds-full = Votre avoir est aussi élevé qu’il peut l’être.
billing-funds-too-small = Ajoutez au moins { $amount }.
billing-funds-too-large = Ajoutez au plus { $amount }.
billing-add-funds = Alimenter l’avoir
billing-methods = Moyens de paiement
billing-nav-home = Aperçu
billing-nav-subscriptions = Abonnements
billing-home-nobody = Vous êtes connecté, mais n’appartenez encore à aucun client
billing-home-nobody-advice = Demandez une invitation à la personne qui gère le compte, ou passez une commande.
billing-home-hello = Bonjour { $name }
billing-home-services = Vos services
billing-home-next = Prochaine facture
billing-home-nothing = Rien
billing-home-open = Factures à payer
billing-home-shop = Voir l’offre
billing-pay-now = Payer maintenant
billing-subscriptions-empty = Aucun service pour l’instant
billing-subscriptions-empty-advice = Vos commandes apparaîtront ici.
billing-subscription = Service
billing-cycle-label = Facturation
billing-change = Changer de formule ou de cycle
billing-cancel = Résilier le service
billing-keep = Garder le service
billing-change-drop = Annuler le changement prévu
billing-terms = Conditions
billing-since = Depuis
billing-trial-until = Gratuit jusqu’au
billing-next-period = Prochaine période à partir du
billing-ends-on = Se termine le
billing-ended-on = Terminé le
billing-items = Ce qu’il comprend
billing-change-what = Ce qui change
billing-change-plan = Formule, options et suppléments
billing-plan = Formule
billing-change-options = Afficher les options de cette formule
billing-change-when = Quand
billing-change-now = Maintenant
billing-change-now-help = Ce que vous avez payé pour le reste de la période est déduit du nouveau prix.
billing-change-later = Avec la prochaine période
billing-change-later-help = Rien ne change avant ce jour.
billing-change-show = Voir le montant
billing-change-make = Effectuer le changement
billing-change-leave = Ne rien changer
billing-change-scheduled = Le changement aura lieu le { $date }.
billing-change-made = Le changement est effectué.
billing-change-moved = Les montants ne sont plus ceux que vous avez vus. Veuillez les revoir.
billing-change-dropped = Le changement prévu est annulé.
billing-change-choose-cycle = Choisissez la fréquence de facturation.
billing-change-choose-what = Choisissez ce qui doit changer.
billing-change-choose-plan = Choisissez une formule.
billing-change-quantity-wrong = Indiquez un nombre entier d’au moins 1.
billing-change-choose = Veuillez choisir.
billing-cancel-when = Quand doit-il prendre fin ?
billing-cancel-end = À la fin de ce qui est payé
billing-cancel-end-help = Il fonctionne jusqu’au { $date } et vous pouvez encore changer d’avis.
billing-cancel-now = Maintenant
billing-cancel-now-help = Il s’arrête aussitôt ; le reste de ce que vous avez payé n’est pas remboursé.
billing-cancel-why = Pourquoi partez-vous ?
billing-cancel-comment = Autre chose à nous dire
billing-cancel-choose = Dites-nous pourquoi ; un clic suffit.
billing-cancel-done = Le service est résilié.
billing-kept = Bien, le service continue.
billing-yes = Oui
billing-no = Non
billing-none = Aucun
billing-quote-charges = Une facture de { $amount }
billing-quote-back = { $amount } deviennent un avoir
billing-quote-nothing = Rien n’est facturé maintenant
billing-quote-effective = Prend effet
billing-quote-period = Une période complète, hors remises et taxes
billing-cycle = { $cycle ->
    [one_time] une fois
    [hourly] par heure
    [daily] par jour
    [weekly] par semaine
    [monthly] par mois
    [quarterly] par trimestre
    [semi_annual] tous les 6 mois
    [annual] par an
    [biennial] tous les 2 ans
    [triennial] tous les 3 ans
    [quadrennial] tous les 4 ans
   *[quinquennial] tous les 5 ans
}
billing-cancel-reason = { $reason ->
    [price] C’est trop cher
    [unused] Je n’en ai plus besoin
    [missing] Il me manque quelque chose
    [quality] Cela ne fonctionnait pas bien
    [moving] Je change de fournisseur
   *[other] Autre chose
}
billing-mail-received = Reçus de paiement
billing-notice-overdue = La facture { $number } est en retard : { $amount } restent à payer.
billing-notice-overdue-kind = Factures en retard
billing-privacy-kept = Factures, avoirs et ce qui a été facturé, pour le fisc.
billing-privacy-running = Un abonnement court encore. Résiliez-le d’abord.
billing-privacy-owed = Une facture n’est pas encore payée.
billing-privacy-credit = Il vous reste du crédit. Demandez-nous de le rembourser.

# What a member of a team, or a program of theirs, may do.

billing-permission-invoice-view = Voir les factures et le crédit
billing-permission-invoice-pay = Payer les factures
billing-permission-subscription-view = Voir les abonnements
billing-permission-subscription-change = Modifier et résilier les abonnements
