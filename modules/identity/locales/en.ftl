# Signing in, what customers read.

identity-sign-in-email = E-mail address
identity-sign-in-send = Send me a link instead
identity-sign-in-password = Password
identity-sign-in-no-password = No password, or forgotten?
identity-sign-in-password-missing = Please fill this in, or let us send you a link instead.
identity-no-match = E-mail address or password is not right.
identity-too-many = Too many attempts. Wait a quarter of an hour and try again.
identity-sign-in-sent-heading = Look into your mail
identity-sign-in-sent = If we know the address, a link to sign in is on its way to it. It works once, within { $minutes } minutes.

# $open and $close make the link to the sign-in page.
identity-sign-in-sent-retry = Nothing came? Look among unwanted mail, or { $open }try another address{ $close }.
identity-link-heading = Welcome back
identity-link-text = One more step: this link signs you in once.
identity-link-sign-in = Sign in to { $brand }
identity-link-not-valid = This link was used already or is too old. Ask for a new one on the sign-in page.
identity-signed-out = You are signed out.
identity-sign-in-passkey = Use a passkey
identity-sign-in-forgotten = Password forgotten?
identity-wrong-code = This code is not right. Take the newest one; each works once.
identity-passkey-refused = The passkey did not work. It may belong to another account or have been removed here.
identity-challenge-over = This took too long or was tried too often. Please begin again.
identity-nav-team = Team
identity-nav-security = Security
identity-team-about = Who signs in here besides you, and what they may do.
identity-team-member = Member
identity-team-role = Role
identity-team-seen = Last sign-in
identity-team-set = Set
identity-team-remove = Remove
identity-team-remove-question = { $name } will not sign in here any more.
identity-team-invited = Invited
identity-team-until = Until
identity-team-withdraw = Take back
identity-team-invite = Invite somebody
identity-invitation-heading = Join { $customer }
identity-invitation-text = You were invited with the address { $email }. Accept to sign in.
identity-invitation-name = Your name
identity-invitation-accept = Accept
identity-role = { $role ->
    [owner] Owner
    [billing] Billing
    [technical] Technical
   *[read_only] Read only
 }

# Other services that sign people in here.

identity-leave-heading = One moment
identity-leave-go = Go on to { $host }
identity-consent-heading = Sign in at { $app }
identity-consent-as = You are signed in as { $person }.
identity-consent-learns = { $app } will learn:
identity-consent-openid = that it is you, whenever you come back
identity-consent-profile = your name
identity-consent-email = your e-mail address
identity-consent-offline = and it may ask again while you are away
identity-consent-allow = Allow
identity-consent-deny = Do not allow
identity-consent-then = Then you go back to { $host }.
identity-choose-heading = Who signs in at { $app }?
identity-choose-customer = I am a customer
identity-choose-staff = I work here
identity-app-wrong-heading = This sign-in cannot go on
identity-app-unknown = The service you come from is not known here. Tell its operator.
identity-app-address = The service you come from wants you back at an address that is not registered. Tell its operator.
identity-app-not-you = Only the person themself can sign in at another service, not somebody in their place.
identity-app-not-from-here = Staff cannot sign in from this network.
identity-app-disconnected = The service does not know you any more.
identity-out-heading = Sign out
identity-out-question = Sign out here too?

# What people decide about their own sign-in.

identity-about-you = How you sign in as { $email }
identity-must-enrol = Set up a second factor to go on: a passkey, or an app that makes codes. Your role needs one.
identity-passkeys = Passkeys
identity-passkeys-about = The safest way, and the quickest: your device signs you in with your face, finger or PIN.
identity-passkey-since = since { $since }
identity-passkey-used = since { $since }, last used { $used }
identity-passkey-remove = The passkey { $name } will not sign you in any more.
identity-passkey-name = Name
identity-passkey-name-help = Where it lives: my phone, the stick in the safe.
identity-passkey-add = Add a passkey
identity-passkey-bare = Passkeys work where these pages have a name, not under a bare address.
identity-app = Code app
identity-app-on = On since { $since }: a code is asked for when you sign in.
identity-app-off = Turn it off
identity-app-off-question = No code will be asked for any more.
identity-app-about = An app on your phone makes codes that change every half minute.
identity-app-set-up = Set up a code app
identity-codes-left = { $count ->
    [one] One recovery code left.
   *[other] { $count } recovery codes left.
 }
