shell-skip = انتقل إلى المحتوى
shell-navigation = الرئيسية
shell-navigation-show = إظهار قائمة التنقل
shell-close = إغلاق
shell-more = المزيد
shell-notices = الإشعارات
shell-sign-in = تسجيل الدخول
shell-sign-out = تسجيل الخروج
shell-back = رجوع
shell-colours = الألوان
shell-colours-light = فاتح
shell-colours-dark = داكن
shell-colours-system = حسب النظام
shell-language = اللغة
shell-pages = الصفحات
shell-previous = السابق
shell-next = التالي
shell-newest = الأحدث
shell-older = الأقدم
shell-all-in-list = الكل في قائمة
shell-leave = تتابع في موقع آخر
shell-leave-advice = تتم عملية الدفع لدى { $host }. ثم تعود إلى هنا.
shell-leave-go = المتابعة إلى { $host }
shell-optional = اختياري
shell-keep = أبقِه كما هو
shell-ask = { $action }؟

shell-status = { $status ->
    [accepted] مقبول
    [active] نشط
    [authorized] مُصرَّح به
    [cancelled] ملغى
    [captured] مدفوع
    [capturing] قيد الخصم
    [closed] مغلق
    [completed] مكتمل
    [created] أُنشئ
    [declined] مرفوض
    [deprovisioned] أُزيل
    [deprovisioning] تجري إزالته
    [draft] مسودة
    [ended] منتهٍ
    [expired] منتهي الصلاحية
    [failed] فشل
    [fraud] احتيال
    [held] محجوز
    [inactive] غير نشط
    [issued] صادرة
    [needs_authentication] بحاجة إلى تأكيد
    [open] مستحقة
    [overdue] متأخرة
    [paid] مدفوعة
    [partially_paid] مدفوعة جزئيًا
    [past_due] متأخرة
    [paused] متوقف مؤقتًا
    [pending] قيد الانتظار
    [pending_payment] بانتظار الدفع
    [pending_review] قيد المراجعة
    [processing] قيد المعالجة
    [provisioning] قيد التجهيز
    [queued] في قائمة الانتظار
    [refunded] مُسترد
    [rejected] مرفوض
    [released] أُلغي حجزه
    [releasing] قيد إلغاء الحجز
    [requires_action] بحاجة إلى تأكيد
    [resuming] تجري إعادته
    [sent] مُرسل
    [settled] مُسدد
    [succeeded] مدفوع
    [suspended] موقوف
    [suspending] يجري تعليقه
    [terminated] منتهٍ
    [trial] تجريبي
    [trialing] تجريبي
    [uncollectible] غير قابلة للتحصيل
    [unknown] قيد التحقق
    [updating] يجري تغييره
    [void] ملغاة
    [waiting] قيد الانتظار
   *[other] { $words }
}

shell-form-required = يُرجى ملء هذا الحقل.
shell-form-too-long = { $most ->
    [few] يُرجى ألا يتجاوز النص { $most } أحرف.
    [many] يُرجى ألا يتجاوز النص { $most } حرفًا.
   *[other] يُرجى ألا يتجاوز النص { $most } حرف.
}
shell-form-date = يُرجى إدخال تاريخ، مثل 2026-03-31.
shell-form-money = يُرجى إدخال مبلغ بعملة { $currency }، مثل { $example }.

shell-error-home = إلى صفحة البداية
shell-error-number = إذا راسلتنا بهذا الشأن فاذكر الرقم { $open }{ $number }{ $close }.
shell-problem-title = { $status ->
    [400] تعذّرت قراءة هذا الطلب
    [403] لا يمكنك القيام بذلك
    [404] غير موجود
    [405] هذا العنوان لا يقبل ذلك
    [409] هذا غير ممكن الآن
    [413] الحجم كبير جدًا
    [422] هناك ما يحتاج إلى انتباهك
    [503] غير متاح حاليًا
    [504] استغرق الأمر وقتًا طويلًا
   *[other] حدث خطأ ما
}
shell-problem-not-found = لا يوجد شيء في هذا العنوان، أو ليس من حقك الاطلاع عليه.
shell-problem-method = هذا العنوان لا يقبل هذا النوع من الطلبات.
shell-problem-too-large = ما أرسلته أكبر مما نقبله. لم يتغير شيء.
shell-problem-form-broken = لم يصل النموذج كاملًا. يُرجى إرساله مرة أخرى.
shell-problem-zero = يحتوي ما أرسلته على حرف لا يوجد في أي نص (صفر، أو ‎%00 في العنوان). احذفه ثم أرسل مرة أخرى.
shell-problem-form-token = تعذّرت مطابقة هذا النموذج مع جلستك، لذلك لم يتغير شيء. يحدث هذا عند تسجيل الدخول أو الخروج في علامة تبويب أخرى، أو عند بقاء الصفحة مفتوحة مدة طويلة. ارجع وأعد تحميل الصفحة ثم أرسل النموذج مرة أخرى.
shell-problem-panic = حدث خطأ من جانبنا. يُرجى المحاولة مرة أخرى؛ وإذا تكرر ذلك فأخبرنا بالرقم أدناه.
shell-problem-slow = استغرق الأمر وقتًا طويلًا فأُوقف. يُرجى المحاولة مرة أخرى.
shell-problem-fault = حدث خطأ من جانبنا. لم يتغير شيء.
shell-problem-unavailable = هذا غير متاح الآن. يُرجى المحاولة بعد قليل.
shell-problem-denied = لا يمكنك القيام بذلك (يتطلب الإذن { $permission }).
shell-security = الأمان
shell-tokens = رموز API
shell-impersonation = { $staff } يتصرف باسم { $person }. كل شيء مسجل.
shell-impersonation-end = إنهاء
