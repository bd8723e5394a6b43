# Les commandes d’un client.

ordering-next-title = { $status ->
    [held] Votre argent est réservé, rien n’est encore débité
    [paying] Votre paiement est en route
    [pending_payment] En attente de votre paiement
    [pending_review] Nous examinons la commande
    [accepted] Votre commande est acceptée
    [rejected] Votre commande a été refusée
    [cancelled] Votre commande est annulée
   *[other] Votre commande est close
}
ordering-next = { $status ->
    [held] Nous le débitons lorsque tout ce que vous avez commandé est prêt. Si nous ne pouvons pas livrer, nous le libérons et vous ne payez rien.
    [paying] Nous attendons la réponse de la banque. Cette page se met à jour seule ; vous n’avez pas à payer une seconde fois.
    [pending_payment] Payez la facture et nous commençons aussitôt. Rien n’est préparé avant.
    [pending_review] Votre paiement est arrivé. L’un de nous examine la commande, en général sous un jour ouvré. Vous n’avez rien à faire.
    [accepted] Ce que vous avez commandé est en préparation. Vous le trouverez parmi vos abonnements et recevrez un message quand ce sera prêt.
    [rejected] Rien ne sera facturé. Ce que vous avez payé est à votre crédit ou vous est remboursé ; les détails sont dans votre message.
    [cancelled] Rien ne sera facturé. Si vous le voulez encore, commandez-le de nouveau dans la boutique.
   *[other] Pour toute question, écrivez-nous.
}
ordering-nav-orders = Commandes
ordering-list-title = Vos commandes
ordering-new = Commander
ordering-number = Numéro
ordering-placed = Passée le
ordering-status = État
ordering-total = Total
ordering-none = Aucune commande
ordering-none-advice = Ce que vous commandez dans la boutique apparaît ici, avec la suite.
ordering-title = Commande { $number }
ordering-pay = Payer { $amount }
ordering-withdraw = Retirer la commande
ordering-withdraw-ask = Rien ne sera livré et la facture est annulée.
ordering-withdrawn = La commande est retirée.
ordering-held = Elle vous est réservée jusqu’au { $date }.
ordering-why = Motif : { $why }.
ordering-items = Ce que vous avez commandé
ordering-what = Quoi
ordering-now = Maintenant
ordering-later = Par période
ordering-invoice = Voir la facture
ordering-agreed = Vous avez accepté :
ordering-privacy-kept = Les commandes, fondement de leurs factures ; notes et adresses sont effacées.

# What a member of a team, or a program of theirs, may do.

ordering-permission-view = Voir les commandes
ordering-permission-place = Commander
