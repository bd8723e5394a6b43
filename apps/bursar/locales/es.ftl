desk-pay-title = Pagar { $number }
desk-pay-card-heading = Elija una tarjeta de prueba
desk-pay-card-advice = Esta tienda usa la pasarela de pruebas: no se mueve dinero. Cada tarjeta muestra lo que haría una real.
desk-pay-choose = Elija una de las tarjetas.
desk-pay-now = Pagar { $amount }
desk-pay-several = { $count ->
    [one] Pagar { $count } factura
   *[other] Pagar { $count } facturas
}
desk-pay-back = Sus facturas
desk-pay-running = Ya hay un pago en curso para esto.
desk-pay-running-look = Verlo o cancelarlo
desk-pay-invoice = Factura
desk-pay-open = Pendiente
desk-pay-by-credit = Del saldo
desk-pay-by-card = Se cobra
desk-pay-stays = Queda pendiente
desk-pay-what = Qué pagar
desk-pay-amount = Importe
desk-pay-amount-help = Déjelo vacío para pagar todo: { $amount }.
desk-pay-use-credit = Usar mi saldo de { $amount }
desk-pay-use-credit-help = El saldo se usa al momento, primero en lo que vence antes.
desk-pay-show = Ver el resultado
desk-pay-comes-to = Resultado
desk-pay-credit-left = Saldo que queda
desk-pay-how = Cómo pagar
desk-pay-credit-only = Su saldo paga { $amount }. No se cobra nada.
desk-pay-from-credit = Pagar con el saldo
desk-pay-kept = Sus métodos de pago
desk-pay-usual = El que usa habitualmente
desk-pay-keep = Guardarla para pagos futuros
desk-pay-keep-help = La guarda el servicio de pago, no nosotros. Puede quitarla en cualquier momento.
desk-pay-method-gone = Este método de pago ya no existe. Elija otro.
desk-pay-moved = Este es el resultado ahora. Revíselo otra vez y pague después.
desk-pay-nothing = No hay nada que pagar.
desk-pay-by-credit-done = Gracias, su saldo lo ha pagado.
desk-paid-funds = El dinero está en su saldo.
desk-withdraw = Pagar de otra manera
desk-withdrawn = El pago está cancelado. No se ha cobrado nada.
desk-not-withdrawn = Este pago ya no se podía cancelar.
desk-cancelled-heading = El pago está cancelado
desk-cancelled-text = No se ha cobrado nada.
desk-setup-title = Pruebas: una tarjeta para guardar
desk-setup-give = Guardar esta tarjeta
desk-setup-none = Volver sin ella
desk-panel-title = Pruebas: el panel de una máquina
desk-panel-machine = Máquina
desk-panel-advice = Aquí se abriría el panel de un proveedor real, con la sesión ya iniciada. El entorno de pruebas no crea nada real, así que no hay nada que ver.
desk-panel-back = Sus servicios
desk-funds-title = Añadir saldo
desk-funds-about = Lo que paga por adelantado queda en su saldo y paga las facturas por sí solo.
desk-funds-credit = Su saldo
desk-funds-none = Ninguno
desk-funds-full = Su saldo ya es tan alto como puede ser. Ahora no se puede añadir más.
desk-funds-how-much = Cuánto
desk-funds-amount = Importe en { $currency }
desk-funds-between = Entre { $smallest } y { $largest }.
desk-funds-from = Al menos { $smallest }.
desk-funds-reason = Saldo pagado por adelantado
desk-funds-history = Cambios de su saldo
desk-funds-when = Cuándo
desk-funds-what = Qué
desk-funds-move = { $reason ->
    [deposit] Pagado por adelantado
    [overpayment] Pagado de más
    [applied] Usado para una factura
    [refunded] Devuelto
    [reopened] Una factura volvió a abrirse
    [credit_note] Nota de crédito
    [refund_failed] Una devolución volvió
   *[other] { $words }
}
desk-card = { $token ->
    [tok_visa] Visa que paga
    [tok_mastercard] Mastercard que paga
    [tok_authenticate] Tarjeta que pide confirmación
    [tok_decline_insufficient_funds] Tarjeta sin fondos suficientes
    [tok_decline_expired_card] Tarjeta caducada
    [tok_decline_stolen_card] Tarjeta que no debe volver a intentarse
    [tok_pending] Adeudo bancario que tarda una hora
    [tok_lose_after] Tarjeta cuya respuesta se pierde tras pagar
    [tok_webhook_twice] Tarjeta cuyo webhook llega dos veces
    [tok_capture_declined] Tarjeta que retiene y luego rechaza
    [tok_hold_short] Tarjeta que retiene solo una hora
   *[other] { $words }
}
desk-result-title = Su pago
desk-paid-heading = Gracias, { $amount } pagados
desk-paid-text = Su pago de { $number } ha llegado.
desk-paid-back = Volver a sus facturas
desk-paid-order = Ver qué ocurre ahora
desk-held-heading = { $amount } está retenido en su tarjeta
desk-held-text = Lo cobramos cuando todo lo que pidió esté listo. Si no podemos entregarlo, lo liberamos y no paga nada. Su tarjeta lo retiene hasta el { $date } como máximo.
desk-released-heading = { $amount } ya no está retenido
desk-released-text = El importe vuelve a estar libre en su tarjeta, o lo estará en unos días. No se ha cobrado nada.
desk-asking-heading = Estamos consultando al banco
desk-asking-text = La respuesta aún no ha llegado. Esta página vuelve a mirar sola; no hace falta que pague otra vez.
desk-asking-look = Mirar ahora
desk-confirm-heading = Confirme el pago
desk-confirm-text = Su banco le pide que confirme { $amount }.
desk-confirm-go = Confirmar en el banco
desk-declined-heading = El pago no se ha realizado
desk-declined-why = { $code ->
    [insufficient_funds] No hay fondos suficientes en esta tarjeta. No se ha cobrado nada.
    [expired_card] Esta tarjeta ha caducado. No se ha cobrado nada.
    [authentication_failed] El pago no se confirmó. No se ha cobrado nada.
    [stolen_card] El banco no acepta esta tarjeta. Use otra. No se ha cobrado nada.
    [lost_card] El banco no acepta esta tarjeta. Use otra. No se ha cobrado nada.
   *[other] El banco no ha aceptado este pago. No se ha cobrado nada.
}
desk-declined-again = Intentarlo de otra forma
desk-bank-title = Confirmar
desk-bank-heading = Banco de pruebas
desk-bank-question = ¿Confirma el pago de { $open }{ $amount }{ $close }?
desk-bank-refuse = Rechazar
desk-notice-ready = { $service } está listo.
desk-notice-ready-kind = Servicios listos
desk-notice-device = Alguien ha entrado en su nombre con un navegador nuevo: { $agent }, desde { $address }. ¿No ha sido usted? Cambie su contraseña.
desk-notice-device-kind = Accesos con un navegador nuevo
desk-notice-copy = La copia de sus datos está lista.
desk-notice-copy-kind = Copias de sus datos
