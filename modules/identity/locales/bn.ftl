identity-sign-in-email = ই-মেইল ঠিকানা
identity-sign-in-send = বদলে একটি লিংক পাঠান
identity-sign-in-password = পাসওয়ার্ড
identity-sign-in-no-password = পাসওয়ার্ড নেই, নাকি ভুলে গেছেন?
identity-sign-in-password-missing = এটি পূরণ করুন, অথবা বদলে একটি লিংক চেয়ে নিন।
identity-no-match = ই-মেইল ঠিকানা বা পাসওয়ার্ড সঠিক নয়।
identity-too-many = অনেকবার চেষ্টা করা হয়েছে। পনেরো মিনিট পরে আবার চেষ্টা করুন।
identity-sign-in-sent-heading = আপনার ই-মেইল দেখুন
identity-sign-in-sent = ঠিকানাটি আমাদের জানা থাকলে সাইন ইন করার একটি লিংক পাঠানো হয়েছে। এটি একবার, { $minutes } মিনিটের মধ্যে কাজ করবে।
identity-sign-in-sent-retry = কিছু আসেনি? স্প্যাম ফোল্ডার দেখুন, অথবা { $open }অন্য ঠিকানা দিয়ে চেষ্টা করুন{ $close }।
identity-link-heading = আবার স্বাগতম
identity-link-text = আর একটি ধাপ: এই লিংক আপনাকে একবার সাইন ইন করায়।
identity-link-sign-in = { $brand }-এ সাইন ইন করুন
identity-link-not-valid = লিংকটি আগেই ব্যবহার করা হয়েছে বা পুরোনো হয়ে গেছে। সাইন ইন পাতা থেকে নতুন একটি চেয়ে নিন।
identity-signed-out = আপনি সাইন আউট করেছেন।
identity-sign-in-passkey = পাসকি ব্যবহার করুন
identity-sign-in-forgotten = পাসওয়ার্ড ভুলে গেছেন?
identity-wrong-code = এই কোডটি সঠিক নয়। সর্বশেষটি নিন; প্রতিটি একবারই কাজ করে।
identity-passkey-refused = পাসকিটি কাজ করেনি। এটি অন্য অ্যাকাউন্টের হতে পারে বা এখান থেকে সরানো হয়েছে।
identity-challenge-over = বেশি সময় লেগেছে বা অনেকবার চেষ্টা করা হয়েছে। আবার শুরু করুন।
identity-nav-team = দল
identity-nav-security = নিরাপত্তা
identity-team-about = আপনি ছাড়া আর কে এখানে সাইন ইন করে এবং তারা কী করতে পারে।
identity-team-member = সদস্য
identity-team-role = ভূমিকা
identity-team-seen = সর্বশেষ সাইন ইন
identity-team-set = ঠিক করুন
identity-team-remove = সরান
identity-team-remove-question = { $name } আর এখানে সাইন ইন করতে পারবেন না।
identity-team-invited = আমন্ত্রিত
identity-team-until = পর্যন্ত
identity-team-withdraw = ফিরিয়ে নিন
identity-team-invite = কাউকে আমন্ত্রণ জানান
identity-invitation-heading = { $customer }-এ যোগ দিন
identity-invitation-text = { $email } ঠিকানায় আপনাকে আমন্ত্রণ জানানো হয়েছে। সাইন ইন করতে গ্রহণ করুন।
identity-invitation-name = আপনার নাম
identity-invitation-accept = গ্রহণ করুন
identity-role = { $role ->
    [owner] মালিক
    [billing] বিলিং
    [technical] কারিগরি
   *[read_only] শুধু দেখা
 }
