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
identity-leave-heading = Un momento
identity-leave-go = Continuar a { $host }
identity-consent-heading = Iniciar sesión en { $app }
identity-consent-as = Ha iniciado sesión como { $person }.
identity-consent-learns = { $app } sabrá:
identity-consent-openid = que es usted, cada vez que vuelva
identity-consent-profile = su nombre
identity-consent-email = su dirección de correo
identity-consent-offline = y podrá volver a preguntar mientras no esté
identity-consent-allow = Permitir
identity-consent-deny = No permitir
identity-consent-then = Después volverá a { $host }.
identity-choose-heading = ¿Quién inicia sesión en { $app }?
identity-choose-customer = Soy cliente
identity-choose-staff = Trabajo aquí
identity-app-wrong-heading = Este inicio de sesión no puede continuar
identity-app-unknown = El servicio del que viene no es conocido aquí. Avise a su responsable.
identity-app-address = El servicio del que viene quiere devolverle a una dirección que no está registrada. Avise a su responsable.
identity-app-not-you = En otro servicio solo puede iniciar sesión la propia persona, no alguien en su lugar.
identity-app-not-from-here = El personal no puede iniciar sesión desde esta red.
identity-app-disconnected = El servicio ya no le conoce.
identity-out-heading = Cerrar sesión
identity-out-question = ¿Cerrar sesión también aquí?
identity-about-you = Cómo inicia sesión como { $email }
identity-must-enrol = Configure un segundo factor para continuar: una llave de acceso o una aplicación que genere códigos. Su función lo necesita.
identity-passkeys = Llaves de acceso
identity-passkeys-about = La forma más segura y rápida: su dispositivo le identifica con la cara, el dedo o un PIN.
identity-passkey-since = desde { $since }
identity-passkey-used = desde { $since }, usada por última vez { $used }
identity-passkey-remove = La llave { $name } dejará de darle acceso.
identity-passkey-name = Nombre
identity-passkey-name-help = Dónde está: mi teléfono, la memoria de la caja fuerte.
identity-passkey-add = Añadir una llave de acceso
identity-passkey-bare = Las llaves de acceso funcionan donde estas páginas tienen un nombre, no bajo una dirección numérica.
identity-app = Aplicación de códigos
identity-app-on = Activa desde { $since }: se pide un código al iniciar sesión.
identity-app-off = Desactivarla
identity-app-off-question = Ya no se pedirá ningún código.
identity-app-about = Una aplicación en su teléfono genera códigos que cambian cada medio minuto.
identity-app-set-up = Configurar una aplicación de códigos
identity-codes-left = { $count ->
    [one] Queda un código de recuperación.
   *[other] Quedan { $count } códigos de recuperación.
 }
identity-codes-new = Nuevos códigos de recuperación
identity-codes-new-question = Los códigos que guardó dejarán de funcionar.
identity-devices = { $count ->
    [one] Un dispositivo de confianza: allí no se pide el segundo factor.
   *[other] { $count } dispositivos de confianza: allí no se pide el segundo factor.
 }
identity-devices-none = No confiar en ninguno
identity-devices-question = El segundo factor volverá a pedirse en todos los dispositivos.
identity-password-new = Nueva contraseña
identity-password-help = Al menos 12 caracteres; una frase es una buena contraseña. Sus demás sesiones terminan.
identity-password-change = Cambiar la contraseña
identity-password-set = Definir una contraseña
identity-address = Dirección de correo
identity-address-unshown = Todavía no ha confirmado que { $email } es suya.
identity-address-send = Enviarme el correo
identity-address-sent = Hay un correo en camino a { $email }.
identity-connected = Servicios conectados
identity-connected-about = Le conocen por su cuenta aquí.
identity-disconnect = Desconectar
identity-disconnect-question = { $app } dejará de conocerle hasta que vuelva a iniciar sesión allí.
identity-sessions = Sesiones
identity-browser = Navegador
identity-browser-on = { $program } en { $system }
identity-browser-unknown = Navegador desconocido
identity-from = Desde
identity-signed-in = Inicio
identity-last-used = Último uso
identity-this-one = esta
identity-session-end = Terminar
identity-sessions-end = Terminar las demás
identity-sign-ins = Inicios de sesión
identity-when = Cuándo
identity-outcome = Resultado
identity-how = Cómo
identity-method = { $method ->
    [password] contraseña
    [passkey] llave de acceso
    [link] enlace
    [staff-link] enlace del personal
    [sign-up] registro
    [code] código
    [password-and-code] contraseña y código
    [password-and-passkey] contraseña y llave de acceso
    [password-and-recovery-code] contraseña y código de recuperación
    [link-and-second-factor] enlace y segundo factor
    [other-service] otro servicio
    [other-service-and-second-factor] otro servicio y segundo factor
    [other-service-with-its-second-factor] otro servicio con su segundo factor
   *[other] { $shown }
 }
