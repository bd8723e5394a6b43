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
identity-leave-heading = Un instant
identity-leave-go = Continuer vers { $host }
identity-consent-heading = Se connecter à { $app }
identity-consent-as = Vous êtes connecté en tant que { $person }.
identity-consent-learns = { $app } saura :
identity-consent-openid = que c’est vous, à chacune de vos visites
identity-consent-profile = votre nom
identity-consent-email = votre adresse e-mail
identity-consent-offline = et pourra redemander en votre absence
identity-consent-allow = Autoriser
identity-consent-deny = Ne pas autoriser
identity-consent-then = Vous retournerez ensuite sur { $host }.
identity-choose-heading = Qui se connecte à { $app } ?
identity-choose-customer = Je suis client
identity-choose-staff = Je travaille ici
identity-app-wrong-heading = Cette connexion ne peut pas continuer
identity-app-unknown = Le service d’où vous venez n’est pas connu ici. Prévenez son exploitant.
identity-app-address = Le service d’où vous venez veut vous renvoyer à une adresse qui n’est pas enregistrée. Prévenez son exploitant.
identity-app-not-you = Seule la personne elle-même peut se connecter à un autre service, pas quelqu’un à sa place.
identity-app-not-from-here = Le personnel ne peut pas se connecter depuis ce réseau.
identity-app-disconnected = Le service ne vous connaît plus.
identity-out-heading = Se déconnecter
identity-out-question = Se déconnecter ici aussi ?
identity-about-you = Comment vous vous connectez en tant que { $email }
identity-must-enrol = Configurez un second facteur pour continuer : une clé d’accès ou une application qui génère des codes. Votre rôle en exige un.
identity-passkeys = Clés d’accès
identity-passkeys-about = Le moyen le plus sûr et le plus rapide : votre appareil vous connecte par visage, doigt ou code PIN.
identity-passkey-since = depuis le { $since }
identity-passkey-used = depuis le { $since }, utilisée le { $used }
identity-passkey-remove = La clé { $name } ne vous connectera plus.
identity-passkey-name = Nom
identity-passkey-name-help = Où elle se trouve : mon téléphone, la clé dans le coffre.
identity-passkey-add = Ajouter une clé d’accès
identity-passkey-bare = Les clés d’accès fonctionnent là où ces pages ont un nom, pas sous une simple adresse numérique.
identity-app = Application de codes
identity-app-on = Active depuis le { $since } : un code est demandé à la connexion.
identity-app-off = La désactiver
identity-app-off-question = Aucun code ne sera plus demandé.
identity-app-about = Une application sur votre téléphone génère des codes qui changent toutes les trente secondes.
identity-app-set-up = Configurer une application de codes
identity-codes-left = { $count ->
    [one] Il reste un code de secours.
   *[other] Il reste { $count } codes de secours.
 }
identity-codes-new = Nouveaux codes de secours
identity-codes-new-question = Les codes que vous avez gardés ne fonctionneront plus.
identity-devices = { $count ->
    [one] Un appareil de confiance : le second facteur n’y est pas demandé.
   *[other] { $count } appareils de confiance : le second facteur n’y est pas demandé.
 }
identity-devices-none = N’en croire aucun
identity-devices-question = Le second facteur sera de nouveau demandé sur chaque appareil.
identity-password-new = Nouveau mot de passe
identity-password-help = Au moins 12 caractères ; une phrase est un bon mot de passe. Vos autres sessions prennent fin.
identity-password-change = Changer le mot de passe
identity-password-set = Définir un mot de passe
identity-address = Adresse e-mail
identity-address-unshown = Vous n’avez pas encore confirmé que { $email } est à vous.
identity-address-send = M’envoyer l’e-mail
identity-address-sent = Un e-mail est en route vers { $email }.
identity-connected = Services connectés
identity-connected-about = Ils vous connaissent par votre compte ici.
identity-disconnect = Déconnecter
identity-disconnect-question = { $app } ne vous connaîtra plus jusqu’à votre prochaine connexion là-bas.
identity-sessions = Sessions
identity-browser = Navigateur
identity-browser-on = { $program } sous { $system }
identity-browser-unknown = Navigateur inconnu
identity-from = Depuis
identity-signed-in = Connexion
identity-last-used = Dernière utilisation
identity-this-one = celle-ci
identity-session-end = Terminer
identity-sessions-end = Terminer toutes les autres
identity-sign-ins = Connexions
identity-when = Quand
identity-outcome = Résultat
identity-how = Comment
identity-method = { $method ->
    [password] mot de passe
    [passkey] clé d’accès
    [link] lien
    [staff-link] lien du personnel
    [sign-up] inscription
    [code] code
    [password-and-code] mot de passe et code
    [password-and-passkey] mot de passe et clé d’accès
    [password-and-recovery-code] mot de passe et code de secours
    [link-and-second-factor] lien et second facteur
    [other-service] autre service
    [other-service-and-second-factor] autre service et second facteur
    [other-service-with-its-second-factor] autre service avec son second facteur
   *[other] { $shown }
 }
