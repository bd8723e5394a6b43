customers-nav-profile = الملف الشخصي
customers-profile-about = ما يُطبع على الفواتير وكيف نصل إليك.
customers-profile-wrong = صحّح الحقول المُعلَّمة
customers-profile-saved = حُفظ ملفك الشخصي.
customers-profile-who = الاسم والعنوان
customers-profile-invoices = الفواتير والضريبة
customers-profile-language = اللغة
customers-first-name = الاسم الأول
customers-last-name = اسم العائلة
customers-company = الشركة
customers-email = البريد الإلكتروني
customers-phone = الهاتف
customers-address1 = الشارع والرقم
customers-address2 = السطر الثاني
customers-postcode = الرمز البريدي
customers-city = المدينة
customers-state = الولاية أو المنطقة
customers-country = البلد
customers-tax-id = الرقم الضريبي
customers-tax-id-state = { $state ->
    [none] لا يوجد.
    [unchecked] يجري التحقق منه.
    [valid] السجل يعرفه.
   *[invalid] السجل لا يعرفه: تُحتسب الضريبة.
}
customers-printed = المطبوع على الفواتير
customers-printed-own = ما هو مذكور أعلاه
customers-printed-help = يمكن لإحدى جهات الاتصال أن تحل محل الاسم والعنوان أعلاه.
customers-auto-credit = استخدم الرصيد للفواتير الجديدة
customers-auto-credit-help = يدفع الرصيد الفاتورة فور إصدارها.
customers-currency = عملة الفواتير
customers-number = رقم العميل
customers-since = عميل منذ
customers-language = اللغة
customers-language-help = تُكتب بها الرسائل والمستندات وهذه الصفحات.
customers-save = حفظ
customers-email-confirm = أكّد أنك أنت قبل تغيير هذا العنوان: تُرسل إليه روابط تسجيل الدخول.
customers-email-confirm-go = أكّد أنني أنا
customers-contacts = جهات الاتصال
customers-contacts-about = أشخاص تصلهم الرسائل معك.
customers-contact = جهة اتصال
customers-contact-new = جهة اتصال جديدة
customers-contact-gets = تصلها رسائل عن
customers-role = { $role ->
    [invoices] الفواتير والتذكيرات
    [services] الخدمات
    [domains] النطاقات
    [support] الدعم
   *[general] كل ما عدا ذلك
}
customers-contact-printed = مطبوعة على الفواتير
customers-contact-remove = إزالة
customers-contact-remove-question = لن تصل { $name } رسائل بعد الآن. تبقى المستندات الصادرة كما هي.
customers-contact-added = أُضيفت جهة الاتصال.
customers-contact-saved = حُفظت جهة الاتصال.
customers-contact-removed = أُزيلت جهة الاتصال.
customers-contacts-empty = لا جهات اتصال بعد
customers-contacts-empty-advice = أضف محاسبًا تصله الفواتير أو فنيًا تصله أخبار الخدمات.
customers-refused-changed = حفظ شخص آخر هذا في الأثناء. حمّل الصفحة مجددًا وكرر تغييرك.
customers-refused-in-use = جهة الاتصال هذه مطبوعة على الفواتير. اختر غيرها في ملفك أولًا.
customers-check-long = عدد الأحرف { $length }؛ اختصرها إلى { $most } على الأكثر.
customers-check-control = أزل فواصل الأسطر وأحرف التحكم.
customers-check-email = أدخل عنوان بريد مثل ann@example.com.
customers-check-country = اختر بلدًا من القائمة.
customers-check-phone = أدخل 40 رقمًا ومسافة و + - ( ) . / على الأكثر مثل ‎+49 30 1234.
customers-check-tax-id = أدخل 40 حرفًا ورقمًا ومسافة و - . / على الأكثر كما في السجل.
customers-check-name = أدخل اسمًا أول أو اسم عائلة أو شركة.
customers-nav-privacy = الخصوصية
customers-privacy-advice = نسخة من كل ما لدينا عنك، وكيف تُنسى.
customers-privacy-copy = نسخة من بياناتك
customers-privacy-copy-help = نجمع كل ما لدينا عنك في ملف من أسطر JSON. يمكن تنزيله لمدة { $days } أيام.
customers-privacy-ask-copy = طلب نسخة
customers-privacy-copy-asked = نسختك قيد الإعداد. ستجدها هنا بعد لحظات.
customers-privacy-making = قيد الإعداد.
customers-privacy-download = تنزيل
customers-privacy-until = حتى { $date }
customers-privacy-gone = لم تعد موجودة؛ اطلب غيرها.
customers-privacy-erase = حذف الحساب
customers-privacy-erase-help = ننظر في رغبتك، وننتظر { $days } يومًا يمكنك فيها التراجع، ثم نمحو اسمك وعناوينك وجهات اتصالك ورسائلك وعمليات دخولك.
customers-privacy-kept = ما يلزمنا القانون بحفظه يبقى حتى { $date }:
customers-privacy-hindered = يجب تسوية ما يلي أولًا:
customers-privacy-ask-erase = حذف الحساب
customers-privacy-erase-question = بعد ذلك لن يستطيع أحد الدخول إلى هذا الحساب. احصل أولًا على نسخة من بياناتك.
customers-privacy-erase-asked = وصلت رغبتك. يمكنك التراجع عنها حتى تُنفَّذ.
customers-privacy-erase-waits = سيُمحى حسابك بعد { $date } بعد أن ينظر أحدنا في رغبتك.
customers-privacy-keep = الإبقاء على الحساب
customers-privacy-kept-account = حسابك باقٍ.
customers-privacy-refused = رُفضت رغبتك:
customers-privacy-kept-documents = الفواتير والإشعارات الدائنة تحمل اسمك وعنوانك.

# What a member of a team, or a program of theirs, may do.

customers-permission-privacy = الحصول على نسخة من كل البيانات وإغلاق الحساب
customers-permission-profile = رؤية الملف وجهات الاتصال وتغييرها
