payments-methods-title = Métodos de pago
payments-methods-about = Los guarda el servicio de pago. Nunca vemos el número completo.
payments-method = Método
payments-method-expires = Válido hasta
payments-method-use = Uso
payments-method-usual = El habitual
payments-method-make-usual = Hacerlo el habitual
payments-method-attended = Necesita su presencia
payments-method-add = Añadir un método
payments-method-remove = Quitar
payments-method-remove-question = { $label } se quita aquí y en el servicio de pago.
payments-method-added = El método de pago está guardado.
payments-method-waiting = El servicio de pago aún le espera. Añada el método otra vez si cerró su página.
payments-method-none = No se añadió ningún método de pago.
payments-method-usual-done = Este es ahora el habitual.
payments-method-removed = El método de pago se ha quitado.
payments-methods-empty = Aún no hay métodos de pago
payments-methods-empty-advice = Con uno guardado aquí se paga con un clic, y las facturas pueden pagarse solas.
payments-automatic = Pago automático
payments-automatic-about = Cuando se emite una factura, primero paga su saldo y el resto el método habitual.
payments-automatic-is-on = Las facturas se pagan automáticamente con el método habitual.
payments-automatic-is-off = Usted paga cada factura.
payments-automatic-turn-on = Pagar automáticamente
payments-automatic-turn-off = Pagar yo cada factura
payments-gateway-refused = El servicio de pago lo ha rechazado. Pruebe de otra manera.
payments-gateway-away = El servicio de pago no responde en este momento. Inténtelo de nuevo en unos minutos.
payments-privacy-kept = Pagos y reembolsos, porque se conserva la contabilidad.
payments-privacy-methods = Hay un medio de pago guardado. Elimínelo primero para que el proveedor también lo olvide.

# What a member of a team, or a program of theirs, may do.

payments-permission-methods = Gestionar formas de pago
