identity-sign-in-email = Correo electrónico
identity-sign-in-send = Enviarme un enlace en su lugar
identity-sign-in-password = Contraseña
identity-sign-in-no-password = ¿Sin contraseña o la ha olvidado?
identity-sign-in-password-missing = Rellene este campo o pida que le enviemos un enlace.
identity-no-match = El correo electrónico o la contraseña no son correctos.
identity-too-many = Demasiados intentos. Espere un cuarto de hora e inténtelo de nuevo.
identity-sign-in-sent-heading = Mire su correo
identity-sign-in-sent = Si conocemos la dirección, un enlace para iniciar sesión va en camino. Sirve una vez, durante { $minutes } minutos.
identity-sign-in-sent-retry = ¿No ha llegado nada? Mire en el correo no deseado o { $open }pruebe con otra dirección{ $close }.
identity-link-heading = Bienvenido de nuevo
identity-link-text = Un paso más: este enlace inicia su sesión una vez.
identity-link-sign-in = Iniciar sesión en { $brand }
identity-link-not-valid = Este enlace ya se usó o es demasiado antiguo. Pida uno nuevo en la página de inicio de sesión.
identity-signed-out = Ha cerrado la sesión.
identity-sign-in-passkey = Usar una llave de acceso
identity-sign-in-forgotten = ¿Olvidó la contraseña?
identity-wrong-code = Este código no es correcto. Use el más reciente; cada uno sirve una sola vez.
identity-passkey-refused = La llave de acceso no funcionó. Puede ser de otra cuenta o haberse eliminado aquí.
identity-challenge-over = Ha tardado demasiado o se ha intentado demasiadas veces. Empiece de nuevo.
identity-nav-team = Equipo
identity-nav-security = Seguridad
identity-team-about = Quién más inicia sesión aquí y qué puede hacer.
identity-team-member = Miembro
identity-team-role = Rol
identity-team-seen = Último acceso
identity-team-set = Guardar
identity-team-remove = Quitar
identity-team-remove-question = { $name } ya no podrá iniciar sesión aquí.
identity-team-invited = Invitados
identity-team-until = Hasta
identity-team-withdraw = Retirar
identity-team-invite = Invitar a alguien
identity-invitation-heading = Unirse a { $customer }
identity-invitation-text = Se le invitó con la dirección { $email }. Acepte para iniciar sesión.
identity-invitation-name = Su nombre
identity-invitation-accept = Aceptar
identity-role = { $role ->
    [owner] Titular
    [billing] Facturación
    [technical] Técnico
   *[read_only] Solo lectura
 }
