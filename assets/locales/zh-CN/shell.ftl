# 登录后的页面框架。

shell-skip = 跳到正文
shell-more = 更多
shell-more-title = 更多功能

shell-online = 在线 · { $ago }同步
shell-online-unsynced = 在线 · 正在加载
shell-connecting = 正在连接
shell-offline = 离线 · 数据截至 { $time }
shell-offline-empty = 离线 · 暂无数据
shell-waiting = 离线 · 数据截至 { $time } · { $seconds } 秒后重连
shell-waiting-empty = 离线 · { $seconds } 秒后重连
shell-refused = 未连接

shell-offline-banner = 当前离线，页面数据为 { $ago }（{ $time }）从服务器获取。
shell-offline-banner-empty = 当前离线，本机尚未保存任何数据。
shell-offline-queue = 有 { $count } 笔缴费在排队，联网后自动提交。
shell-connect-now = 立即连接

shell-key-present = USBKEY 已插入
shell-key-until = 有效期至 { $date }
shell-key-renew = 请在 { $date } 前更新
shell-key-customer = 户号 { $customer }

shell-theme = 外观
shell-theme-system = 跟随系统
shell-theme-light = 浅色
shell-theme-dark = 深色
shell-lock = 锁屏
shell-log-out = 退出登录

shell-badge-alarms = { $count } 条新提醒
shell-badge-queue = { $count } 笔缴费排队中
shell-badge-bills = { $count } 张账单待缴

external-title = 用浏览器打开此页面？
external-text = 将离开本程序，前往 { $host }：
external-address = 网址
external-open = 用浏览器打开
external-copy = 复制网址
external-copied = 已复制
external-refused = 为安全起见，仅可打开 https 网页，此网址已被拦截。
external-failed = 无法启动浏览器，请复制网址后自行打开。

