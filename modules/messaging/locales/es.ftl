messaging-nav-preferences = Correos
messaging-preferences-title = Sus correos
messaging-preferences-advice = Elija qué correos desea. Las facturas y todo lo relativo a su acceso llegan siempre.
messaging-preferences-save = Guardar
messaging-preferences-saved = Su elección se ha guardado.
messaging-preferences-link = Elegir qué correos recibe
messaging-notices = Notificaciones
messaging-notices-choose = De qué se le avisa
messaging-notices-choose-advice = Elija para cada tipo si aparece en la campana, llega también por correo o no llega.
messaging-notices-app = En la campana
messaging-notices-mail = En la campana y por correo
messaging-notices-off = Nunca
messaging-notices-read-all = Marcar todo como leído
messaging-notices-unread = Nuevo
messaging-notices-none = Nada nuevo
messaging-notices-none-advice = Aquí aparece lo que le concierne: facturas, servicios, accesos.
messaging-notices-saved = Su elección se ha guardado.

# What a member of a team, or a program of theirs, may do.

messaging-permission-preferences = Elegir qué correos llegan
