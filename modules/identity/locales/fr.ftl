identity-sign-in-email = Adresse e-mail
identity-sign-in-send = M’envoyer plutôt un lien
identity-sign-in-password = Mot de passe
identity-sign-in-no-password = Pas de mot de passe, ou oublié ?
identity-sign-in-password-missing = Veuillez remplir ce champ, ou demandez plutôt un lien.
identity-no-match = L’adresse e-mail ou le mot de passe est incorrect.
identity-too-many = Trop de tentatives. Attendez un quart d’heure et réessayez.
identity-sign-in-sent-heading = Consultez vos e-mails
identity-sign-in-sent = Si nous connaissons l’adresse, un lien de connexion est en route. Il fonctionne une fois, pendant { $minutes } minutes.
identity-sign-in-sent-retry = Rien reçu ? Regardez dans les indésirables ou { $open }essayez une autre adresse{ $close }.
identity-link-heading = Heureux de vous revoir
identity-link-text = Encore une étape : ce lien vous connecte une seule fois.
identity-link-sign-in = Se connecter à { $brand }
identity-link-not-valid = Ce lien a déjà été utilisé ou est trop ancien. Demandez-en un nouveau sur la page de connexion.
identity-signed-out = Vous êtes déconnecté.
identity-sign-in-passkey = Utiliser une clé d’accès
identity-sign-in-forgotten = Mot de passe oublié ?
identity-wrong-code = Ce code n’est pas correct. Prenez le plus récent ; chacun ne sert qu’une fois.
identity-passkey-refused = La clé d’accès n’a pas fonctionné. Elle appartient peut-être à un autre compte ou a été retirée ici.
identity-challenge-over = Cela a pris trop de temps ou a été tenté trop souvent. Veuillez recommencer.
identity-nav-team = Équipe
identity-nav-security = Sécurité
identity-team-about = Qui d’autre se connecte ici, et avec quels droits.
identity-team-member = Membre
identity-team-role = Rôle
identity-team-seen = Dernière connexion
identity-team-set = Appliquer
identity-team-remove = Retirer
identity-team-remove-question = { $name } ne pourra plus se connecter ici.
identity-team-invited = Invités
identity-team-until = Jusqu’au
identity-team-withdraw = Annuler
identity-team-invite = Inviter quelqu’un
identity-invitation-heading = Rejoindre { $customer }
identity-invitation-text = Vous avez été invité à l’adresse { $email }. Acceptez pour vous connecter.
identity-invitation-name = Votre nom
identity-invitation-accept = Accepter
identity-role = { $role ->
    [owner] Propriétaire
    [billing] Facturation
    [technical] Technique
   *[read_only] Lecture seule
 }
