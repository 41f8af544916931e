# 设置。

admin-settings-me = 您的 USBKEY
