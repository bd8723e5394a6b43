customers-nav-profile = Perfil
customers-profile-about = Lo que imprimen las facturas y cómo le encontramos.
customers-profile-wrong = Corrija los campos marcados
customers-profile-saved = Su perfil está guardado.
customers-profile-who = Nombre y dirección
customers-profile-invoices = Facturas e impuestos
customers-profile-language = Idioma
customers-first-name = Nombre
customers-last-name = Apellidos
customers-company = Empresa
customers-email = Correo electrónico
customers-phone = Teléfono
customers-address1 = Calle y número
customers-address2 = Segunda línea
customers-postcode = Código postal
customers-city = Localidad
customers-state = Provincia o región
customers-country = País
customers-tax-id = Número fiscal
customers-tax-id-state = { $state ->
    [none] No hay ninguno.
    [unchecked] Se está comprobando.
    [valid] El registro lo conoce.
   *[invalid] El registro no lo conoce: se cobra impuesto.
}
customers-printed = Impreso en las facturas
customers-printed-own = Lo de arriba
customers-printed-help = Uno de sus contactos puede ocupar el lugar del nombre y la dirección de arriba.
customers-auto-credit = Usar el saldo para facturas nuevas
customers-auto-credit-help = El saldo paga una factura en cuanto se emite.
customers-currency = Moneda de las facturas
customers-number = Número de cliente
customers-since = Cliente desde
customers-language = Idioma
customers-language-help = Los correos, los documentos y estas páginas lo usan.
customers-save = Guardar
customers-email-confirm = Confirme que es usted antes de cambiar esta dirección: allí van los enlaces de acceso.
customers-email-confirm-go = Confirmar que soy yo
customers-contacts = Contactos
customers-contacts-about = Personas que reciben correo además de usted.
customers-contact = Contacto
customers-contact-new = Nuevo contacto
customers-contact-gets = Recibe correo sobre
customers-role = { $role ->
    [invoices] Facturas y recordatorios
    [services] Servicios
    [domains] Dominios
    [support] Soporte
   *[general] Todo lo demás
}
customers-contact-printed = Impreso en las facturas
customers-contact-remove = Quitar
customers-contact-remove-question = { $name } ya no recibirá correo. Los documentos emitidos quedan como están.
customers-contact-added = El contacto se ha añadido.
customers-contact-saved = El contacto está guardado.
customers-contact-removed = El contacto se ha quitado.
customers-contacts-empty = Aún no hay contactos
customers-contacts-empty-advice = Añada a una contable que reciba las facturas o a un técnico que reciba noticias de los servicios.
customers-refused-changed = Otra persona lo guardó entretanto. Cargue la página de nuevo y repita su cambio.
customers-refused-in-use = Este contacto figura en las facturas. Elija antes otro en su perfil.
customers-check-long = Esto tiene { $length } caracteres; acórtelo a { $most } como máximo.
customers-check-control = Quite los saltos de línea y los caracteres de control.
customers-check-email = Indique una dirección de correo como ann@example.com.
customers-check-country = Elija un país de la lista.
customers-check-phone = Como máximo 40 cifras, espacios y + - ( ) . / como +49 30 1234.
customers-check-tax-id = Como máximo 40 letras, cifras, espacios y - . / como en el registro.
customers-check-name = Indique un nombre, un apellido o una empresa.
