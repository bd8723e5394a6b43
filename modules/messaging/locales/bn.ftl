messaging-nav-preferences = ই-মেইল
messaging-preferences-title = আপনার ই-মেইল
messaging-preferences-advice = কোন ই-মেইলগুলো চান তা বেছে নিন। ইনভয়েস এবং আপনার প্রবেশাধিকার-সংক্রান্ত সবকিছু সবসময়ই আসবে।
messaging-preferences-save = সংরক্ষণ করুন
messaging-preferences-saved = আপনার পছন্দ সংরক্ষিত হয়েছে।
messaging-preferences-link = কোন ই-মেইল পাবেন তা বেছে নিন
