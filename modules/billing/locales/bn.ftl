billing-nav-invoices = ইনভয়েস
billing-invoices-title = আপনার ইনভয়েস
billing-invoices-order = নতুনগুলো আগে।
billing-invoices-empty = এখনো কোনো ইনভয়েস নেই
billing-invoices-empty-advice = ইনভয়েস তৈরি হলেই এখানে দেখা যাবে।
billing-owed = পরিশোধ করতে হবে
billing-credit = আপনার ক্রেডিট
billing-number = নম্বর
billing-issued = ইস্যুর তারিখ
billing-due = পরিশোধের শেষ তারিখ
billing-status = অবস্থা
billing-total = মোট
billing-open = বাকি
billing-pdf = PDF
billing-pay = { $amount } পরিশোধ করুন
billing-held = টাকা আপনার কার্ডে আটকে রাখা আছে। আপনার অর্ডার প্রস্তুত হলে আমরা তা নেব; আপনাকে পরিশোধ করতে হবে না।
billing-document = নথি
billing-paid = পরিশোধিত
billing-tax = কর
billing-paid-so-far = এ পর্যন্ত পরিশোধিত
billing-paid-nothing = এখনো কিছু নয়।
billing-lines = লাইনসমূহ
billing-what = বিবরণ
billing-quantity = পরিমাণ
billing-price = দাম
billing-net = নেট
billing-with-tax = করসহ
billing-how = এই অঙ্ক কীভাবে এলো
billing-set-up = সেটআপ
billing-discounts = ছাড়, আগেই বাদ দেওয়া হয়েছে
billing-without-tax = কর ছাড়া
billing-settled = মিটমাট
billing-still-open = এখনো বাকি
billing-step-share = { $product } × পুরো মেয়াদের { $part }/{ $whole }
billing-step-discount = { $label } বাদ: { $amount }
billing-step-inclusive = দামে কর ধরা আছে; কর ছাড়া { $amount }
billing-step-tax = কর { $percent } %: { $amount }
billing-step-tax-on-top = তার ওপর কর { $percent } %: { $amount }
billing-step-no-tax = কর নেই
billing-settled-payment = পেমেন্ট { $id }
billing-settled-credit = গ্রাহকের ক্রেডিট
billing-settled-credit-note = ক্রেডিট নোট
billing-settled-write-off = মওকুফ
billing-refused-just-paid = ইনভয়েসটি এইমাত্র পরিশোধ করা হয়েছে; পেমেন্ট যুক্ত করা হচ্ছে।
billing-refused-under-way = এই ইনভয়েসগুলোর একটির পেমেন্ট ইতিমধ্যে চলছে। অপেক্ষা করুন, অথবা আগে সেটি বাতিল করুন।
billing-refused-not-open = { $number } বাকি নেই, তাই পরিশোধ করার কিছু নেই।
billing-refused-currencies = এই ইনভয়েসগুলো ভিন্ন ভিন্ন মুদ্রায়। প্রতিটি মুদ্রারগুলো আলাদা করে পরিশোধ করুন।
billing-pay-choose = কী পরিশোধ করবেন বেছে নিন।
billing-pay-too-many = একবারে সর্বোচ্চ { $most }টি ইনভয়েস বেছে নিন।
billing-pay-amount = শূন্যের বেশি এবং সর্বোচ্চ { $amount } লিখুন, এটুকুই বাকি আছে।
billing-pay-selected = বাছাই করাগুলো পরিশোধ করুন
billing-pay-all = সব পরিশোধ করুন
billing-choose = বাছাই
billing-funds-full = আপনার ক্রেডিট যতটা হতে পারে ততটাই আছে।
billing-funds-too-small = কমপক্ষে { $amount } যোগ করুন।
billing-funds-too-large = সর্বোচ্চ { $amount } যোগ করুন।
billing-add-funds = টাকা যোগ করুন
billing-methods = পেমেন্ট পদ্ধতি
billing-nav-home = সংক্ষেপ
billing-nav-subscriptions = সাবস্ক্রিপশন
billing-home-nobody = আপনি সাইন ইন করেছেন, কিন্তু এখনও কোনো গ্রাহকের সঙ্গে যুক্ত নন
billing-home-nobody-advice = যিনি অ্যাকাউন্ট দেখেন তাঁকে আমন্ত্রণ পাঠাতে বলুন, অথবা কিছু অর্ডার করুন।
billing-home-hello = হ্যালো { $name }
billing-home-services = আপনার সেবাসমূহ
billing-home-next = পরবর্তী চালান
billing-home-nothing = কিছু নেই
billing-home-open = যেসব চালান পরিশোধ করতে হবে
billing-home-shop = কী কী আছে দেখুন
billing-pay-now = এখনই পরিশোধ করুন
billing-subscriptions-empty = এখনও কোনো সেবা নেই
billing-subscriptions-empty-advice = আপনি যা অর্ডার করবেন তা এখানে দেখা যাবে।
billing-subscription = সেবা
billing-cycle-label = বিলিং
billing-change = প্ল্যান বা বিলিং বদলান
billing-cancel = সেবা বাতিল করুন
billing-keep = সেবা রেখে দিন
billing-change-drop = পরিকল্পিত পরিবর্তন বাদ দিন
billing-terms = শর্তাবলি
billing-since = শুরু
billing-trial-until = বিনামূল্যে যে তারিখ পর্যন্ত
billing-next-period = পরবর্তী মেয়াদ শুরু
billing-ends-on = শেষ হবে
billing-ended-on = শেষ হয়েছে
billing-items = এতে যা আছে
billing-change-what = কী বদলাবে
billing-change-plan = প্ল্যান, বিকল্প ও বাড়তি সুবিধা
billing-plan = প্ল্যান
billing-change-options = এই প্ল্যানের বিকল্পগুলো দেখান
billing-change-when = কখন
billing-change-now = এখনই
billing-change-now-help = মেয়াদের বাকি সময়ের জন্য যা দিয়েছেন তা নতুন দামের সঙ্গে সমন্বয় হবে।
billing-change-later = পরবর্তী মেয়াদ থেকে
billing-change-later-help = সেদিনের আগে কিছুই বদলাবে না।
billing-change-show = কত হবে দেখান
billing-change-make = পরিবর্তন করুন
billing-change-leave = যেমন আছে থাকুক
billing-change-scheduled = পরিবর্তনটি { $date } তারিখে হবে।
billing-change-made = পরিবর্তন হয়েছে।
billing-change-moved = অঙ্কগুলো আগে যা দেখেছিলেন তা আর নেই। আবার দেখে নিন।
billing-change-dropped = পরিকল্পিত পরিবর্তন বাদ দেওয়া হয়েছে।
billing-change-choose-cycle = কত দিন পরপর বিল হবে তা বেছে নিন।
billing-change-choose-what = কী বদলাতে চান তা বেছে নিন।
billing-change-choose-plan = একটি প্ল্যান বেছে নিন।
billing-change-quantity-wrong = কমপক্ষে ১ এমন একটি পূর্ণ সংখ্যা দিন।
billing-change-choose = অনুগ্রহ করে বেছে নিন।
billing-cancel-when = কখন শেষ হবে?
billing-cancel-end = যতটা পরিশোধ করা আছে তা শেষ হলে
billing-cancel-end-help = এটি { $date } পর্যন্ত চলবে, এর মধ্যে মত বদলাতে পারবেন।
billing-cancel-now = এখনই
billing-cancel-now-help = সঙ্গে সঙ্গে বন্ধ হবে; পরিশোধের বাকি অংশ ফেরত দেওয়া হয় না।
billing-cancel-why = কেন চলে যাচ্ছেন?
billing-cancel-comment = আর কিছু জানাতে চান
billing-cancel-choose = কারণটি জানান; একটি ক্লিকই যথেষ্ট।
billing-cancel-done = সেবা বাতিল হয়েছে।
billing-kept = ভালো, সেবা থাকছে।
billing-yes = হ্যাঁ
billing-no = না
billing-none = কোনোটিই নয়
billing-quote-charges = { $amount } পরিমাণের একটি চালান
billing-quote-back = { $amount } আপনার জমায় যোগ হবে
billing-quote-nothing = এখন কিছু কাটা হবে না
billing-quote-effective = কার্যকর হবে
billing-quote-period = পূর্ণ মেয়াদ, ছাড় ও কর ছাড়া
billing-cycle = { $cycle ->
    [one_time] একবার
    [hourly] প্রতি ঘণ্টায়
    [daily] প্রতিদিন
    [weekly] প্রতি সপ্তাহে
    [monthly] প্রতি মাসে
    [quarterly] প্রতি তিন মাসে
    [semi_annual] প্রতি ৬ মাসে
    [annual] প্রতি বছর
    [biennial] প্রতি ২ বছরে
    [triennial] প্রতি ৩ বছরে
    [quadrennial] প্রতি ৪ বছরে
   *[quinquennial] প্রতি ৫ বছরে
}
billing-cancel-reason = { $reason ->
    [price] এটি খুব ব্যয়বহুল
    [unused] আমার আর দরকার নেই
    [missing] আমার প্রয়োজনীয় কিছু নেই
    [quality] এটি ভালো কাজ করেনি
    [moving] আমি অন্য কারও কাছে যাচ্ছি
   *[other] অন্য কিছু
}
billing-mail-received = পেমেন্টের রসিদ
billing-notice-overdue = ইনভয়েস { $number }-এর সময় পেরিয়ে গেছে: { $amount } এখনো বাকি।
billing-notice-overdue-kind = সময় পেরোনো ইনভয়েস
billing-privacy-kept = কর অফিসের জন্য ইনভয়েস, ক্রেডিট নোট এবং যা বিল করা হয়েছে।
billing-privacy-running = একটি সাবস্ক্রিপশন এখনো চলছে। আগে বাতিল করুন।
billing-privacy-owed = একটি ইনভয়েস এখনো বাকি।
billing-privacy-credit = আপনার ক্রেডিটে টাকা আছে। ফেরত চাইতে আমাদের বলুন।

# What a member of a team, or a program of theirs, may do.

billing-permission-invoice-view = ইনভয়েস ও ক্রেডিট দেখা
billing-permission-invoice-pay = ইনভয়েস পরিশোধ
billing-permission-subscription-view = সাবস্ক্রিপশন দেখা
billing-permission-subscription-change = সাবস্ক্রিপশন বদলানো ও বাতিল
