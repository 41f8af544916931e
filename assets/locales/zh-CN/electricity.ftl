### 用电：本月与历史。

electricity-title = 用电
electricity-subtitle = 电表 { $meter } · { $voltage } 千伏 · { $capacity } 千伏安
electricity-meter = 电表
electricity-no-meter = 暂无电表
electricity-no-meter-text = 电表装表接电后，用电量会显示在这里。

## 分时时段

electricity-valley-hours = 23:00–07:00
electricity-flat-hours = 07:00–08:00、11:00–18:00
electricity-peak-hours = 08:00–11:00、18:00–23:00
electricity-sharp-hours = 1、7、8、12月的 19:00–21:00

## 本月

electricity-this-month = 本月
electricity-read-until = 抄表数据截至 { $at }
electricity-energy = 用电量
electricity-registers = 本月分时电量
electricity-register = 时段
electricity-share = 占比
electricity-running = 本月电费
electricity-running-hint = 按截至目前的用电量测算
electricity-running-show = 费用构成
electricity-running-caption = 本月电费构成
electricity-demand = 最大需量
electricity-demand-at = 出现于 { $date } { $time }
electricity-demand-finding = 正在查询出现时间…
electricity-demand-no-time = 离线时无法查询出现时间
electricity-demand-charged = 基本电费按需量：{ $price } 元/千瓦
electricity-demand-free = 基本电费按容量（{ $capacity } 千伏安）计收，不随需量变化
electricity-pf = 功率因数
electricity-pf-standard = 标准 { $standard }
electricity-pf-saves = 力调电费已减收 { $amount }
electricity-pf-costs = 力调电费已加收 { $amount }
electricity-pf-even = 达到标准，不加收也不减收
electricity-pf-on = 电量电费与基本电费之和的 { $percent }
electricity-pf-to-standard = 提高到 { $standard } 及以上即不再加收。

## 历史

electricity-history = 历史用电
electricity-path = 当前位置
electricity-year = { $year }年
electricity-earlier = 上一期
electricity-later = 下一期
electricity-up = 返回{ $span }
electricity-compare = 与上年同期对比
electricity-export = 导出 CSV
electricity-export-done = 已保存为 { $file }
electricity-export-failed = 文件未能保存，请确认下载文件夹有足够空间。
electricity-chart-year = { $year }年各月用电量（千瓦时）
electricity-chart-month = { $month }每日用电量（千瓦时）
electricity-chart-day = { $date }负荷曲线（千瓦，每15分钟）
electricity-caption-year = { $year }年各月用电量
electricity-caption-month = { $month }每日用电量
electricity-caption-day = { $date }每15分钟负荷
electricity-open-part = 查看{ $part }
electricity-drill-month = 点选月份，查看每日用电
electricity-drill-day = 点选日期，查看负荷曲线
electricity-total = 合计 { $kwh }
electricity-max = 最大 { $kw }（{ $at }）
electricity-more = 同比增加 { $percent }
electricity-less = 同比减少 { $percent }
electricity-same = 与上年同期持平
electricity-no-comparison = 没有上年同期数据
electricity-year-before = 上年同期
electricity-rounding = 每日电量由小时电量（各保留两位小数）相加得出；账单按月一次取整。
electricity-no-readings = 没有数据
electricity-no-readings-text = 这段时间没有抄表数据，请查看更早的时间。
electricity-not-begun = 尚未到这段时间。
electricity-column-month = 月份
electricity-column-day = 日期
electricity-column-time = 时间
electricity-column-period = 时段
electricity-column-kwh = 千瓦时
electricity-column-valley = 谷（千瓦时）
electricity-column-flat = 平（千瓦时）
electricity-column-peak = 峰（千瓦时）
electricity-column-sharp = 尖（千瓦时）
electricity-column-total = 合计（千瓦时）
electricity-column-kvarh = 千乏时
electricity-column-kw = 千瓦
electricity-column-max = 最大需量（千瓦）
electricity-column-pf = 功率因数
electricity-column-before = 上年同期（千瓦时）
electricity-file = 用电量-{ $meter }-{ $span }.csv
electricity-earlier-to = 上一期：{ $span }
electricity-later-to = 下一期：{ $span }
electricity-column-before-kw = 上年同期（千瓦）
electricity-loading = 正在加载本月用电
electricity-loading-history = 正在加载抄表数据
electricity-loading-comparison = 正在加载上年同期数据
electricity-no-readings-yet = 本月首批抄表数据将在一天内显示。
electricity-demand-on = 出现于 { $date }
electricity-whole-months = （仅比较完整月份）
electricity-whole-days = （仅比较完整日期）
