# 总览。

overview-title = 总览
overview-subtitle = { $name } · 户号 { $customer } · { $meters } 只电表

overview-arrears-reminder = 欠费 { $open }，累计违约金 { $late }。
overview-arrears-warning = 欠费 { $open }，最长已逾期 { $days } 天，累计违约金 { $late }。请尽快缴清，以免下发停电预告。
overview-arrears-final = 欠费 { $open }，最长已逾期 { $days } 天，可能被停电。累计违约金 { $late }。
overview-pay-arrears = 缴清欠费

overview-due-soon = { $days ->
    [0] { $month }电费 { $amount } 今天到期，{ $late }起按日 2‰ 计收违约金。
   *[other] { $month }电费 { $amount } 将于 { $days } 天后到期，{ $late }起按日 2‰ 计收违约金。
 }

overview-month = 本月至今
overview-month-days = 第 { $day } 天，共 { $days } 天
overview-month-progress = 本月已过天数
overview-month-less = 较{ $month }同期少 { $percent }
overview-month-more = 较{ $month }同期多 { $percent }
overview-month-same = 与{ $month }同期持平
overview-month-until = 抄表数据截至 { $time }
overview-month-none = 暂无抄表数据
overview-month-none-text = 装表次日即可在此看到数据。

overview-due = 下一笔应缴
overview-due-date = { $date }前
overview-due-for = { $month }电费 · { $meter }
overview-due-overdue = { $date }已到期
overview-due-part = 应缴 { $total }，尚欠 { $open }
overview-due-pay = 去缴费
overview-due-open = 计算明细
overview-due-more = 另有 { $count } 张账单待缴
overview-due-none = 没有待缴电费
overview-due-none-text = 下期账单将于月初出具。
overview-due-in-payment = 缴费中

overview-factor = 功率因数
overview-factor-standard = 标准 0.90
overview-factor-progress = 功率因数与标准的对比
overview-factor-bonus = 电量电费和基本电费 { $percent }
overview-factor-even = 不作调整
overview-factor-penalty = 电量电费和基本电费 +{ $percent }
overview-factor-none = 暂无抄表数据
overview-maximum = 本月最大负荷 { $kw }

overview-today = 今日负荷
overview-today-unit = 千瓦，每 15 分钟
overview-today-label = 今日每 15 分钟负荷，共 { $count } 个读数，最大 { $max }
overview-today-none = 今天还没有读数
overview-today-none-text = 每 15 分钟更新一次。

overview-months = 月用电量
overview-months-unit = 兆瓦时
overview-months-label = 近 { $count } 个月分时用电量
overview-months-none = 暂无账单
overview-months-none-text = 首期账单出具后在此显示。
overview-months-waiting = 有 { $count } 个月尚未加载

overview-payments = 缴费记录
overview-payments-none = 暂无缴费记录
overview-payments-several = { $count } 张账单
overview-payments-account = 预存电费
overview-payments-until = { $date }前有效

overview-alarms = 提醒
overview-alarms-none = 暂无提醒
overview-alarm-ack = 知道了
overview-alarm-ack-label = 知道了：{ $alarm }
overview-all = 全部

overview-loading-month = 正在加载本月数据
overview-loading-bills = 正在加载账单
overview-loading-chart = 正在加载今日读数
overview-loading-months = 正在加载各月用电量
overview-loading-payments = 正在加载缴费记录
overview-loading-alarms = 正在加载提醒

alarm-raised = 出现欠费
alarm-escalated = 仍有欠费
alarm-eased = 已缴清部分欠费
alarm-cleared = 欠费已结清
overview-due-queue = 签名并排队
overview-arrears-pay-queue = 签名并排队缴清欠费
overview-today-hour = 时间
overview-today-load = 负荷（千瓦）
overview-months-month = 月份
