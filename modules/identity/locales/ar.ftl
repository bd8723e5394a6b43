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
identity-leave-heading = لحظة واحدة
identity-leave-go = المتابعة إلى { $host }
identity-consent-heading = تسجيل الدخول إلى { $app }
identity-consent-as = لقد سجلت الدخول باسم { $person }.
identity-consent-learns = سيعرف { $app }:
identity-consent-openid = أنك أنت، في كل مرة تعود فيها
identity-consent-profile = اسمك
identity-consent-email = عنوان بريدك الإلكتروني
identity-consent-offline = ويمكنه أن يسأل مجددًا في غيابك
identity-consent-allow = السماح
identity-consent-deny = عدم السماح
identity-consent-then = ثم تعود إلى { $host }.
identity-choose-heading = من يسجل الدخول إلى { $app }؟
identity-choose-customer = أنا عميل
identity-choose-staff = أنا أعمل هنا
identity-app-wrong-heading = لا يمكن متابعة تسجيل الدخول هذا
identity-app-unknown = الخدمة التي أتيت منها غير معروفة هنا. أخبر مشغّلها.
identity-app-address = الخدمة التي أتيت منها تريد إعادتك إلى عنوان غير مسجل. أخبر مشغّلها.
identity-app-not-you = لا يسجل الدخول إلى خدمة أخرى إلا الشخص نفسه، لا أحد مكانه.
identity-app-not-from-here = لا يمكن للموظفين تسجيل الدخول من هذه الشبكة.
identity-app-disconnected = لم تعد الخدمة تعرفك.
identity-out-heading = تسجيل الخروج
identity-out-question = هل تريد تسجيل الخروج من هنا أيضًا؟
identity-about-you = كيف تسجل الدخول باسم { $email }
identity-must-enrol = أعدّ عاملًا ثانيًا للمتابعة: مفتاح مرور أو تطبيقًا يولّد الرموز. دورك يتطلب ذلك.
identity-passkeys = مفاتيح المرور
identity-passkeys-about = الطريقة الأكثر أمانًا والأسرع: يسجل جهازك دخولك بوجهك أو إصبعك أو رمز PIN.
identity-passkey-since = منذ { $since }
identity-passkey-used = منذ { $since }، آخر استخدام { $used }
identity-passkey-remove = لن يسجل مفتاح المرور { $name } دخولك بعد الآن.
identity-passkey-name = الاسم
identity-passkey-name-help = أين يوجد: هاتفي، المفتاح في الخزنة.
identity-passkey-add = إضافة مفتاح مرور
identity-passkey-bare = تعمل مفاتيح المرور حيث يكون لهذه الصفحات اسم، لا تحت عنوان رقمي.
identity-app = تطبيق الرموز
identity-app-on = مفعّل منذ { $since }: يُطلب رمز عند تسجيل الدخول.
identity-app-off = إيقافه
identity-app-off-question = لن يُطلب أي رمز بعد الآن.
identity-app-about = يولّد تطبيق على هاتفك رموزًا تتغير كل نصف دقيقة.
identity-app-set-up = إعداد تطبيق الرموز
identity-codes-left = { $count ->
    [zero] لا رموز استرداد متبقية.
    [one] بقي رمز استرداد واحد.
    [two] بقي رمزا استرداد.
    [few] بقيت { $count } رموز استرداد.
    [many] بقي { $count } رمز استرداد.
   *[other] بقي { $count } رمز استرداد.
 }
identity-codes-new = رموز استرداد جديدة
identity-codes-new-question = ستتوقف الرموز التي احتفظت بها عن العمل.
identity-devices = { $count ->
    [zero] لا أجهزة موثوقة.
    [one] جهاز موثوق واحد: لا يُطلب العامل الثاني عليه.
    [two] جهازان موثوقان: لا يُطلب العامل الثاني عليهما.
    [few] { $count } أجهزة موثوقة: لا يُطلب العامل الثاني عليها.
    [many] { $count } جهازًا موثوقًا: لا يُطلب العامل الثاني عليها.
   *[other] { $count } جهاز موثوق: لا يُطلب العامل الثاني عليها.
 }
