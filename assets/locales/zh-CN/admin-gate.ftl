# 打开工作台之前：与客户端说法不同的文字。

admin-name = 管理台

admin-gate-insert-title = 请插入管理员 USBKEY
admin-gate-insert-text = 请将您本人的管理员 USBKEY 插入电脑，插入后自动识别。
admin-gate-choose-text = 检测到多个 USBKEY，请选择您本人的管理员 USBKEY。
admin-gate-key-admin = 管理员 { $name }
admin-gate-last-text = 若再次输错，USBKEY 将被锁定，须由安全员用该 USBKEY 的管理 PIN 码重置。没有把握请先询问。
admin-gate-unlocking-title = 正在登录管理台
admin-gate-step-rights = 向服务器查询您的权限
admin-gate-again = { $seconds } 秒后重试。
admin-gate-leave = 退出登录
admin-gate-curtain-text = 页面已隐藏，会话仍然有效。
admin-gate-lost = USBKEY 丢失？请立即拨打 { $number } 挂失，一秒内停用。
admin-gate-lost-no-number = USBKEY 丢失？请立即告知安全员，一秒内停用。

admin-setup-about-key = 本供电公司的管理员 USBKEY
