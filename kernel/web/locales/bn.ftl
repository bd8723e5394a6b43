shell-skip = মূল অংশে যান
shell-navigation = প্রধান
shell-navigation-show = নেভিগেশন দেখান
shell-close = বন্ধ করুন
shell-more = আরও
shell-notices = বিজ্ঞপ্তি
shell-sign-in = সাইন ইন
shell-sign-out = সাইন আউট
shell-back = ফিরে যান
shell-colours = রং
shell-colours-light = হালকা
shell-colours-dark = গাঢ়
shell-colours-system = সিস্টেমের মতো
shell-language = ভাষা
shell-pages = পাতা
shell-previous = আগের
shell-next = পরের
shell-newest = নতুনতম
shell-older = আগের
shell-all-in-list = সব তালিকায়
shell-leave = আপনি অন্য সাইটে যাচ্ছেন
shell-leave-advice = পেমেন্ট { $host }-এ হয়। এরপর এখানে ফিরে আসবেন।
shell-leave-go = { $host }-এ যান
shell-optional = ঐচ্ছিক
shell-keep = যেমন আছে থাক
shell-ask = { $action }?

shell-status = { $status ->
    [accepted] গৃহীত
    [active] সক্রিয়
    [authorized] অনুমোদিত
    [cancelled] বাতিল
    [captured] পরিশোধিত
    [capturing] নেওয়া হচ্ছে
    [closed] বন্ধ
    [completed] সম্পন্ন
    [created] তৈরি হয়েছে
    [declined] প্রত্যাখ্যাত
    [deprovisioned] সরানো হয়েছে
    [deprovisioning] সরানো হচ্ছে
    [draft] খসড়া
    [ended] শেষ
    [expired] মেয়াদ শেষ
    [failed] ব্যর্থ
    [fraud] প্রতারণা
    [held] আটকে আছে
    [inactive] নিষ্ক্রিয়
    [issued] ইস্যু করা হয়েছে
    [needs_authentication] নিশ্চিতকরণ দরকার
    [open] বাকি
    [overdue] মেয়াদোত্তীর্ণ
    [paid] পরিশোধিত
    [partially_paid] আংশিক পরিশোধিত
    [past_due] মেয়াদোত্তীর্ণ
    [paused] স্থগিত
    [pending] অপেক্ষমাণ
    [pending_payment] পেমেন্টের অপেক্ষায়
    [pending_review] যাচাই চলছে
    [processing] প্রক্রিয়াধীন
    [provisioning] প্রস্তুত হচ্ছে
    [queued] সারিতে
    [refunded] ফেরত দেওয়া হয়েছে
    [rejected] প্রত্যাখ্যাত
    [released] ছেড়ে দেওয়া হয়েছে
    [releasing] ছেড়ে দেওয়া হচ্ছে
    [requires_action] নিশ্চিতকরণ দরকার
    [resuming] ফেরত দেওয়া হচ্ছে
    [sent] পাঠানো হয়েছে
    [settled] মিটমাট
    [succeeded] পরিশোধিত
    [suspended] সাময়িক বন্ধ
    [suspending] স্থগিত করা হচ্ছে
    [terminated] শেষ
    [trial] পরীক্ষামূলক
    [trialing] পরীক্ষামূলক
    [uncollectible] অনাদায়ী
    [unknown] যাচাই করা হচ্ছে
    [updating] পরিবর্তন হচ্ছে
    [void] বাতিল
    [waiting] অপেক্ষমাণ
   *[other] { $words }
}

shell-form-required = এটি পূরণ করুন।
shell-form-too-long = সর্বোচ্চ { $most }টি অক্ষর ব্যবহার করুন।
shell-form-date = একটি তারিখ দিন, যেমন 2026-03-31।
shell-form-money = { $currency }-তে একটি পরিমাণ দিন, যেমন { $example }।

shell-error-home = শুরুর পাতায় যান
shell-error-number = এ বিষয়ে আমাদের জানাতে চাইলে { $open }{ $number }{ $close } নম্বরটি উল্লেখ করুন।
shell-problem-title = { $status ->
    [400] অনুরোধটি পড়া যায়নি
    [403] আপনি এটি করতে পারবেন না
    [404] পাওয়া যায়নি
    [405] এই ঠিকানা এটি গ্রহণ করে না
    [409] এই মুহূর্তে এটি সম্ভব নয়
    [413] এটি খুব বড় ছিল
    [422] একটি বিষয়ে আপনার মনোযোগ দরকার
    [503] এই মুহূর্তে পাওয়া যাচ্ছে না
    [504] এতে খুব বেশি সময় লেগেছে
   *[other] কিছু একটা ভুল হয়েছে
}
shell-problem-not-found = এই ঠিকানায় কিছু নেই, অথবা এটি আপনার দেখার নয়।
shell-problem-method = এই ঠিকানা এ ধরনের অনুরোধ গ্রহণ করে না।
shell-problem-too-large = আপনি যা পাঠিয়েছেন তা আমাদের সীমার চেয়ে বড়। কিছুই পরিবর্তন করা হয়নি।
shell-problem-form-broken = ফর্মটি সম্পূর্ণ পৌঁছায়নি। আবার পাঠান।
shell-problem-zero = আপনার পাঠানো লেখায় এমন একটি অক্ষর আছে যা কোনো লেখায় থাকে না (শূন্য, ঠিকানায় %00)। সেটি সরিয়ে আবার পাঠান।
shell-problem-form-token = ফর্মটি আপনার সেশনের সঙ্গে মেলানো যায়নি, তাই কিছুই পরিবর্তন করা হয়নি। অন্য ট্যাবে সাইন ইন বা সাইন আউট করলে, কিংবা পাতাটি অনেকক্ষণ খোলা থাকলে এমন হয়। ফিরে গিয়ে পাতাটি আবার লোড করে ফর্মটি আবার পাঠান।
shell-problem-panic = আমাদের দিকে কিছু একটা ভুল হয়েছে। আবার চেষ্টা করুন; আবারও হলে নিচের নম্বরটি আমাদের জানান।
shell-problem-slow = এতে খুব বেশি সময় লাগায় থামিয়ে দেওয়া হয়েছে। আবার চেষ্টা করুন।
shell-problem-fault = আমাদের দিকে কিছু একটা ভুল হয়েছে। কিছুই পরিবর্তন করা হয়নি।
shell-problem-unavailable = এই মুহূর্তে এটি পাওয়া যাচ্ছে না। একটু পরে আবার চেষ্টা করুন।
shell-problem-denied = আপনি এটি করতে পারবেন না (এর জন্য { $permission } অনুমতি দরকার)।
shell-security = নিরাপত্তা
shell-tokens = এপিআই টোকেন
shell-impersonation = { $staff } এখন { $person } হিসেবে কাজ করছেন। সবকিছু লিপিবদ্ধ হয়।
shell-impersonation-end = থামুন
