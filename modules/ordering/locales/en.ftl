# A customer's own orders.

ordering-next-title = { $status ->
    [held] Your money is held, and nothing is charged yet
    [paying] Your payment is on its way
    [pending_payment] Waiting for your payment
    [pending_review] We are having a look
    [accepted] Your order is accepted
    [rejected] Your order was turned down
    [cancelled] Your order is cancelled
   *[other] Your order is closed
}
ordering-next = { $status ->
    [held] We take it when everything you ordered is ready. If we cannot deliver, we let it go and you pay nothing.
    [paying] We are waiting for the bank's answer. This page looks again by itself; you need not pay a second time.
    [pending_payment] Pay the invoice and we begin at once. Nothing is set up before that.
    [pending_review] Your payment has arrived. One of us looks at the order before it begins, usually within a working day. You need not do anything.
    [accepted] What you ordered is being set up. You find it among your subscriptions, and get a mail when it is ready.
    [rejected] Nothing of it will be billed. What you paid is your credit or on its way back; you got a mail with the details.
    [cancelled] Nothing of it will be billed. If you still want it, order it again in the shop.
   *[other] If you have questions about it, please write to us.
}
ordering-nav-orders = Orders
ordering-list-title = Your orders
ordering-new = Order something
ordering-number = Number
ordering-placed = Placed
ordering-status = Status
ordering-total = Total
ordering-none = No orders yet
ordering-none-advice = What you order in the shop is listed here, with what happens next.
ordering-title = Order { $number }
ordering-pay = Pay { $amount }
ordering-withdraw = Take the order back
ordering-withdraw-ask = Nothing of it is delivered, and its invoice is void.
ordering-withdrawn = The order is taken back.
ordering-held = It is held for you until { $date }.
ordering-why = Reason: { $why }.
ordering-items = What you ordered
ordering-what = What
ordering-now = At once
ordering-later = Each period
ordering-invoice = See the invoice
ordering-agreed = You agreed to:

# Personal data: what is kept, and what stands in the way of forgetting.
ordering-privacy-kept = Orders, as the ground of their invoices; notes and addresses are erased.

# What a member of a team, or a program of theirs, may do.

ordering-permission-view = See orders
ordering-permission-place = Order
