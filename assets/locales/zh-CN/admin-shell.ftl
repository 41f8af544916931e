# 工作台的页面框架与角落里的简短消息。

admin-window-title = { $place } · Gridkey 工作台

admin-place-home = 首页
admin-place-customers = 客户
admin-place-new-customer = 新建客户
admin-place-import = 导入客户
admin-place-customer = 客户详情
admin-place-keys = USBKEY
admin-place-make-key = 制作 USBKEY
admin-place-batch = 批量制作
admin-place-key = USBKEY 详情
admin-place-keys-ending = 即将到期的 USBKEY
admin-place-unblock = 重置 PIN 码
admin-place-sessions = 会话
admin-place-arrears = 欠费与账单
admin-place-payment = 缴费详情
admin-place-audit = 审计

admin-role-operator = 操作员
admin-role-security-officer = 安全员
admin-role-auditor = 审计员

admin-shell-key-until = USBKEY 有效期至 { $date }
admin-shell-offline = 无法连接服务器。页面数据为 { $ago }（{ $time }）获取，恢复连接前无法办理业务。
admin-shell-offline-empty = 无法连接服务器，恢复连接前无法办理业务。
admin-age = 数据截至 { $time }
admin-lost-back = 返回首页

admin-barred-title = 您的角色无权使用此功能
admin-barred-text = 请联系具有相应角色的同事。各角色的权限见管理员手册。

admin-news-key-made = 第 { $number } 个 USBKEY 已制成
admin-news-imported = 已有 { $good } 个客户导入成功
admin-news-imported-some = 有 { $bad } 个未能建立。
admin-news-saved = 已保存 { $name }
admin-news-saved-text = 位于文件夹 { $folder }。
admin-news-open = 打开
admin-news-not-saved = 文件未能保存

admin-done-create = 客户 { $customer } 已建立
admin-done-update = 客户 { $customer } 已修改
admin-done-key = 已办理：USBKEY { $key }…
admin-done-cut = 会话 { $session } 已断开
admin-done-push = 账单 { $bill } 已重新发送
admin-done-refund = 缴费 { $payment } 正在退款
admin-done-export = 案卷 { $case } 已导出
admin-done-crl = 吊销列表已保存
admin-done-unblock = 已为 USBKEY 重置初始 PIN 码
admin-done-pin = 您的 PIN 码已修改

admin-failed-create = 客户 { $customer } 未能建立
admin-failed-update = 客户 { $customer } 未能修改
admin-failed-key = 未能办理：USBKEY { $key }…
admin-failed-cut = 会话 { $session } 未能断开
admin-failed-push = 账单 { $bill } 未能发送
admin-failed-refund = 缴费 { $payment } 未能退款
admin-failed-export = 案卷 { $case } 未能导出
admin-failed-crl = 吊销列表未能保存
admin-failed-unblock = USBKEY 的 PIN 码未能重置
admin-failed-pin = 您的 PIN 码未能修改
