# দোকান: তালিকা, কার্ট, চেকআউট, লেখা।

storefront-every = { $cycle ->
    [one_time] একবার
    [hourly] প্রতি ঘণ্টায়
    [daily] প্রতিদিন
    [weekly] প্রতি সপ্তাহে
    [monthly] প্রতি মাসে
    [quarterly] প্রতি ৩ মাসে
    [semi_annual] প্রতি ৬ মাসে
    [annual] প্রতি বছর
    [biennial] প্রতি ২ বছরে
    [triennial] প্রতি ৩ বছরে
    [quadrennial] প্রতি ৪ বছরে
    [quinquennial] প্রতি ৫ বছরে
   *[other] একবার
}
storefront-cycle-name = { $cycle ->
    [one_time] একবার
    [hourly] ঘণ্টায়
    [daily] দৈনিক
    [weekly] সাপ্তাহিক
    [monthly] মাসিক
    [quarterly] ত্রৈমাসিক
    [semi_annual] অর্ধবার্ষিক
    [annual] বার্ষিক
    [biennial] ২ বছর
    [triennial] ৩ বছর
    [quadrennial] ৪ বছর
    [quinquennial] ৫ বছর
   *[other] একবার
}
storefront-step = { $step ->
    [cart] কার্ট
    [account] আপনার তথ্য
    [pay] পেমেন্ট
    [done] সম্পন্ন
   *[other] কার্ট
}
storefront-tax-note = { $note ->
    [reverse_charge] কর আপনি নিজে পরিশোধ করবেন (রিভার্স চার্জ)।
    [exempt] কোনো কর ধার্য হয় না।
   *[other] কোনো কর ধার্য হয় না।
}
storefront-left = { $count ->
    [one] মাত্র একটি বাকি
   *[other] মাত্র { $count }টি বাকি
}
storefront-trial = { $days ->
    [one] এক দিন বিনামূল্যে
   *[other] { $days } দিন বিনামূল্যে
}
storefront-nav-shop = দোকান
storefront-nav-cart = কার্ট
storefront-currency = মুদ্রা
storefront-cycle = বিলের মেয়াদ
storefront-featured = জনপ্রিয়
storefront-free = বিনামূল্যে
storefront-saved = { $percent } % সাশ্রয়
storefront-setup = সেটআপ { $amount }
storefront-sold-out = শেষ হয়ে গেছে
storefront-set-up = সেটআপ
storefront-closed = এই দোকান এখনও খোলেনি। শীঘ্রই আবার আসুন।
storefront-choose = বেছে নিন
storefront-discount = ছাড়
storefront-net = কর ছাড়া
storefront-tax = কর
storefront-total = মোট
storefront-trial-until = { $date } পর্যন্ত বিনামূল্যে
storefront-then = তারপর { $date } থেকে { $amount } { $every }
storefront-text-version = সংস্করণ { $version }, { $date }
storefront-home-about = সার্ভার, ওয়েব স্পেস ও ডোমেইন, কয়েক মিনিটেই প্রস্তুত।
storefront-home-shop = আমাদের অফার দেখুন
storefront-home-featured = জনপ্রিয়
storefront-home-all = সব দেখুন
storefront-home-groups = আমাদের অফার
storefront-shop-title = দোকান
storefront-shop-about = দামে কোনো চমক নেই: কার্টে যা দেখেন, বিলেও তা-ই।
storefront-shop-empty = এই মুহূর্তে কিছু বিক্রি হচ্ছে না
storefront-shop-empty-advice = পরে আবার আসুন, বা আমাদের জিজ্ঞাসা করুন।
storefront-compare = তুলনা করুন
storefront-compare-title = { $group }: তুলনা
storefront-each = প্রতিটি { $amount }
storefront-included = অন্তর্ভুক্ত
storefront-once = একবার
storefront-addons = অতিরিক্ত
storefront-questions = আপনার অর্ডার সম্পর্কে
storefront-quantity = পরিমাণ
storefront-summary = সারাংশ
storefront-cart-change = পরিবর্তন সংরক্ষণ
storefront-cart-add = কার্টে রাখুন
storefront-price-again = দাম দেখান
storefront-cart-title = আপনার কার্ট
storefront-cart-update = হালনাগাদ
storefront-cart-edit = পরিবর্তন
storefront-cart-remove = সরান
storefront-tax-for = যে দেশের কর
storefront-coupon = কোড
storefront-coupon-use = ব্যবহার করুন
storefront-cart-checkout = চেকআউটে যান
storefront-cart-mend = কার্টের কিছু এভাবে অর্ডার করা যায় না। এগোতে তা বদলান বা সরান।
storefront-cart-more = আরও দেখুন
storefront-cart-empty = আপনার কার্ট খালি
storefront-cart-empty-advice = দোকানে যা বেছে নেন তা এখানে অপেক্ষা করে।
storefront-checkout-title = চেকআউট
storefront-checkout-you = আপনি অর্ডার করছেন
storefront-checkout-order = আপনার অর্ডার
storefront-checkout-note = আমাদের কিছু জানাতে চান?
storefront-checkout-agree = আমি পড়েছি এবং সম্মত আছি:
storefront-checkout-agree-missing = অর্ডার করতে লেখাগুলোতে সম্মতি দিন।
storefront-checkout-place = অর্ডার করে { $amount } পরিশোধ করুন
storefront-checkout-next = পরের পাতায় পরিশোধের উপায় বেছে নেবেন। তার আগে কিছু কাটা হয় না।
storefront-checkout-may-not = এই অ্যাকাউন্টের জন্য আপনি অর্ডার করতে পারেন না। মালিককে জিজ্ঞাসা করুন।
storefront-checkout-staff = আপনি কর্মী হিসেবে প্রবেশ করেছেন। গ্রাহকের পাতা থেকে অর্ডার করুন, বা বেরিয়ে যান।
storefront-checkout-back = কার্টে ফিরে যান
storefront-account-new = নতুন গ্রাহক
storefront-account-first-name = নাম
storefront-account-last-name = পদবি
storefront-account-email = ইমেইল ঠিকানা
storefront-account-password = পাসওয়ার্ড
storefront-account-password-missing = আপনার পাসওয়ার্ড দিন।
storefront-account-company = প্রতিষ্ঠান
storefront-account-tax-id = ভ্যাট বা কর নম্বর
storefront-account-address = রাস্তা ও নম্বর
storefront-account-postcode = পোস্টকোড
storefront-account-city = শহর
storefront-account-state = রাজ্য বা অঞ্চল
storefront-account-country = দেশ
storefront-account-create = অ্যাকাউন্ট খুলে এগিয়ে যান
storefront-account-known-title = আমার অ্যাকাউন্ট আছে
storefront-account-sign-in = প্রবেশ করে এগিয়ে যান
storefront-account-link = বরং লিংক দিয়ে প্রবেশ করুন
storefront-account-too-many = আপনার নেটওয়ার্ক থেকে অনেক অ্যাকাউন্ট খোলা হয়েছে। এক ঘণ্টা পরে চেষ্টা করুন।
