# 自己的 USBKEY，以及本机保存的设置。

settings-key = 您的 USBKEY
settings-post = 岗位
settings-role = 角色
settings-until = 有效期至
settings-key-soon = { $days ->
    [0] 今天到期，请安全员另制一个。
   *[other] 还有 { $days } 天，请安全员另制一个。
 }
settings-token = 序列号
settings-fingerprint = 指纹
settings-tries = PIN 码可试次数
settings-tries-exact = 还剩 { $tries } 次
settings-tries-low = 所剩不多
settings-tries-final = 还剩 1 次
settings-tries-locked = 已用完，USBKEY 锁定
settings-tries-not-told = 此 USBKEY 不告知
settings-pin-change = 更改 PIN 码
settings-pin-old = 当前 PIN 码
settings-pin-new = 新 PIN 码
settings-pin-again = 再次输入新 PIN 码
settings-pin-save = 更改 PIN 码
settings-pin-busy = USBKEY 正在接收新 PIN 码
settings-pin-last = 只剩一次机会。若当前 PIN 码有误，USBKEY 将锁定。
settings-pin-last-agree = 我已知晓，并确定我的 PIN 码

settings-readers = 读卡器
settings-readers-loading = 正在查看读卡器
settings-readers-empty = 没有插入其他 USBKEY。插入后会显示在这里，可用来制作。
settings-setup = 安装检查
settings-setup-open = 查看安装检查

settings-look = 外观和语言
settings-language = 语言
settings-language-system = 跟随系统
settings-theme = 外观
settings-safety = 安全
settings-lock = 锁定屏幕
settings-lock-hint = 一段时间无人操作之后。会话继续，输入 PIN 码即可恢复显示。
settings-lock-minutes = { $minutes } 分钟后
settings-lock-never = 从不
settings-lock-now = 立即锁定

settings-about = 关于
settings-version = 版本
settings-server = 服务器
settings-company = 供电公司
settings-session = 会话
settings-session-none = 无
settings-leave = 离开
settings-leave-text = 退出登录会结束会话并关闭 USBKEY。
settings-log-out = 退出登录
settings-quit = 退出管理台
