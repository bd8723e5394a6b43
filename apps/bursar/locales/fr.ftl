desk-pay-title = Payer { $number }
desk-pay-card-heading = Choisissez une carte de test
desk-pay-card-advice = Cette boutique utilise la passerelle de test : aucun argent ne circule. Chaque carte montre ce qu’une vraie pourrait faire.
desk-pay-choose = Choisissez l’une des cartes.
desk-pay-now = Payer { $amount }
desk-pay-several = { $count ->
    [one] Payer { $count } facture
   *[other] Payer { $count } factures
}
desk-pay-back = Vos factures
desk-pay-running = Un paiement est déjà en cours pour cela.
desk-pay-running-look = Le voir ou l’annuler
desk-pay-invoice = Facture
desk-pay-open = Ouvert
desk-pay-by-credit = Sur l’avoir
desk-pay-by-card = Sera débité
desk-pay-stays = Reste ouvert
desk-pay-what = Quoi payer
desk-pay-amount = Montant
desk-pay-amount-help = Laissez vide pour tout payer : { $amount }.
desk-pay-use-credit = Utiliser mon avoir de { $amount }
desk-pay-use-credit-help = L’avoir est utilisé tout de suite, d’abord pour ce qui échoit en premier.
desk-pay-show = Voir ce que cela donne
desk-pay-comes-to = Ce que cela donne
desk-pay-credit-left = Avoir restant ensuite
desk-pay-how = Comment payer
desk-pay-credit-only = Votre avoir paie { $amount }. Rien n’est débité.
desk-pay-from-credit = Payer avec l’avoir
desk-pay-kept = Vos moyens de paiement
desk-pay-usual = Celui que vous utilisez d’habitude
desk-pay-keep = La conserver pour les prochains paiements
desk-pay-keep-help = C’est le service de paiement qui la conserve, pas nous. Vous pouvez la retirer à tout moment.
desk-pay-method-gone = Ce moyen de paiement n’existe plus. Veuillez en choisir un autre.
desk-pay-moved = Voici ce que cela donne maintenant. Veuillez vérifier encore une fois, puis payer.
desk-pay-nothing = Il n’y a rien à payer.
desk-pay-by-credit-done = Merci, votre avoir l’a payé.
desk-paid-funds = L’argent est sur votre avoir.
desk-withdraw = Payer autrement
desk-withdrawn = Le paiement est annulé. Rien n’a été débité.
desk-not-withdrawn = Ce paiement ne pouvait plus être annulé.
desk-cancelled-heading = Le paiement est annulé
desk-cancelled-text = Rien n’a été débité.
desk-setup-title = Test : une carte à conserver
desk-setup-give = Conserver cette carte
desk-setup-none = Revenir sans carte
desk-panel-title = Test : le panneau d’une machine
desk-panel-machine = Machine
desk-panel-advice = Le panneau d’un vrai fournisseur s’ouvrirait ici, déjà connecté. Le mode test ne crée rien de réel : il n’y a rien à voir.
desk-panel-back = Vos services
desk-funds-title = Alimenter l’avoir
desk-funds-about = Ce que vous payez d’avance reste sur votre avoir et paie les factures de lui-même.
desk-funds-credit = Votre avoir
desk-funds-none = Aucun
desk-funds-full = Votre avoir est aussi élevé qu’il peut l’être. Rien ne peut être ajouté pour l’instant.
desk-funds-how-much = Combien
desk-funds-amount = Montant en { $currency }
desk-funds-between = Entre { $smallest } et { $largest }.
desk-funds-from = Au moins { $smallest }.
desk-funds-reason = Avoir payé d’avance
desk-funds-history = Mouvements de votre avoir
desk-funds-when = Quand
desk-funds-what = Quoi
desk-funds-move = { $reason ->
    [deposit] Payé d’avance
    [overpayment] Payé en trop
    [applied] Utilisé pour une facture
    [refunded] Remboursé
    [reopened] Une facture a été rouverte
    [credit_note] Note de crédit
    [refund_failed] Un remboursement est revenu
   *[other] { $words }
}
desk-card = { $token ->
    [tok_visa] Visa qui paie
    [tok_mastercard] Mastercard qui paie
    [tok_authenticate] Carte qui demande confirmation
    [tok_decline_insufficient_funds] Carte sans provision suffisante
    [tok_decline_expired_card] Carte expirée
    [tok_decline_stolen_card] Carte à ne jamais réessayer
    [tok_pending] Prélèvement qui prend une heure
    [tok_lose_after] Carte dont la réponse se perd après le paiement
    [tok_webhook_twice] Carte dont le webhook arrive deux fois
    [tok_capture_declined] Carte qui réserve puis refuse
    [tok_hold_short] Carte qui ne réserve que pour une heure
   *[other] { $words }
}
desk-result-title = Votre paiement
desk-paid-heading = Merci, { $amount } ont été payés
desk-paid-text = Votre paiement pour { $number } est arrivé.
desk-paid-back = Retour à vos factures
desk-paid-order = Voir la suite
desk-held-heading = { $amount } est réservé sur votre carte
desk-held-text = Nous le débitons lorsque tout ce que vous avez commandé est prêt. Si nous ne pouvons pas livrer, nous le libérons et vous ne payez rien. Votre carte le garde jusqu’au { $date } au plus tard.
desk-released-heading = { $amount } n’est plus réservé
desk-released-text = Le montant est de nouveau libre sur votre carte, ou le sera dans les jours qui viennent. Rien n’a été débité.
desk-asking-heading = Nous interrogeons la banque
desk-asking-text = La réponse n’est pas encore arrivée. Cette page vérifie d’elle-même ; inutile de payer une seconde fois.
desk-asking-look = Vérifier maintenant
desk-confirm-heading = Veuillez confirmer le paiement
desk-confirm-text = Votre banque vous demande de confirmer { $amount }.
desk-confirm-go = Confirmer auprès de la banque
desk-declined-heading = Le paiement n’a pas abouti
desk-declined-why = { $code ->
    [insufficient_funds] Il n’y a pas assez d’argent sur cette carte. Rien n’a été débité.
    [expired_card] Cette carte a expiré. Rien n’a été débité.
    [authentication_failed] Le paiement n’a pas été confirmé. Rien n’a été débité.
    [stolen_card] La banque n’accepte pas cette carte. Veuillez en utiliser une autre. Rien n’a été débité.
    [lost_card] La banque n’accepte pas cette carte. Veuillez en utiliser une autre. Rien n’a été débité.
   *[other] La banque n’a pas accepté ce paiement. Rien n’a été débité.
}
desk-declined-again = Essayer autrement
desk-bank-title = Confirmer
desk-bank-heading = Banque de test
desk-bank-question = Confirmez-vous le paiement de { $open }{ $amount }{ $close } ?
desk-bank-refuse = Refuser
desk-notice-ready = { $service } est prêt.
desk-notice-ready-kind = Services prêts
desk-notice-device = Quelqu’un s’est connecté en votre nom avec un nouveau navigateur : { $agent }, depuis { $address }. Ce n’était pas vous ? Changez votre mot de passe.
desk-notice-device-kind = Connexions avec un nouveau navigateur
desk-notice-copy = La copie de vos données est prête.
desk-notice-copy-kind = Copies de vos données
