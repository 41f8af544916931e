# USBKEY：列表、单个 USBKEY、制作、批量、重设 PIN 码。

keys-title = USBKEY
keys-lists = USBKEY 列表
keys-all = 全部 USBKEY
keys-ending = 即将到期
keys-loading = 正在读取 USBKEY
keys-make = 制作 USBKEY
keys-batch = 批量制作
keys-unblock = 重设 PIN 码
keys-search = 指纹、序列号、证书号或户号
keys-clear = 显示全部 USBKEY
keys-none = 还没有 USBKEY
keys-none-text = 签发后的 USBKEY 会显示在这里。
keys-none-found = 没有符合的 USBKEY
keys-none-found-text = 请核对号码，或在全部状态和持有人中查找。
keys-none-found-more = 只查找了最近的 { $count } 个 USBKEY。请继续加载，或输入完整的户号。
keys-under-way = 正在制作 USBKEY。
keys-under-way-over = USBKEY 已制成，单据还在这里。
keys-under-way-letters = 还有 { $count } 封 PIN 信函没装入信封。
keys-under-way-show = 查看
keys-crl-text = 任何人都可以用吊销列表核查证书；每有 USBKEY 终止，服务器立即发布新列表。
keys-crl-save = 保存最新列表

keys-column-holder = 持有人
keys-column-state = 状态
keys-column-since = 变更时间
keys-column-key = 指纹
keys-column-token = 序列号
keys-column-until = 有效期至
keys-column-advice = 处理办法
keys-column-action = 操作

keys-whose = 持有人类别
keys-whose-all = 全部
keys-whose-customers = 客户
keys-whose-admins = 管理员
keys-whose-customer = 客户
keys-whose-admin = 管理员
keys-holder-customer = 客户 { $customer }
keys-of-customer = 客户 { $customer } 的 USBKEY
keys-of-admin = { $name } 的 USBKEY
keys-holder-named = { $name }（{ $customer }）
keys-holder-admin = { $name }，{ $role }

keys-state-any = 全部状态
keys-state-blank = 空白
keys-state-issued = 已签发
keys-state-bound = 已绑定
keys-state-unbound = 已交回
keys-state-lost = 已挂失
keys-state-revoked = 已吊销
keys-state-expired = 已过期
keys-state-replaced = 已更换

keys-left-today = 今天到期
keys-left = 还有 { $days } 天
keys-left-over = 已过期 { $days } 天
keys-days = { $days } 天
keys-ending-within = 到期时间
keys-ending-text = 快要到期的已绑定 USBKEY，最紧急的在前。
keys-ending-none = { $days } 天内没有 USBKEY 到期
keys-ending-none-text = USBKEY 有效期过去三分之二后，客户端会提醒持有人凭 PIN 码自行续期。
keys-replace-one = 更换 { $name } 的 USBKEY
keys-advice-holder-renews = 暂时不用处理：客户端会提醒持有人续期。
keys-advice-call-holder = 请联系持有人：在客户端凭 PIN 码即可续期。若无法续期，请更换 USBKEY。
keys-advice-succeeded = 已续期：新的已绑定，这个会自动退出。
keys-advice-make-another = 由安全员为该岗位另制一个 USBKEY，并收回这个。
keys-advice-over = 已到期：持有人需要另一个 USBKEY。

# 单个 USBKEY
keys-one = USBKEY
keys-one-loading = 正在读取 USBKEY
keys-certificate = 证书
keys-holder = 持有人
keys-valid = 有效期
keys-valid-span = { $from } 至 { $until }
keys-renewal = 续期
keys-renewal-from = 持有人可从 { $date } 起自行续期
keys-token = 设备
keys-token-number = 序列号 { $serial }
keys-token-not-told = 未知
keys-fingerprint = 指纹
keys-serial = 证书号
keys-issuer = 签发者
keys-use = 用途
keys-use-customer = 登录和签署缴费指令（Ed25519）；另有一张证书保护离线数据（X25519）
keys-use-admin = 登录和签署管理操作（Ed25519）
keys-succeeds = 接替了
keys-successor = 已由此接替

