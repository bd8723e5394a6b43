# Billing: what customers read.

billing-nav-invoices = Invoices
billing-invoices-title = Your invoices
billing-invoices-order = Newest first.
billing-invoices-empty = No invoices yet
billing-invoices-empty-advice = Your invoices are listed here as soon as there are some.
billing-owed = To pay
billing-credit = Your credit
billing-number = Number
billing-issued = Issued
billing-due = Due
billing-status = Status
billing-total = Total
billing-open = Open
billing-pdf = PDF
billing-pay = Pay { $amount }
billing-document = Document
billing-paid = Paid
billing-tax = Tax
billing-paid-so-far = Paid so far
billing-paid-nothing = Nothing yet.
billing-lines = Lines
billing-what = What
billing-quantity = Quantity
billing-price = Price
billing-net = Net
billing-with-tax = With tax
billing-how = How this figure came about
billing-discounts = Discounts, already taken off
billing-without-tax = Without tax
billing-settled = Settled
billing-still-open = Still open

# How a figure came about, step by step.
billing-step-share = { $product } × { $part }/{ $whole } of a full period
billing-step-discount = less { $label }: { $amount }
billing-step-inclusive = the price includes tax; without it { $amount }
billing-step-tax = tax { $percent } %: { $amount }
billing-step-tax-on-top = tax { $percent } % on top of it: { $amount }
billing-step-no-tax = no tax
billing-settled-payment = Payment { $id }
billing-settled-credit = Customer credit
billing-settled-credit-note = Credit note
billing-settled-write-off = Written off
billing-refused-just-paid = This invoice has just been paid; the payment is being applied.
billing-refused-under-way = A payment for one of these invoices is already under way. Wait for it, or cancel it first.
billing-refused-not-open = { $number } is not open, so there is nothing to pay.
