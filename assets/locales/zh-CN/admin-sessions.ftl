# 会话。

admin-sessions-loading = 正在获取会话
