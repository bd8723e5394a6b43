# Pages that put several modules together: paying.

desk-pay-title = Pay { $number }
desk-pay-card-heading = Choose a test card
desk-pay-card-advice = This shop uses the sandbox gateway: no money moves. Each card shows what a real one could do.
desk-pay-choose = Choose one of the cards.
desk-pay-now = Pay { $amount }
desk-pay-several = { $count ->
    [one] Pay { $count } invoice
   *[other] Pay { $count } invoices
}
desk-pay-back = Your invoices
desk-pay-running = A payment for this is already under way.
desk-pay-running-look = Look at it or cancel it
desk-pay-invoice = Invoice
desk-pay-open = Open
desk-pay-by-credit = From credit
desk-pay-by-card = To be charged
desk-pay-stays = Stays open
desk-pay-what = What to pay
desk-pay-amount = Amount
desk-pay-amount-help = Leave it empty to pay everything: { $amount }.
desk-pay-use-credit = Use my credit of { $amount }
desk-pay-use-credit-help = Credit is used at once, what is due first, first.
desk-pay-show = Show what it comes to
desk-pay-comes-to = What it comes to
desk-pay-credit-left = Credit left afterwards
desk-pay-how = How to pay
desk-pay-credit-only = Your credit pays { $amount }. Nothing is charged.
desk-pay-from-credit = Pay from credit
desk-pay-kept = Your payment methods
desk-pay-usual = The one you usually pay with
desk-pay-keep = Keep it for later payments
desk-pay-keep-help = The payment service keeps it, not we. You can remove it at any time.
desk-pay-method-gone = This payment method is not there any more. Please choose another.
desk-pay-moved = This is what it comes to now. Please look at it once more and then pay.
desk-pay-nothing = There is nothing to pay.
desk-pay-by-credit-done = Thank you, your credit has paid it.
desk-paid-funds = The money is on your credit.
desk-withdraw = Pay another way
desk-withdrawn = The payment is cancelled. Nothing was charged.
desk-not-withdrawn = This payment could not be cancelled any more.
desk-cancelled-heading = The payment is cancelled
desk-cancelled-text = Nothing was charged.
desk-setup-title = Sandbox: a card to keep
desk-setup-give = Keep this card
desk-setup-none = Go back without
desk-panel-title = Sandbox: the panel of a machine
desk-panel-machine = Machine
desk-panel-advice = A real vendor's panel would open here, already signed in. The sandbox makes nothing real, so there is nothing to see.
desk-panel-back = Your services
desk-funds-title = Add funds
desk-funds-about = What you pay ahead lies on your credit and pays invoices by itself.
desk-funds-credit = Your credit
desk-funds-none = None
desk-funds-full = Your credit is as high as it may be. Nothing more can be added now.
desk-funds-how-much = How much
desk-funds-amount = Amount in { $currency }
desk-funds-between = Between { $smallest } and { $largest }.
desk-funds-from = At least { $smallest }.
desk-funds-reason = Credit paid ahead
desk-funds-history = Changes of your credit
desk-funds-when = When
desk-funds-what = What
# $words is the word itself, or what somebody wrote.
desk-funds-move = { $reason ->
    [deposit] Paid ahead
    [overpayment] Paid more than was owed
    [applied] Used for an invoice
    [refunded] Paid back
    [reopened] An invoice was reopened
    [credit_note] Credit note
    [refund_failed] A refund came back
   *[other] { $words }
}

# The sandbox's cards. $words is the card's own name in English.
desk-card = { $token ->
    [tok_visa] Visa that pays
    [tok_mastercard] Mastercard that pays
    [tok_authenticate] Card that asks for confirmation
    [tok_decline_insufficient_funds] Card without enough money
    [tok_decline_expired_card] Expired card
    [tok_decline_stolen_card] Card that must never be tried again
    [tok_pending] Bank debit that takes an hour
    [tok_lose_after] Card whose answer is lost after paying
    [tok_webhook_twice] Card whose webhook comes twice
    [tok_capture_declined] Card that holds the money and then refuses it
    [tok_hold_short] Card that holds the money for an hour only
   *[other] { $words }
}
desk-result-title = Your payment
desk-paid-heading = Thank you, { $amount } is paid
desk-paid-text = Your payment for { $number } has arrived.
desk-paid-back = Back to your invoices
desk-paid-order = See what happens next
desk-held-heading = { $amount } is held on your card
desk-held-text = We take it when everything you ordered is ready. If we cannot deliver, we let it go and you pay nothing. Your card holds it until { $date } at the latest.
desk-released-heading = { $amount } is no longer held
desk-released-text = It is free again on your card, or will be within days. Nothing was charged.
desk-asking-heading = We are asking the bank
desk-asking-text = The answer has not come yet. This page looks again by itself; you need not pay a second time.
desk-asking-look = Look now
desk-confirm-heading = Please confirm the payment
desk-confirm-text = Your bank wants you to confirm { $amount }.
desk-confirm-go = Confirm at the bank
desk-declined-heading = The payment did not go through
desk-declined-why = { $code ->
    [insufficient_funds] There is not enough money on this card. Nothing was charged.
    [expired_card] This card has expired. Nothing was charged.
    [authentication_failed] The payment was not confirmed. Nothing was charged.
    [stolen_card] The bank does not accept this card. Please use another one. Nothing was charged.
    [lost_card] The bank does not accept this card. Please use another one. Nothing was charged.
   *[other] The bank did not accept this payment. Nothing was charged.
}
desk-declined-again = Try another way
desk-bank-title = Confirm
desk-bank-heading = Sandbox bank

# $open and $close stress the amount.
desk-bank-question = Do you confirm the payment of { $open }{ $amount }{ $close }?
desk-bank-refuse = Refuse

# News in the bell.
desk-notice-ready = { $service } is ready.
desk-notice-ready-kind = Services that are ready
desk-notice-device = Somebody signed in as you with a new browser: { $agent }, from { $address }. Was it not you? Change your password.
desk-notice-device-kind = Sign-ins from a new browser
desk-notice-copy = The copy of your data is ready.
desk-notice-copy-kind = Copies of your data