identity-said-password = Votre mot de passe est changé, et vos autres sessions ont pris fin.
identity-said-totp-off = Aucun code n’est plus demandé.
identity-said-passkey = La clé d’accès est prête à l’emploi.
identity-said-passkey-gone = La clé d’accès est retirée ici. Supprimez-la aussi sur l’appareil.
identity-said-distrust = Le second facteur est de nouveau demandé sur chaque appareil.
identity-said-session-ended = La session a pris fin.
identity-said-sessions-ended = Toutes les autres sessions ont pris fin.
identity-totp-heading = Configurer une application de codes
identity-totp-scan = 1. Scannez ceci
identity-totp-scan-about = Avec une application d’authentification sur votre téléphone.
identity-totp-or = Ou saisissez cette clé dans l’application, ou { $open }ouvrez l’application sur cet appareil{ $close } :
identity-totp-type = 2. Saisissez le code affiché
identity-totp-code-help = Six chiffres. Ils changent toutes les trente secondes.
identity-totp-on = L’activer
identity-code = Code
identity-codes-heading = Gardez vos codes de secours
identity-codes-about = Chacun vous connecte une fois quand vous n’avez pas votre second facteur. Ils ne sont montrés que maintenant.
identity-codes-keep = Imprimez cette page ou gardez les codes dans un gestionnaire de mots de passe, pas sur l’appareil qui génère vos codes.
identity-codes-kept = Je les ai gardés
identity-second-heading = Encore une étape
identity-second-recovery = Code de secours
identity-second-code-help = Six chiffres de votre application, ou l’un de vos codes de secours.
identity-second-recovery-help = L’un des codes que vous avez gardés ; chacun sert une fois.
identity-second-trust = { $days ->
    [one] Ne pas demander sur cet appareil pendant un jour
   *[other] Ne pas demander sur cet appareil pendant { $days } jours
 }
