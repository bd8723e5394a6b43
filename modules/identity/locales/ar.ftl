identity-sign-in-email = البريد الإلكتروني
identity-sign-in-send = أرسل لي رابطًا بدلًا من ذلك
identity-sign-in-password = كلمة المرور
identity-sign-in-no-password = لا توجد كلمة مرور، أو نسيتها؟
identity-sign-in-password-missing = يُرجى ملء هذا الحقل، أو اطلب رابطًا بدلًا من ذلك.
identity-no-match = البريد الإلكتروني أو كلمة المرور غير صحيحة.
identity-too-many = محاولات كثيرة جدًا. انتظر ربع ساعة ثم حاول مرة أخرى.
identity-sign-in-sent-heading = تحقق من بريدك
identity-sign-in-sent = إذا كنا نعرف هذا العنوان فسيصل إليه رابط لتسجيل الدخول. يعمل الرابط مرة واحدة خلال { $minutes } دقيقة.
identity-sign-in-sent-retry = لم يصلك شيء؟ ابحث في البريد غير المرغوب فيه أو { $open }جرّب عنوانًا آخر{ $close }.
identity-link-heading = مرحبًا بعودتك
identity-link-text = خطوة أخيرة: هذا الرابط يسجّل دخولك مرة واحدة.
identity-link-sign-in = تسجيل الدخول إلى { $brand }
identity-link-not-valid = استُخدم هذا الرابط من قبل أو انتهت صلاحيته. اطلب رابطًا جديدًا من صفحة تسجيل الدخول.
identity-signed-out = تم تسجيل خروجك.
identity-sign-in-passkey = استخدام مفتاح المرور
identity-sign-in-forgotten = هل نسيت كلمة المرور؟
identity-wrong-code = هذا الرمز غير صحيح. خذ الأحدث؛ كل رمز يعمل مرة واحدة.
identity-passkey-refused = لم يعمل مفتاح المرور. ربما يخص حسابًا آخر أو أزيل من هنا.
identity-challenge-over = استغرق ذلك وقتًا طويلًا أو تكررت المحاولة كثيرًا. يرجى البدء من جديد.
identity-nav-team = الفريق
identity-nav-security = الأمان
identity-team-about = من يسجل الدخول هنا غيرك، وما يحق لهم.
identity-team-member = عضو
identity-team-role = الدور
identity-team-seen = آخر دخول
identity-team-set = تعيين
identity-team-remove = إزالة
identity-team-remove-question = لن يتمكن { $name } من تسجيل الدخول هنا بعد الآن.
identity-team-invited = المدعوون
identity-team-until = حتى
identity-team-withdraw = سحب
identity-team-invite = دعوة شخص
identity-invitation-heading = الانضمام إلى { $customer }
identity-invitation-text = دُعيت بالعنوان { $email }. اقبل لتسجيل الدخول.
identity-invitation-name = اسمك
identity-invitation-accept = قبول
identity-role = { $role ->
    [owner] المالك
    [billing] الفوترة
    [technical] تقني
   *[read_only] قراءة فقط
 }
