shell-skip = Ir al contenido
shell-navigation = Principal
shell-navigation-show = Mostrar la navegación
shell-close = Cerrar
shell-more = Más
shell-notices = Notificaciones
shell-sign-in = Iniciar sesión
shell-sign-out = Cerrar sesión
shell-back = Volver
shell-colours = Colores
shell-colours-light = Claro
shell-colours-dark = Oscuro
shell-colours-system = Como el sistema
shell-language = Idioma
shell-pages = Páginas
shell-previous = Anterior
shell-next = Siguiente
shell-newest = Más recientes
shell-older = Anteriores
shell-all-in-list = Todos en una lista
shell-leave = Continúa en otro sitio
shell-leave-advice = El pago se hace en { $host }. Después volverá aquí.
shell-leave-go = Continuar en { $host }
shell-optional = opcional
shell-keep = Dejarlo como está
shell-ask = ¿{ $action }?

shell-status = { $status ->
    [accepted] Aceptado
    [active] Activo
    [authorized] Autorizado
    [cancelled] Cancelado
    [captured] Pagado
    [capturing] Cobrándose
    [closed] Cerrado
    [completed] Completado
    [created] Creado
    [declined] Rechazado
    [deprovisioned] Eliminado
    [deprovisioning] Se está eliminando
    [draft] Borrador
    [ended] Finalizado
    [expired] Caducado
    [failed] Fallido
    [fraud] Fraude
    [held] Retenido
    [inactive] Inactivo
    [issued] Emitida
    [needs_authentication] Falta confirmación
    [open] Pendiente
    [overdue] Vencida
    [paid] Pagada
    [partially_paid] Pagada en parte
    [past_due] Vencida
    [paused] En pausa
    [pending] Pendiente
    [pending_payment] A la espera de pago
    [pending_review] En revisión
    [processing] En curso
    [provisioning] En preparación
    [queued] En cola
    [refunded] Reembolsado
    [rejected] Rechazado
    [released] Liberado
    [releasing] Liberándose
    [requires_action] Falta confirmación
    [resuming] Se está reactivando
    [sent] Enviado
    [settled] Liquidado
    [succeeded] Pagado
    [suspended] Suspendido
    [suspending] Se está suspendiendo
    [terminated] Finalizado
    [trial] De prueba
    [trialing] De prueba
    [uncollectible] Incobrable
    [unknown] En comprobación
    [updating] Se está cambiando
    [void] Anulada
    [waiting] En espera
   *[other] { $words }
}

shell-form-required = Rellene este campo.
shell-form-too-long = Use como máximo { $most } caracteres.
shell-form-date = Indique una fecha, por ejemplo 2026-03-31.
shell-form-money = Indique un importe en { $currency }, por ejemplo { $example }.

shell-error-home = A la página de inicio
shell-error-number = Si nos consulta sobre esto, indique el número { $open }{ $number }{ $close }.
shell-problem-title = { $status ->
    [400] No hemos podido leer esta solicitud
    [403] No puede hacer esto
    [404] No encontrado
    [405] Esta dirección no admite eso
    [409] Esto no es posible ahora
    [413] Era demasiado grande
    [422] Algo requiere su atención
    [503] No disponible en este momento
    [504] Ha tardado demasiado
   *[other] Algo ha ido mal
}
shell-problem-not-found = En esta dirección no hay nada, o no es suyo para verlo.
shell-problem-method = Esta dirección no admite ese tipo de solicitud.
shell-problem-too-large = Lo que ha enviado es más grande de lo que aceptamos. No se ha cambiado nada.
shell-problem-form-broken = El formulario no ha llegado entero. Envíelo de nuevo.
shell-problem-zero = Lo que ha enviado contiene un carácter que no existe en ningún texto (cero, %00 en una dirección). Quítelo y envíelo de nuevo.
shell-problem-form-token = Este formulario no corresponde a su sesión, así que no se ha cambiado nada. Ocurre cuando ha iniciado o cerrado sesión en otra pestaña o cuando la página ha estado abierta mucho tiempo. Vuelva atrás, recargue la página y envíelo de nuevo.
shell-problem-panic = Algo ha ido mal por nuestra parte. Inténtelo de nuevo; si se repite, indíquenos el número de abajo.
shell-problem-slow = Ha tardado demasiado y se ha detenido. Inténtelo de nuevo.
shell-problem-fault = Algo ha ido mal por nuestra parte. No se ha cambiado nada.
shell-problem-unavailable = Esto no está disponible ahora. Inténtelo de nuevo dentro de un momento.
shell-problem-denied = No puede hacer esto (se necesita el permiso { $permission }).
shell-security = Seguridad
shell-tokens = Tokens de API
shell-impersonation = { $staff } actúa como { $person }. Todo queda registrado.
shell-impersonation-end = Terminar