identity-second-other = Se connecter sous un autre nom
identity-sign-heading = Clé d’accès
identity-sign-make = Votre navigateur vous demande de créer une clé d’accès.
identity-sign-use = Votre navigateur vous demande d’utiliser votre clé d’accès.
identity-sign-again = Réessayer
identity-sign-script = Les clés d’accès ont besoin de JavaScript. Utilisez plutôt un code.
identity-sign-none = Ce navigateur n’a pas de clés d’accès. Utilisez plutôt un code.
identity-sign-failed = Cela n’a pas fonctionné ou a été annulé. Réessayez ou revenez en arrière.
identity-back = Retour
identity-confirm-heading = Confirmez que c’est bien vous
identity-confirm-about = La suite mérite un second regard : vous êtes connecté en tant que { $email }.
identity-confirm-code = Ou un code de votre application
identity-confirm-do = Confirmer
identity-confirm-link = Vous n’avez pas de mot de passe. Un lien par e-mail le confirme aussi.
identity-link-send = M’envoyer un lien
identity-reset-heading = Nouveau mot de passe
identity-reset-sent = Si quelqu’un se connecte avec cette adresse, un lien pour choisir un nouveau mot de passe est en route. Il sert une fois, pendant une heure.
identity-reset-about = Saisissez l’adresse avec laquelle vous vous connectez. Nous vous envoyons un lien pour choisir un nouveau mot de passe.
identity-reset-back = Retour à la connexion
identity-reset-choose = Choisissez un nouveau mot de passe
identity-reset-help = Au moins 12 caractères ; une phrase est un bon mot de passe. Toute session ouverte à votre nom sera fermée.
identity-reset-set = Définir le mot de passe
identity-reset-done = Votre nouveau mot de passe est défini. Connectez-vous avec lui.
identity-verify-title = Votre adresse
identity-verify-heading = Cette adresse est-elle à vous ?
identity-verify-about = Vous êtes venu par un lien que nous y avons envoyé. Confirmez, et vous vous connecterez avec cette adresse.
identity-verify-yes = Oui, elle est à moi
identity-verify-done = Merci : l’adresse est à vous.
identity-verify-stranger = Si vous vous êtes inscrit vous-même, connectez-vous d’abord : votre mot de passe reste alors inchangé. Sinon, tout ce que quelqu’un a mis en place avec votre adresse prend fin maintenant, et vous choisissez votre propre mot de passe.
identity-others-ended = Quelqu’un s’était inscrit avec votre adresse et avait mis en place des accès. Tout cela a pris fin. Choisissez votre propre mot de passe et regardez qui d’autre fait partie de votre équipe.
identity-tokens = Jetons d’API
identity-tokens-about = Des clés pour des programmes. Chacune agit avec les droits que vous cochez, et jamais plus que les vôtres.
identity-token-made = Votre nouveau jeton
identity-token-copy = Copiez-le maintenant : il n’est montré que cette fois.
identity-token-sent = Un programme l’envoie avec chaque requête sous la forme { $header }
identity-token = Jeton
identity-token-may = Peut
identity-token-until = Valable jusqu’au
identity-token-never = jamais
identity-token-delete = Révoquer
identity-token-delete-question = Les programmes qui utilisent { $name } cessent aussitôt de fonctionner.
identity-token-deleted = Le jeton ne fonctionne plus.
identity-token-new = Nouveau jeton
identity-token-for = À quoi il sert
identity-token-for-help = Le nom du programme qui l’utilisera.
identity-token-days = Valable
identity-token-days-month = 30 jours
identity-token-days-quarter = 90 jours
identity-token-days-year = un an
identity-token-rights = Il peut
identity-token-make = Créer le jeton
identity-wrong-password = Ce n’est pas votre mot de passe.
identity-factor-already = Il y en a déjà un. Retirez-le d’abord pour en configurer un autre.
identity-remove = Retirer
identity-password-length = Utilisez de { $from } à { $to } caractères ; une phrase est un bon mot de passe.
identity-password-common = Quiconque devine essaie celui-ci d’abord. Choisissez-en un autre : une phrase est un bon mot de passe.
identity-code-wrong-clock = Ce code n’est pas le bon. Regardez le plus récent, et si l’heure du téléphone est juste.

# Other services by which people sign in here.

identity-outside-with = Se connecter avec { $name }
identity-outside-connect = Associer { $name }
identity-outside-connected = Le service est associé : vous pouvez désormais vous connecter avec lui.
identity-outside-disconnected = Vous ne vous connectez plus avec ce service.
identity-outside = Services avec lesquels vous vous connectez
identity-outside-about = Qui détient votre compte là-bas se connecte en votre nom.
identity-outside-question = Vous ne vous connecterez plus avec { $name }.
identity-outside-not-believed = Ce service n’a pas répondu comme il le devrait. Réessayez, ou connectez-vous autrement.
identity-outside-not-finished = La connexion là-bas n’a pas été terminée. Réessayez, ou connectez-vous autrement.
identity-outside-unverified = Ce service n’a pas confirmé votre adresse e-mail. Confirmez-la là-bas, ou connectez-vous autrement et associez-le sur la page Sécurité.
identity-outside-domain = Avec une adresse de ce domaine, vous ne pouvez pas vous connecter avec ce service.
identity-outside-unknown = Personne n’est connu ici sous cette adresse. Inscrivez-vous d’abord, ou connectez-vous autrement.
identity-outside-connect-first = Vous avez un compte ici. Connectez-vous comme d’habitude, puis associez ce service sur la page Sécurité.
identity-outside-taken = Ce compte est associé ici à quelqu’un d’autre.

# What a member of a team, or a program of theirs, may do.

identity-permission-team = Inviter, modifier et retirer des membres de l’équipe
identity-permission-group = { $module ->
    [billing] Facturation
    [customers] Compte
    [identity] Équipe
    [messaging] Messages
    [ordering] Commandes
    [payments] Moyens de paiement
    [provisioning] Services
   *[other] { $module }
 }
