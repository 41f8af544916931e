# 环境检查。

setup-title = 环境检查
setup-subtitle = 依次检查运行所需的条件，异常项附有处理办法。
setup-again = 重新检查
setup-all-well = 一切正常。
setup-running = 正在检查
setup-wrong = 有 { $count } 项需要处理。
setup-list = 检查项目
setup-none = 尚未检查。

setup-item-installation = 安装配置
setup-item-driver = USBKEY 驱动
setup-item-reader = 读卡器服务
setup-item-key = USBKEY
setup-item-clock = 本机时间
setup-item-server = 服务器

setup-about-installation = 服务器地址与供电公司根证书
setup-about-driver = 与 USBKEY 通信的模块
setup-about-reader = 本机的智能卡读卡器服务
setup-about-key = 持有本供电公司证书的 USBKEY
setup-about-clock = 证书有效期以本机时间判断
setup-about-server = 可连接且身份真实

setup-state-waiting = 等待中
setup-state-running = 检查中
setup-state-ok = 正常
setup-state-not-needed = 此处不需要
setup-state-failed = 需处理
