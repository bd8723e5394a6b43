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
customers-nav-privacy = Privacidad
customers-privacy-advice = Una copia de todo lo que tenemos sobre usted y cómo ser olvidado.
customers-privacy-copy = Una copia de sus datos
customers-privacy-copy-help = Reunimos todo lo que tenemos sobre usted en un archivo de líneas JSON. Se puede descargar durante { $days } días.
customers-privacy-ask-copy = Pedir una copia
customers-privacy-copy-asked = Su copia se está preparando. La encontrará aquí en un momento.
customers-privacy-making = Se está preparando.
customers-privacy-download = Descargar
customers-privacy-until = hasta { $date }
customers-privacy-gone = Ya no está; pida otra.
customers-privacy-erase = Eliminar la cuenta
customers-privacy-erase-help = Revisamos su deseo, esperamos { $days } días en los que puede retirarlo y después borramos su nombre, direcciones, contactos, correos y accesos.
customers-privacy-kept = Lo que la ley nos obliga a conservar queda hasta el { $date }:
customers-privacy-hindered = Antes hay que resolver esto:
customers-privacy-ask-erase = Eliminar la cuenta
customers-privacy-erase-question = Después nadie podrá entrar en esta cuenta. Descargue antes una copia de sus datos.
customers-privacy-erase-asked = Hemos recibido su deseo. Puede retirarlo hasta que se cumpla.
customers-privacy-erase-waits = Su cuenta se borrará después del { $date }, cuando alguien haya revisado su deseo.
customers-privacy-keep = Conservar la cuenta
customers-privacy-kept-account = Su cuenta se conserva.
customers-privacy-refused = Su deseo fue rechazado:
customers-privacy-kept-documents = Las facturas y notas de crédito llevan su nombre y su dirección.

# What a member of a team, or a program of theirs, may do.

customers-permission-privacy = Obtener una copia de todos los datos y cerrar la cuenta
customers-permission-profile = Ver y cambiar el perfil y sus contactos
