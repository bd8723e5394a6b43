# طلبات العميل نفسه.

ordering-next-title = { $status ->
    [held] المبلغ محجوز ولم يُخصم شيء بعد
    [paying] دفعتك في الطريق
    [pending_payment] بانتظار دفعتك
    [pending_review] نراجع الطلب
    [accepted] قُبل طلبك
    [rejected] رُفض طلبك
    [cancelled] أُلغي طلبك
   *[other] أُغلق طلبك
}
ordering-next = { $status ->
    [held] نخصمه عندما يصبح كل ما طلبته جاهزًا. إذا لم نتمكن من التسليم فسنلغي الحجز ولن تدفع شيئًا.
    [paying] ننتظر رد المصرف. تعيد هذه الصفحة النظر بنفسها؛ لا حاجة لأن تدفع مرة ثانية.
    [pending_payment] ادفع الفاتورة لنبدأ فورًا. لا يُجهَّز شيء قبل ذلك.
    [pending_review] وصلت دفعتك. يراجع أحدنا الطلب قبل أن يبدأ، عادة خلال يوم عمل. لا يلزمك فعل شيء.
    [accepted] يجري تجهيز ما طلبته. تجده ضمن اشتراكاتك وتصلك رسالة حين يصبح جاهزًا.
    [rejected] لن تُفوتر منه شيئًا. ما دفعته رصيد لك أو في طريق العودة إليك؛ التفاصيل في بريدك.
    [cancelled] لن تُفوتر منه شيئًا. إن كنت ما زلت تريده فاطلبه مجددًا من المتجر.
   *[other] إن كانت لديك أسئلة فراسلنا.
}
ordering-nav-orders = الطلبات
ordering-list-title = طلباتك
ordering-new = اطلب شيئًا
ordering-number = الرقم
ordering-placed = التاريخ
ordering-status = الحالة
ordering-total = الإجمالي
ordering-none = لا طلبات بعد
ordering-none-advice = ما تطلبه من المتجر يظهر هنا مع ما يحدث بعده.
ordering-title = الطلب { $number }
ordering-pay = ادفع { $amount }
ordering-withdraw = اسحب الطلب
ordering-withdraw-ask = لن يُسلَّم منه شيء وتُلغى فاتورته.
ordering-withdrawn = سُحب الطلب.
ordering-held = محجوز لك حتى { $date }.
ordering-why = السبب: { $why }.
ordering-items = ما طلبته
ordering-what = ماذا
ordering-now = الآن
ordering-later = كل فترة
ordering-invoice = عرض الفاتورة
ordering-agreed = وافقت على:
ordering-privacy-kept = الطلبات بوصفها أساس فواتيرها؛ وتُمحى الملاحظات والعناوين.

# What a member of a team, or a program of theirs, may do.

ordering-permission-view = رؤية الطلبات
ordering-permission-place = الطلب
