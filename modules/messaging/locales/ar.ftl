messaging-nav-preferences = الرسائل
messaging-preferences-title = رسائلك
messaging-preferences-advice = اختر الرسائل التي تريدها. أما الفواتير وكل ما يتعلق بوصولك فتصلك دائمًا.
messaging-preferences-save = حفظ
messaging-preferences-saved = حُفظ اختيارك.
messaging-preferences-link = اختر الرسائل التي تصلك
