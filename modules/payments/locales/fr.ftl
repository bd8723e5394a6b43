payments-methods-title = Moyens de paiement
payments-methods-about = Conservés par le service de paiement. Nous ne voyons jamais le numéro entier.
payments-method = Moyen
payments-method-expires = Valable jusqu’à
payments-method-use = Utilisation
payments-method-usual = L’habituel
payments-method-make-usual = En faire l’habituel
payments-method-attended = Demande votre présence
payments-method-add = Ajouter un moyen
payments-method-remove = Retirer
payments-method-remove-question = { $label } est retiré ici et auprès du service de paiement.
payments-method-added = Le moyen de paiement est conservé.
payments-method-waiting = Le service de paiement vous attend encore. Ajoutez le moyen à nouveau si vous avez fermé sa page.
payments-method-none = Aucun moyen de paiement n’a été ajouté.
payments-method-usual-done = C’est maintenant l’habituel.
payments-method-removed = Le moyen de paiement est retiré.
payments-methods-empty = Pas encore de moyen de paiement
payments-methods-empty-advice = Avec un moyen conservé ici, on paie en un clic, et les factures peuvent se payer d’elles-mêmes.
payments-automatic = Paiement automatique
payments-automatic-about = À l’émission d’une facture, votre avoir paie d’abord, puis le moyen habituel paie le reste.
payments-automatic-is-on = Les factures sont payées automatiquement par le moyen habituel.
payments-automatic-is-off = Vous payez chaque facture vous-même.
payments-automatic-turn-on = Payer automatiquement
payments-automatic-turn-off = Payer chaque facture moi-même
payments-gateway-refused = Le service de paiement a refusé. Veuillez essayer autrement.
payments-gateway-away = Le service de paiement ne répond pas pour le moment. Veuillez réessayer dans quelques minutes.
payments-privacy-kept = Paiements et remboursements, car les comptes sont conservés.
payments-privacy-methods = Un moyen de paiement est enregistré. Retirez-le d’abord, pour que le prestataire l’oublie aussi.

# What a member of a team, or a program of theirs, may do.

payments-permission-methods = Gérer les moyens de paiement
