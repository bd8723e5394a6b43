# Los pedidos propios de un cliente.

ordering-next-title = { $status ->
    [held] Su dinero está retenido y aún no se ha cobrado nada
    [paying] Su pago está en camino
    [pending_payment] Esperamos su pago
    [pending_review] Estamos revisando el pedido
    [accepted] Su pedido está aceptado
    [rejected] Su pedido fue rechazado
    [cancelled] Su pedido está cancelado
   *[other] Su pedido está cerrado
}
ordering-next = { $status ->
    [held] Lo cobramos cuando todo lo que pidió esté listo. Si no podemos entregarlo, lo liberamos y no paga nada.
    [paying] Esperamos la respuesta del banco. Esta página vuelve a mirar sola; no tiene que pagar otra vez.
    [pending_payment] Pague la factura y empezamos enseguida. Antes no se prepara nada.
    [pending_review] Su pago ha llegado. Una persona revisa el pedido, normalmente en un día laborable. No tiene que hacer nada.
    [accepted] Estamos preparando lo que pidió. Lo encontrará entre sus suscripciones y recibirá un correo cuando esté listo.
    [rejected] No se facturará nada. Lo pagado es su saldo o está en camino de vuelta; los detalles están en su correo.
    [cancelled] No se facturará nada. Si aún lo quiere, pídalo de nuevo en la tienda.
   *[other] Si tiene preguntas, escríbanos.
}
ordering-nav-orders = Pedidos
ordering-list-title = Sus pedidos
ordering-new = Pedir algo
ordering-number = Número
ordering-placed = Fecha
ordering-status = Estado
ordering-total = Total
ordering-none = Aún no hay pedidos
ordering-none-advice = Lo que pida en la tienda aparece aquí, con lo que ocurre después.
ordering-title = Pedido { $number }
ordering-pay = Pagar { $amount }
ordering-withdraw = Retirar el pedido
ordering-withdraw-ask = No se entrega nada y la factura queda anulada.
ordering-withdrawn = El pedido está retirado.
ordering-held = Se lo reservamos hasta { $date }.
ordering-why = Motivo: { $why }.
ordering-items = Lo que pidió
ordering-what = Qué
ordering-now = Ahora
ordering-later = Cada periodo
ordering-invoice = Ver la factura
ordering-agreed = Aceptó:
ordering-privacy-kept = Pedidos, como base de sus facturas; las notas y direcciones se borran.

# What a member of a team, or a program of theirs, may do.

ordering-permission-view = Ver pedidos
ordering-permission-place = Hacer pedidos
