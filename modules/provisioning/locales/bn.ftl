provisioning-nav-services = সেবাসমূহ
provisioning-service = সেবা
provisioning-state = অবস্থা
provisioning-since = শুরু
provisioning-none = এখানে এখনও কিছু নেই
provisioning-none-advice = আপনি যা অর্ডার করেন এবং আমরা আপনার জন্য প্রস্তুত করি তা এখানে দেখা যায়।
provisioning-being-made = আমরা এটি প্রস্তুত করছি। প্রস্তুত হলেই এই পাতায় দেখা যাবে।
provisioning-made-on = আমরা এটি { $on } তারিখে প্রস্তুত করব।
provisioning-delayed = আমাদের দিকে কিছু ভুল হয়েছে। আমরা জানি এবং কাজ করছি; আপনাকে কিছু করতে হবে না।
provisioning-suspended = এটি স্থগিত আছে।
provisioning-addresses = ঠিকানা
provisioning-subscription = সাবস্ক্রিপশন
provisioning-subscription-open = শর্ত ও পরিবর্তন
provisioning-access = কীভাবে প্রবেশ করবেন
provisioning-access-none = প্রস্তুত হলেই এখানে প্রবেশের উপায় দেখা যাবে।
provisioning-access-kind = { $kind ->
    [username] ব্যবহারকারীর নাম
    [panel_url] প্যানেল
    [endpoint] সংযোগের ঠিকানা
    [file_transfer] ফাইল স্থানান্তর
    [file_transfer_username] ফাইল স্থানান্তরের ব্যবহারকারী
    [name_server] নেম সার্ভার
    [licence] লাইসেন্স
    [note] জেনে রাখুন
   *[other] প্রবেশ
}
provisioning-password = পাসওয়ার্ড
provisioning-password-once = এটি কেবল এইবার দেখানো হয়, কখনও মেইল করা হয় না। নিরাপদে রাখুন।
provisioning-reveal = পাসওয়ার্ড দেখান
provisioning-reveal-licence = লাইসেন্স দেখান
provisioning-usage = ব্যবহার
provisioning-usage-kind = { $kind ->
    [cpu] প্রসেসর
    [memory] মেমোরি
    [disk] ডিস্ক
   *[other] ট্রাফিক
}
provisioning-usage-days = { $days ->
    [1] গত দিন
   *[other] { $days } দিন
}
provisioning-usage-most = সর্বোচ্চ { $most }
provisioning-usage-last = শেষ পরিমাপে { $last }
provisioning-usage-line = { $line ->
    [in] আগত
   *[other] বহির্গত
}
provisioning-usage-none = কয়েক ঘণ্টা পরপর মাপা হয়। প্রথম সংখ্যাগুলো শিগগিরই এখানে দেখা যাবে।
provisioning-actions = আপনি যা করতে পারেন
provisioning-busy = এই মুহূর্তে এতে কাজ চলছে।
provisioning-asked = কাজটি হচ্ছে। এক মিনিট পরে আবার দেখুন।
provisioning-door = { $door ->
    [console] কনসোল খুলুন
    [webmail] ওয়েবমেইল খুলুন
    [reseller_panel] রিসেলার প্যানেল খুলুন
   *[other] প্যানেল খুলুন
}
provisioning-action = { $action ->
    [start] চালু করুন
    [stop] বন্ধ করুন
    [restart] পুনরায় চালু করুন
    [kill] জোর করে বন্ধ করুন
    [password] নতুন পাসওয়ার্ড দিন
    [reinstall] নতুন করে ইনস্টল করুন
   *[other] করুন
}
provisioning-action-asks = { $action ->
    [start] মেশিনটি চালু করা হবে।
    [stop] মেশিনটিকে বন্ধ হতে বলা হবে।
    [restart] মেশিনটি বন্ধ করে আবার চালু করা হবে।
    [kill] মেশিনটির বিদ্যুৎ তখনই বন্ধ হবে; যা সংরক্ষিত নয় তা হারাবে।
    [password] নতুন পাসওয়ার্ড তৈরি হবে। পুরোনোটি আর চলবে না।
    [reinstall] মেশিনটি নতুন করে ইনস্টল হবে। ডিস্কের সবকিছু হারাবে।
   *[other] আপনি কি নিশ্চিত?
}
provisioning-privacy-running = একটি সেবা এখনো আছে। আগে সরাতে হবে।

# What a member of a team, or a program of theirs, may do.

provisioning-permission-view = সেবা দেখা
provisioning-permission-operate = সেবা চালানো
