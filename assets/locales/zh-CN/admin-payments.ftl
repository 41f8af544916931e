# 缴费。

admin-payments-loading = 正在获取缴费记录
admin-payment-loading = 正在获取缴费详情
