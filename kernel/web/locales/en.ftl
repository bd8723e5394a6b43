# The shell: layout, forms, error pages.

shell-skip = Skip to content
shell-navigation = Main
shell-navigation-show = Show navigation
shell-close = Close
shell-more = More
shell-notices = Notifications
shell-sign-in = Sign in
shell-sign-out = Sign out
shell-back = Back
shell-colours = Colours
shell-colours-light = Light
shell-colours-dark = Dark
shell-colours-system = As the system
shell-language = Language
shell-pages = Pages
shell-previous = Previous
shell-next = Next
shell-newest = Newest
shell-older = Older
shell-all-in-list = All in a list
shell-leave = You go on at another site
shell-leave-advice = The payment is made at { $host }. You come back here afterwards.
shell-leave-go = Go on to { $host }
shell-optional = optional
shell-keep = Keep as it is
# The heading of a question before something is done; $action is the button's words, such as "Void".
shell-ask = { $action }?

# The state of something in a list. $words is the state's own name in English.
shell-status = { $status ->
    [accepted] Accepted
    [active] Active
    [authorized] Authorised
    [cancelled] Cancelled
    [captured] Paid
    [capturing] Being taken
    [closed] Closed
    [completed] Completed
    [created] Created
    [declined] Declined
    [deprovisioned] Removed
    [deprovisioning] Being removed
    [draft] Draft
    [ended] Ended
    [expired] Expired
    [failed] Failed
    [fraud] Fraud
    [held] Held
    [inactive] Inactive
    [issued] Issued
    [needs_authentication] Needs confirmation
    [open] Open
    [overdue] Overdue
    [paid] Paid
    [partially_paid] Partly paid
    [past_due] Past due
    [paused] Paused
    [pending] Pending
    [pending_payment] Waiting for payment
    [pending_review] In review
    [processing] Processing
    [provisioning] Being set up
    [queued] Queued
    [refunded] Refunded
    [rejected] Rejected
    [released] Let go
    [releasing] Being let go
    [requires_action] Needs confirmation
    [resuming] Being given back
    [sent] Sent
    [settled] Settled
    [succeeded] Paid
    [suspended] Suspended
    [suspending] Being suspended
    [terminated] Ended
    [trial] Trial
    [trialing] Trial
    [uncollectible] Written off
    [unknown] Being checked
    [updating] Being changed
    [void] Void
    [waiting] Waiting
   *[other] { $words }
}

shell-form-required = Please fill this in.
shell-form-too-long = { $most ->
    [one] Please use at most { $most } character.
   *[other] Please use at most { $most } characters.
}
shell-form-date = Please give a date, for example 2026-03-31.
shell-form-money = Please give an amount in { $currency }, for example { $example }.

shell-error-home = To the start page
# $open and $close put the number into a frame.
shell-error-number = If you ask us about this, give the number { $open }{ $number }{ $close }.
shell-problem-title = { $status ->
    [400] We could not read this request
    [403] You may not do this
    [404] Not found
    [405] This address does not take that
    [409] This is not possible right now
    [413] That was too large
    [422] Something needs your attention
    [503] Not available at the moment
    [504] This took too long
   *[other] Something went wrong
}
shell-problem-not-found = There is nothing at this address, or it is not yours to see.
shell-problem-method = This address does not take that kind of request.
shell-problem-too-large = What you sent is larger than we accept. Nothing was changed.
shell-problem-form-broken = The form did not arrive whole. Please send it again.
shell-problem-zero = What you sent holds a character that no text has (zero, %00 in an address). Take it out and send it again.
shell-problem-form-token = This form could not be matched to your session, so nothing was changed. That happens when you signed in or out in another tab, or when the page was open for very long. Go back, reload the page and send it again.
shell-problem-panic = Something went wrong on our side. Please try again; if it happens again, tell us the number below.
shell-problem-slow = This took too long and was stopped. Please try again.
shell-problem-fault = Something went wrong on our side. Nothing was changed.
shell-problem-unavailable = This is not available right now. Please try again in a moment.
shell-problem-denied = You are not allowed to do this (it needs the permission { $permission }).
shell-security = Security
shell-tokens = API tokens
shell-impersonation = { $staff } is acting as { $person }. Everything is logged.
shell-impersonation-end = Stop
