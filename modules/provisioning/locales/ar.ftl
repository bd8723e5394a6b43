provisioning-nav-services = الخدمات
provisioning-service = الخدمة
provisioning-state = الحالة
provisioning-since = منذ
provisioning-none = لا شيء هنا بعد
provisioning-none-advice = يظهر هنا ما تطلبه ونجهزه لك.
provisioning-being-made = نحن نجهزها. تظهر في هذه الصفحة حالما تصبح جاهزة.
provisioning-made-on = سنجهّزه في { $on }.
provisioning-delayed = حدث خطأ من جهتنا. علمنا به ونعمل على إصلاحه؛ لا يلزمك فعل شيء.
provisioning-suspended = إنها معلقة.
provisioning-addresses = العناوين
provisioning-subscription = الاشتراك
provisioning-subscription-open = الشروط والتغييرات
provisioning-access = كيفية الدخول
provisioning-access-none = ترى هنا كيفية الدخول حالما تصبح جاهزة.
provisioning-access-kind = { $kind ->
    [username] اسم المستخدم
    [panel_url] لوحة التحكم
    [endpoint] عنوان الاتصال
    [file_transfer] نقل الملفات
    [file_transfer_username] اسم المستخدم لنقل الملفات
    [name_server] خادم الأسماء
    [licence] الترخيص
    [note] معلومة
   *[other] الدخول
}
provisioning-password = كلمة المرور
provisioning-password-once = تُعرض هذه المرة فقط ولا تُرسل بالبريد أبدًا. احفظها في مكان آمن.
provisioning-reveal = إظهار كلمة المرور
provisioning-reveal-licence = إظهار الترخيص
provisioning-usage = الاستخدام
provisioning-usage-kind = { $kind ->
    [cpu] المعالج
    [memory] الذاكرة
    [disk] القرص
   *[other] حركة البيانات
}
provisioning-usage-days = { $days ->
    [1] اليوم الأخير
   *[other] { $days } يومًا
}
provisioning-usage-most = الأقصى { $most }
provisioning-usage-last = { $last } في آخر قياس
provisioning-usage-line = { $line ->
    [in] وارد
   *[other] صادر
}
provisioning-usage-none = يُقاس كل بضع ساعات. ستظهر الأرقام الأولى هنا قريبًا.
provisioning-actions = ما يمكنك فعله
provisioning-busy = يجري العمل عليها الآن.
provisioning-asked = يجري تنفيذ ذلك. انظر مرة أخرى بعد دقيقة.
provisioning-door = { $door ->
    [console] فتح وحدة التحكم
    [webmail] فتح بريد الويب
    [reseller_panel] فتح لوحة الموزع
   *[other] فتح لوحة التحكم
}
provisioning-action = { $action ->
    [start] تشغيل
    [stop] إيقاف
    [restart] إعادة تشغيل
    [kill] قطع الطاقة
    [password] تعيين كلمة مرور جديدة
    [reinstall] إعادة التثبيت
   *[other] تنفيذ
}
provisioning-action-asks = { $action ->
    [start] يتم تشغيل الجهاز.
    [stop] يُطلب من الجهاز أن يتوقف.
    [restart] يتوقف الجهاز ثم يعمل من جديد.
    [kill] يفقد الجهاز الطاقة فورًا؛ ويضيع ما لم يُحفظ.
    [password] تُنشأ كلمة مرور جديدة. ولا تعود القديمة صالحة.
    [reinstall] يُثبَّت الجهاز من جديد. ويضيع كل ما على قرصه.
   *[other] هل أنت متأكد؟
}
provisioning-privacy-running = ما زالت هناك خدمة. يجب إزالتها أولًا.

# What a member of a team, or a program of theirs, may do.

provisioning-permission-view = رؤية الخدمات
provisioning-permission-operate = تشغيل الخدمات
