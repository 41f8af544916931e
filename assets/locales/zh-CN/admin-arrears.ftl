# 欠费客户、账单与客户确认情况。

arrears-title = 欠费与账单
arrears-subtitle = 有逾期账单的客户，最严重的排在最前
arrears-loading = 正在加载欠费信息
arrears-levels = 级别
arrears-all = 全部
arrears-column-customer = 户号
arrears-column-level = 级别
arrears-column-open = 欠费金额
arrears-column-late = 违约金
arrears-bills = 账单与提醒
arrears-bills-label = { $customer } 的账单与提醒
arrears-none = 没有客户欠费
arrears-none-text = 到期账单均已缴清。可在上方按户号查询某一客户的账单。
arrears-none-level = 该级别没有客户
arrears-show-all = 显示全部级别
arrears-find = 查询客户账单
arrears-find-hint = 户号
arrears-find-do = 查询账单
arrears-find-wrong = 户号格式不正确。
arrears-of = 户号 { $customer }
arrears-sides = 账单或提醒
arrears-to-customer = 打开客户页面