identity-leave-heading = এক মুহূর্ত
identity-leave-go = { $host }-এ এগিয়ে যান
identity-consent-heading = { $app }-এ সাইন ইন করুন
identity-consent-as = আপনি { $person } হিসেবে সাইন ইন করেছেন।
identity-consent-learns = { $app } জানবে:
identity-consent-openid = যে এটি আপনিই, যতবার ফিরে আসবেন
identity-consent-profile = আপনার নাম
identity-consent-email = আপনার ই-মেইল ঠিকানা
identity-consent-offline = এবং আপনি না থাকলেও আবার জানতে চাইতে পারবে
identity-consent-allow = অনুমতি দিন
identity-consent-deny = অনুমতি দেবেন না
identity-consent-then = এরপর আপনি { $host }-এ ফিরে যাবেন।
identity-choose-heading = { $app }-এ কে সাইন ইন করছেন?
identity-choose-customer = আমি গ্রাহক
identity-choose-staff = আমি এখানে কাজ করি
identity-app-wrong-heading = এই সাইন ইন আর এগোতে পারছে না
identity-app-unknown = আপনি যে সেবা থেকে এসেছেন তা এখানে পরিচিত নয়। তার পরিচালককে জানান।
identity-app-address = আপনি যে সেবা থেকে এসেছেন তা আপনাকে এমন ঠিকানায় ফেরত চায় যা নিবন্ধিত নয়। তার পরিচালককে জানান।
identity-app-not-you = অন্য সেবায় কেবল ব্যক্তি নিজেই সাইন ইন করতে পারেন, তাঁর জায়গায় অন্য কেউ নয়।
identity-app-not-from-here = এই নেটওয়ার্ক থেকে কর্মীরা সাইন ইন করতে পারেন না।
identity-app-disconnected = সেবাটি আপনাকে আর চেনে না।
identity-out-heading = সাইন আউট
identity-out-question = এখান থেকেও সাইন আউট করবেন?
identity-about-you = আপনি { $email } হিসেবে কীভাবে সাইন ইন করেন
identity-must-enrol = এগিয়ে যেতে একটি দ্বিতীয় ধাপ যোগ করুন: একটি পাসকি, বা কোড তৈরির অ্যাপ। আপনার ভূমিকায় এটি দরকার।
identity-passkeys = পাসকি
identity-passkeys-about = সবচেয়ে নিরাপদ ও দ্রুত উপায়: আপনার ডিভাইস মুখ, আঙুল বা পিন দিয়ে আপনাকে সাইন ইন করায়।
identity-passkey-since = { $since } থেকে
identity-passkey-used = { $since } থেকে, শেষ ব্যবহার { $used }
identity-passkey-remove = { $name } পাসকি আর আপনাকে সাইন ইন করাবে না।
identity-passkey-name = নাম
identity-passkey-name-help = কোথায় আছে: আমার ফোন, সিন্দুকের স্টিক।
identity-passkey-add = পাসকি যোগ করুন
identity-passkey-bare = এই পাতাগুলোর একটি নাম থাকলে পাসকি কাজ করে, শুধু নম্বরের ঠিকানায় নয়।
identity-app = কোড অ্যাপ
identity-app-on = { $since } থেকে চালু: সাইন ইন করার সময় একটি কোড চাওয়া হয়।
identity-app-off = বন্ধ করুন
identity-app-off-question = আর কোনো কোড চাওয়া হবে না।
identity-app-about = আপনার ফোনের একটি অ্যাপ প্রতি আধ মিনিটে বদলানো কোড তৈরি করে।
identity-app-set-up = কোড অ্যাপ যোগ করুন
identity-codes-left = { $count ->
    [one] একটি পুনরুদ্ধার কোড বাকি।
   *[other] { $count }টি পুনরুদ্ধার কোড বাকি।
 }
identity-codes-new = নতুন পুনরুদ্ধার কোড
identity-codes-new-question = আগে রাখা কোডগুলো আর কাজ করবে না।
identity-devices = { $count ->
    [one] একটি বিশ্বস্ত ডিভাইস: সেখানে দ্বিতীয় ধাপ চাওয়া হয় না।
   *[other] { $count }টি বিশ্বস্ত ডিভাইস: সেখানে দ্বিতীয় ধাপ চাওয়া হয় না।
 }
