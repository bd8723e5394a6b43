provisioning-nav-services = Servicios
provisioning-service = Servicio
provisioning-state = Estado
provisioning-since = Desde
provisioning-none = Todavía no hay nada
provisioning-none-advice = Lo que pida y preparemos para usted aparece aquí.
provisioning-being-made = Lo estamos preparando. Esta página lo muestra en cuanto esté listo.
provisioning-made-on = Lo instalamos el { $on }.
provisioning-delayed = Algo ha fallado por nuestra parte. Ya lo sabemos y nos ocupamos; no tiene que hacer nada.
provisioning-suspended = Está suspendido.
provisioning-addresses = Direcciones
provisioning-subscription = Suscripción
provisioning-subscription-open = Condiciones y cambios
provisioning-access = Cómo entrar
provisioning-access-none = Aquí verá cómo entrar en cuanto esté listo.
provisioning-access-kind = { $kind ->
    [username] Nombre de usuario
    [panel_url] Panel
    [endpoint] Dirección de conexión
    [file_transfer] Transferencia de archivos
    [file_transfer_username] Usuario para transferir archivos
    [name_server] Servidor de nombres
    [licence] Licencia
    [note] Conviene saber
   *[other] Acceso
}
provisioning-password = Contraseña
provisioning-password-once = Se muestra solo esta vez y nunca se envía por correo. Guárdela en un lugar seguro.
provisioning-reveal = Mostrar la contraseña
provisioning-reveal-licence = Mostrar la licencia
provisioning-usage = Uso
provisioning-usage-kind = { $kind ->
    [cpu] Procesador
    [memory] Memoria
    [disk] Disco
   *[other] Tráfico
}
provisioning-usage-days = { $days ->
    [1] Último día
   *[other] { $days } días
}
provisioning-usage-most = máximo { $most }
provisioning-usage-last = { $last } en la última medición
provisioning-usage-line = { $line ->
    [in] Entrada
   *[other] Salida
}
provisioning-usage-none = Se mide cada pocas horas. Las primeras cifras aparecerán pronto aquí.
provisioning-actions = Qué puede hacer
provisioning-busy = En este momento se está trabajando en él.
provisioning-asked = Se está haciendo. Vuelva a mirar dentro de un minuto.
provisioning-door = { $door ->
    [console] Abrir la consola
    [webmail] Abrir el correo web
    [reseller_panel] Abrir el panel de revendedor
   *[other] Abrir el panel
}
provisioning-action = { $action ->
    [start] Encender
    [stop] Apagar
    [restart] Reiniciar
    [kill] Cortar la corriente
    [password] Poner una contraseña nueva
    [reinstall] Reinstalar
   *[other] Hacerlo
}
provisioning-action-asks = { $action ->
    [start] La máquina se enciende.
    [stop] Se pide a la máquina que se apague.
    [restart] La máquina se apaga y vuelve a arrancar.
    [kill] La máquina pierde la corriente de inmediato; lo que no se guardó se pierde.
    [password] Se crea una contraseña nueva. La anterior deja de valer.
    [reinstall] La máquina se instala de nuevo. Todo lo que hay en su disco se pierde.
   *[other] ¿Está seguro?
}
provisioning-privacy-running = Aún existe un servicio. Hay que eliminarlo primero.

# What a member of a team, or a program of theirs, may do.

provisioning-permission-view = Ver servicios
provisioning-permission-operate = Manejar servicios
