# USBKEY。

admin-keys-loading = 正在获取 USBKEY 列表
admin-key-loading = 正在获取 USBKEY 信息
