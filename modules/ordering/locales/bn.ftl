# গ্রাহকের নিজের অর্ডার।

ordering-next-title = { $status ->
    [held] আপনার টাকা আটকে রাখা হয়েছে, এখনো কিছু কাটা হয়নি
    [paying] আপনার পেমেন্ট আসছে
    [pending_payment] আপনার পেমেন্টের অপেক্ষায়
    [pending_review] আমরা অর্ডারটি দেখছি
    [accepted] আপনার অর্ডার গৃহীত হয়েছে
    [rejected] আপনার অর্ডার নেওয়া হয়নি
    [cancelled] আপনার অর্ডার বাতিল
   *[other] আপনার অর্ডার বন্ধ
}
ordering-next = { $status ->
    [held] আপনার অর্ডারের সবকিছু প্রস্তুত হলে আমরা তা নেব। সরবরাহ করতে না পারলে ছেড়ে দেব এবং আপনাকে কিছু দিতে হবে না।
    [paying] আমরা ব্যাংকের উত্তরের অপেক্ষায় আছি। এই পাতা নিজেই আবার দেখবে; আবার পরিশোধ করতে হবে না।
    [pending_payment] বিল পরিশোধ করলেই আমরা শুরু করব। তার আগে কিছু তৈরি হয় না।
    [pending_review] আপনার পেমেন্ট পৌঁছেছে। আমাদের কেউ অর্ডারটি দেখছেন, সাধারণত এক কর্মদিবসের মধ্যে। আপনাকে কিছু করতে হবে না।
    [accepted] আপনার অর্ডার তৈরি হচ্ছে। সাবস্ক্রিপশনের মধ্যে পাবেন, প্রস্তুত হলে মেইল পাবেন।
    [rejected] এর কোনো বিল হবে না। যা দিয়েছেন তা আপনার জমা বা ফেরতের পথে; বিস্তারিত মেইলে আছে।
    [cancelled] এর কোনো বিল হবে না। এখনও চাইলে দোকানে আবার অর্ডার করুন।
   *[other] প্রশ্ন থাকলে আমাদের লিখুন।
}
ordering-nav-orders = অর্ডার
ordering-list-title = আপনার অর্ডারগুলো
ordering-new = অর্ডার করুন
ordering-number = নম্বর
ordering-placed = তারিখ
ordering-status = অবস্থা
ordering-total = মোট
ordering-none = এখনও কোনো অর্ডার নেই
ordering-none-advice = দোকানে যা অর্ডার করেন তা এখানে থাকে, এরপর কী হবে তা-সহ।
ordering-title = অর্ডার { $number }
ordering-pay = { $amount } পরিশোধ
ordering-withdraw = অর্ডার ফিরিয়ে নিন
ordering-withdraw-ask = কিছুই সরবরাহ হবে না, বিলও বাতিল হবে।
ordering-withdrawn = অর্ডারটি ফিরিয়ে নেওয়া হয়েছে।
ordering-held = { $date } পর্যন্ত আপনার জন্য রাখা আছে।
ordering-why = কারণ: { $why }।
ordering-items = যা অর্ডার করেছেন
ordering-what = কী
ordering-now = এখন
ordering-later = প্রতি মেয়াদে
ordering-invoice = বিল দেখুন
ordering-agreed = আপনি সম্মত হয়েছেন:
ordering-privacy-kept = অর্ডার, ইনভয়েসের ভিত্তি হিসেবে; মন্তব্য ও ঠিকানা মুছে ফেলা হয়।

# What a member of a team, or a program of theirs, may do.

ordering-permission-view = অর্ডার দেখা
ordering-permission-place = অর্ডার করা
