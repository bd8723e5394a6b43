messaging-nav-preferences = الرسائل
messaging-preferences-title = رسائلك
messaging-preferences-advice = اختر الرسائل التي تريدها. أما الفواتير وكل ما يتعلق بوصولك فتصلك دائمًا.
messaging-preferences-save = حفظ
messaging-preferences-saved = حُفظ اختيارك.
messaging-preferences-link = اختر الرسائل التي تصلك
messaging-notices = الإشعارات
messaging-notices-choose = ما تُخطَر به
messaging-notices-choose-advice = اختر لكل نوع أن يظهر في الجرس، أو يصل بالبريد أيضًا، أو لا يصل مطلقًا.
messaging-notices-app = في الجرس
messaging-notices-mail = في الجرس وبالبريد
messaging-notices-off = لا يصل مطلقًا
messaging-notices-read-all = وضع علامة مقروء على الكل
messaging-notices-unread = جديد
messaging-notices-none = لا جديد
messaging-notices-none-advice = يظهر هنا ما يخصك: الفواتير والخدمات وعمليات الدخول.
messaging-notices-saved = حُفظ اختيارك.

# What a member of a team, or a program of theirs, may do.

messaging-permission-preferences = اختيار الرسائل التي تصل