identity-codes-new = New recovery codes
identity-codes-new-question = The codes you have kept stop working.
identity-devices = { $count ->
    [one] One trusted device: no second factor is asked for there.
   *[other] { $count } trusted devices: no second factor is asked for there.
 }
identity-devices-none = Trust none
identity-devices-question = The second factor will be asked for on every device again.
identity-password-new = New password
identity-password-help = At least 12 characters; a sentence is a good password. Your other sessions end.
identity-password-change = Change the password
identity-password-set = Set a password
identity-address = E-mail address
identity-address-unshown = You have not confirmed yet that { $email } is yours.
identity-address-send = Send me the mail
identity-address-sent = A mail is on its way to { $email }.
identity-connected = Connected services
identity-connected-about = They know you by your account here.
identity-disconnect = Disconnect
identity-disconnect-question = { $app } will not know you any more until you sign in there again.
identity-sessions = Sessions
identity-browser = Browser
identity-browser-on = { $program } on { $system }
identity-browser-unknown = Unknown browser
identity-from = From
identity-signed-in = Signed in
identity-last-used = Last used
identity-this-one = this one
identity-session-end = End
identity-sessions-end = End all others
identity-sign-ins = Sign-ins
identity-when = When
identity-outcome = Outcome
identity-how = How
identity-method = { $method ->
    [password] password
    [passkey] passkey
    [link] link
    [staff-link] link from staff
    [sign-up] sign-up
    [code] code
    [password-and-code] password and code
    [password-and-passkey] password and passkey
    [password-and-recovery-code] password and recovery code
    [link-and-second-factor] link and second factor
    [other-service] other service
    [other-service-and-second-factor] other service and second factor
    [other-service-with-its-second-factor] other service with its second factor
   *[other] { $shown }
 }
identity-said-password = Your password is changed, and your other sessions have ended.
identity-said-totp-off = No codes are asked for any more.
identity-said-passkey = The passkey is ready to be used.
identity-said-passkey-gone = The passkey is removed here. Delete it on the device too.
identity-said-distrust = The second factor is asked for on every device again.
identity-said-session-ended = The session has ended.
identity-said-sessions-ended = Every other session has ended.
identity-totp-heading = Set up a code app
identity-totp-scan = 1. Scan this
identity-totp-scan-about = With an authenticator app on your phone.
identity-totp-or = Or type this key into the app, or { $open }open the app on this device{ $close }:
identity-totp-type = 2. Type the code it shows
identity-totp-code-help = Six digits. They change every half minute.
identity-totp-on = Turn it on
identity-code = Code
identity-codes-heading = Keep your recovery codes
identity-codes-about = Each signs you in once when you do not have your second factor at hand. They are shown only now.
identity-codes-keep = Print this page or keep the codes in a password manager; not on the device that makes your codes.
identity-codes-kept = I have kept them
identity-second-heading = One more step
identity-second-recovery = Recovery code
identity-second-code-help = Six digits from your app, or one of your recovery codes.
identity-second-recovery-help = One of the codes you kept; each works once.
identity-second-trust = { $days ->
    [one] Do not ask on this device for a day
   *[other] Do not ask on this device for { $days } days
 }
