# 多个页面共用的文字。

do-retry = 重试
do-back = 返回
do-cancel = 取消
do-save = 保存
do-refresh = 刷新

place-overview = 总览
place-electricity = 用电
place-bills = 账单
place-bill = 账单详情
place-pay = 缴费
place-payments = 缴费记录
place-payment = 缴费详情
place-queue = 待发队列
place-alarms = 提醒
place-account = 我的账户
place-settings = 设置
place-setup = 环境检查
place-help = 帮助
place-lost = 页面不存在
place-gate = 解锁
place-locked = 已锁屏

lost-title = 页面不存在
lost-text = 当前版本没有这个页面。
lost-back = 返回总览

age-kept = 本机缓存，数据截至 { $time }

unit-kwh = 千瓦时
unit-mwh = 兆瓦时
unit-kw = 千瓦
unit-kva = 千伏安
unit-kv = 千伏

level-none = 正常
level-reminder = 催缴提醒
level-warning = 欠费预警
level-final = 停电预告

payment-state-queued = 离线排队
payment-state-submitted = 已提交
payment-state-accepted = 已受理
payment-state-pending = 待银行付款
payment-state-paid = 缴费成功
payment-state-refused = 缴费失败
payment-state-expired = 已过期
payment-state-cancelled = 已撤回
payment-state-unknown = 银行核实中
payment-state-refunding = 退款中
payment-state-refunded = 已退款
payment-state-in-doubt = 已发出，等待回执

payment-text-queued = 已签名并保存在本机，联网后自动提交。
payment-text-submitted = 供电公司已收到缴费指令，正在准备银行付款页面。
payment-text-accepted = 供电公司正在准备银行付款页面。
payment-text-pending = 请打开银行页面确认付款；确认之前不会扣款。
payment-text-paid = 银行已确认扣款。
payment-text-refused = 未扣款，可重新缴费。
payment-text-expired = 已超过有效期，未扣款，可重新缴费。
payment-text-cancelled = 付款前已撤回，未扣款。
payment-text-unknown = 银行尚未返回结果，系统会自动继续查询，请勿重复缴费。
payment-text-refunding = 款项正在退回。
payment-text-refunded = 款项已退回原付款账户。
payment-text-in-doubt = 指令已发出但未收到回执。同一笔指令无论发送几次都只执行一次，请勿重复缴费。

payment-reason-gateway-confirmed = 银行已确认
payment-reason-gateway-refused = 银行拒绝付款
payment-reason-pay-timeout = 未在规定时间内到银行确认
payment-reason-unused = 银行页面一周内未打开
payment-reason-not-after-passed = 缴费指令已过有效期
payment-reason-by-customer = 您已撤回
payment-reason-asking = 银行尚未返回结果
payment-reason-gateway-unreachable = 暂时联系不上银行，将继续查询
payment-reason-key-lost = 签名所用的 USBKEY 已挂失
payment-reason-key-unbound = 签名所用的 USBKEY 已与该户解除绑定
payment-reason-submitted = 已提交供电公司
payment-reason-signed = 已用 USBKEY 签名
payment-reason-server = 以服务器结果为准
payment-reason-taken-over = 缴费平台已受理
payment-reason-already-paid = 该账单已缴清
payment-reason-bill-in-payment = 该账单正在另一笔缴费中
payment-reason-amount-changed = 应缴金额已变化
payment-reason-cap-exceeded = 超过供电公司规定的限额
payment-reason-order-expired = 缴费指令已过有效期
payment-reason-order-refused = 供电公司未接受该签名
payment-reason-key-not-bound = 该 USBKEY 未与此户绑定
payment-reason-refund-asked = 供电公司已申请退款
payment-reason-gateway-refunded = 银行已确认退款
payment-reason-refund-refused = 银行未予退款，缴费仍有效
payment-reason-refund-not-reached = 联系不上银行，未能退款，缴费仍有效
payment-reason-credit-used = 余额已被使用，无法退款，缴费仍有效
payment-reason-other = 服务器返回的原因：{ $word }

bill-state-open = 待缴
bill-state-overdue = 已逾期
bill-state-in-payment = 缴费中
bill-state-paid = 已缴清
