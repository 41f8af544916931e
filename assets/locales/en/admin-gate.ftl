# Before the desk is open: what an administrator is told in other words than a customer.

admin-name = Administration

admin-gate-insert-title = Plug in your administrator's key
admin-gate-insert-text = Put your own USBKEY into this computer. This page notices it by itself.
admin-gate-choose-text = Several keys are plugged in. Choose your own.
admin-gate-key-admin = Administrator { $name }
admin-gate-last-text = If the PIN is wrong once more, the key locks. A security officer can set a new PIN with the key's security officer's PIN. If you are not sure, ask first.
admin-gate-unlocking-title = Opening your desk
admin-gate-step-rights = The server says what you may do
admin-gate-again = Trying again in { $seconds } s.
admin-gate-leave = Log out
admin-gate-curtain-text = Your screens are hidden. The session goes on.
admin-gate-lost = Lost your key? Call { $number } at once: it is shut out within a second.
admin-gate-lost-no-number = Lost your key? Tell a security officer at once: it is shut out within a second.

admin-setup-about-key = An administrator's key of this power company
