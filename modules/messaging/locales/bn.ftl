messaging-nav-preferences = ই-মেইল
messaging-preferences-title = আপনার ই-মেইল
messaging-preferences-advice = কোন ই-মেইলগুলো চান তা বেছে নিন। ইনভয়েস এবং আপনার প্রবেশাধিকার-সংক্রান্ত সবকিছু সবসময়ই আসবে।
messaging-preferences-save = সংরক্ষণ করুন
messaging-preferences-saved = আপনার পছন্দ সংরক্ষিত হয়েছে।
messaging-preferences-link = কোন ই-মেইল পাবেন তা বেছে নিন
messaging-notices = বিজ্ঞপ্তি
messaging-notices-choose = কোন বিষয়ে জানতে চান
messaging-notices-choose-advice = প্রতিটি ধরনের জন্য বেছে নিন সেটি ঘণ্টায় দেখাবে, ই-মেইলেও আসবে, নাকি একেবারেই নয়।
messaging-notices-app = ঘণ্টায়
messaging-notices-mail = ঘণ্টায় এবং ই-মেইলে
messaging-notices-off = একেবারেই নয়
messaging-notices-read-all = সব পঠিত হিসেবে চিহ্নিত করুন
messaging-notices-unread = নতুন
messaging-notices-none = নতুন কিছু নেই
messaging-notices-none-advice = আপনার সঙ্গে সম্পর্কিত বিষয় এখানে দেখা যায়: ইনভয়েস, সেবা, সাইন-ইন।
messaging-notices-saved = আপনার পছন্দ সংরক্ষিত হয়েছে।

# What a member of a team, or a program of theirs, may do.

messaging-permission-preferences = কোন মেইল আসবে তা বেছে নেওয়া
