# Payments: what customers read about their payment methods.

payments-methods-title = Payment methods
payments-methods-about = Kept by the payment service. We never see the whole number.
payments-method = Method
payments-method-expires = Valid until
payments-method-use = Use
payments-method-usual = The usual one
payments-method-make-usual = Make it the usual one
payments-method-attended = Needs you to be there
payments-method-add = Add a method
payments-method-remove = Remove
payments-method-remove-question = { $label } is removed here and at the payment service.
payments-method-added = The payment method is kept.
payments-method-waiting = The payment service still waits for you. Add the method again if you closed its page.
payments-method-none = No payment method was added.
payments-method-usual-done = This is the usual one now.
payments-method-removed = The payment method is removed.
payments-methods-empty = No payment methods yet
payments-methods-empty-advice = With one kept here, paying takes one click, and invoices can be paid by themselves.
payments-automatic = Automatic payment
payments-automatic-about = When an invoice is issued, your credit pays first and the usual method the rest.
payments-automatic-is-on = Invoices are paid automatically by the usual method.
payments-automatic-is-off = You pay each invoice yourself.
payments-automatic-turn-on = Pay automatically
payments-automatic-turn-off = Pay each invoice myself
payments-gateway-refused = The payment service refused this. Please try another way.
payments-gateway-away = The payment service does not answer at the moment. Please try again in a few minutes.

# Personal data: what is kept, and what stands in the way of forgetting.
payments-privacy-kept = Payments and refunds, because the ledger is kept.
payments-privacy-methods = A way to pay is stored. Remove it first, so that the payment provider forgets it too.

# What a member of a team, or a program of theirs, may do.

payments-permission-methods = Manage payment methods