keys-life = 经历
keys-reason-issued = 证书已签发
keys-reason-handed-over = 已交付
keys-reason-renewed = 持有人续期
keys-reason-renewal-failed = 续期没有完成
keys-reason-by-operator = 在服务器上操作
keys-actor-you = 您
keys-actor-server = 服务器
keys-actor-platform = 支付平台
keys-actor-operator = 在服务器上操作

keys-acts = 可做的操作
keys-acts-own = 这是您自己的 USBKEY。任何人都不能操作自己的，请找同事办理。
keys-acts-over = 这个 USBKEY 已经终止，无法恢复。
keys-acts-none = 您的角色不能更改这个 USBKEY。
keys-live = { $count } 个在线会话
keys-act-bind = 绑定
keys-act-bind-for = 交给持有人：从此可以打开账户。
keys-act-replace = 更换
keys-act-replace-for = 另制一个接替它。账单、缴费和历史都保留。
keys-act-unbind = 收回
keys-act-unbind-for = 持有人已交回。账户保留。
keys-act-lose = 挂失
keys-act-lose-for = USBKEY 丢失，或可能落入他人手中。
keys-act-revoke = 吊销
keys-act-revoke-for = 撤销证书：被滥用，或制作时出错。

keys-ask-bind = 绑定这个 USBKEY？
keys-ask-unbind = 收回这个 USBKEY？
keys-ask-lose = 挂失这个 USBKEY？
keys-ask-revoke = 吊销这个 USBKEY？
keys-once-sessions = { $count ->
    [0] 目前没有人用它登录；从现在起谁也无法登录。
   *[other] 它的 { $count } 个在线会话会在一秒内断开。
 }
keys-once-orders = 它签署、还没有到银行的缴费指令会被拒绝。
keys-once-crl = 立即发布新的吊销列表。
keys-once-unbind = 此操作不能撤回。USBKEY 可以重新初始化。
keys-once-lose = 此操作不能撤回。找到后，可以作为新 USBKEY 重新制作。
keys-once-revoke = 此操作不能撤回。
keys-reason = 原因
keys-reason-hint = 与您的岗位名称一起记入审计链。
keys-reason-empty = 请简单写明原因。
keys-reason-long = 太长：{ $length } 字节，最多 { $most } 字节。
keys-reason-like-unbind = 公司迁走，USBKEY 已在柜台交回
keys-reason-like-lose = 持有人来电：落在出租车上
keys-reason-like-revoke = 给错了客户
keys-reason-like-replace = USBKEY 磨损

keys-done-unbind = USBKEY 已收回
keys-done-lose = USBKEY 已挂失
keys-done-revoke = USBKEY 已吊销
keys-done-sessions = { $count ->
    [0] 当时没有人用它登录。
   *[other] 断开了 { $count } 个在线会话。
 }
keys-done-orders = { $count ->
    [0] 没有等待中的缴费指令。
   *[other] 拒绝了 { $count } 笔等待中的缴费指令。
 }
keys-done-crl = 新的吊销列表已发布。
keys-done-next = 账户、账单和缴费都保持不变，换一个 USBKEY 就能再次打开。
keys-done-close = 完成
keys-done-make = 制作接替的 USBKEY

keys-bind-text = 绑定后它就能打开账户。PIN 信函请分开送达。
keys-place = 绑定到哪里？
keys-place-beside = 与持有人的其他 USBKEY 并用
keys-place-beside-for = 每一个都能打开账户。
keys-place-of = 接替 { $key }
keys-place-of-for = { $date } 起{ $state }。
keys-place-of-bound = 它立即失效，会话断开；它签署的缴费指令继续有效。