identity-devices-none = عدم الوثوق بأي منها
identity-devices-question = سيُطلب العامل الثاني على كل جهاز من جديد.
identity-password-new = كلمة مرور جديدة
identity-password-help = 12 حرفًا على الأقل؛ الجملة كلمة مرور جيدة. تنتهي جلساتك الأخرى.
identity-password-change = تغيير كلمة المرور
identity-password-set = تعيين كلمة مرور
identity-address = عنوان البريد الإلكتروني
identity-address-unshown = لم تؤكد بعد أن { $email } لك.
identity-address-send = أرسل لي الرسالة
identity-address-sent = هناك رسالة في طريقها إلى { $email }.
identity-connected = الخدمات المتصلة
identity-connected-about = تعرفك من خلال حسابك هنا.
identity-disconnect = قطع الاتصال
identity-disconnect-question = لن يعرفك { $app } بعد الآن حتى تسجل الدخول هناك مجددًا.
identity-sessions = الجلسات
identity-browser = المتصفح
identity-browser-on = { $program } على { $system }
identity-browser-unknown = متصفح غير معروف
identity-from = من
identity-signed-in = تسجيل الدخول
identity-last-used = آخر استخدام
identity-this-one = هذه
identity-session-end = إنهاء
identity-sessions-end = إنهاء كل الأخرى
identity-sign-ins = عمليات تسجيل الدخول
identity-when = متى
identity-outcome = النتيجة
identity-how = كيف
identity-method = { $method ->
    [password] كلمة مرور
    [passkey] مفتاح مرور
    [link] رابط
    [staff-link] رابط من الموظفين
    [sign-up] تسجيل
    [code] رمز
    [password-and-code] كلمة مرور ورمز
    [password-and-passkey] كلمة مرور ومفتاح مرور
    [password-and-recovery-code] كلمة مرور ورمز استرداد
    [link-and-second-factor] رابط وعامل ثانٍ
    [other-service] خدمة أخرى
    [other-service-and-second-factor] خدمة أخرى وعامل ثانٍ
    [other-service-with-its-second-factor] خدمة أخرى بعاملها الثاني
   *[other] { $shown }
 }
identity-said-password = تم تغيير كلمة المرور وانتهت جلساتك الأخرى.
identity-said-totp-off = لم تعد الرموز مطلوبة.
identity-said-passkey = مفتاح المرور جاهز للاستخدام.
identity-said-passkey-gone = أُزيل مفتاح المرور هنا. احذفه من الجهاز أيضًا.
identity-said-distrust = يُطلب العامل الثاني على كل جهاز من جديد.
identity-said-session-ended = انتهت الجلسة.
identity-said-sessions-ended = انتهت كل الجلسات الأخرى.
identity-totp-heading = إعداد تطبيق الرموز
identity-totp-scan = 1. امسح هذا
identity-totp-scan-about = بتطبيق مصادقة على هاتفك.
identity-totp-or = أو اكتب هذا المفتاح في التطبيق، أو { $open }افتح التطبيق على هذا الجهاز{ $close }:
identity-totp-type = 2. اكتب الرمز الذي يعرضه
identity-totp-code-help = ستة أرقام. تتغير كل نصف دقيقة.
identity-totp-on = تشغيله
identity-code = الرمز
identity-codes-heading = احتفظ برموز الاسترداد
identity-codes-about = كل رمز يسجل دخولك مرة واحدة عندما لا يكون العامل الثاني معك. لا تُعرض إلا الآن.
identity-codes-keep = اطبع هذه الصفحة أو احفظ الرموز في مدير كلمات المرور، لا على الجهاز الذي يولّد رموزك.
identity-codes-kept = لقد احتفظت بها
identity-second-heading = خطوة أخرى
identity-second-recovery = رمز الاسترداد
identity-second-code-help = ستة أرقام من تطبيقك، أو أحد رموز الاسترداد.
identity-second-recovery-help = أحد الرموز التي احتفظت بها؛ كل منها يعمل مرة واحدة.
identity-second-trust = { $days ->
    [zero] اسأل دائمًا
    [one] لا تسأل على هذا الجهاز ليوم واحد
    [two] لا تسأل على هذا الجهاز ليومين
    [few] لا تسأل على هذا الجهاز لمدة { $days } أيام
    [many] لا تسأل على هذا الجهاز لمدة { $days } يومًا
   *[other] لا تسأل على هذا الجهاز لمدة { $days } يوم
 }
