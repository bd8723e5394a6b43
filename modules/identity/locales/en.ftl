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