identity-said-password = Su contraseña ha cambiado y sus demás sesiones han terminado.
identity-said-totp-off = Ya no se piden códigos.
identity-said-passkey = La llave de acceso está lista para usarse.
identity-said-passkey-gone = La llave de acceso se ha eliminado aquí. Elimínela también en el dispositivo.
identity-said-distrust = El segundo factor vuelve a pedirse en todos los dispositivos.
identity-said-session-ended = La sesión ha terminado.
identity-said-sessions-ended = Las demás sesiones han terminado.
identity-totp-heading = Configurar una aplicación de códigos
identity-totp-scan = 1. Escanee esto
identity-totp-scan-about = Con una aplicación de autenticación en su teléfono.
identity-totp-or = O escriba esta clave en la aplicación, o { $open }abra la aplicación en este dispositivo{ $close }:
identity-totp-type = 2. Escriba el código que muestra
identity-totp-code-help = Seis cifras. Cambian cada medio minuto.
identity-totp-on = Activarla
identity-code = Código
identity-codes-heading = Guarde sus códigos de recuperación
identity-codes-about = Cada uno le da acceso una vez cuando no tiene a mano su segundo factor. Solo se muestran ahora.
identity-codes-keep = Imprima esta página o guarde los códigos en un gestor de contraseñas, no en el dispositivo que genera sus códigos.
identity-codes-kept = Los he guardado
identity-second-heading = Un paso más
identity-second-recovery = Código de recuperación
identity-second-code-help = Seis cifras de su aplicación, o uno de sus códigos de recuperación.
identity-second-recovery-help = Uno de los códigos que guardó; cada uno vale una vez.
identity-second-trust = { $days ->
    [one] No preguntar en este dispositivo durante un día
   *[other] No preguntar en este dispositivo durante { $days } días
 }
