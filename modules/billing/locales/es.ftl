billing-nav-invoices = Facturas
billing-invoices-title = Sus facturas
billing-invoices-order = Las más recientes primero.
billing-invoices-empty = Todavía no hay facturas
billing-invoices-empty-advice = Sus facturas aparecerán aquí en cuanto las haya.
billing-owed = Por pagar
billing-credit = Su saldo a favor
billing-number = Número
billing-issued = Emitida
billing-due = Vence
billing-status = Estado
billing-total = Total
billing-open = Pendiente
billing-pdf = PDF
billing-pay = Pagar { $amount }
billing-held = El importe está retenido en su tarjeta. Lo cobramos cuando lo que pidió esté listo; no tiene que pagar.
billing-document = Documento
billing-paid = Pagada
billing-tax = Impuestos
billing-paid-so-far = Pagado hasta ahora
billing-paid-nothing = Nada todavía.
billing-lines = Líneas
billing-what = Concepto
billing-quantity = Cantidad
billing-price = Precio
billing-net = Neto
billing-with-tax = Con impuestos
billing-how = Cómo se obtiene este importe
billing-set-up = Instalación
billing-discounts = Descuentos, ya restados
billing-without-tax = Sin impuestos
billing-settled = Liquidado
billing-still-open = Aún pendiente
billing-step-share = { $product } × { $part }/{ $whole } de un periodo completo
billing-step-discount = menos { $label }: { $amount }
billing-step-inclusive = el precio incluye impuestos; sin ellos { $amount }
billing-step-tax = impuesto { $percent } %: { $amount }
billing-step-tax-on-top = sobre ello, impuesto { $percent } %: { $amount }
billing-step-no-tax = sin impuestos
billing-settled-payment = Pago { $id }
billing-settled-credit = Saldo a favor del cliente
billing-settled-credit-note = Nota de crédito
billing-settled-write-off = Dado por perdido
billing-refused-just-paid = Esta factura acaba de pagarse; el pago se está aplicando.
billing-refused-under-way = Ya hay un pago en curso para una de estas facturas. Espere a que termine o cancélelo antes.
billing-refused-not-open = { $number } no está pendiente, así que no hay nada que pagar.
billing-refused-currencies = Estas facturas están en monedas distintas. Pague por separado las de cada moneda.
billing-pay-choose = Elija qué pagar.
billing-pay-too-many = Elija como máximo { $most } facturas a la vez.
billing-pay-amount = Indique un importe mayor que cero y de { $amount } como máximo, que es lo pendiente.
billing-pay-selected = Pagar las elegidas
billing-pay-all = Pagar todo
billing-choose = Elegir
billing-funds-full = Su saldo ya es tan alto como puede ser.
billing-funds-too-small = Añada al menos { $amount }.
billing-funds-too-large = Añada como máximo { $amount }.
billing-add-funds = Añadir saldo
billing-methods = Métodos de pago
billing-nav-home = Resumen
billing-nav-subscriptions = Suscripciones
billing-home-nobody = Ha iniciado sesión, pero aún no pertenece a ningún cliente
billing-home-nobody-advice = Pida una invitación a quien gestiona la cuenta o haga un pedido para empezar.
billing-home-hello = Hola, { $name }
billing-home-services = Sus servicios
billing-home-next = Próxima factura
billing-home-nothing = Nada
billing-home-open = Facturas por pagar
billing-home-shop = Ver la oferta
billing-pay-now = Pagar ahora
billing-subscriptions-empty = Aún no hay servicios
billing-subscriptions-empty-advice = Lo que pida aparecerá aquí.
billing-subscription = Servicio
billing-cycle-label = Facturación
billing-change = Cambiar plan o ciclo
billing-cancel = Cancelar el servicio
billing-keep = Conservar el servicio
billing-change-drop = Descartar el cambio previsto
billing-terms = Condiciones
billing-since = Desde
billing-trial-until = Gratis hasta
billing-next-period = Próximo periodo desde
billing-ends-on = Termina el
billing-ended-on = Terminó el
billing-items = En qué consiste
billing-change-what = Qué cambia
billing-change-plan = Plan, opciones y extras
billing-plan = Plan
billing-change-options = Mostrar las opciones de este plan
billing-change-when = Cuándo
billing-change-now = Ahora
billing-change-now-help = Lo pagado por el resto del periodo se descuenta del nuevo precio.
billing-change-later = Con el próximo periodo
billing-change-later-help = Hasta ese día no cambia nada.
billing-change-show = Ver cuánto cuesta
billing-change-make = Hacer el cambio
billing-change-leave = Dejarlo como está
billing-change-scheduled = El cambio se hará el { $date }.
billing-change-made = El cambio está hecho.
billing-change-moved = Los importes ya no son los que vio. Revíselos de nuevo.
billing-change-dropped = El cambio previsto se ha descartado.
billing-change-choose-cycle = Elija cada cuánto se factura.
billing-change-choose-what = Elija qué desea cambiar.
billing-change-choose-plan = Elija un plan.
billing-change-quantity-wrong = Indique un número entero de 1 como mínimo.
billing-change-choose = Elija una opción.
billing-cancel-when = ¿Cuándo debe terminar?
billing-cancel-end = Cuando termine lo pagado
billing-cancel-end-help = Funciona hasta el { $date } y puede cambiar de opinión.
billing-cancel-now = Ahora
billing-cancel-now-help = Se detiene de inmediato; el resto de lo pagado no se devuelve.
billing-cancel-why = ¿Por qué se va?
billing-cancel-comment = Algo más que debamos saber
billing-cancel-choose = Díganos por qué; basta un clic.
billing-cancel-done = El servicio está cancelado.
billing-kept = Bien, el servicio continúa.
billing-yes = Sí
billing-no = No
billing-none = Ninguno
billing-quote-charges = Una factura de { $amount }
billing-quote-back = { $amount } pasan a su saldo
billing-quote-nothing = Ahora no se cobra nada
billing-quote-effective = Surte efecto
billing-quote-period = Un periodo completo, sin descuentos ni impuestos
billing-cycle = { $cycle ->
    [one_time] una vez
    [hourly] cada hora
    [daily] cada día
    [weekly] cada semana
    [monthly] cada mes
    [quarterly] cada trimestre
    [semi_annual] cada 6 meses
    [annual] cada año
    [biennial] cada 2 años
    [triennial] cada 3 años
    [quadrennial] cada 4 años
   *[quinquennial] cada 5 años
}
billing-cancel-reason = { $reason ->
    [price] Es demasiado caro
    [unused] Ya no lo necesito
    [missing] Me falta algo
    [quality] No funcionó bien
    [moving] Me cambio a otro proveedor
   *[other] Otra razón
}
billing-mail-received = Recibos de pagos
billing-notice-overdue = La factura { $number } está vencida: quedan { $amount } por pagar.
billing-notice-overdue-kind = Facturas vencidas
billing-privacy-kept = Facturas, notas de crédito y lo facturado, para Hacienda.
billing-privacy-running = Una suscripción sigue activa. Cancélela primero.
billing-privacy-owed = Hay una factura sin pagar.
billing-privacy-credit = Tiene saldo a favor. Pídanos que se lo devolvamos.

# What a member of a team, or a program of theirs, may do.

billing-permission-invoice-view = Ver facturas y saldo
billing-permission-invoice-pay = Pagar facturas
billing-permission-subscription-view = Ver suscripciones
billing-permission-subscription-change = Cambiar y cancelar suscripciones
