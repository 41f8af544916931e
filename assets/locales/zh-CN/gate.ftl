# 打开账户之前：USBKEY、PIN 码、锁屏。

gate-starting = 正在启动
gate-starting-text = 正在检测 USBKEY 和运行环境。

gate-broken-title = 程序尚未就绪
gate-broken-action = 查看环境检查

gate-insert-title = 请插入 USBKEY
gate-insert-text = 请将供电公司发放的 USBKEY 插入电脑，插入后自动识别。
gate-insert-waiting = 等待插入 USBKEY

gate-choose-title = 请选择 USBKEY
gate-choose-text = 检测到多个 USBKEY，请选择要登录账户的那一个。
gate-choose-one-title = 使用此 USBKEY？
gate-choose-one = 当前仅插入一个 USBKEY，请选择它，或插入其他 USBKEY。
gate-choose-unusable = 已插入一个 USBKEY，但无法在此使用。
gate-choose-list = 已插入的 USBKEY
gate-key-holder = 户号 { $customer }
gate-key-issuer = 签发机构：{ $issuer }
gate-key-until = 有效期至 { $date }
gate-key-serial = 序列号 { $serial }
gate-key-other = 其他 USBKEY

gate-pin-title = 验证 USBKEY
gate-pin-text = 证书已读取，请输入 PIN 码以确认是您本人操作。
gate-pin-label = PIN 码
gate-pin-hint = { $min } 至 { $max } 位
gate-pin-hint-least = 至少 { $min } 位
gate-pin-submit = 登录
gate-pin-offline = 没有网络？在本机登录过的 USBKEY 可离线使用。
gate-pin-first = 初始 PIN 码见密码信封，登录后须设置您自己的 PIN 码。
gate-pin-empty = 请先输入 PIN 码。
gate-pin-wrong-characters = PIN 码中含有键盘无法输入的字符。
gate-tries-exact = 还可尝试 { $tries } 次，用完后 USBKEY 将被锁定。
gate-tries-low = 此前有输错记录。USBKEY 会累计错误次数，次数过多将被锁定。
gate-tries-final = 仅剩最后 1 次机会，再错将被锁定。
gate-other-key = 换一个 USBKEY
gate-check-setup = 环境检查
gate-help = 帮助

gate-last-title = 要使用最后一次机会吗？
gate-last-text = 若再次输错，USBKEY 将被锁定，只能由供电公司解锁。没有把握请先致电咨询。
gate-last-confirm = 我确定 PIN 码无误
gate-last-cancel = 暂不尝试

gate-locked-key-title = USBKEY 已锁定
gate-locked-key-again = 已办理解锁，重新检测

gate-unlocking-title = 正在登录
gate-step-pin = USBKEY 校验 PIN 码
gate-step-store = 打开本机加密数据
gate-step-session = 建立安全会话
gate-step-done = 已完成
gate-step-waiting = 等待中

gate-first-title = 设置您的 PIN 码
gate-first-text = 初始 PIN 码只能使用一次，请设置一个只有您知道的 PIN 码。
gate-first-new = 新 PIN 码
gate-first-again = 再次输入新 PIN 码
gate-first-submit = 设置并继续
gate-first-different = 两次输入不一致。
gate-first-short = 太短，至少 { $min } 位。
gate-first-long = 太长，最多 { $max } 位。
gate-first-busy = USBKEY 正在写入新 PIN 码

gate-curtain-title = 已锁屏
gate-curtain-text = 页面已隐藏，会话仍然有效，欠费提醒照常接收。
gate-curtain-submit = 解锁
gate-curtain-logout = 退出登录

gate-lost = USBKEY 丢失？请立即拨打 { $number } 挂失，一秒内停用。
gate-lost-no-number = USBKEY 丢失？请立即联系供电公司挂失，一秒内停用。
