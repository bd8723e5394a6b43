provisioning-nav-services = Services
provisioning-service = Service
provisioning-state = State
provisioning-since = Since
provisioning-none = Nothing here yet
provisioning-none-advice = What you order and we set up for you appears here.
provisioning-being-made = We are setting it up. This page shows it as soon as it is ready.
provisioning-made-on = We set it up on { $on }.
provisioning-delayed = Something went wrong on our side. We were told and are on it; you need not do anything.
provisioning-suspended = It is suspended.
provisioning-addresses = Addresses
provisioning-subscription = Subscription
provisioning-subscription-open = Terms and changes
provisioning-access = How to get in
provisioning-access-none = You see here how to get in as soon as it is ready.
provisioning-access-kind = { $kind ->
    [username] User name
    [panel_url] Panel
    [endpoint] Address to connect to
    [file_transfer] File transfer
    [file_transfer_username] User name for file transfer
    [name_server] Name server
    [licence] Licence
    [note] To know
   *[other] Access
}
provisioning-password = Password
provisioning-password-once = It is shown this once and never mailed. Keep it somewhere safe.
provisioning-reveal = Show the password
provisioning-reveal-licence = Show the licence
provisioning-usage = Usage
provisioning-usage-kind = { $kind ->
    [cpu] Processor
    [memory] Memory
    [disk] Disk
   *[other] Traffic
}
provisioning-usage-days = { $days ->
    [1] Last day
   *[other] { $days } days
}
provisioning-usage-most = most { $most }
provisioning-usage-last = { $last } at the last reading
provisioning-usage-line = { $line ->
    [in] In
   *[other] Out
}
provisioning-usage-none = It is measured every few hours. The first figures appear here soon.
provisioning-actions = What you can do
provisioning-busy = Something is being done to it at the moment.
provisioning-asked = It is being done. Look again in a minute.
provisioning-door = { $door ->
    [console] Open the console
    [webmail] Open webmail
    [reseller_panel] Open the reseller panel
   *[other] Open the panel
}
provisioning-action = { $action ->
    [start] Switch on
    [stop] Shut down
    [restart] Restart
    [kill] Switch off hard
    [password] Set a new password
    [reinstall] Install anew
   *[other] Do it
}
provisioning-action-asks = { $action ->
    [start] The machine is switched on.
    [stop] The machine is asked to shut down.
    [restart] The machine is shut down and started again.
    [kill] The machine loses power at once; what was not saved is lost.
    [password] A new password is made. The old one stops working.
    [reinstall] The machine is installed anew. Everything on its disk is lost.
   *[other] Are you sure?
}

# Personal data: what is kept, and what stands in the way of forgetting.
provisioning-privacy-running = A service is still there. It must be removed first.

# What a member of a team, or a program of theirs, may do.

provisioning-permission-view = See services
provisioning-permission-operate = Operate services
