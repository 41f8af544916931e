# USBKEY 证书更新。

renewal-due = 自 { $date } 起可更新，请在 { $until } 前办理
renewal-now = 立即更新
renewal-show = 查看更新进度
renewal-offline = 联网后方可更新证书。

renewal-title = 更新 USBKEY 证书
renewal-text = USBKEY 将在内部生成新密钥，由供电公司签发新证书。完成前请勿拔出 USBKEY。排队中的缴费不受影响，仍会照常提交。
renewal-pin = 本 USBKEY 的 PIN 码
renewal-start = 开始更新
renewal-failed = 原证书仍可使用，请重试：新证书若一天内未登录使用将自动作废，原证书可用至到期日。
renewal-done = 证书已更新
renewal-done-text = 新证书有效期至 { $until }。
renewal-close = 关闭

renewal-step-pin = 校验 PIN 码
renewal-step-pairs = USBKEY 生成新密钥
renewal-step-certify = 供电公司签发证书
renewal-step-write = 将证书写入 USBKEY
renewal-step-store = 本机数据改用新密钥加密
renewal-step-session = 用新密钥建立会话

renewal-heed = USBKEY 证书将于 { $until } 到期。
renewal-heed-go = 前往更新

notice-renewal-text = 证书将于 { $until } 到期，可在“我的账户”页面用 PIN 码自助更新。
done-key-renewed = USBKEY 证书已更新

problem-key-not-renewable = 此 USBKEY 无法自助更新
problem-key-not-renewable-do = 它的密钥为一次性写入，请向供电公司申领新的 USBKEY。
