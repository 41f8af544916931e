# 客户。

admin-customers-loading = 正在查找客户
admin-customer-loading = 正在获取客户资料