# 制作一个
keys-make-text = 从读卡器中的空白 USBKEY，到持有人手中已绑定的 USBKEY。
keys-makes-none = 您的角色不能制作 USBKEY
keys-makes-none-text = 操作员制作客户的 USBKEY，安全员制作管理员的 USBKEY。
keys-step-whom = 给谁？
keys-step-token = 用哪个 USBKEY？
keys-step-pin = 设备的 SO PIN
keys-find = 客户
keys-find-like = 户号开头，或名称的一部分
keys-find-first = 请选择客户。
keys-find-loading = 正在查找客户
keys-find-none = 没有符合“{ $text }”的客户。
keys-find-more = 还有更多：请继续输入户号或名称。
keys-found = 找到的客户
keys-other-customer = 换一个客户
keys-post = 岗位名称
keys-post-hint = 写在证书里，例如 desk-3。可用字母、数字、短横和点。
keys-post-bad = 1 至 40 个字母、数字、短横或点。
keys-post-role = 角色
keys-role-operator-may = 服务客户：USBKEY、账单、缴费。
keys-role-security-officer-may = 制作管理员的 USBKEY，终止任何 USBKEY，查看审计链。
keys-role-auditor-may = 查看并核验一切，不做任何更改。
keys-bind-later = 暂不绑定
keys-bind-later-hint = 用于邮寄的 USBKEY：送达并在这里绑定之前，它打不开任何账户。

keys-tokens-loading = 正在查看读卡器
keys-tokens-none = 请把空白 USBKEY 插入读卡器
keys-tokens-none-text = 插入后会自动识别。
keys-tokens-none-set-up = 请把 USBKEY 插入读卡器
keys-tokens-none-set-up-text = 空白 USBKEY 没有可重设的 PIN 码，不在此列出。
keys-tokens-used = 显示 { $count } 个非空白的 USBKEY
keys-token-blank = 空白 USBKEY
keys-token-ready = 可用
keys-token-used = 非空白
keys-token-locked = PIN 码已锁定
keys-token-of-customer = 客户 { $customer } 的 USBKEY
keys-token-of-admin = 管理员 { $name } 的 USBKEY
keys-token-choose = 请选择 USBKEY。
keys-token-not-erased = 这个 USBKEY 不是空白的。请勾选以清除，或另选一个。
keys-erase-text = 上面的一切都会永久丢失：私钥、证书、PIN 码。仍在绑定中的应先终止。
keys-erase = 清除“{ $label }”，序列号 { $serial }
keys-erase-label = 清除“{ $label }”
keys-label = 设备标签
keys-label-hint = 插到哪里都会显示。最多 { $most } 字节。
keys-label-bad = 需要 1 至 { $most } 字节；一个汉字占三个字节。

keys-so = SO PIN
keys-so-again = 再次输入 SO PIN
keys-so-hint = 设备安全官的 PIN 码，在设备初始化时设定。
keys-so-hint-fresh = 由您自定，至少 6 个字符。现在写入空白 USBKEY，以后重设忘记的 PIN 码时要用。它无法读出，请妥善保管。
keys-so-hint-batch = 由您自定，至少 6 个字符。写入本批的每个空白 USBKEY，以后重设忘记的 PIN 码时要用。
keys-so-empty = 请输入 SO PIN。
keys-so-short = 太短：至少 { $least } 个字符。
keys-so-different = 两次输入不一致。
keys-so-characters = 这不能作 PIN 码：含有键盘打不出的字符。

keys-make-begin = 制作 USBKEY
keys-make-sum-nobody = 还没有选择持有人。
keys-make-sum-customer = 给客户 { $customer }
keys-make-sum-instead = 给客户 { $customer }，接替原有的一个
keys-make-sum-admin = 给管理员 { $name }

keys-making-title = 正在制作 USBKEY
keys-steps = 步骤
keys-step-waiting = 待办
keys-step-running = 进行中
keys-step-done = 完成
keys-step-failed = 失败
keys-make-set-up = 初始化设备
keys-make-set-up-doing = 设定标签和 PIN 码；原有内容被清除。
keys-make-pairs = 生成密钥对
keys-make-pairs-doing = 在设备内生成，永不离开。可能需要一分钟。
keys-make-challenge = 取得挑战值
keys-make-challenge-doing = 服务器给出一个只用一次的挑战值。
keys-make-prove = 证明持有密钥对
keys-make-prove-doing = 设备用两个私钥应答。
keys-make-issue = 签发证书
keys-make-issue-doing = 服务器核验应答并签发证书。
keys-make-write = 写入并读回
keys-make-write-doing = 证书写入设备。
keys-make-bind = 绑定
keys-make-bind-doing = 交到持有人名下。
keys-make-revoke = 撤销已签发的证书
keys-make-revoke-doing = 不留下任何可用的东西。