identity-devices-none = কোনোটিকে বিশ্বাস নয়
identity-devices-question = প্রতিটি ডিভাইসে আবার দ্বিতীয় ধাপ চাওয়া হবে।
identity-password-new = নতুন পাসওয়ার্ড
identity-password-help = অন্তত ১২টি অক্ষর; একটি বাক্য ভালো পাসওয়ার্ড। আপনার অন্য সেশনগুলো শেষ হবে।
identity-password-change = পাসওয়ার্ড বদলান
identity-password-set = পাসওয়ার্ড দিন
identity-address = ই-মেইল ঠিকানা
identity-address-unshown = { $email } যে আপনার, তা এখনও নিশ্চিত করেননি।
identity-address-send = ই-মেইলটি পাঠান
identity-address-sent = { $email }-এ একটি ই-মেইল যাচ্ছে।
identity-connected = সংযুক্ত সেবা
identity-connected-about = এখানকার অ্যাকাউন্ট দিয়ে তারা আপনাকে চেনে।
identity-disconnect = বিচ্ছিন্ন করুন
identity-disconnect-question = সেখানে আবার সাইন ইন না করা পর্যন্ত { $app } আপনাকে আর চিনবে না।
identity-sessions = সেশন
identity-browser = ব্রাউজার
identity-browser-on = { $system }-এ { $program }
identity-browser-unknown = অজানা ব্রাউজার
identity-from = কোথা থেকে
identity-signed-in = সাইন ইন
identity-last-used = শেষ ব্যবহার
identity-this-one = এটি
identity-session-end = শেষ করুন
identity-sessions-end = বাকি সব শেষ করুন
identity-sign-ins = সাইন ইনসমূহ
identity-when = কখন
identity-outcome = ফলাফল
identity-how = কীভাবে
identity-method = { $method ->
    [password] পাসওয়ার্ড
    [passkey] পাসকি
    [link] লিংক
    [staff-link] কর্মীর দেওয়া লিংক
    [sign-up] নিবন্ধন
    [code] কোড
    [password-and-code] পাসওয়ার্ড ও কোড
    [password-and-passkey] পাসওয়ার্ড ও পাসকি
    [password-and-recovery-code] পাসওয়ার্ড ও পুনরুদ্ধার কোড
    [link-and-second-factor] লিংক ও দ্বিতীয় ধাপ
    [other-service] অন্য সেবা
    [other-service-and-second-factor] অন্য সেবা ও দ্বিতীয় ধাপ
    [other-service-with-its-second-factor] অন্য সেবা, তার নিজের দ্বিতীয় ধাপসহ
   *[other] { $shown }
 }
identity-said-password = আপনার পাসওয়ার্ড বদলেছে, অন্য সেশনগুলো শেষ হয়েছে।
identity-said-totp-off = আর কোড চাওয়া হবে না।
identity-said-passkey = পাসকিটি ব্যবহারের জন্য প্রস্তুত।
identity-said-passkey-gone = পাসকিটি এখান থেকে সরানো হয়েছে। ডিভাইস থেকেও মুছে ফেলুন।
identity-said-distrust = প্রতিটি ডিভাইসে আবার দ্বিতীয় ধাপ চাওয়া হয়।
identity-said-session-ended = সেশনটি শেষ হয়েছে।
identity-said-sessions-ended = বাকি সব সেশন শেষ হয়েছে।
identity-totp-heading = কোড অ্যাপ যোগ করুন
identity-totp-scan = ১. এটি স্ক্যান করুন
identity-totp-scan-about = আপনার ফোনের অথেনটিকেটর অ্যাপ দিয়ে।
identity-totp-or = অথবা এই কী অ্যাপে লিখুন, বা { $open }এই ডিভাইসে অ্যাপটি খুলুন{ $close }:
identity-totp-type = ২. দেখানো কোডটি লিখুন
identity-totp-code-help = ছয়টি অঙ্ক। প্রতি আধ মিনিটে বদলায়।
identity-totp-on = চালু করুন
identity-code = কোড
identity-codes-heading = আপনার পুনরুদ্ধার কোডগুলো রাখুন
identity-codes-about = দ্বিতীয় ধাপ হাতে না থাকলে প্রতিটি একবার সাইন ইন করায়। এগুলো কেবল এখনই দেখানো হচ্ছে।
identity-codes-keep = পাতাটি ছাপুন বা কোডগুলো পাসওয়ার্ড ম্যানেজারে রাখুন; যে ডিভাইস কোড তৈরি করে সেখানে নয়।
identity-codes-kept = আমি রেখেছি
identity-second-heading = আর একটি ধাপ
identity-second-recovery = পুনরুদ্ধার কোড
identity-second-code-help = অ্যাপের ছয়টি অঙ্ক, বা আপনার একটি পুনরুদ্ধার কোড।
identity-second-recovery-help = আপনার রাখা একটি কোড; প্রতিটি একবার কাজ করে।
identity-second-trust = { $days ->
    [one] এই ডিভাইসে এক দিন জিজ্ঞেস করবেন না
   *[other] এই ডিভাইসে { $days } দিন জিজ্ঞেস করবেন না
 }
