customers-nav-profile = প্রোফাইল
customers-profile-about = ইনভয়েসে কী ছাপা হয় এবং আমরা কীভাবে যোগাযোগ করি।
customers-profile-wrong = চিহ্নিত ঘরগুলো ঠিক করুন
customers-profile-saved = আপনার প্রোফাইল সংরক্ষিত হয়েছে।
customers-profile-who = নাম ও ঠিকানা
customers-profile-invoices = ইনভয়েস ও কর
customers-profile-language = ভাষা
customers-first-name = নাম
customers-last-name = পদবি
customers-company = প্রতিষ্ঠান
customers-email = ই-মেইল ঠিকানা
customers-phone = ফোন
customers-address1 = রাস্তা ও নম্বর
customers-address2 = দ্বিতীয় লাইন
customers-postcode = পোস্ট কোড
customers-city = শহর
customers-state = রাজ্য বা অঞ্চল
customers-country = দেশ
customers-tax-id = কর নম্বর
customers-tax-id-state = { $state ->
    [none] কোনোটি নেই।
    [unchecked] যাচাই চলছে।
    [valid] নিবন্ধনে এটি আছে।
   *[invalid] নিবন্ধনে এটি নেই: কর ধরা হবে।
}
customers-printed = ইনভয়েসে ছাপা হয়
customers-printed-own = উপরে যা আছে
customers-printed-help = আপনার কোনো পরিচিতি উপরের নাম ও ঠিকানার জায়গা নিতে পারেন।
customers-auto-credit = নতুন ইনভয়েসে ক্রেডিট ব্যবহার করুন
customers-auto-credit-help = ইনভয়েস হওয়ামাত্র ক্রেডিট তা পরিশোধ করে।
customers-currency = ইনভয়েসের মুদ্রা
customers-number = গ্রাহক নম্বর
customers-since = গ্রাহক হওয়ার তারিখ
customers-language = ভাষা
customers-language-help = ই-মেইল, নথি ও এই পাতাগুলো এই ভাষায় হয়।
customers-save = সংরক্ষণ করুন
customers-email-confirm = এই ঠিকানা বদলানোর আগে নিশ্চিত করুন যে আপনিই: প্রবেশের লিংক সেখানে যায়।
customers-email-confirm-go = নিশ্চিত করুন যে আমিই
customers-contacts = পরিচিতি
customers-contacts-about = আপনার পাশাপাশি যারা মেইল পান।
customers-contact = পরিচিতি
customers-contact-new = নতুন পরিচিতি
customers-contact-gets = যে বিষয়ে মেইল পান
customers-role = { $role ->
    [invoices] ইনভয়েস ও তাগাদা
    [services] সেবা
    [domains] ডোমেইন
    [support] সহায়তা
   *[general] বাকি সব
}
customers-contact-printed = ইনভয়েসে ছাপা হয়
customers-contact-remove = সরান
customers-contact-remove-question = { $name } আর মেইল পাবেন না। জারি করা নথি যেমন আছে তেমনই থাকবে।
customers-contact-added = পরিচিতি যোগ হয়েছে।
customers-contact-saved = পরিচিতি সংরক্ষিত হয়েছে।
customers-contact-removed = পরিচিতি সরানো হয়েছে।
customers-contacts-empty = এখনো কোনো পরিচিতি নেই
customers-contacts-empty-advice = একজন হিসাবরক্ষক যোগ করুন যিনি ইনভয়েস পাবেন, বা একজন কারিগর যিনি সেবার খবর পাবেন।
customers-refused-changed = ইতিমধ্যে অন্য কেউ এটি সংরক্ষণ করেছেন। পাতাটি আবার খুলে পরিবর্তনটি করুন।
customers-refused-in-use = এই পরিচিতি ইনভয়েসে ছাপা হয়। আগে প্রোফাইলে অন্যটি বেছে নিন।
customers-check-long = এতে { $length }টি অক্ষর আছে; সর্বোচ্চ { $most }টিতে ছোট করুন।
customers-check-control = লাইন বিরতি ও নিয়ন্ত্রণ অক্ষর সরান।
customers-check-email = ann@example.com-এর মতো একটি ই-মেইল ঠিকানা লিখুন।
customers-check-country = তালিকা থেকে একটি দেশ বেছে নিন।
customers-check-phone = সর্বোচ্চ ৪০টি সংখ্যা, ফাঁকা ও + - ( ) . / যেমন +49 30 1234।
customers-check-tax-id = সর্বোচ্চ ৪০টি অক্ষর, সংখ্যা, ফাঁকা ও - . / যেমন নিবন্ধনে আছে।
customers-check-name = নাম, পদবি বা প্রতিষ্ঠান লিখুন।
customers-nav-privacy = গোপনীয়তা
customers-privacy-advice = আপনার সম্পর্কে আমাদের কাছে যা আছে তার কপি, এবং কীভাবে মুছে ফেলা যায়।
customers-privacy-copy = আপনার তথ্যের কপি
customers-privacy-copy-help = আপনার সম্পর্কে যা আছে সব আমরা JSON লাইনের ফাইলে একত্র করি। { $days } দিন পর্যন্ত নামানো যায়।
customers-privacy-ask-copy = কপি চান
customers-privacy-copy-asked = আপনার কপি তৈরি হচ্ছে। একটু পরেই এখানে পাবেন।
customers-privacy-making = তৈরি হচ্ছে।
customers-privacy-download = নামান
customers-privacy-until = { $date } পর্যন্ত
customers-privacy-gone = এটি আর নেই; আরেকটি চান।
customers-privacy-erase = অ্যাকাউন্ট মুছুন
customers-privacy-erase-help = আমরা আপনার ইচ্ছা দেখি, { $days } দিন অপেক্ষা করি যার মধ্যে আপনি ফিরিয়ে নিতে পারেন, তারপর নাম, ঠিকানা, যোগাযোগ, ই-মেইল ও সাইন-ইন মুছে ফেলি।
customers-privacy-kept = আইন অনুযায়ী যা রাখতে হয় তা { $date } পর্যন্ত থাকে:
customers-privacy-hindered = আগে এগুলো মেটাতে হবে:
customers-privacy-ask-erase = অ্যাকাউন্ট মুছুন
customers-privacy-erase-question = এরপর এই অ্যাকাউন্টে কেউ সাইন ইন করতে পারবে না। আগে আপনার তথ্যের কপি নিন।
customers-privacy-erase-asked = আপনার ইচ্ছা পৌঁছেছে। পূরণ হওয়ার আগে ফিরিয়ে নিতে পারেন।
customers-privacy-erase-waits = কেউ আপনার ইচ্ছা দেখার পর { $date }-এর পরে আপনার অ্যাকাউন্ট মুছে ফেলা হবে।
customers-privacy-keep = অ্যাকাউন্ট রাখুন
customers-privacy-kept-account = আপনার অ্যাকাউন্ট থাকছে।
customers-privacy-refused = আপনার ইচ্ছা প্রত্যাখ্যাত হয়েছে:
customers-privacy-kept-documents = ইনভয়েস ও ক্রেডিট নোটে আপনার নাম ও ঠিকানা থাকে।

# What a member of a team, or a program of theirs, may do.

customers-permission-privacy = সব তথ্যের অনুলিপি নেওয়া ও অ্যাকাউন্ট বন্ধ করা
customers-permission-profile = প্রোফাইল ও পরিচিতি দেখা ও বদলানো