identity-second-other = تسجيل الدخول باسم آخر
identity-sign-heading = مفتاح المرور
identity-sign-make = يطلب منك المتصفح إنشاء مفتاح مرور.
identity-sign-use = يطلب منك المتصفح استخدام مفتاح المرور.
identity-sign-again = حاول مرة أخرى
identity-sign-script = تحتاج مفاتيح المرور إلى JavaScript. استخدم رمزًا بدلًا من ذلك.
identity-sign-none = لا يدعم هذا المتصفح مفاتيح المرور. استخدم رمزًا بدلًا من ذلك.
identity-sign-failed = لم ينجح ذلك أو أُلغي. حاول مرة أخرى أو ارجع.
identity-back = رجوع
identity-confirm-heading = أكّد أنك أنت
identity-confirm-about = ما يأتي يستحق نظرة ثانية: لقد سجلت الدخول باسم { $email }.
identity-confirm-code = أو رمز من تطبيقك
identity-confirm-do = تأكيد
identity-confirm-link = ليست لديك كلمة مرور. رابط بالبريد يؤكد ذلك أيضًا.
identity-link-send = أرسل لي رابطًا
identity-reset-heading = كلمة مرور جديدة
identity-reset-sent = إذا كان أحد يسجل الدخول بهذا العنوان فهناك رابط في طريقه إليه لاختيار كلمة مرور جديدة. يعمل مرة واحدة خلال ساعة.
identity-reset-about = أدخل العنوان الذي تسجل الدخول به. نرسل لك رابطًا لاختيار كلمة مرور جديدة.
identity-reset-back = العودة إلى تسجيل الدخول
identity-reset-choose = اختر كلمة مرور جديدة
identity-reset-help = 12 حرفًا على الأقل؛ الجملة كلمة مرور جيدة. سيُسجَّل خروج كل من دخل باسمك.
identity-reset-set = تعيين كلمة المرور
identity-reset-done = تم تعيين كلمة المرور الجديدة. سجّل الدخول بها.
identity-verify-title = عنوانك
identity-verify-heading = هل هذا العنوان لك؟
identity-verify-about = وصلت عبر رابط أرسلناه إليه. أكّد لتسجل الدخول بهذا العنوان.
identity-verify-yes = نعم، إنه لي
identity-verify-done = شكرًا: العنوان لك.
identity-verify-stranger = إن كنت قد سجّلت بنفسك فسجّل الدخول أولًا: تبقى كلمة مرورك كما هي. وإلا فكل ما أعدّه شخص بعنوانك ينتهي الآن، وتختار كلمة مرور خاصة بك.
identity-others-ended = كان شخص ما قد سجّل بعنوانك وأعدّ وسائل للدخول. انتهى كل ذلك الآن. اختر كلمة مرور خاصة بك، وانظر من غيرك في فريقك.
identity-tokens = رموز واجهة البرمجة
identity-tokens-about = مفاتيح للبرامج. يعمل كل منها بالحقوق التي تحددها، ولا يتجاوز حقوقك أبدًا.
identity-token-made = رمزك الجديد
identity-token-copy = انسخه الآن: لا يُعرض إلا هذه المرة.
identity-token-sent = يرسله البرنامج مع كل طلب بالشكل { $header }
identity-token = الرمز
identity-token-may = يمكنه
identity-token-until = يعمل حتى
identity-token-never = أبدًا
identity-token-delete = إلغاء
identity-token-delete-question = تتوقف البرامج التي تستخدم { $name } عن العمل فورًا.
identity-token-deleted = لم يعد الرمز يعمل.
identity-token-new = رمز جديد
identity-token-for = الغرض منه
identity-token-for-help = اسم البرنامج الذي سيستخدمه.
identity-token-days = يعمل لمدة
identity-token-days-month = 30 يومًا
identity-token-days-quarter = 90 يومًا
identity-token-days-year = سنة
identity-token-rights = يمكنه
identity-token-make = إنشاء الرمز
identity-wrong-password = هذه ليست كلمة مرورك.
identity-factor-already = يوجد واحد بالفعل. أزله أولًا لإعداد آخر.
identity-remove = إزالة
identity-password-length = استخدم من { $from } إلى { $to } حرفًا؛ الجملة كلمة مرور جيدة.
identity-password-common = كل من يخمّن يجرّب هذه أولًا. اختر غيرها: الجملة كلمة مرور جيدة.
identity-code-wrong-clock = هذا الرمز غير صحيح. انظر إلى أحدث رمز، وإلى صحة ساعة الهاتف.

# Other services by which people sign in here.

identity-outside-with = الدخول عبر { $name }
identity-outside-connect = ربط { $name }
identity-outside-connected = رُبطت الخدمة: يمكنك الدخول عبرها من الآن.
identity-outside-disconnected = لم تعد تدخل عبر تلك الخدمة.
identity-outside = خدمات تدخل عبرها
identity-outside-about = من يملك حسابك هناك يدخل باسمك.
identity-outside-question = لن تدخل عبر { $name } بعد الآن.
identity-outside-not-believed = لم تُجب تلك الخدمة كما ينبغي. حاول مرة أخرى أو ادخل بطريقة أخرى.
identity-outside-not-finished = لم يكتمل الدخول هناك. حاول مرة أخرى أو ادخل بطريقة أخرى.
identity-outside-unverified = لم تؤكد تلك الخدمة عنوان بريدك. أكّده هناك، أو ادخل بطريقة أخرى واربطها في صفحة الأمان.
identity-outside-domain = لا يمكنك الدخول عبر تلك الخدمة بعنوان من هذا النطاق.
identity-outside-unknown = لا أحد معروف هنا بذلك العنوان. سجّل أولًا أو ادخل بطريقة أخرى.
identity-outside-connect-first = لديك حساب هنا. ادخل كما اعتدت، ثم اربط تلك الخدمة في صفحة الأمان.
identity-outside-taken = ذلك الحساب مرتبط هنا بشخص آخر.

# What a member of a team, or a program of theirs, may do.

identity-permission-team = دعوة أعضاء الفريق وتغييرهم وإزالتهم
identity-permission-group = { $module ->
    [billing] الفوترة
    [customers] الحساب
    [identity] الفريق
    [messaging] الرسائل
    [ordering] الطلبات
    [payments] وسائل الدفع
    [provisioning] الخدمات
   *[other] { $module }
 }
