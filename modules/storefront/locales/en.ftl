# The shop: catalogue, cart, checkout, texts.

storefront-every = { $cycle ->
    [one_time] once
    [hourly] per hour
    [daily] per day
    [weekly] per week
    [monthly] per month
    [quarterly] every 3 months
    [semi_annual] every 6 months
    [annual] per year
    [biennial] every 2 years
    [triennial] every 3 years
    [quadrennial] every 4 years
    [quinquennial] every 5 years
   *[other] once
}
storefront-cycle-name = { $cycle ->
    [one_time] Once
    [hourly] Hourly
    [daily] Daily
    [weekly] Weekly
    [monthly] Monthly
    [quarterly] Quarterly
    [semi_annual] Half-yearly
    [annual] Yearly
    [biennial] 2 years
    [triennial] 3 years
    [quadrennial] 4 years
    [quinquennial] 5 years
   *[other] Once
}
storefront-step = { $step ->
    [cart] Cart
    [account] Your details
    [pay] Payment
    [done] Done
   *[other] Cart
}
storefront-tax-note = { $note ->
    [reverse_charge] You account for the tax yourself (reverse charge).
    [exempt] No tax is charged.
   *[other] No tax is charged.
}
storefront-left = { $count ->
    [one] Only one left
   *[other] Only { $count } left
}
storefront-trial = { $days ->
    [one] One day free
   *[other] { $days } days free
}
storefront-nav-shop = Shop
storefront-nav-cart = Cart
storefront-currency = Currency
storefront-cycle = Billing cycle
storefront-featured = Popular
storefront-free = Free
storefront-saved = Save { $percent } %
storefront-setup = { $amount } set-up
storefront-sold-out = Sold out
storefront-set-up = Set-up
storefront-closed = This shop is not open yet. Please come back soon.
storefront-choose = Choose
storefront-discount = Discount
storefront-net = Net
storefront-tax = Tax
storefront-total = Total
storefront-trial-until = Free until { $date }
storefront-then = Then { $amount } { $every } from { $date }
storefront-text-version = Version { $version } of { $date }
storefront-home-about = Servers, web space and names, set up in minutes.
storefront-home-shop = See what we offer
storefront-home-featured = Popular
storefront-home-all = Everything
storefront-home-groups = What we offer
storefront-shop-title = Shop
storefront-shop-about = Prices without surprises: what you see in the cart is what you are invoiced.
storefront-shop-empty = Nothing is on sale at the moment
storefront-shop-empty-advice = Please come back later, or ask us.
storefront-compare = Compare
storefront-compare-title = { $group } compared
storefront-each = { $amount } each
storefront-included = included
storefront-once = once
storefront-addons = Add-ons
storefront-questions = About your order
storefront-quantity = Quantity
storefront-summary = Summary
storefront-cart-change = Save changes
storefront-cart-add = Put into the cart
storefront-price-again = Show the price
storefront-cart-title = Your cart
storefront-cart-update = Update
storefront-cart-edit = Change
storefront-cart-remove = Remove
storefront-tax-for = Tax for
storefront-coupon = Code
storefront-coupon-use = Use
storefront-cart-checkout = Go to checkout
storefront-cart-mend = Something in your cart cannot be ordered as it is. Change or remove it to go on.
storefront-cart-more = Look at more
storefront-cart-empty = Your cart is empty
storefront-cart-empty-advice = What you choose in the shop waits here for you.
storefront-checkout-title = Checkout
storefront-checkout-you = You order as
storefront-checkout-order = Your order
storefront-checkout-note = Anything we should know?
storefront-checkout-agree = I have read and agree to:
storefront-checkout-agree-missing = Please agree to the texts to order.
storefront-checkout-place = Order and pay { $amount }
storefront-checkout-next = You choose how to pay on the next page. Nothing is charged before that.
storefront-checkout-may-not = You may not order for this account. Ask its owner.
storefront-checkout-staff = You are signed in as staff. Order for a customer on their page, or sign out to shop.
storefront-checkout-back = Back to the cart
storefront-account-new = New here
storefront-account-first-name = First name
storefront-account-last-name = Last name
storefront-account-email = E-mail address
storefront-account-password = Password
storefront-account-password-missing = Please give your password.
storefront-account-company = Company
storefront-account-tax-id = VAT or tax number
storefront-account-address = Street and number
storefront-account-postcode = Postcode
storefront-account-city = City
storefront-account-state = State or region
storefront-account-country = Country
storefront-account-create = Create account and go on
storefront-account-known-title = I have an account
storefront-account-sign-in = Sign in and go on
storefront-account-link = Sign in by a link instead
storefront-account-too-many = Too many accounts were created from your network. Please try again in an hour.
