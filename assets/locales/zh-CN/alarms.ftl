### 提醒：欠费情况与经过。

alarms-title = 提醒
alarms-subtitle-none = 没有欠费
alarms-subtitle = 欠费 { $open }
alarms-now = 当前欠费
alarms-arrears-caption = 欠费账单，最早的在前
alarms-late = 已产生违约金
alarms-late-hint = 当年按日 2‰，跨年按日 3‰，缴清后计入下期账单
alarms-pay = 缴费 { $amount }
alarms-none = 没有欠费
alarms-none-text = 账单超过缴费截止日后，会连同违约金列在这里。
alarms-column-bill = 账单
alarms-column-due = 缴费截止日
alarms-column-days = 逾期天数
alarms-column-open = 待缴
alarms-column-late = 违约金
alarms-column-level = 级别
alarms-days = { $days } 天

alarms-level-reminder-means = 逾期 15 天以内。
alarms-level-warning-means = 逾期 16 至 30 天。
alarms-level-final-means = 逾期超过 30 天，可能中止供电。

## 经过

alarms-history = 提醒记录
alarms-filter = 筛选
alarms-filter-all = 全部
alarms-filter-new = 未读
alarms-filter-grave = 欠费预警及以上
alarms-amounts = 欠费 { $open }，违约金 { $late }
alarms-amount = 欠费 { $open }
alarms-got-it = 知道了
alarms-got-it-one = 知道了：{ $what }，{ $date }
alarms-acknowledged = 已读 { $at }
alarms-acknowledge-offline = 联网后才能标为已读。
alarms-history-none = 暂无提醒
alarms-history-none-text = 欠费的产生、升级和结清都会按日期记录在这里。
alarms-none-found = 没有相关提醒
alarms-none-found-text = 没有符合条件的提醒。
alarms-show-all = 查看全部提醒
alarms-new-count = { $count } 条未读
alarms-loading = 正在加载欠费情况
alarms-loading-history = 正在加载提醒记录
