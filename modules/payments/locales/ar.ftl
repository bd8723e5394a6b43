payments-methods-title = وسائل الدفع
payments-methods-about = تحتفظ بها خدمة الدفع. لا نرى الرقم الكامل أبدًا.
payments-method = الوسيلة
payments-method-expires = صالحة حتى
payments-method-use = الاستخدام
payments-method-usual = المعتادة
payments-method-make-usual = اجعلها المعتادة
payments-method-attended = تتطلب حضورك
payments-method-add = أضف وسيلة
payments-method-remove = إزالة
payments-method-remove-question = تُزال { $label } هنا ولدى خدمة الدفع.
payments-method-added = حُفظت وسيلة الدفع.
payments-method-waiting = لا تزال خدمة الدفع في انتظارك. أضف الوسيلة مرة أخرى إن كنت قد أغلقت صفحتها.
payments-method-none = لم تُضف أي وسيلة دفع.
payments-method-usual-done = هذه هي المعتادة الآن.
payments-method-removed = أُزيلت وسيلة الدفع.
payments-methods-empty = لا وسائل دفع بعد
payments-methods-empty-advice = مع وسيلة محفوظة هنا تدفع بنقرة واحدة، ويمكن أن تُدفع الفواتير من تلقاء نفسها.
payments-automatic = الدفع التلقائي
payments-automatic-about = عند إصدار فاتورة يدفع رصيدك أولًا ثم تدفع الوسيلة المعتادة الباقي.
payments-automatic-is-on = تُدفع الفواتير تلقائيًا بالوسيلة المعتادة.
payments-automatic-is-off = تدفع كل فاتورة بنفسك.
payments-automatic-turn-on = ادفع تلقائيًا
payments-automatic-turn-off = سأدفع كل فاتورة بنفسي
payments-gateway-refused = رفضت خدمة الدفع هذا. جرّب طريقة أخرى.
payments-gateway-away = لا تستجيب خدمة الدفع حاليًا. حاول مرة أخرى بعد بضع دقائق.
payments-privacy-kept = المدفوعات والمبالغ المستردة لأن الدفاتر تُحفظ.
payments-privacy-methods = هناك وسيلة دفع محفوظة. أزلها أولًا لينساها مزود الدفع أيضًا.

# What a member of a team, or a program of theirs, may do.

payments-permission-methods = إدارة وسائل الدفع
