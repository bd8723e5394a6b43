desk-pay-title = Pagar { $number }
desk-pay-owed = Por pagar
desk-pay-due = Vence el { $date }
desk-pay-card-heading = Elija una tarjeta de prueba
desk-pay-card-advice = Esta tienda usa la pasarela de pruebas: no se mueve dinero. Cada tarjeta muestra lo que haría una real.
desk-pay-card = Tarjeta
desk-pay-choose = Elija una de las tarjetas.
desk-pay-now = Pagar { $amount }
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
   *[other] { $words }
}
desk-result-title = Su pago
desk-paid-heading = Gracias, { $amount } pagados
desk-paid-text = Su pago de { $number } ha llegado.
desk-paid-back = Volver a sus facturas
desk-paid-order = Ver qué ocurre ahora
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
