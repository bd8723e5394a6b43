messaging-nav-preferences = Correos
messaging-preferences-title = Sus correos
messaging-preferences-advice = Elija qué correos desea. Las facturas y todo lo relativo a su acceso llegan siempre.
messaging-preferences-save = Guardar
messaging-preferences-saved = Su elección se ha guardado.
messaging-preferences-link = Elegir qué correos recibe