identity-second-other = অন্য কেউ হিসেবে সাইন ইন করুন
identity-sign-heading = পাসকি
identity-sign-make = আপনার ব্রাউজার একটি পাসকি তৈরি করতে বলছে।
identity-sign-use = আপনার ব্রাউজার আপনার পাসকি ব্যবহার করতে বলছে।
identity-sign-again = আবার চেষ্টা করুন
identity-sign-script = পাসকির জন্য জাভাস্ক্রিপ্ট দরকার। বদলে একটি কোড ব্যবহার করুন।
identity-sign-none = এই ব্রাউজারে পাসকি নেই। বদলে একটি কোড ব্যবহার করুন।
identity-sign-failed = এটি হয়নি বা বাতিল করা হয়েছে। আবার চেষ্টা করুন, অথবা ফিরে যান।
identity-back = ফিরে যান
identity-confirm-heading = নিশ্চিত করুন যে এটি আপনি
identity-confirm-about = এরপরের কাজটি আরেকবার দেখার মতো: আপনি { $email } হিসেবে সাইন ইন আছেন।
identity-confirm-code = অথবা অ্যাপের একটি কোড
identity-confirm-do = নিশ্চিত করুন
identity-confirm-link = আপনার পাসওয়ার্ড নেই। ই-মেইলের লিংকও নিশ্চিত করে।
identity-link-send = একটি লিংক পাঠান
identity-reset-heading = নতুন পাসওয়ার্ড
identity-reset-sent = এই ঠিকানায় কেউ সাইন ইন করলে নতুন পাসওয়ার্ড বেছে নেওয়ার লিংক যাচ্ছে। এক ঘণ্টার মধ্যে একবার কাজ করে।
identity-reset-about = যে ঠিকানায় সাইন ইন করেন তা লিখুন। নতুন পাসওয়ার্ড বেছে নিতে আমরা একটি লিংক পাঠাব।
identity-reset-back = সাইন ইনে ফিরে যান
identity-reset-choose = নতুন পাসওয়ার্ড বেছে নিন
identity-reset-help = অন্তত ১২টি অক্ষর; একটি বাক্য ভালো পাসওয়ার্ড। আপনার নামে যাঁরা সাইন ইন আছেন সবাই সাইন আউট হবেন।
identity-reset-set = পাসওয়ার্ড দিন
identity-reset-done = নতুন পাসওয়ার্ড দেওয়া হয়েছে। তা দিয়ে সাইন ইন করুন।
identity-verify-title = আপনার ঠিকানা
identity-verify-heading = এই ঠিকানা কি আপনার?
identity-verify-about = আমাদের পাঠানো লিংক দিয়ে আপনি এসেছেন। নিশ্চিত করুন, এই ঠিকানা দিয়ে সাইন ইন করবেন।
identity-verify-yes = হ্যাঁ, আমার
identity-verify-done = ধন্যবাদ: ঠিকানাটি আপনার।
identity-verify-stranger = আপনি নিজে নিবন্ধন করে থাকলে আগে সাইন ইন করুন: তাহলে আপনার পাসওয়ার্ড যেমন আছে তেমনই থাকবে। নইলে আপনার ঠিকানা দিয়ে কেউ যা বসিয়েছে সবই এখন শেষ হবে, আর আপনি নিজের একটি পাসওয়ার্ড বেছে নেবেন।
identity-others-ended = কেউ আপনার ঠিকানা দিয়ে নিবন্ধন করে সাইন-ইনের উপায় বসিয়েছিল। সে সবই শেষ হয়েছে। নিজের একটি পাসওয়ার্ড বেছে নিন, আর দেখুন আপনার দলে আর কে আছে।
identity-tokens = এপিআই টোকেন
identity-tokens-about = প্রোগ্রামের চাবি। প্রতিটি আপনার টিক দেওয়া অধিকার নিয়ে কাজ করে, আপনার চেয়ে বেশি কখনও নয়।
identity-token-made = আপনার নতুন টোকেন
identity-token-copy = এখনই কপি করুন: কেবল এই একবারই দেখানো হচ্ছে।
identity-token-sent = প্রোগ্রাম প্রতিটি অনুরোধে এটি { $header } হিসেবে পাঠায়
identity-token = টোকেন
identity-token-may = করতে পারে
identity-token-until = কার্যকর থাকবে
identity-token-never = কখনও না
identity-token-delete = বাতিল করুন
identity-token-delete-question = { $name } ব্যবহার করা প্রোগ্রামগুলো সঙ্গে সঙ্গে থেমে যাবে।
identity-token-deleted = টোকেনটি আর কাজ করে না।
identity-token-new = নতুন টোকেন
identity-token-for = কীসের জন্য
identity-token-for-help = যে প্রোগ্রাম ব্যবহার করবে তার নাম।
identity-token-days = কার্যকর
identity-token-days-month = ৩০ দিন
identity-token-days-quarter = ৯০ দিন
identity-token-days-year = এক বছর
identity-token-rights = এটি করতে পারে
identity-token-make = টোকেন তৈরি করুন
identity-wrong-password = এটি আপনার পাসওয়ার্ড নয়।
identity-factor-already = আগে থেকেই একটি আছে। আরেকটি যোগ করতে আগে সেটি সরান।
identity-remove = সরান
identity-password-length = { $from } থেকে { $to }টি অক্ষর দিন; একটি বাক্য ভালো পাসওয়ার্ড।
identity-password-common = যে অনুমান করে সে এটিই আগে চেষ্টা করে। আরেকটি বেছে নিন: একটি বাক্য ভালো পাসওয়ার্ড।
identity-code-wrong-clock = কোডটি ঠিক নয়। সবচেয়ে নতুনটি দেখুন, আর ফোনের ঘড়ি ঠিক কি না।