keys-put-in = 请把空白 USBKEY 插入读卡器
keys-put-in-text = 现在插入的会自动使用；已在读卡器中的请在下面选择。
keys-put-in-watching = 正在留意读卡器
keys-use-token = 使用这个 USBKEY
keys-working = 请不要拔出 USBKEY
keys-working-text = 正在写入。
keys-take-out = 完成，请取出 USBKEY
keys-take-out-text = 序列号 { $serial }。取出后自动开始下一个。
keys-finished = 没有要做的了
keys-away = USBKEY 被拔出了
keys-away-text = 请把序列号为 { $serial } 的 USBKEY 插回。只有它能接着做下去。
keys-away-other = 读卡器里是另一个，不会动它。
keys-away-waiting = 等待 { $serial }
keys-give-up = 放弃
keys-give-up-title = 放弃这个 USBKEY？
keys-give-up-text = 为它签发的证书会被吊销。USBKEY 可以从头重新初始化。
keys-give-up-no = 继续等待
keys-make-back = 返回表单
keys-make-again = 再试一次
keys-waits-too = 完成这里之后，就会打开客户 { $customer } 的表单。
keys-skipped-title = 没有制作 USBKEY
keys-skipped-text = 没有写入，也没有签发任何东西。

keys-failed-title = USBKEY 没有制成
keys-left-behind = 留下了什么
keys-left-nothing = 什么都没有：设备没有改动，服务器没有签发。
keys-left-token = 设备已初始化，但没有证书，等同空白。服务器没有签发。
keys-left-withdrawn = 设备已初始化。签发的证书已经吊销，谁也无法使用。
keys-left-issued = 证书已签发，是否已吊销还不清楚。绑定之前谁也无法使用；请在“已签发”的 USBKEY 中查看。
keys-unbound-title = 请先查看，再继续
keys-unbound-text = 证书已写入设备，但不清楚是否已绑定。请到它的页面查看；若仍是“已签发”，就在那里绑定。
keys-unbound-look = 查看 USBKEY

# 交付
keys-made-title = USBKEY 已制成
keys-made-text = 请连同记录单一起交付，PIN 码分开送达。
keys-made-not-bound = 已签发，尚未绑定：在它的页面绑定之前，打不开任何账户。
keys-made-by = 制作人
keys-made-by-at = { $by }，{ $time }
keys-record = 记录单
keys-print-record = 打印记录单
keys-save-record = 存为文本
keys-record-saved = 已保存到下载文件夹。
keys-record-not-saved = 没能保存，请改为打印。
keys-show-key = 查看 USBKEY
keys-letter = PIN 信函
keys-letter-text = 唯一写有 PIN 码的纸。请打印、装入信封，并与 USBKEY 分开送达。持有人首次使用时另设自己的 PIN 码。
keys-print-letter = 打印 PIN 信函
keys-letter-envelope = 已装入信封
keys-letter-done = 已装入信封，此处的 PIN 码已抹去。
keys-letter-lost-title = { $count ->
    [1] 不打印 PIN 信函就离开？
   *[other] 还有 { $count } 封 PIN 信函，就这样离开？
 }
keys-letter-lost-text = PIN 码会被抹去，不能再显示。没有它，就要重设 PIN 码。
keys-letter-lost-yes = 离开
keys-letter-lost-no = 留在这里
keys-next-title = 下一步
keys-next-text = 请先取出这个 USBKEY。
keys-next = 制作下一个 USBKEY

