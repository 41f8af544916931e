# 审计。

admin-audit-loading = 正在获取审计记录