# Other services by which people sign in here.

identity-outside-with = { $name } দিয়ে সাইন ইন করুন
identity-outside-connect = { $name } যুক্ত করুন
identity-outside-connected = সেবাটি যুক্ত হয়েছে: এখন থেকে তা দিয়ে সাইন ইন করতে পারবেন।
identity-outside-disconnected = আপনি আর ওই সেবা দিয়ে সাইন ইন করেন না।
identity-outside = যেসব সেবা দিয়ে আপনি সাইন ইন করেন
identity-outside-about = সেখানে আপনার অ্যাকাউন্ট যার হাতে, সে আপনার হয়ে সাইন ইন করে।
identity-outside-question = আপনি আর { $name } দিয়ে সাইন ইন করবেন না।
identity-outside-not-believed = ওই সেবা ঠিকমতো সাড়া দেয়নি। আবার চেষ্টা করুন, বা অন্যভাবে সাইন ইন করুন।
identity-outside-not-finished = সেখানে সাইন-ইন শেষ হয়নি। আবার চেষ্টা করুন, বা অন্যভাবে সাইন ইন করুন।
identity-outside-unverified = ওই সেবা আপনার ই-মেইল ঠিকানা নিশ্চিত করেনি। সেখানে নিশ্চিত করুন, বা অন্যভাবে সাইন ইন করে নিরাপত্তা পাতায় সেবাটি যুক্ত করুন।
identity-outside-domain = এই ডোমেইনের ঠিকানা দিয়ে ওই সেবায় সাইন ইন করা যায় না।
identity-outside-unknown = ওই ঠিকানায় এখানে কাউকে চেনা যায় না। আগে নিবন্ধন করুন, বা অন্যভাবে সাইন ইন করুন।
identity-outside-connect-first = এখানে আপনার অ্যাকাউন্ট আছে। আগের মতো সাইন ইন করুন, তারপর নিরাপত্তা পাতায় সেবাটি যুক্ত করুন।
identity-outside-taken = ওই অ্যাকাউন্ট এখানে অন্য কারও সঙ্গে যুক্ত।

# What a member of a team, or a program of theirs, may do.

identity-permission-team = দলের সদস্য আমন্ত্রণ, পরিবর্তন ও অপসারণ
identity-permission-group = { $module ->
    [billing] বিলিং
    [customers] অ্যাকাউন্ট
    [identity] দল
    [messaging] মেইল
    [ordering] অর্ডার
    [payments] পেমেন্ট পদ্ধতি
    [provisioning] সেবা
   *[other] { $module }
 }
