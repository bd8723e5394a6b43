billing-nav-invoices = الفواتير
billing-invoices-title = فواتيرك
billing-invoices-order = الأحدث أولًا.
billing-invoices-empty = لا توجد فواتير بعد
billing-invoices-empty-advice = ستظهر فواتيرك هنا فور صدورها.
billing-owed = المبلغ المستحق
billing-credit = رصيدك
billing-number = الرقم
billing-issued = تاريخ الإصدار
billing-due = تاريخ الاستحقاق
billing-status = الحالة
billing-total = الإجمالي
billing-open = المتبقي
billing-pdf = PDF
billing-pay = ادفع { $amount }
billing-held = المبلغ محجوز على بطاقتك. نخصمه عندما يصبح ما طلبته جاهزًا؛ لا حاجة لأن تدفع.
billing-document = المستند
billing-paid = تاريخ الدفع
billing-tax = الضريبة
billing-paid-so-far = المدفوع حتى الآن
billing-paid-nothing = لا شيء بعد.
billing-lines = البنود
billing-what = البند
billing-quantity = الكمية
billing-price = السعر
billing-net = الصافي
billing-with-tax = شامل الضريبة
billing-how = كيف حُسب هذا المبلغ
billing-set-up = إعداد
billing-discounts = الخصومات، مطروحة مسبقًا
billing-without-tax = بدون الضريبة
billing-settled = المُسدَّد
billing-still-open = المتبقي للدفع
billing-step-share = { $product } × { $part }/{ $whole } من فترة كاملة
billing-step-discount = ناقص { $label }: { $amount }
billing-step-inclusive = السعر يشمل الضريبة؛ وبدونها { $amount }
billing-step-tax = ضريبة { $percent } %: { $amount }
billing-step-tax-on-top = ضريبة إضافية { $percent } %: { $amount }
billing-step-no-tax = بدون ضريبة
billing-settled-payment = الدفعة { $id }
billing-settled-credit = رصيد العميل
billing-settled-credit-note = إشعار دائن
billing-settled-write-off = مشطوب
billing-refused-just-paid = دُفعت هذه الفاتورة للتو، ويجري تسجيل الدفعة.
billing-refused-under-way = هناك دفعة جارية بالفعل لإحدى هذه الفواتير. انتظر اكتمالها أو ألغِها أولًا.
billing-refused-not-open = { $number } ليست مستحقة، فلا يوجد ما يُدفع.
billing-refused-currencies = هذه الفواتير بعملات مختلفة. ادفع فواتير كل عملة على حدة.
billing-pay-choose = اختر ما تريد دفعه.
billing-pay-too-many = اختر { $most } فاتورة على الأكثر دفعة واحدة.
billing-pay-amount = أدخل مبلغًا أكبر من الصفر ولا يتجاوز { $amount }، وهو المتبقي.
billing-pay-selected = ادفع المختارة
billing-pay-all = ادفع الكل
billing-choose = اختيار
billing-funds-full = رصيدك عند أعلى حد مسموح.
billing-funds-too-small = أضف { $amount } على الأقل.
billing-funds-too-large = أضف { $amount } على الأكثر.
billing-add-funds = أضف رصيدًا
billing-methods = وسائل الدفع
billing-nav-home = نظرة عامة
billing-nav-subscriptions = الاشتراكات
billing-home-nobody = سجّلت الدخول، لكنك لا تنتمي إلى أي عميل بعد
billing-home-nobody-advice = اطلب دعوة ممن يدير الحساب، أو ابدأ بطلب خدمة.
billing-home-hello = مرحبًا { $name }
billing-home-services = خدماتك
billing-home-next = الفاتورة القادمة
billing-home-nothing = لا شيء
billing-home-open = فواتير للدفع
billing-home-shop = تصفّح العروض
billing-pay-now = ادفع الآن
billing-subscriptions-empty = لا توجد خدمات بعد
billing-subscriptions-empty-advice = ستظهر طلباتك هنا.
billing-subscription = الخدمة
billing-cycle-label = الفوترة
billing-change = تغيير الباقة أو دورة الفوترة
billing-cancel = إلغاء الخدمة
billing-keep = الإبقاء على الخدمة
billing-change-drop = إلغاء التغيير المجدول
billing-terms = الشروط
billing-since = منذ
billing-trial-until = مجانية حتى
billing-next-period = الفترة القادمة من
billing-ends-on = تنتهي في
billing-ended-on = انتهت في
billing-items = ما تتضمنه
billing-change-what = ما الذي يتغير
billing-change-plan = الباقة والخيارات والإضافات
billing-plan = الباقة
billing-change-options = عرض خيارات هذه الباقة
billing-change-when = متى
billing-change-now = الآن
billing-change-now-help = يُحتسب ما دفعته عن بقية الفترة من السعر الجديد.
billing-change-later = مع الفترة القادمة
billing-change-later-help = لا يتغير شيء قبل ذلك اليوم.
billing-change-show = عرض التكلفة
billing-change-make = تنفيذ التغيير
billing-change-leave = اتركها كما هي
billing-change-scheduled = سيُنفَّذ التغيير في { $date }.
billing-change-made = نُفِّذ التغيير.
billing-change-moved = لم تعد المبالغ كما رأيتها. يرجى مراجعتها مرة أخرى.
billing-change-dropped = أُلغي التغيير المجدول.
billing-change-choose-cycle = اختر دورة الفوترة.
billing-change-choose-what = اختر ما تريد تغييره.
billing-change-choose-plan = اختر باقة.
billing-change-quantity-wrong = أدخل عددًا صحيحًا لا يقل عن 1.
billing-change-choose = يرجى الاختيار.
billing-cancel-when = متى تنتهي؟
billing-cancel-end = عند انتهاء ما دُفع
billing-cancel-end-help = تعمل حتى { $date }، ويمكنك العدول عن رأيك قبل ذلك.
billing-cancel-now = الآن
billing-cancel-now-help = تتوقف فورًا، ولا يُرد باقي ما دفعته.
billing-cancel-why = لماذا تغادر؟
billing-cancel-comment = أي شيء آخر تود إخبارنا به
billing-cancel-choose = أخبرنا بالسبب؛ تكفي نقرة واحدة.
billing-cancel-done = أُلغيت الخدمة.
billing-kept = حسنًا، تبقى الخدمة.
billing-yes = نعم
billing-no = لا
billing-none = لا شيء
billing-quote-charges = فاتورة بمبلغ { $amount }
billing-quote-back = يصبح { $amount } رصيدًا لك
billing-quote-nothing = لا يُحصَّل شيء الآن
billing-quote-effective = يسري من
billing-quote-period = فترة كاملة، بلا خصومات ولا ضريبة
billing-cycle = { $cycle ->
    [one_time] مرة واحدة
    [hourly] كل ساعة
    [daily] يوميًا
    [weekly] أسبوعيًا
    [monthly] شهريًا
    [quarterly] كل ثلاثة أشهر
    [semi_annual] كل 6 أشهر
    [annual] سنويًا
    [biennial] كل سنتين
    [triennial] كل 3 سنوات
    [quadrennial] كل 4 سنوات
   *[quinquennial] كل 5 سنوات
}
billing-cancel-reason = { $reason ->
    [price] السعر مرتفع جدًا
    [unused] لم أعد أحتاج إليها
    [missing] ينقصني شيء أحتاجه
    [quality] لم تعمل جيدًا
    [moving] سأنتقل إلى مزوّد آخر
   *[other] سبب آخر
}
billing-mail-received = إيصالات الدفع
billing-notice-overdue = الفاتورة { $number } متأخرة: ما زال { $amount } غير مدفوع.
billing-notice-overdue-kind = فواتير متأخرة
billing-privacy-kept = الفواتير والإشعارات الدائنة وما حُسب، لمصلحة الضرائب.
billing-privacy-running = ما زال اشتراك قائمًا. ألغِه أولًا.
billing-privacy-owed = هناك فاتورة لم تُدفع بعد.
billing-privacy-credit = لديك رصيد. اطلب منا إعادته.

# What a member of a team, or a program of theirs, may do.

billing-permission-invoice-view = رؤية الفواتير والرصيد
billing-permission-invoice-pay = دفع الفواتير
billing-permission-subscription-view = رؤية الاشتراكات
billing-permission-subscription-change = تغيير الاشتراكات وإلغاؤها
