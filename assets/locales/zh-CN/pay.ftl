### 缴费：缴什么、缴多少、怎么缴，用 USBKEY 签名。

pay-title = 缴费
pay-what = 缴费内容
pay-what-bills = 账单
pay-what-account = 预存电费
pay-choose-bills = 待缴账单
pay-no-open = 没有待缴账单
pay-no-open-text = 电费已全部缴清。您可以预存电费，用于抵扣以后的账单。
pay-pay-on-account = 预存电费
pay-bill-open = 待缴 { $amount } · { $date } 截止
pay-bill-label = { $month }账单，电表 { $meter }
pay-how-much = 缴费金额
pay-full = 全额
pay-part = 部分
pay-part-amount = { $month }缴纳金额（元）
pay-on-account-amount = 预存金额（元）
pay-on-account-hint = 存入电费账户，用于抵扣以后的账单。
pay-amount-empty = 请输入金额。
pay-amount-malformed = 请输入金额（元），最多两位小数，例如 1,234.50。
pay-amount-zero = 金额须大于 0.00。
pay-amount-above-open = 待缴金额只有 { $open }。
pay-amount-too-large = 金额过大。
pay-from = 缴费方式
pay-way-gateway = 银联网关
pay-way-gateway-hint = 签名后在浏览器中打开银行页面确认支付。
pay-way-mandate = 委托代扣
pay-way-mandate-hint = 按授权直接扣款，无需打开银行页面。
pay-sum = 合计
pay-review = 下一步：核对
pay-nothing-chosen = 请先选择缴费内容。

## 核对

pay-review-title = 核对并签名
pay-review-order = 将用 USBKEY 签名的缴费指令
pay-review-bills = 用途
pay-review-on-account = 预存电费
pay-review-from = 缴费方式
pay-review-customer = 户号
pay-review-until = 有效期至
pay-review-share = { $month }：{ $amount }
pay-review-share-part = { $month }：{ $amount }（待缴 { $open } 的一部分）
pay-back = 返回修改
pay-pin = USBKEY 的 PIN 码
pay-pin-hint = 用于签署这笔缴费指令；在银行确认之前不会扣款。
pay-pin-empty = 请输入 PIN 码后再签名。
pay-pin-length = PIN 码应为 { $min } 到 { $max } 位。
pay-sign = 签名并缴费
pay-sign-queue = 签名并排队缴费
pay-signing = 正在签名并提交缴费指令…
pay-signing-queue = 正在签名并保存缴费指令…

## 离线

pay-offline = 当前离线。
pay-offline-text = 现在无法缴费。您可以先签名，让这笔缴费在本机排队，在 { $until } 前联网即自动发送一次。
pay-offline-choose = 在本机排队缴费
pay-offline-choose-hint = 联网后发送一次，{ $until } 前有效，逾期自动作废，不会扣款。
pay-went-offline = 连接已断开，缴费指令没有发出。请等待恢复，或选择排队缴费。
pay-came-online = 已恢复联网，这笔缴费将立即提交。
pay-limit-order = 单笔限额 { $cap }
pay-limit-queue = 已排队 { $queued }，上限 { $cap }
pay-above-order = 超过单笔限额 { $cap }，请减少金额或分次缴纳。
pay-above-queue = 已有 { $queued } 在排队，合计上限为 { $cap }，请先发送或撤回部分缴费。
pay-limits = 本机限额

## 结果

pay-existing = 已有一笔缴费正在处理。
pay-existing-text = 该笔缴费尚未结束。为避免重复缴费，不会再生成第二笔。
pay-see-existing = 查看该笔缴费
pay-unknown = 缴费结果尚未确定。
pay-unknown-text = 缴费指令已发出，但没有收到回应。系统正在查询，请勿重复缴费。
pay-something-else = 缴纳其他费用
pay-see-payments = 查看缴费记录
pay-changed = 账单已发生变化，请重新核对缴费内容。
