# Renewing the key's certificate.

renewal-due = due since { $date }: renew it before { $until }
renewal-now = Renew now
renewal-show = See the renewal
renewal-offline = The certificate can be renewed while you are online.

renewal-title = Renew the key's certificate
renewal-text = The key makes new keys inside itself, and the power company certifies them. Leave it plugged in until this is done. Payments that wait stay signed and still go out.
renewal-pin = PIN of this key
renewal-start = Renew
renewal-failed = Your present certificate still works. Try again: new keys that nobody signs in with for a day are withdrawn, and the present ones go on until their own end.
renewal-done = The certificate was renewed
renewal-done-text = It is valid until { $until }.
renewal-close = Close

renewal-step-pin = The key checks the PIN
renewal-step-pairs = The key makes new keys
renewal-step-certify = The power company certifies them
renewal-step-write = The certificates are written to the key
renewal-step-store = What is kept on this device goes over to the new keys
renewal-step-session = A session is set up with the new keys

renewal-heed = The certificate of your key ends on { $until }.
renewal-heed-go = Renew it

notice-renewal-text = Its certificate ends on { $until }. Renew it under “Account”; all it takes is the PIN.
done-key-renewed = The key's certificate was renewed

problem-key-not-renewable = This key cannot be renewed here
problem-key-not-renewable-do = Its keys were made once and for all. Ask the power company for another key.
