desk-pay-title = { $number } পরিশোধ করুন
desk-pay-card-heading = একটি পরীক্ষামূলক কার্ড বেছে নিন
desk-pay-card-advice = এই দোকান স্যান্ডবক্স গেটওয়ে ব্যবহার করে: কোনো টাকা লেনদেন হয় না। প্রতিটি কার্ড দেখায় আসল কার্ডে কী হতে পারত।
desk-pay-choose = কার্ডগুলোর একটি বেছে নিন।
desk-pay-now = { $amount } পরিশোধ করুন
desk-pay-several = { $count ->
    [one] { $count }টি ইনভয়েস পরিশোধ করুন
   *[other] { $count }টি ইনভয়েস পরিশোধ করুন
}
desk-pay-back = আপনার ইনভয়েস
desk-pay-running = এর জন্য একটি পেমেন্ট ইতিমধ্যে চলছে।
desk-pay-running-look = দেখুন বা বাতিল করুন
desk-pay-invoice = ইনভয়েস
desk-pay-open = বাকি
desk-pay-by-credit = ক্রেডিট থেকে
desk-pay-by-card = কাটা হবে
desk-pay-stays = বাকি থাকবে
desk-pay-what = কী পরিশোধ করবেন
desk-pay-amount = পরিমাণ
desk-pay-amount-help = সব পরিশোধ করতে খালি রাখুন: { $amount }।
desk-pay-use-credit = আমার { $amount } ক্রেডিট ব্যবহার করুন
desk-pay-use-credit-help = ক্রেডিট সঙ্গে সঙ্গে ব্যবহার হয়, যা আগে দেয় তা আগে।
desk-pay-show = কত দাঁড়ায় দেখান
desk-pay-comes-to = যা দাঁড়ায়
desk-pay-credit-left = পরে যে ক্রেডিট থাকবে
desk-pay-how = কীভাবে পরিশোধ করবেন
desk-pay-credit-only = আপনার ক্রেডিট { $amount } পরিশোধ করবে। কিছু কাটা হবে না।
desk-pay-from-credit = ক্রেডিট থেকে পরিশোধ করুন
desk-pay-kept = আপনার পেমেন্ট পদ্ধতি
desk-pay-usual = যেটি দিয়ে আপনি সাধারণত পরিশোধ করেন
desk-pay-keep = পরের পেমেন্টের জন্য রেখে দিন
desk-pay-keep-help = এটি পেমেন্ট সেবা রাখে, আমরা নয়। যেকোনো সময় সরাতে পারেন।
desk-pay-method-gone = এই পেমেন্ট পদ্ধতি আর নেই। অন্যটি বেছে নিন।
desk-pay-moved = এখন এটিই দাঁড়ায়। আরেকবার দেখে তারপর পরিশোধ করুন।
desk-pay-nothing = পরিশোধ করার কিছু নেই।
desk-pay-by-credit-done = ধন্যবাদ, আপনার ক্রেডিট থেকে পরিশোধ হয়েছে।
desk-paid-funds = টাকাটি আপনার ক্রেডিটে আছে।
desk-withdraw = অন্যভাবে পরিশোধ করুন
desk-withdrawn = পেমেন্ট বাতিল হয়েছে। কিছু কাটা হয়নি।
desk-not-withdrawn = এই পেমেন্ট আর বাতিল করা যায়নি।
desk-cancelled-heading = পেমেন্ট বাতিল হয়েছে
desk-cancelled-text = কিছু কাটা হয়নি।
desk-setup-title = স্যান্ডবক্স: রেখে দেওয়ার কার্ড
desk-setup-give = এই কার্ডটি রাখুন
desk-setup-none = কার্ড ছাড়া ফিরে যান
desk-panel-title = স্যান্ডবক্স: একটি মেশিনের প্যানেল
desk-panel-machine = মেশিন
desk-panel-advice = আসল সরবরাহকারীর প্যানেল এখানে খুলত, সাইন ইন করা অবস্থায়। স্যান্ডবক্স আসল কিছু তৈরি করে না, তাই দেখার কিছু নেই।
desk-panel-back = আপনার সেবাসমূহ
desk-funds-title = টাকা যোগ করুন
desk-funds-about = আগাম যা দেন তা আপনার ক্রেডিটে থাকে এবং নিজে থেকেই ইনভয়েস পরিশোধ করে।
desk-funds-credit = আপনার ক্রেডিট
desk-funds-none = নেই
desk-funds-full = আপনার ক্রেডিট যতটা হতে পারে ততটাই আছে। এখন আর যোগ করা যাবে না।
desk-funds-how-much = কত
desk-funds-amount = { $currency }-এ পরিমাণ
desk-funds-between = { $smallest } থেকে { $largest }-এর মধ্যে।
desk-funds-from = কমপক্ষে { $smallest }।
desk-funds-reason = আগাম দেওয়া ক্রেডিট
desk-funds-history = আপনার ক্রেডিটের পরিবর্তন
desk-funds-when = কখন
desk-funds-what = কী
desk-funds-move = { $reason ->
    [deposit] আগাম পরিশোধ
    [overpayment] দেনার চেয়ে বেশি পরিশোধ
    [applied] ইনভয়েসে ব্যবহৃত
    [refunded] ফেরত দেওয়া
    [reopened] একটি ইনভয়েস আবার খোলা হয়েছে
    [credit_note] ক্রেডিট নোট
    [refund_failed] একটি ফেরত আবার ফিরে এসেছে
   *[other] { $words }
}
desk-card = { $token ->
    [tok_visa] যে ভিসা কার্ডে পরিশোধ হয়
    [tok_mastercard] যে মাস্টারকার্ডে পরিশোধ হয়
    [tok_authenticate] যে কার্ড নিশ্চিতকরণ চায়
    [tok_decline_insufficient_funds] যে কার্ডে যথেষ্ট টাকা নেই
    [tok_decline_expired_card] মেয়াদোত্তীর্ণ কার্ড
    [tok_decline_stolen_card] যে কার্ড আর কখনো ব্যবহার করা যাবে না
    [tok_pending] ব্যাংক ডেবিট যাতে এক ঘণ্টা লাগে
    [tok_lose_after] যে কার্ডের উত্তর পরিশোধের পর হারিয়ে যায়
    [tok_webhook_twice] যে কার্ডের ওয়েবহুক দুবার আসে
    [tok_capture_declined] যে কার্ড টাকা আটকে রেখে পরে প্রত্যাখ্যান করে
    [tok_hold_short] যে কার্ড কেবল এক ঘণ্টা টাকা আটকে রাখে
   *[other] { $words }
}
desk-result-title = আপনার পেমেন্ট
desk-paid-heading = ধন্যবাদ, { $amount } পরিশোধ হয়েছে
desk-paid-text = { $number }-এর জন্য আপনার পেমেন্ট পৌঁছেছে।
desk-paid-back = ইনভয়েসে ফিরে যান
desk-paid-order = এরপর কী হবে দেখুন
desk-held-heading = { $amount } আপনার কার্ডে আটকে রাখা আছে
desk-held-text = আপনার অর্ডারের সবকিছু প্রস্তুত হলে আমরা তা নেব। সরবরাহ করতে না পারলে ছেড়ে দেব এবং আপনাকে কিছু দিতে হবে না। আপনার কার্ড সর্বোচ্চ { $date } পর্যন্ত তা আটকে রাখে।
desk-released-heading = { $amount } আর আটকে নেই
desk-released-text = টাকা আপনার কার্ডে আবার মুক্ত, অথবা কয়েক দিনের মধ্যে হবে। কিছু কাটা হয়নি।
desk-asking-heading = আমরা ব্যাংকের কাছে জানতে চাইছি
desk-asking-text = উত্তর এখনো আসেনি। এই পাতা নিজে থেকেই আবার দেখবে; দ্বিতীয়বার পরিশোধ করতে হবে না।
desk-asking-look = এখন দেখুন
desk-confirm-heading = পেমেন্ট নিশ্চিত করুন
desk-confirm-text = আপনার ব্যাংক { $amount } নিশ্চিত করতে বলছে।
desk-confirm-go = ব্যাংকে নিশ্চিত করুন
desk-declined-heading = পেমেন্ট সম্পন্ন হয়নি
desk-declined-why = { $code ->
    [insufficient_funds] এই কার্ডে যথেষ্ট টাকা নেই। কিছু কাটা হয়নি।
    [expired_card] এই কার্ডের মেয়াদ শেষ। কিছু কাটা হয়নি।
    [authentication_failed] পেমেন্ট নিশ্চিত করা হয়নি। কিছু কাটা হয়নি।
    [stolen_card] ব্যাংক এই কার্ড গ্রহণ করে না। অন্য কার্ড ব্যবহার করুন। কিছু কাটা হয়নি।
    [lost_card] ব্যাংক এই কার্ড গ্রহণ করে না। অন্য কার্ড ব্যবহার করুন। কিছু কাটা হয়নি।
   *[other] ব্যাংক এই পেমেন্ট গ্রহণ করেনি। কিছু কাটা হয়নি।
}
desk-declined-again = অন্যভাবে চেষ্টা করুন
desk-bank-title = নিশ্চিত করুন
desk-bank-heading = স্যান্ডবক্স ব্যাংক
desk-bank-question = আপনি কি { $open }{ $amount }{ $close } পেমেন্ট নিশ্চিত করছেন?
desk-bank-refuse = প্রত্যাখ্যান করুন
desk-notice-ready = { $service } প্রস্তুত।
desk-notice-ready-kind = প্রস্তুত সেবা
desk-notice-device = কেউ আপনার হয়ে নতুন ব্রাউজার দিয়ে সাইন ইন করেছে: { $agent }, { $address } থেকে। আপনি নন? পাসওয়ার্ড বদলান।
desk-notice-device-kind = নতুন ব্রাউজার থেকে সাইন-ইন
desk-notice-copy = আপনার তথ্যের কপি প্রস্তুত।
desk-notice-copy-kind = আপনার তথ্যের কপি
