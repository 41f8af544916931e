# 消息：消息面板、浮动提示和桌面通知。

notices-title = 消息
notices-open = { $count ->
    [0] 消息
   *[other] 消息，{ $count } 条未读
 }
notices-none = 没有新消息
notices-none-text = 新账单、欠费和缴费结果会显示在这里。
notices-read = 全部标为已读
notices-go = 查看

notice-arrears-raised = 欠费提醒：已逾期 { $open }
notice-arrears-escalated = 欠费升级：仍逾期 { $open }
notice-arrears-eased = 欠费减少，尚欠 { $open }
notice-arrears-cleared = 欠费已结清
notice-arrears-text-none = 逾期电费已全部缴清。
notice-arrears-text-reminder = 请尽快缴费，累计违约金 { $late }。
notice-arrears-text-warning = 已逾期两周以上，累计违约金 { $late }。
notice-arrears-text-final = 已逾期 30 天以上，可能被停电。累计违约金 { $late }。

notice-bill = 新账单：{ $total }
notice-bill-text = { $month }电费，请于 { $due } 前缴纳。
notice-bill-text-no-month = 请于 { $due } 前缴纳。

notice-payment-queued = { $amount } 排队中
notice-payment-submitted = { $amount } 已提交供电公司
notice-payment-accepted = { $amount } 已受理
notice-payment-pending = { $amount } 可到银行付款
notice-payment-paid = { $amount } 缴费成功
notice-payment-refused = { $amount } 缴费失败
notice-payment-expired = { $amount } 缴费已过期
notice-payment-cancelled = { $amount } 缴费已撤回
notice-payment-unknown = { $amount } 银行尚未返回结果
notice-payment-refunding = { $amount } 退款中
notice-payment-refunded = { $amount } 已退款
notice-payment-not-refunded = { $amount } 未能退款
notice-payment-was-queued = 此前在本机排队。

notice-key-expiring = USBKEY 证书需要更新
notice-key-renewed = USBKEY 证书已更新
notice-key-renewed-text = 新证书有效期至 { $until }。
notice-key-renewal-failed = USBKEY 证书更新未完成
notice-key-renewal-failed-text = 新证书签发后一天内未登录使用，已作废。现有证书可继续使用至 { $until }，请在“我的账户”页面重新办理更新。
notice-key-replaced = 有一个 USBKEY 已更换
notice-key-lost = 有一个 USBKEY 已挂失
notice-key-lost-text = 它已被停用。如非本人操作，请立即联系供电公司。
notice-key-unbound = 有一个 USBKEY 已与本户解除绑定
notice-key-bound = 有一个 USBKEY 已绑定到本户
notice-key-bound-text = 如非本人操作，请立即联系供电公司。
notice-key-other = USBKEY 状态有变化

notice-missed = 有消息未收到
notice-missed-text = 已重新加载全部数据，当前显示为最新。
notice-paused = 提醒已暂停
notice-paused-text = 插入并解锁 USBKEY 后恢复。

done-account-saved = 已保存
done-settings-saved = 已保存
done-pin-changed = PIN 码已修改
done-acknowledged = 已标为已读
done-queue-sent = 队列已发送
done-cancelled = 已撤回
done-other = 已完成
done-file-saved = { $name } 已保存
done-file-saved-text = 位于 { $folder }
done-file-open = 打开
failed-file = 文件未保存
