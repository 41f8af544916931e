# 客户：查询、详情、手工新建与文件导入。

customers-title = 客户
customers-search = 查找客户
customers-search-hint = 户号或名称
customers-loading = 正在查找
customers-none = 暂无客户
customers-none-text = 可手工新建，也可从文件批量导入。
customers-none-found = 没有找到“{ $text }”
customers-none-found-text = 户号按开头匹配，名称按任意部分匹配，中英文均可。
customers-clear = 查看全部客户
customers-new = 新建客户
customers-import = 从文件导入
customers-column-number = 户号
customers-column-name = 名称
customers-column-grade = 信用等级

customers-back = 全部客户
customers-one = 户号 { $number }
customers-one-loading = 正在加载客户信息
customers-nothing = 无

customers-profile = 基本信息
customers-also = 英文名称
customers-kind = 用电类别
customers-kind-industrial = 工业
customers-kind-commercial = 商业
customers-kind-agricultural = 农业
customers-grade = 信用等级
customers-contact = 联系方式
customers-contact-hint = 电话号码或电子邮箱。
customers-contact-title = 修改联系方式和地址
customers-contact-edit = 修改
customers-contact-edit-label = 修改联系方式和地址
customers-contact-save = 保存联系方式
customers-address = 地址
customers-balance = 账户余额

customers-meters = 电表
customers-meters-none = 该客户没有电表。
customers-meter = 表号
customers-meter-group = 电表 { $meter }
customers-meter-basic = 基本电费
customers-meter-capacity = 变压器容量
customers-meter-voltage = 供电电压
customers-meter-size = { $capacity } 千伏安 · { $voltage } 千伏
customers-meter-add = 添加电表
customers-meter-remove = 移除
customers-meter-remove-label = 移除电表 { $meter }
customers-basic-capacity = 按容量计收
customers-basic-demand = 按需量计收

customers-keys = USBKEY
customers-keys-none = 尚无 USBKEY
customers-keys-none-text = 没有 USBKEY，该客户无法登录。
customers-key = 介质
customers-key-state = 状态
customers-key-since = 状态时间
customers-key-until = 到期日
customers-key-make = 制作 USBKEY

customers-bills = 账单
customers-bills-loading = 正在加载账单
customers-bills-none = 暂无账单。
customers-bill = 月份
customers-bill-due = 缴费截止
customers-bill-total = 金额
customers-bill-open = 待缴 { $amount }
customers-bill-state = 状态
parts-push = 重新发送
parts-push-label = 重新发送账单 { $bill }
parts-pushed = 已发送
parts-pushed-label = 已发送账单 { $bill }，点击可再次发送
parts-evidence = 保存证据

customers-payments = 缴费记录
customers-payments-loading = 正在加载缴费记录
customers-payments-none = 暂无缴费记录。
customers-payments-all = 显示全部

customers-sessions = 当前在线
customers-sessions-none = 未登录。

customers-alarms = 欠费提醒
customers-alarms-loading = 正在加载欠费提醒
customers-alarms-none = 从未欠费。
customers-alarm = { $what }：{ $amount }
customers-alarm-raised = 开始欠费
customers-alarm-escalated = 级别升高
customers-alarm-eased = 级别降低
customers-alarm-cleared = 欠费结清
customers-alarm-seen = 客户于 { $time } 确认
customers-alarm-unseen = 客户尚未确认

customers-new-title = 新建客户
customers-new-subtitle = 户号和电表以后不能修改；联系方式和地址可以修改。
customers-new-who = 客户信息
customers-new-number-hint = 字母、数字和连字符，与合同一致。
customers-new-name = 英文名称
customers-new-name-zh = 中文名称
customers-new-no-meters = 没有电表就不会产生账单。以后可以通过文件补充。
customers-new-wrong = 有内容缺失或有误，请查看上方标记的项目。
customers-new-make = 新建客户

customers-fault-empty = 此项必填。
customers-fault-text = 最多 { $most } 字节，且不能换行。
customers-fault-number = 只能使用字母、数字和连字符，最多 40 个字符。
customers-fault-quantity = 请输入大于零的数，例如 1250 或 0.4。
customers-fault-twice = 该表号在上方已经填写。

import-title = 导入客户
import-subtitle = 发送之前逐行检查。
import-another = 选择其他文件
import-choose = 文件
import-file = 选择 CSV 文件
import-file-text = 每个电表一行，UTF-8 编码。查看内容并确认之前不会发送任何数据。
import-browse = 选择文件
import-path = 或输入文件位置
import-path-hint = 例如 /home/you/customers.csv
import-read = 读取文件
import-unread = 无法读取该文件。请检查文件名和访问权限。
import-large = 文件过大：最多 { $most } MB。请拆分后再导入。
import-columns = 列说明
import-columns-text = 列的顺序不限。有多个电表的客户每个电表占一行；电表各列可以留空。
import-column-number = 字母、数字、连字符
import-column-type = industrial（工业）、commercial（商业）或 agricultural（农业）
import-column-basic = capacity（按容量）或 demand（按需量）
import-column-capacity = 变压器容量，千伏安
import-column-voltage = 供电电压，千伏
import-column-text = 文字，最多 200 字节
import-template = 保存模板
import-faulty = { $all } 位客户中有 { $faulty } 位的数据有误
import-faulty-file = 该文件无法使用
import-faulty-text = 未发送任何数据。请修改文件后重新选择。
import-ready = 共 { $count } 位客户、{ $meters } 个电表，全部通过检查
import-ready-text = 尚未发送任何数据。
import-start = { $count ->
   *[other] 新建 { $count } 位客户
 }
import-ask = { $count ->
   *[other] 新建 { $count } 位客户？
 }
import-ask-text = 每一位都由您的 USBKEY 签名并存入审计链。客户不能删除。可在任意一行之后停止。
import-running = 已处理 { $done } / { $all }
import-counts = 新建 { $made } 位，已存在 { $there } 位，失败 { $failed } 位
import-stop = 处理完本行后停止
import-stopped = 已停止，{ $left } 位尚未新建
import-done = { $count ->
   *[other] { $count } 位客户均已就绪
 }
import-done-some = { $all } 位中有 { $failed } 位未能新建
import-again = { $count ->
   *[other] 重试余下的 { $count } 位
 }
import-rows = 文件中的客户
import-filter = 显示
import-filter-bad = 需处理（{ $count }）
import-filter-all = 全部（{ $count }）
import-none-bad = 没有需要处理的行。
import-line = 行号
import-result = 结果
import-row-waiting = 尚未发送
import-row-running = 正在新建
import-row-made = 已新建
import-row-there = 已存在
import-fault-missing = 缺少 { $column }
import-fault-invalid = { $column }：“{ $value }”无效；应为：{ $expected }
import-fault-differs = { $column } 与第 { $line } 行（该客户的首行）不一致
import-fault-meter-twice = 电表 { $meter } 在第 { $line } 行已经出现
import-fault-unreadable = 从第 { $line } 行起不是 UTF-8 编码的 CSV。请在表格软件中另存为“CSV UTF-8”。
import-fault-no-rows = 文件只有标题行，没有客户
