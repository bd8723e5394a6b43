desk-pay-title = { $number } পরিশোধ করুন
desk-pay-owed = পরিশোধ করতে হবে
desk-pay-due = শেষ তারিখ { $date }
desk-pay-card-heading = একটি পরীক্ষামূলক কার্ড বেছে নিন
desk-pay-card-advice = এই দোকান স্যান্ডবক্স গেটওয়ে ব্যবহার করে: কোনো টাকা লেনদেন হয় না। প্রতিটি কার্ড দেখায় আসল কার্ডে কী হতে পারত।
desk-pay-card = কার্ড
desk-pay-choose = কার্ডগুলোর একটি বেছে নিন।
desk-pay-now = { $amount } পরিশোধ করুন
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
   *[other] { $words }
}
desk-result-title = আপনার পেমেন্ট
desk-paid-heading = ধন্যবাদ, { $amount } পরিশোধ হয়েছে
desk-paid-text = { $number }-এর জন্য আপনার পেমেন্ট পৌঁছেছে।
desk-paid-back = ইনভয়েসে ফিরে যান
desk-paid-order = এরপর কী হবে দেখুন
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
