### 缴费记录与单笔缴费。

payments-title = 缴费记录
payments-caption = { $month }缴费记录
payments-filter = 筛选
payments-filter-all = 全部
payments-filter-under-way = 处理中
payments-filter-paid = 已缴
payments-filter-not-paid = 未成功
payments-search = 查找
payments-search-hint = 金额、月份、账单号或流水号
payments-none = 暂无缴费记录
payments-none-text = 您签署的每笔缴费都会列在这里，含各环节状态和收据。
payments-none-found = 没有找到
payments-none-found-text = 没有符合条件的缴费。
payments-show-all = 查看全部缴费
payments-pay = 去缴费
payments-column-date = 签署时间
payments-column-for = 用途
payments-column-amount = 金额
payments-column-state = 状态
payments-open-one = 缴费 { $amount }，{ $date }
payments-for-one = { $month }电费
payments-for-two = { $first }、{ $second }电费
payments-for-more = { $first }及另外 { $more } 个月电费
payments-on-account = 预存电费






## 单笔缴费

payment-back = 全部缴费记录
payment-heading = 缴费：{ $what }
payment-number = 缴费编号 { $payment }
payment-for = 用途
payment-from = 缴费方式
payment-from-gateway = 银联网关
payment-from-mandate = 委托代扣
payment-signed = 签署时间
payment-until = 有效期至
payment-reference = 银行流水号
payment-timeline = 办理进度
payment-open-bank = 打开银行页面
payment-bank-hint = 将在浏览器中打开 { $host }，该地址只能使用一次。
payment-bank-again = 重新获取银行页面
payment-check = 立即查询
payment-unknown-hint = 您无需操作，银行返回结果后本页会自动更新。
payment-cancel = 撤回缴费
payment-cancel-title = 撤回这笔缴费？
payment-cancel-text = { $amount } 将不会缴纳，账单仍为待缴。此操作不可恢复。
payment-cancel-yes = 撤回缴费
payment-cancel-no = 暂不撤回
payment-again = 重新缴费
payment-queue = 查看待发队列

## 收据

payment-receipt = 收据
payment-receipt-waiting = 联网后即可取得收据。
payment-receipt-verified = 已在本机验证
payment-receipt-signature = 由供电公司收据密钥签名，证书可追溯至公司根证书
payment-receipt-payment = 载明本笔缴费、本户号已缴费成功
payment-receipt-own = 与本机签署的缴费指令完全一致
payment-receipt-foreign = 缴费指令在另一台设备上签署，本机无法比对
payment-receipt-booked = 入账时间
payment-receipt-amount = 实缴金额
payment-receipt-payee = 收款单位
payment-receipt-payer = 缴费单位
payment-receipt-customer = 户号
payment-receipt-order = 缴费指令指纹
payment-receipt-save = 保存收据
payment-receipt-print = 打印
payment-receipt-bad = 收据未通过验证。
payment-receipt-heading = 电费缴费收据
payments-loading = 正在加载缴费记录
payments-until = { $date } 前有效
payment-loading = 正在加载缴费详情
payment-details = 缴费信息
payment-unknown-waits = 正在向银行查询
payment-amount = 金额
