# المتجر: القائمة والسلة والدفع والنصوص.

storefront-every = { $cycle ->
    [one_time] مرة واحدة
    [hourly] كل ساعة
    [daily] كل يوم
    [weekly] كل أسبوع
    [monthly] كل شهر
    [quarterly] كل 3 أشهر
    [semi_annual] كل 6 أشهر
    [annual] كل سنة
    [biennial] كل سنتين
    [triennial] كل 3 سنوات
    [quadrennial] كل 4 سنوات
    [quinquennial] كل 5 سنوات
   *[other] مرة واحدة
}
storefront-cycle-name = { $cycle ->
    [one_time] مرة واحدة
    [hourly] بالساعة
    [daily] يومي
    [weekly] أسبوعي
    [monthly] شهري
    [quarterly] ربع سنوي
    [semi_annual] نصف سنوي
    [annual] سنوي
    [biennial] سنتان
    [triennial] 3 سنوات
    [quadrennial] 4 سنوات
    [quinquennial] 5 سنوات
   *[other] مرة واحدة
}
storefront-step = { $step ->
    [cart] السلة
    [account] بياناتك
    [pay] الدفع
    [done] تم
   *[other] السلة
}
storefront-tax-note = { $note ->
    [reverse_charge] أنت تسدد الضريبة بنفسك (الاحتساب العكسي).
    [exempt] لا تُحتسب ضريبة.
   *[other] لا تُحتسب ضريبة.
}
storefront-left = { $count ->
    [zero] لم يبق شيء
    [one] بقي واحد فقط
    [two] بقي اثنان فقط
    [few] بقي { $count } فقط
    [many] بقي { $count } فقط
   *[other] بقي { $count } فقط
}
storefront-trial = { $days ->
    [zero] دون فترة مجانية
    [one] يوم مجاني
    [two] يومان مجانًا
    [few] { $days } أيام مجانًا
    [many] { $days } يومًا مجانًا
   *[other] { $days } يوم مجانًا
}
storefront-nav-shop = المتجر
storefront-nav-cart = السلة
storefront-currency = العملة
storefront-cycle = دورة الفوترة
storefront-featured = الأكثر طلبًا
storefront-free = مجاني
storefront-saved = وفّر { $percent } %
storefront-setup = رسوم الإعداد { $amount }
storefront-sold-out = نفدت الكمية
storefront-set-up = إعداد
storefront-closed = لم يفتح هذا المتجر بعد. يُرجى العودة قريبًا.
storefront-choose = اختر
storefront-discount = خصم
storefront-net = الصافي
storefront-tax = الضريبة
storefront-total = الإجمالي
storefront-trial-until = مجاني حتى { $date }
storefront-then = ثم { $amount } { $every } ابتداءً من { $date }
storefront-text-version = النسخة { $version } بتاريخ { $date }
storefront-home-about = خوادم واستضافة ونطاقات جاهزة خلال دقائق.
storefront-home-shop = اطّلع على عروضنا
storefront-home-featured = الأكثر طلبًا
storefront-home-all = عرض الكل
storefront-home-groups = ما نقدمه
storefront-shop-title = المتجر
storefront-shop-about = أسعار بلا مفاجآت: ما تراه في السلة هو ما يظهر في الفاتورة.
storefront-shop-empty = لا شيء معروض للبيع حاليًا
storefront-shop-empty-advice = عد لاحقًا أو اسألنا.
storefront-compare = قارن
storefront-compare-title = مقارنة { $group }
storefront-each = { $amount } للواحد
storefront-included = مشمول
storefront-once = مرة واحدة
storefront-addons = إضافات
storefront-questions = عن طلبك
storefront-quantity = الكمية
storefront-summary = الملخص
storefront-cart-change = حفظ التغييرات
storefront-cart-add = أضف إلى السلة
storefront-price-again = اعرض السعر
storefront-cart-title = سلتك
storefront-cart-update = تحديث
storefront-cart-edit = تعديل
storefront-cart-remove = إزالة
storefront-tax-for = الضريبة لبلد
storefront-coupon = الرمز
storefront-coupon-use = استخدم
storefront-cart-checkout = إلى الدفع
storefront-cart-mend = في سلتك ما لا يمكن طلبه كما هو. عدّله أو أزله للمتابعة.
storefront-cart-more = تابع التسوق
storefront-cart-empty = سلتك فارغة
storefront-cart-empty-advice = ما تختاره من المتجر ينتظرك هنا.
storefront-checkout-title = إتمام الطلب
storefront-checkout-you = تطلب باسم
storefront-checkout-order = طلبك
storefront-checkout-note = هل تود إخبارنا بشيء؟
storefront-checkout-agree = قرأت وأوافق على:
storefront-checkout-agree-missing = يرجى الموافقة على النصوص لإتمام الطلب.
storefront-checkout-place = اطلب وادفع { $amount }
storefront-checkout-next = تختار طريقة الدفع في الصفحة التالية. لا يُخصم شيء قبل ذلك.
storefront-checkout-may-not = لا يمكنك الطلب لهذا الحساب. اسأل مالكه.
storefront-checkout-staff = أنت مسجّل الدخول كموظف. اطلب من صفحة العميل أو سجّل الخروج.
storefront-checkout-back = العودة إلى السلة
storefront-account-new = عميل جديد
storefront-account-first-name = الاسم الأول
storefront-account-last-name = اسم العائلة
storefront-account-email = البريد الإلكتروني
storefront-account-password = كلمة المرور
storefront-account-password-missing = أدخل كلمة المرور.
storefront-account-company = الشركة
storefront-account-tax-id = الرقم الضريبي
storefront-account-address = الشارع والرقم
storefront-account-postcode = الرمز البريدي
storefront-account-city = المدينة
storefront-account-state = الولاية أو المنطقة
storefront-account-country = البلد
storefront-account-create = أنشئ الحساب وتابع
storefront-account-known-title = لدي حساب
storefront-account-sign-in = سجّل الدخول وتابع
storefront-account-link = الدخول عبر رابط بدلًا من ذلك
storefront-account-too-many = أُنشئت حسابات كثيرة من شبكتك. حاول بعد ساعة.
