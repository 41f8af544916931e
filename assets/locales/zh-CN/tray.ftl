# 托盘图标：状态与菜单。

tray-on = 已连接 · 正常接收提醒
tray-offline = 离线 · 提醒已暂停
tray-no-key = USBKEY 未登录 · 提醒已暂停
tray-show = 打开 Gridkey
tray-lock = 锁定屏幕
tray-quit = 退出并注销 USBKEY
