desk-pay-title = ادفع { $number }
desk-pay-owed = المبلغ المستحق
desk-pay-due = تستحق في { $date }
desk-pay-card-heading = اختر بطاقة تجريبية
desk-pay-card-advice = يستخدم هذا المتجر بوابة تجريبية: لا تُحوَّل أي أموال. تُظهر كل بطاقة ما قد تفعله بطاقة حقيقية.
desk-pay-card = البطاقة
desk-pay-choose = اختر إحدى البطاقات.
desk-pay-now = ادفع { $amount }
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
   *[other] { $words }
}
desk-result-title = دفعتك
desk-paid-heading = شكرًا، دُفع مبلغ { $amount }
desk-paid-text = وصلت دفعتك عن { $number }.
desk-paid-back = العودة إلى فواتيرك
desk-paid-order = اطّلع على الخطوة التالية
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
