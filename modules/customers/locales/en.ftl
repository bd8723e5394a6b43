# Customers: what customers read about themselves.

customers-nav-profile = Profile
customers-profile-about = What invoices print and how we reach you.
customers-profile-wrong = Please mend the marked fields
customers-profile-saved = Your profile is saved.
customers-profile-who = Name and address
customers-profile-invoices = Invoices and tax
customers-profile-language = Language
customers-first-name = First name
customers-last-name = Last name
customers-company = Company
customers-email = E-mail address
customers-phone = Phone
customers-address1 = Street and number
customers-address2 = Second line
customers-postcode = Postal code
customers-city = Town
customers-state = State or region
customers-country = Country
customers-tax-id = Tax number
customers-tax-id-state = { $state ->
    [none] There is none.
    [unchecked] It is being checked.
    [valid] The register knows it.
   *[invalid] The register does not know it: tax is charged.
}
customers-printed = Printed on invoices
customers-printed-own = What stands above
customers-printed-help = One of your contacts can take the place of the name and address above.
customers-auto-credit = Use credit for new invoices
customers-auto-credit-help = Credit pays an invoice as soon as it is issued.
customers-currency = Currency of invoices
customers-number = Customer number
customers-since = Customer since
customers-language = Language
customers-language-help = Mails, documents and these pages speak it.
customers-save = Save
customers-email-confirm = Confirm that it is you before you change this address: links that sign in go there.
customers-email-confirm-go = Confirm that it is you
customers-contacts = Contacts
customers-contacts-about = People who get mail beside you.
customers-contact = Contact
customers-contact-new = New contact
customers-contact-gets = Gets mail about
customers-role = { $role ->
    [invoices] Invoices and reminders
    [services] Services
    [domains] Domains
    [support] Support
   *[general] Everything else
}
customers-contact-printed = Printed on invoices
customers-contact-remove = Remove
customers-contact-remove-question = { $name } gets no mail any more. Documents that were issued stay as they are.
customers-contact-added = The contact is added.
customers-contact-saved = The contact is saved.
customers-contact-removed = The contact is removed.
customers-contacts-empty = No contacts yet
customers-contacts-empty-advice = Add an accountant who gets the invoices, or a technician who gets news about services.
customers-refused-changed = Somebody else saved this meanwhile. Load the page again and repeat your change.
customers-refused-in-use = This contact is printed on invoices. Choose another one in your profile first.
customers-check-long = This has { $length } characters; shorten it to at most { $most }.
customers-check-control = Remove line breaks and control characters.
customers-check-email = Enter one e-mail address such as ann@example.com.
customers-check-country = Choose a country from the list.
customers-check-phone = Enter at most 40 digits, spaces and + - ( ) . / such as +49 30 1234.
customers-check-tax-id = Enter at most 40 letters, digits, spaces and - . / as on the registration.
customers-check-name = Enter a first name, a last name or a company.

# Personal data.
customers-nav-privacy = Privacy
customers-privacy-advice = A copy of everything we hold about you, and how to be forgotten.
customers-privacy-copy = A copy of your data
customers-privacy-copy-help = We collect everything we hold about you as a file of JSON lines. It can be fetched for { $days } days.
customers-privacy-ask-copy = Ask for a copy
customers-privacy-copy-asked = Your copy is being made. You find it here in a moment.
customers-privacy-making = It is being made.
customers-privacy-download = Download
customers-privacy-until = until { $date }
customers-privacy-gone = It is gone; ask for another one.
customers-privacy-erase = Delete the account
customers-privacy-erase-help = We look at your wish, wait { $days } days in which you can take it back, and then erase your name, addresses, contacts, mails and sign-ins.
customers-privacy-kept = What the law makes us keep stays until { $date }:
customers-privacy-hindered = These must be settled first:
customers-privacy-ask-erase = Delete the account
customers-privacy-erase-question = Afterwards nobody can sign in for this account any more. Get a copy of your data first.
customers-privacy-erase-asked = Your wish has arrived. You can take it back until it is fulfilled.
customers-privacy-erase-waits = Your account will be erased after { $date }, once somebody has looked at your wish.
customers-privacy-keep = Keep the account
customers-privacy-kept-account = Your account stays.
customers-privacy-refused = Your wish was refused:
customers-privacy-kept-documents = Invoices and credit notes print your name and address.

# What a member of a team, or a program of theirs, may do.

customers-permission-privacy = Get a copy of all data, and close the account
customers-permission-profile = See and change the profile and its contacts
