# 自己的 USBKEY，以及本机保存的设置。

admin-settings-key = 您的 USBKEY
admin-settings-post = 岗位
admin-settings-role = 角色
admin-settings-until = 有效期至
admin-settings-key-soon = { $days ->
    [0] 今天到期，请安全员另制一个。
   *[other] 还有 { $days } 天，请安全员另制一个。
 }
admin-settings-token = 序列号
admin-settings-fingerprint = 指纹
admin-settings-tries = PIN 码可试次数
admin-settings-tries-exact = 还剩 { $tries } 次
admin-settings-tries-low = 所剩不多
admin-settings-tries-final = 还剩 1 次
admin-settings-tries-locked = 已用完，USBKEY 锁定
admin-settings-tries-not-told = 此 USBKEY 不告知
admin-settings-pin-change = 更改 PIN 码
admin-settings-pin-old = 当前 PIN 码
admin-settings-pin-new = 新 PIN 码
admin-settings-pin-again = 再次输入新 PIN 码
admin-settings-pin-save = 更改 PIN 码
admin-settings-pin-busy = USBKEY 正在接收新 PIN 码
admin-settings-pin-last = 只剩一次机会。若当前 PIN 码有误，USBKEY 将锁定。
admin-settings-pin-last-agree = 我已知晓，并确定我的 PIN 码

admin-settings-readers = 读卡器
admin-settings-readers-loading = 正在查看读卡器
admin-settings-readers-empty = 没有插入其他 USBKEY。插入后会显示在这里，可用来制作。
admin-settings-setup = 安装检查
admin-settings-setup-open = 查看安装检查

admin-settings-look = 外观和语言
admin-settings-language = 语言
admin-settings-language-system = 跟随系统
admin-settings-theme = 外观
admin-settings-safety = 安全
admin-settings-lock = 锁定屏幕
admin-settings-lock-hint = 一段时间无人操作之后。会话继续，输入 PIN 码即可恢复显示。
admin-settings-lock-minutes = { $minutes } 分钟后
admin-settings-lock-never = 从不
admin-settings-lock-now = 立即锁定

admin-settings-about = 关于
admin-settings-version = 版本
admin-settings-server = 服务器
admin-settings-company = 供电公司
admin-settings-session = 会话
admin-settings-session-none = 无
admin-settings-leave = 离开
admin-settings-leave-text = 退出登录会结束会话并关闭 USBKEY。
admin-settings-log-out = 退出登录
admin-settings-quit = 退出管理台