identity-second-other = Iniciar sesión como otra persona
identity-sign-heading = Llave de acceso
identity-sign-make = Su navegador le pide crear una llave de acceso.
identity-sign-use = Su navegador le pide usar su llave de acceso.
identity-sign-again = Intentar de nuevo
identity-sign-script = Las llaves de acceso necesitan JavaScript. Use un código.
identity-sign-none = Este navegador no tiene llaves de acceso. Use un código.
identity-sign-failed = No ha funcionado o se ha cancelado. Inténtelo de nuevo o vuelva atrás.
identity-back = Volver
identity-confirm-heading = Confirme que es usted
identity-confirm-about = Lo que viene merece una segunda mirada: ha iniciado sesión como { $email }.
identity-confirm-code = O un código de su aplicación
identity-confirm-do = Confirmar
identity-confirm-link = No tiene contraseña. Un enlace por correo también lo confirma.
identity-link-send = Enviarme un enlace
identity-reset-heading = Nueva contraseña
identity-reset-sent = Si alguien inicia sesión con esta dirección, hay un enlace en camino para elegir una contraseña nueva. Vale una vez, durante una hora.
identity-reset-about = Escriba la dirección con la que inicia sesión. Le enviamos un enlace para elegir una contraseña nueva.
identity-reset-back = Volver al inicio de sesión
identity-reset-choose = Elija una contraseña nueva
identity-reset-help = Al menos 12 caracteres; una frase es una buena contraseña. Se cerrará toda sesión abierta en su nombre.
identity-reset-set = Definir la contraseña
identity-reset-done = Su contraseña nueva está definida. Inicie sesión con ella.
identity-verify-title = Su dirección
identity-verify-heading = ¿Es suya esta dirección?
identity-verify-about = Ha llegado por un enlace que enviamos a ella. Confirme y podrá iniciar sesión con esta dirección.
identity-verify-yes = Sí, es mía
identity-verify-done = Gracias: la dirección es suya.
identity-verify-stranger = Si se registró usted mismo, inicie sesión primero: así su contraseña se queda como está. Si no, todo lo que alguien haya configurado con su dirección termina ahora y usted elige una contraseña propia.
identity-others-ended = Alguien se había registrado con su dirección y había configurado accesos. Todo eso ha terminado. Elija una contraseña propia y mire quién más está en su equipo.
identity-tokens = Claves de API
identity-tokens-about = Claves para programas. Cada una actúa con los derechos que marque, y nunca con más de los que usted tiene.
identity-token-made = Su nueva clave
identity-token-copy = Cópiela ahora: solo se muestra esta vez.
identity-token-sent = Un programa la envía con cada petición como { $header }
identity-token = Clave
identity-token-may = Puede
identity-token-until = Vale hasta
identity-token-never = nunca
identity-token-delete = Anular
identity-token-delete-question = Los programas que usan { $name } dejan de funcionar de inmediato.
identity-token-deleted = La clave ya no funciona.
identity-token-new = Nueva clave
identity-token-for = Para qué es
identity-token-for-help = El nombre del programa que la usará.
identity-token-days = Vale durante
identity-token-days-month = 30 días
identity-token-days-quarter = 90 días
identity-token-days-year = un año
identity-token-rights = Puede
identity-token-make = Crear la clave
identity-wrong-password = Esa no es su contraseña.
identity-factor-already = Ya hay uno. Elimínelo primero para configurar otro.
identity-remove = Eliminar
identity-password-length = Use de { $from } a { $to } caracteres; una frase es una buena contraseña.
identity-password-common = Quien adivina prueba esta primero. Elija otra: una frase es una buena contraseña.
identity-code-wrong-clock = Este código no es correcto. Mire el más reciente, y si la hora del teléfono lo es.

# Other services by which people sign in here.

identity-outside-with = Iniciar sesión con { $name }
identity-outside-connect = Conectar { $name }
identity-outside-connected = El servicio está conectado: desde ahora puede iniciar sesión con él.
identity-outside-disconnected = Ya no inicia sesión con ese servicio.
identity-outside = Servicios con los que inicia sesión
identity-outside-about = Quien tenga su cuenta allí inicia sesión como usted.
identity-outside-question = Ya no iniciará sesión con { $name }.
identity-outside-not-believed = Ese servicio no respondió como debía. Inténtelo de nuevo o inicie sesión de otra manera.
identity-outside-not-finished = El inicio de sesión allí no se terminó. Inténtelo de nuevo o inicie sesión de otra manera.
identity-outside-unverified = Ese servicio no ha confirmado su dirección de correo. Confírmela allí, o inicie sesión de otra manera y conéctelo en la página Seguridad.
identity-outside-domain = Con una dirección de este dominio no puede iniciar sesión con ese servicio.
identity-outside-unknown = Nadie es conocido aquí con esa dirección. Regístrese primero o inicie sesión de otra manera.
identity-outside-connect-first = Usted tiene una cuenta aquí. Inicie sesión como siempre y conecte ese servicio en la página Seguridad.
identity-outside-taken = Esa cuenta está conectada aquí con otra persona.

# What a member of a team, or a program of theirs, may do.

identity-permission-team = Invitar, cambiar y quitar miembros del equipo
identity-permission-group = { $module ->
    [billing] Facturación
    [customers] Cuenta
    [identity] Equipo
    [messaging] Correo
    [ordering] Pedidos
    [payments] Formas de pago
    [provisioning] Servicios
   *[other] { $module }
 }