keys-record-heading = USBKEY 记录单
keys-record-received = 持有人已收到 USBKEY。PIN 码分开送达，首次使用时必须更改。USBKEY 丢失请立即挂失，昼夜均可。
keys-record-by = 交付人
keys-record-to = 领取人
keys-record-date = 日期
keys-record-line = { $name }：{ $value }
keys-letter-heading = PIN 信函
keys-letter-to = 仅限 { $holder } 拆阅
keys-letter-made = 制作时间
keys-letter-pin = 初始 PIN 码
keys-letter-step-1 = 插入 USBKEY，打开客户端，输入这个 PIN 码。
keys-letter-step-2 = 随即另设自己的 PIN 码，之后这个 PIN 码失效。
keys-letter-step-3 = 销毁此信。任何人都不会向您索要 PIN 码。
keys-paper-envelope = USBKEY 丢失，或信封已被拆开？请立即拨打 { $number }。
keys-paper-envelope-none = USBKEY 丢失，或信封已被拆开？请立即联系供电公司。
keys-paper-lost = USBKEY 丢失？请立即拨打 { $number }。
keys-paper-lost-none = USBKEY 丢失？请立即联系供电公司。

# 批量
keys-batch-text = 按客户名单，一个接一个地制作。
keys-batch-add = 添加客户
keys-batch-search = 查找
keys-batch-paste = 粘贴或文件
keys-batch-list = 户号
keys-batch-list-hint = 用空格、逗号或换行分开；或带 customer 列的 CSV。
keys-batch-take = 加入名单
keys-batch-file = 读取文件
keys-batch-file-bad = 文件不是 UTF-8 文本，无法读取。
keys-batch-read = { $count ->
    [0] 没有找到户号。
   *[other] 读到 { $count } 个户号。
 }
keys-batch-repeated = 有 { $count } 个重复，只取一次。
keys-batch-surplus = 还有 { $count } 个没有列入：一批最多 { $most } 个。
keys-batch-faults = 有 { $count } 项不是户号：
keys-batch-fault = 第 { $line } 行：{ $text }
keys-batch-faults-more = 另有 { $count } 项
keys-batch-chosen = 客户（{ $count }）
keys-batch-clear = 清空名单
keys-batch-none = 名单还是空的
keys-batch-none-text = 查找客户、粘贴户号，或从文件读取。
keys-batch-place = 序号
keys-batch-customer = 客户
keys-batch-name = 名称
keys-batch-looking = 正在查…
keys-batch-no-such = 没有这个客户
keys-batch-remove = 移除
keys-batch-remove-one = 移除客户 { $customer }
keys-batch-tokens = 空白 USBKEY
keys-batch-begin = { $count ->
    [0] 开始
   *[other] 开始制作 { $count } 个 USBKEY
 }
keys-batch-nobody = 请先把客户加入名单。
keys-batch-unknown = 有 { $count } 个客户不存在，请从名单移除。
keys-batch-running = 正在批量制作
keys-batch-over = 本批已完成
keys-batch-progress = { $all } 个中的 { $done } 个
keys-batch-next = 不等取出，继续
keys-batch-skip = 跳过这个客户
keys-batch-stop = 停止本批
keys-batch-stopping = 做完这个就停。
keys-batch-result = 结果
keys-batch-again = 再做一次
keys-batch-papers = 每份记录单、每封 PIN 信函各印一张，按名单顺序。
keys-batch-leave = 结束本批
keys-job-waiting = 等待
keys-job-running = 轮到它
keys-job-made = 已制成
keys-job-letter = PIN 信函还没装入信封
keys-job-failed = 没有制成
keys-job-unbound = 请查看 USBKEY
keys-job-skipped = 已跳过
keys-tally-made = 已制成
keys-tally-unbound = 待查看
keys-tally-failed = 没有制成
keys-tally-skipped = 已跳过
keys-print-records = 打印 { $count } 份记录单
keys-print-letters = { $count ->
    [0] 没有待打印的 PIN 信函
   *[other] 打印 { $count } 封 PIN 信函
 }
keys-letters-envelopes = 全部已装入信封

# 重设 PIN 码
keys-unblock-text = 用于忘记 PIN 码或锁定了 USBKEY 的持有人。其中的私钥和证书保留。
keys-unblock-token = 哪个 USBKEY？
keys-unblock-sum = USBKEY 得到新的 PIN 码，打印成信函。持有人首次使用时更改。
keys-unblock-begin = 设定新 PIN 码
keys-unblock-done = { $holder } 的 USBKEY 已有新的 PIN 码
