desk-pay-title = Payer { $number }
desk-pay-owed = À payer
desk-pay-due = Échéance le { $date }
desk-pay-card-heading = Choisissez une carte de test
desk-pay-card-advice = Cette boutique utilise la passerelle de test : aucun argent ne circule. Chaque carte montre ce qu’une vraie pourrait faire.
desk-pay-card = Carte
desk-pay-choose = Choisissez l’une des cartes.
desk-pay-now = Payer { $amount }
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
   *[other] { $words }
}
desk-result-title = Votre paiement
desk-paid-heading = Merci, { $amount } ont été payés
desk-paid-text = Votre paiement pour { $number } est arrivé.
desk-paid-back = Retour à vos factures
desk-paid-order = Voir la suite
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