identity-second-other = Sign in as somebody else
identity-sign-heading = Passkey
identity-sign-make = Your browser asks you to make a passkey.
identity-sign-use = Your browser asks you to use your passkey.
identity-sign-again = Try again
identity-sign-script = Passkeys need JavaScript. Use a code instead.
identity-sign-none = This browser has no passkeys. Use a code instead.
identity-sign-failed = That did not work or was cancelled. Try again, or go back.
identity-back = Back
identity-confirm-heading = Confirm that it is you
identity-confirm-about = What comes next is worth a second look: you are signed in as { $email }.
identity-confirm-code = Or a code from your app
identity-confirm-do = Confirm
identity-confirm-link = You have no password. A link by mail confirms it too.
identity-link-send = Send me a link
identity-reset-heading = New password
identity-reset-sent = If somebody signs in with this address, a link to choose a new password is on its way to it. It works once, within an hour.
identity-reset-about = Enter the address you sign in with. We send you a link to choose a new password.
identity-reset-back = Back to signing in
identity-reset-choose = Choose a new password
identity-reset-help = At least 12 characters; a sentence is a good password. Everybody who is signed in as you will be signed out.
identity-reset-set = Set the password
identity-reset-done = Your new password is set. Sign in with it.
identity-verify-title = Your address
identity-verify-heading = Is this address yours?
identity-verify-about = You came here by a link we sent to it. Confirm, and you sign in with this address.
identity-verify-yes = Yes, it is mine
identity-verify-done = Thank you: the address is yours.
identity-verify-stranger = If you signed up yourself, sign in first: then your password stays as it is. Otherwise whatever somebody has set up with your address ends now, and you choose a password of your own.
identity-others-ended = Somebody had signed up with your address and set up how to sign in. All of that has ended. Choose a password of your own, and look who else is in your team.
identity-tokens = API tokens
identity-tokens-about = Keys for programs. Each acts with the rights you tick, and never with more than you have.
identity-token-made = Your new token
identity-token-copy = Copy it now: it is shown only this once.
identity-token-sent = A program sends it with every request as { $header }
identity-token = Token
identity-token-may = May
identity-token-until = Works until
identity-token-never = never
identity-token-delete = Give up
identity-token-delete-question = Programs that use { $name } stop working at once.
identity-token-deleted = The token does not work any more.
identity-token-new = New token
identity-token-for = What it is for
identity-token-for-help = The name of the program that will use it.
identity-token-days = Works for
identity-token-days-month = 30 days
identity-token-days-quarter = 90 days
identity-token-days-year = a year
identity-token-rights = It may
identity-token-make = Make the token
identity-wrong-password = This is not your password.
identity-factor-already = There is one already. Remove it first to set up another.
identity-remove = Remove
identity-password-length = Use { $from } to { $to } characters; a sentence is a good password.
identity-password-common = Everybody who guesses tries this one first. Choose another: a sentence is a good password.
identity-code-wrong-clock = This code is not right. Look at the newest one, and whether the phone’s clock is.

# Other services by which people sign in here.

identity-outside-with = Sign in with { $name }
identity-outside-connect = Connect { $name }
identity-outside-connected = The service is connected: you can sign in by it from now on.
identity-outside-disconnected = You do not sign in by that service any more.
identity-outside = Services you sign in by
identity-outside-about = Whoever has your account there signs in as you.
identity-outside-question = You will not sign in by { $name } any more.
identity-outside-not-believed = That service did not answer as it should. Try again, or sign in another way.
identity-outside-not-finished = The sign-in there was not finished. Try again, or sign in another way.
identity-outside-unverified = That service has not confirmed your e-mail address. Confirm it there, or sign in another way and connect it on the page Security.
identity-outside-domain = With an address of this domain you cannot sign in by that service.
identity-outside-unknown = Nobody is known here by that address. Sign up first, or sign in another way.
identity-outside-connect-first = You have an account here. Sign in as you used to, then connect that service on the page Security.
identity-outside-taken = That account is connected with somebody else here.

# What a member of a team, or a program of theirs, may do.

identity-permission-team = Invite, change and remove team members
identity-permission-group = { $module ->
    [billing] Billing
    [customers] Account
    [identity] Team
    [messaging] Mail
    [ordering] Orders
    [payments] Payment methods
    [provisioning] Services
   *[other] { $module }
 }
