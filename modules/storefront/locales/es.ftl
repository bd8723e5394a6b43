# La tienda: catálogo, carrito, pago, textos.

storefront-every = { $cycle ->
    [one_time] una vez
    [hourly] por hora
    [daily] por día
    [weekly] por semana
    [monthly] al mes
    [quarterly] cada 3 meses
    [semi_annual] cada 6 meses
    [annual] al año
    [biennial] cada 2 años
    [triennial] cada 3 años
    [quadrennial] cada 4 años
    [quinquennial] cada 5 años
   *[other] una vez
}
storefront-cycle-name = { $cycle ->
    [one_time] Una vez
    [hourly] Por horas
    [daily] Diario
    [weekly] Semanal
    [monthly] Mensual
    [quarterly] Trimestral
    [semi_annual] Semestral
    [annual] Anual
    [biennial] 2 años
    [triennial] 3 años
    [quadrennial] 4 años
    [quinquennial] 5 años
   *[other] Una vez
}
storefront-step = { $step ->
    [cart] Carrito
    [account] Sus datos
    [pay] Pago
    [done] Listo
   *[other] Carrito
}
storefront-tax-note = { $note ->
    [reverse_charge] Usted declara el impuesto (inversión del sujeto pasivo).
    [exempt] No se cobra impuesto.
   *[other] No se cobra impuesto.
}
storefront-left = { $count ->
    [one] Solo queda uno
   *[other] Solo quedan { $count }
}
storefront-trial = { $days ->
    [one] Un día gratis
   *[other] { $days } días gratis
}
storefront-nav-shop = Tienda
storefront-nav-cart = Carrito
storefront-currency = Moneda
storefront-cycle = Periodo de facturación
storefront-featured = Popular
storefront-free = Gratis
storefront-saved = Ahorre un { $percent } %
storefront-setup = { $amount } de alta
storefront-sold-out = Agotado
storefront-set-up = Instalación
storefront-closed = Esta tienda aún no está abierta. Vuelva pronto, por favor.
storefront-choose = Elegir
storefront-discount = Descuento
storefront-net = Neto
storefront-tax = Impuestos
storefront-total = Total
storefront-trial-until = Gratis hasta el { $date }
storefront-then = Después { $amount } { $every } desde el { $date }
storefront-text-version = Versión { $version } del { $date }
storefront-home-about = Servidores, alojamiento y dominios, listos en minutos.
storefront-home-shop = Ver la oferta
storefront-home-featured = Popular
storefront-home-all = Ver todo
storefront-home-groups = Nuestra oferta
storefront-shop-title = Tienda
storefront-shop-about = Precios sin sorpresas: lo que ve en el carrito es lo que se factura.
storefront-shop-empty = Ahora mismo no hay nada a la venta
storefront-shop-empty-advice = Vuelva más tarde o pregúntenos.
storefront-compare = Comparar
storefront-compare-title = Comparación de { $group }
storefront-each = { $amount } cada uno
storefront-included = incluido
storefront-once = una vez
storefront-addons = Extras
storefront-questions = Sobre su pedido
storefront-quantity = Cantidad
storefront-summary = Resumen
storefront-cart-change = Guardar cambios
storefront-cart-add = Añadir al carrito
storefront-price-again = Mostrar el precio
storefront-cart-title = Su carrito
storefront-cart-update = Actualizar
storefront-cart-edit = Cambiar
storefront-cart-remove = Quitar
storefront-tax-for = Impuestos para
storefront-coupon = Código
storefront-coupon-use = Usar
storefront-cart-checkout = Ir a la caja
storefront-cart-mend = Algo de su carrito no se puede pedir así. Cámbielo o quítelo para continuar.
storefront-cart-more = Seguir mirando
storefront-cart-empty = Su carrito está vacío
storefront-cart-empty-advice = Lo que elija en la tienda le espera aquí.
storefront-checkout-title = Caja
storefront-checkout-you = Usted pide como
storefront-checkout-order = Su pedido
storefront-checkout-note = ¿Algo que debamos saber?
storefront-checkout-agree = He leído y acepto:
storefront-checkout-agree-missing = Acepte los textos para poder pedir.
storefront-checkout-place = Pedir y pagar { $amount }
storefront-checkout-next = En la página siguiente elige cómo pagar. Antes no se cobra nada.
storefront-checkout-may-not = No puede pedir para esta cuenta. Pregunte a su titular.
storefront-checkout-staff = Ha entrado como personal. Pida en la página del cliente o cierre la sesión.
storefront-checkout-back = Volver al carrito
storefront-account-new = Soy nuevo
storefront-account-first-name = Nombre
storefront-account-last-name = Apellidos
storefront-account-email = Correo electrónico
storefront-account-password = Contraseña
storefront-account-password-missing = Escriba su contraseña.
storefront-account-company = Empresa
storefront-account-tax-id = NIF o número de IVA
storefront-account-address = Calle y número
storefront-account-postcode = Código postal
storefront-account-city = Ciudad
storefront-account-state = Provincia o región
storefront-account-country = País
storefront-account-create = Crear cuenta y continuar
storefront-account-known-title = Ya tengo cuenta
storefront-account-sign-in = Entrar y continuar
storefront-account-link = Entrar con un enlace
storefront-account-too-many = Se han creado demasiadas cuentas desde su red. Inténtelo de nuevo en una hora.
