payments-methods-title = পেমেন্ট পদ্ধতি
payments-methods-about = পেমেন্ট সেবা এগুলো রাখে। আমরা কখনো পুরো নম্বর দেখি না।
payments-method = পদ্ধতি
payments-method-expires = মেয়াদ
payments-method-use = ব্যবহার
payments-method-usual = নিয়মিত
payments-method-make-usual = নিয়মিত করুন
payments-method-attended = আপনাকে উপস্থিত থাকতে হবে
payments-method-add = পদ্ধতি যোগ করুন
payments-method-remove = সরান
payments-method-remove-question = { $label } এখানে ও পেমেন্ট সেবা থেকে সরানো হবে।
payments-method-added = পেমেন্ট পদ্ধতি রাখা হয়েছে।
payments-method-waiting = পেমেন্ট সেবা এখনো আপনার অপেক্ষায়। পাতাটি বন্ধ করে থাকলে আবার যোগ করুন।
payments-method-none = কোনো পেমেন্ট পদ্ধতি যোগ হয়নি।
payments-method-usual-done = এখন এটিই নিয়মিত।
payments-method-removed = পেমেন্ট পদ্ধতি সরানো হয়েছে।
payments-methods-empty = এখনো কোনো পেমেন্ট পদ্ধতি নেই
payments-methods-empty-advice = এখানে একটি থাকলে এক ক্লিকে পরিশোধ হয়, আর ইনভয়েস নিজে থেকেই পরিশোধ হতে পারে।
payments-automatic = স্বয়ংক্রিয় পেমেন্ট
payments-automatic-about = ইনভয়েস হলে আগে আপনার ক্রেডিট, তারপর বাকিটা নিয়মিত পদ্ধতি পরিশোধ করে।
payments-automatic-is-on = ইনভয়েস নিয়মিত পদ্ধতিতে স্বয়ংক্রিয়ভাবে পরিশোধ হয়।
payments-automatic-is-off = আপনি প্রতিটি ইনভয়েস নিজে পরিশোধ করেন।
payments-automatic-turn-on = স্বয়ংক্রিয়ভাবে পরিশোধ করুন
payments-automatic-turn-off = প্রতিটি ইনভয়েস নিজে পরিশোধ করব
payments-gateway-refused = পেমেন্ট সেবা এটি প্রত্যাখ্যান করেছে। অন্যভাবে চেষ্টা করুন।
payments-gateway-away = পেমেন্ট সেবা এখন সাড়া দিচ্ছে না। কয়েক মিনিট পরে আবার চেষ্টা করুন।
payments-privacy-kept = পেমেন্ট ও রিফান্ড, কারণ হিসাব রাখতে হয়।
payments-privacy-methods = একটি পেমেন্ট পদ্ধতি সংরক্ষিত আছে। আগে সরান, যাতে পেমেন্ট প্রদানকারীও ভুলে যায়।

# What a member of a team, or a program of theirs, may do.

payments-permission-methods = পেমেন্ট পদ্ধতি পরিচালনা
