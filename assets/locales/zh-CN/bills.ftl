### 账单：列表与明细。

bills-title = 电费账单
bills-caption = 电费账单，最近的在前
bills-filter = 筛选
bills-filter-all = 全部
bills-filter-open = 待缴
bills-filter-paid = 已缴清
bills-open-total = 待缴合计
bills-count = 共 { $count } 笔
bills-select = 选择{ $month }账单，电表 { $meter }
bills-select-all = 选择全部待缴账单
bills-selected = 已选 { $count } 笔
bills-pay = 缴费 { $amount }
bills-pay-one = 缴费
bills-none = 暂无账单
bills-none-text = 首期账单将于用电次月1日出账。
bills-none-open = 电费已全部缴清
bills-none-open-text = 没有待缴账单，下期账单将于1日出账。
bills-none-paid = 暂无已缴账单
bills-none-paid-text = 缴清的账单和收据会保存在这里。
bills-show-all = 查看全部账单
bills-column-choose = 选择
bills-column-month = 月份
bills-column-meter = 电表
bills-column-due = 缴费截止日
bills-column-total = 应缴电费
bills-column-open = 待缴
bills-column-state = 状态
bills-open-one = { $month }账单，电表 { $meter }

## 状态

bills-state-part = 部分已缴
bills-due-today = 今天截止
bills-due-in = { $days ->
    [1] 明天截止
   *[other] 还有 { $days } 天截止
}
bills-overdue-by = 逾期 { $days } 天

## 账单明细

bills-back = 全部账单
bills-heading = { $month }电费账单
bills-number = 账单号 { $bill } · 电表 { $meter }
bills-total = 应缴电费
bills-left = 尚待缴纳
bills-issued-on = { $date } 出账
bills-due-on = 缴费截止 { $date }
bills-in-payment = 该账单有一笔缴费正在处理。
bills-see-payment = 查看这笔缴费
bills-lines = 计费明细
bills-lines-caption = { $month }计费明细
bills-column-line = 项目
bills-column-quantity = 计费数量
bills-column-price = 单价
bills-column-amount = 金额（元）
bills-sum = 合计
bills-print = 打印
bills-documents = 保存账单
bills-metered = 计量信息
bills-active = 有功电量
bills-reactive = 无功电量
bills-max = 最大需量
bills-pf = 功率因数

bills-line-sharp = 电量电费（尖）
bills-line-peak = 电量电费（峰）
bills-line-flat = 电量电费（平）
bills-line-valley = 电量电费（谷）
bills-line-capacity = 基本电费（容量）
bills-line-demand = 基本电费（需量）
bills-line-power-factor = 力调电费
bills-line-surcharge = 代征附加
bills-line-late = 电费违约金
bills-how-capacity = 按变压器容量按月计收
bills-how-demand = 按当月15分钟最大需量计收
bills-how-power-factor = 功率因数 { $pf }，标准 0.90：按电量电费与基本电费之和的 { $percent } 计收
bills-how-surcharge = 按全部用电量计收，不参与力调
bills-how-late = 前期账单逾期缴纳 { $quantity } 元：当年按日 2‰，跨年按日 3‰，不足 1 元按 1 元计收
bills-unit-yuan = 元
bills-per-kwh = 元/千瓦时
bills-per-kva = 元/千伏安
bills-per-kw = 元/千瓦

bills-check-agrees = 本机复算：一致。
bills-check-agrees-text = 各项电费、功率因数、日期与合计均符合公布的电价规则。
bills-check-departs = 本机复算：有 { $count } 处不一致
bills-check-departs-text = 账单与公布的电价规则不符，缴费前请先联系供电公司核实。
bills-check-caption = 与电价规则不一致之处
bills-check-what = 项目
bills-check-stated = 账单所列
bills-check-reckoned = 复算结果

bills-form-csv = CSV
bills-form-csv-for = 用于电子表格
bills-form-pdf = PDF
bills-form-pdf-for = 用于存档和打印
bills-form-ubl = UBL
bills-form-ubl-for = 用于财务系统
bills-form-espi = Green Button
bills-form-espi-for = 用于能源分析工具
bills-form-other-for = 由供电公司提供的其他格式
bills-form-save = 保存为 { $form }
bills-form-offline = 账单文件由供电公司提供，请联网后保存。

## 复算项目

bills-finding-number = 账单号
bills-finding-issued = 出账日
bills-finding-due = 缴费截止日
bills-finding-total-kwh = 总电量（千瓦时）
bills-finding-pf = 功率因数
bills-finding-total = 合计（元）
bills-finding-open = 待缴金额（元）
bills-finding-basic = 基本电费
bills-finding-line-amount = { $line }：金额（元）
bills-finding-line-price = { $line }：单价
bills-finding-line-quantity = { $line }：计费数量

## 列表与明细共用

bills-loading = 正在加载账单
bills-loading-one = 正在加载账单明细
bills-of-total = 应缴 { $total }
bills-line-energy = 电量电费
bills-unit-kvarh = 千乏时
