# 欠费与账单。

admin-arrears-loading = 正在获取欠费名单
