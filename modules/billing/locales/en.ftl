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
billing-held = The amount is held on your card. We take it when what you ordered is ready; you need not pay.
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
billing-set-up = Set-up
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
billing-refused-currencies = These invoices are in different currencies. Pay those of each currency by themselves.
billing-pay-choose = Choose what to pay.
billing-pay-too-many = Choose at most { $most } invoices at once.
billing-pay-amount = Enter an amount above zero and at most { $amount }, which is what is open.
billing-pay-selected = Pay the chosen ones
billing-pay-all = Pay everything
billing-choose = Choose
billing-funds-full = Your credit is as high as it may be.
billing-funds-too-small = Add at least { $amount }.
billing-funds-too-large = Add at most { $amount }.
billing-add-funds = Add funds
billing-methods = Payment methods

# The portal: what runs, changing and ending it.
billing-nav-home = Overview
billing-nav-subscriptions = Subscriptions
billing-home-nobody = You are signed in, but belong to no customer yet
billing-home-nobody-advice = Ask whoever manages the account to invite you, or order something to begin.
billing-home-hello = Hello { $name }
billing-home-services = Your services
billing-home-next = Next invoice
billing-home-nothing = Nothing
billing-home-open = Invoices to pay
billing-home-shop = See what there is
billing-pay-now = Pay now
billing-subscriptions-empty = No services yet
billing-subscriptions-empty-advice = What you order is listed here.
billing-subscription = Service
billing-cycle-label = Billed
billing-change = Change plan or cycle
billing-cancel = Cancel the service
billing-keep = Keep the service
billing-change-drop = Drop the planned change
billing-terms = Terms
billing-since = Since
billing-trial-until = Free until
billing-next-period = Next period from
billing-ends-on = Ends on
billing-ended-on = Ended on
billing-items = What it consists of
billing-change-what = What changes
billing-change-plan = Plan, options and extras
billing-plan = Plan
billing-change-options = Show this plan's options
billing-change-when = When
billing-change-now = Now
billing-change-now-help = What you have paid for the rest of the period is counted against the new price.
billing-change-later = With the next period
billing-change-later-help = Nothing changes before that day.
billing-change-show = Show what it comes to
billing-change-make = Make the change
billing-change-leave = Leave it as it is
billing-change-scheduled = The change is made on { $date }.
billing-change-made = The change is made.
billing-change-moved = The figures are not the ones you saw any more. Please look at them again.
billing-change-dropped = The planned change is dropped.
billing-change-choose-cycle = Choose how often it is billed.
billing-change-choose-what = Choose what is to change.
billing-change-choose-plan = Choose a plan.
billing-change-quantity-wrong = Give a whole number of at least 1.
billing-change-choose = Please choose.
billing-cancel-when = When should it end?
billing-cancel-end = When what is paid for ends
billing-cancel-end-help = It runs until { $date }, and you can still change your mind.
billing-cancel-now = Now
billing-cancel-now-help = It stops at once; the rest of what you paid is not given back.
billing-cancel-why = Why do you leave?
billing-cancel-comment = Anything else we should know
billing-cancel-choose = Please tell us why; it takes one click.
billing-cancel-done = The service is cancelled.
billing-kept = Good, the service stays.
billing-yes = Yes
billing-no = No
billing-none = None
billing-quote-charges = An invoice over { $amount }
billing-quote-back = { $amount } becomes credit
billing-quote-nothing = Nothing is charged now
billing-quote-effective = Takes effect
billing-quote-period = A full period, without discounts and tax
billing-cycle = { $cycle ->
    [one_time] one time
    [hourly] hourly
    [daily] daily
    [weekly] weekly
    [monthly] monthly
    [quarterly] quarterly
    [semi_annual] every 6 months
    [annual] yearly
    [biennial] every 2 years
    [triennial] every 3 years
    [quadrennial] every 4 years
   *[quinquennial] every 5 years
}
billing-cancel-reason = { $reason ->
    [price] It is too expensive
    [unused] I do not need it any more
    [missing] Something I need is missing
    [quality] It did not work well
    [moving] I am moving to somebody else
   *[other] Something else
}
# Mails that customers can refuse, as they see them named.
billing-mail-received = Receipts for payments

# News in the bell.
billing-notice-overdue = Invoice { $number } is overdue: { $amount } are still open.
billing-notice-overdue-kind = Overdue invoices

# Personal data: what is kept, and what stands in the way of forgetting.
billing-privacy-kept = Invoices, credit notes and what was billed, for the tax office.
billing-privacy-running = A subscription still runs. Cancel it first.
billing-privacy-owed = An invoice is not paid yet.
billing-privacy-credit = There is money on your credit. Ask us to pay it back.

# What a member of a team, or a program of theirs, may do.

billing-permission-invoice-view = See invoices and credit
billing-permission-invoice-pay = Pay invoices
billing-permission-subscription-view = See subscriptions
billing-permission-subscription-change = Change and cancel subscriptions
