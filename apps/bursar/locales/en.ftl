# Pages that put several modules together: paying.

desk-pay-title = Pay { $number }
desk-pay-owed = To pay
desk-pay-due = Due { $date }
desk-pay-card-heading = Choose a test card
desk-pay-card-advice = This shop uses the sandbox gateway: no money moves. Each card shows what a real one could do.
desk-pay-card = Card
desk-pay-choose = Choose one of the cards.
desk-pay-now = Pay { $amount }

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
   *[other] { $words }
}
desk-result-title = Your payment
desk-paid-heading = Thank you, { $amount } is paid
desk-paid-text = Your payment for { $number } has arrived.
desk-paid-back = Back to your invoices
desk-paid-order = See what happens next
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
