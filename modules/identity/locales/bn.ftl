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
