desk-pay-title = ادفع { $number }
desk-pay-card-heading = اختر بطاقة تجريبية
desk-pay-card-advice = يستخدم هذا المتجر بوابة تجريبية: لا تُحوَّل أي أموال. تُظهر كل بطاقة ما قد تفعله بطاقة حقيقية.
desk-pay-choose = اختر إحدى البطاقات.
desk-pay-now = ادفع { $amount }
desk-pay-several = { $count ->
    [zero] لا فواتير للدفع
    [one] ادفع فاتورة واحدة
    [two] ادفع فاتورتين
    [few] ادفع { $count } فواتير
    [many] ادفع { $count } فاتورة
   *[other] ادفع { $count } فاتورة
}
desk-pay-back = فواتيرك
desk-pay-running = هناك دفعة جارية لهذا بالفعل.
desk-pay-running-look = اطّلع عليها أو ألغها
desk-pay-invoice = الفاتورة
desk-pay-open = المتبقي
desk-pay-by-credit = من الرصيد
desk-pay-by-card = يُخصم
desk-pay-stays = يبقى مستحقًا
desk-pay-what = ما الذي تدفعه
desk-pay-amount = المبلغ
desk-pay-amount-help = اتركه فارغًا لدفع الكل: { $amount }.
desk-pay-use-credit = استخدم رصيدي البالغ { $amount }
desk-pay-use-credit-help = يُستخدم الرصيد فورًا، وما يستحق أولًا يُدفع أولًا.
desk-pay-show = أظهر النتيجة
desk-pay-comes-to = النتيجة
desk-pay-credit-left = الرصيد المتبقي بعدها
desk-pay-how = كيف تدفع
desk-pay-credit-only = يدفع رصيدك { $amount }. لا يُخصم شيء.
desk-pay-from-credit = ادفع من الرصيد
desk-pay-kept = وسائل الدفع الخاصة بك
desk-pay-usual = التي تدفع بها عادةً
desk-pay-keep = احتفظ بها للدفعات القادمة
desk-pay-keep-help = تحتفظ بها خدمة الدفع ولسنا نحن. يمكنك إزالتها في أي وقت.
desk-pay-method-gone = لم تعد وسيلة الدفع هذه موجودة. اختر غيرها.
desk-pay-moved = هذه هي النتيجة الآن. راجعها مرة أخرى ثم ادفع.
desk-pay-nothing = لا يوجد ما يُدفع.
desk-pay-by-credit-done = شكرًا، دفع رصيدك المبلغ.
desk-paid-funds = المال في رصيدك.
desk-withdraw = ادفع بطريقة أخرى
desk-withdrawn = أُلغيت الدفعة. لم يُخصم شيء.
desk-not-withdrawn = لم يعد من الممكن إلغاء هذه الدفعة.
desk-cancelled-heading = أُلغيت الدفعة
desk-cancelled-text = لم يُخصم شيء.
desk-setup-title = تجربة: بطاقة للحفظ
desk-setup-give = احفظ هذه البطاقة
desk-setup-none = عُد بدونها
desk-panel-title = تجربة: لوحة تحكم جهاز
desk-panel-machine = الجهاز
desk-panel-advice = هنا كانت ستُفتح لوحة تحكم مزوّد حقيقي بعد تسجيل الدخول. بيئة التجربة لا تُنشئ شيئًا حقيقيًا، فلا شيء لعرضه.
desk-panel-back = خدماتك
desk-funds-title = أضف رصيدًا
desk-funds-about = ما تدفعه مقدمًا يبقى في رصيدك ويدفع الفواتير من تلقاء نفسه.
desk-funds-credit = رصيدك
desk-funds-none = لا يوجد
desk-funds-full = رصيدك عند أعلى حد مسموح. لا يمكن إضافة المزيد الآن.
desk-funds-how-much = كم
desk-funds-amount = المبلغ بعملة { $currency }
desk-funds-between = بين { $smallest } و{ $largest }.
desk-funds-from = { $smallest } على الأقل.
desk-funds-reason = رصيد مدفوع مقدمًا
desk-funds-history = تغيرات رصيدك
desk-funds-when = متى
desk-funds-what = ماذا
desk-funds-move = { $reason ->
    [deposit] دُفع مقدمًا
    [overpayment] دُفع أكثر من المستحق
    [applied] استُخدم لفاتورة
    [refunded] أُعيد
    [reopened] أُعيد فتح فاتورة
    [credit_note] إشعار دائن
    [refund_failed] عاد مبلغ مسترد
   *[other] { $words }
}
desk-card = { $token ->
    [tok_visa] بطاقة فيزا تدفع
    [tok_mastercard] بطاقة ماستركارد تدفع
    [tok_authenticate] بطاقة تطلب التأكيد
    [tok_decline_insufficient_funds] بطاقة رصيدها غير كافٍ
    [tok_decline_expired_card] بطاقة منتهية الصلاحية
    [tok_decline_stolen_card] بطاقة يجب ألا تُجرَّب مرة أخرى
    [tok_pending] خصم مصرفي يستغرق ساعة
    [tok_lose_after] بطاقة تضيع إجابتها بعد الدفع
    [tok_webhook_twice] بطاقة يصل إشعارها مرتين
    [tok_capture_declined] بطاقة تحجز المبلغ ثم ترفضه
    [tok_hold_short] بطاقة تحجز المبلغ لساعة واحدة فقط
   *[other] { $words }
}
desk-result-title = دفعتك
desk-paid-heading = شكرًا، دُفع مبلغ { $amount }
desk-paid-text = وصلت دفعتك عن { $number }.
desk-paid-back = العودة إلى فواتيرك
desk-paid-order = اطّلع على الخطوة التالية
desk-held-heading = { $amount } محجوز على بطاقتك
desk-held-text = نخصمه عندما يصبح كل ما طلبته جاهزًا. إذا لم نتمكن من التسليم فسنلغي الحجز ولن تدفع شيئًا. تحتفظ بطاقتك بالحجز حتى { $date } على الأكثر.
desk-released-heading = لم يعد { $amount } محجوزًا
desk-released-text = المبلغ متاح على بطاقتك من جديد أو سيصبح كذلك خلال أيام. لم يُخصم شيء.
desk-asking-heading = نستفسر من البنك
desk-asking-text = لم تصل الإجابة بعد. تتحقق هذه الصفحة من تلقاء نفسها؛ لا حاجة إلى الدفع مرة ثانية.
desk-asking-look = تحقق الآن
desk-confirm-heading = يُرجى تأكيد الدفع
desk-confirm-text = يطلب منك بنكك تأكيد مبلغ { $amount }.
desk-confirm-go = التأكيد لدى البنك
desk-declined-heading = لم تتم عملية الدفع
desk-declined-why = { $code ->
    [insufficient_funds] لا يوجد رصيد كافٍ في هذه البطاقة. لم يُخصم شيء.
    [expired_card] انتهت صلاحية هذه البطاقة. لم يُخصم شيء.
    [authentication_failed] لم يُؤكَّد الدفع. لم يُخصم شيء.
    [stolen_card] لا يقبل البنك هذه البطاقة. يُرجى استخدام بطاقة أخرى. لم يُخصم شيء.
    [lost_card] لا يقبل البنك هذه البطاقة. يُرجى استخدام بطاقة أخرى. لم يُخصم شيء.
   *[other] لم يقبل البنك هذه الدفعة. لم يُخصم شيء.
}
desk-declined-again = جرّب طريقة أخرى
desk-bank-title = تأكيد
desk-bank-heading = بنك تجريبي
desk-bank-question = هل تؤكد دفع { $open }{ $amount }{ $close }؟
desk-bank-refuse = رفض
desk-notice-ready = { $service } جاهز.
desk-notice-ready-kind = خدمات جاهزة
desk-notice-device = سجّل شخص الدخول باسمك بمتصفح جديد: { $agent } من { $address }. لم تكن أنت؟ غيّر كلمة مرورك.
desk-notice-device-kind = دخول بمتصفح جديد
desk-notice-copy = نسخة بياناتك جاهزة.
desk-notice-copy-kind = نسخ بياناتك
