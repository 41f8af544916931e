# 管理台首页：待处理事项与实时数据。

home-title = 首页
home-loading = 正在加载数据
home-up = 服务器 { $version }，已运行 { $up }
home-as-of = 截至 { $time }
home-now = 现在

home-well = 一切正常
home-well-text = 各部分均有响应，没有结果不明的缴费，也没有即将到期的 USBKEY。

home-heed = 待处理
home-heed-part = { $what }无响应
home-heed-part-hsm = 恢复之前，任何人都无法登录，也无法签发收据。请检查其连接和主机。
home-heed-part-store = 恢复之前，数据无法读写。请检查数据库服务和磁盘。
home-heed-part-platform = 账单和缴费暂停处理；已签名的缴费指令会保留，恢复后自动提交。
home-heed-part-other = 恢复之前，部分功能可能无法使用。
home-heed-crl-overdue = 吊销列表已过期
home-heed-crl-overdue-text = 新列表本应于 { $time } 发布。此后吊销的 USBKEY 可能仍被其他系统信任。
home-heed-no-crl = 尚未发布吊销列表
home-heed-no-crl-text = 首个 USBKEY 终止时或下一次每日任务时会生成。
home-heed-unknown = { $count } 笔缴费等待银行确认结果
home-heed-unknown-text = 系统会自动再次查询网关。若数小时仍无结果，请凭流水号向银行核实。
home-heed-refused = 两小时内有 { $count } 次登录被拒绝
home-heed-refused-text = 可能有人在试用他人的 USBKEY，或有程序持续使用已终止的 USBKEY 登录。
home-heed-not-lodged = 审计链上次存证于 { $time }
home-heed-never-lodged = 审计链从未存证
home-heed-not-lodged-text = 链头未在平台存证之前，末尾被截断将无法发现。
home-heed-ending = { $count } 个 USBKEY 将在 { $days } 天内到期
home-heed-ending-text = 持有人可凭 PIN 自行续期。请跟进未续期的客户。
home-way-payments = 查看缴费
home-way-audit = 查看审计
home-way-keys = 查看 USBKEY

home-sessions = 当前在线
home-sessions-unit = { $count ->
   *[other] 位客户
 }
home-sessions-admins = 另有 { $count } 位管理员
home-sessions-of = 共 { $count } 个已绑定 USBKEY
home-logins = 今日登录
home-logins-label = 每小时登录次数
home-logins-hour = { $time }：登录 { $logins } 次，拒绝 { $failed } 次
home-logins-failed = { $count } 次被拒绝
home-logins-none-failed = 无拒绝记录
home-hours-most = { $what }；最多为 { $most }
home-hours-none = { $what }；24 小时内没有
home-paid = 今日缴费
home-paid-label = 每小时缴费金额
home-paid-hour = { $time }：{ $count } 笔，{ $amount }
home-paid-count = 共 { $count } 笔
home-arrears = 欠费
home-arrears-customers = { $count } 位客户
home-arrears-late = 违约金 { $amount }
home-arrears-age = { $age }统计
home-arrears-unknown = 暂时无法查询计费平台。
home-open = 处理中的缴费
home-open-text = 已签署，尚未结清
home-open-unknown = 结果不明
home-open-refunding = 退款中
home-keys = USBKEY
home-keys-bound = 个已绑定
home-keys-issued = 已签发未绑定
home-keys-lost = 已挂失
home-keys-revoked = 已吊销
home-keys-ending = { $days } 天内到期

home-health = 服务状态
home-part-hsm = 加密机
home-part-store = 数据库
home-part-platform = 计费平台
home-part-answers = 响应时间 { $milliseconds } 毫秒
home-part-silent = 无响应
home-crl = 吊销列表
home-crl-none = 吊销列表：尚无
home-crl-note = { $entries } 项，{ $age }生成
home-audit = 审计链
home-audit-note = { $entries } 条，{ $age }存证
home-audit-not-lodged = { $entries } 条，尚未存证

# 管理台列表与确认框的公用文字。

parts-more = 显示更多
parts-shown-so-far = 已显示 { $count } 条，还有更多
parts-shown-all = 共 { $count } 条
parts-reason = 原因
parts-reason-hint = 简要说明即可；将随操作一并签名并存入审计链。
parts-reason-empty = 请简要说明原因。
parts-reason-long = 过长：最多 { $most } 字节。
