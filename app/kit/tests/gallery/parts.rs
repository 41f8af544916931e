//! The card before the account, a page of forms, states and tables, and a question.

use dioxus::prelude::*;
use gridkey_kit::prelude::*;

use super::{Scene, overview::Places};

#[component]
pub(super) fn Gate(scene: Scene) -> Element {
    let pin = use_signal(Pin::default);
    rsx! {
        main { class: "gate",
            div { class: "gate-logo", Logo { size: 32 } }
            Card {
                h1 { class: "gate-title", {scene.say("Unlock your key", "解锁您的 USBKEY")} }
                p { class: "gate-text", {scene.say("The certificate was read; the PIN is only needed to prove it is you.", "证书已读取；PIN 仅用于确认是您本人。")} }
                form { class: "form gate-form",
                    Card { class: "card-wash",
                        p { class: "list-title", {scene.say("Huadong Precision Castings Co., Ltd.", "华东精密铸造有限公司")} }
                        p { class: "list-meta", {scene.say("Customer 1100000001 · issued by Gridkey Power · valid until 14 Aug 2028", "户号 1100000001 · 由 Gridkey 供电公司签发 · 有效期至 2028年8月14日")} }
                    }
                    PinField { label: "PIN", pin, error: scene.say("Wrong PIN. 2 tries left before the key locks.", "PIN 错误。再错 2 次，USBKEY 将被锁定。") }
                    Button { kind: ButtonKind::Primary, submit: true, wide: true, {scene.say("Unlock and connect", "解锁并连接")} }
                    div { class: "row-between small",
                        span { class: "muted", {scene.say("No network? You can work offline.", "没有网络？可离线使用。")} }
                        LinkButton { onclick: move |_| {}, {scene.say("Check set-up", "检查环境")} }
                    }
                }
            }
            p { class: "gate-foot", {scene.say("Lost your key? Call 95598 at once: it will be shut out within a second.", "USBKEY 丢失？请立即致电 95598，一秒内停用。")} }
        }
    }
}

#[component]
pub(super) fn Parts(scene: Scene) -> Element {
    let sorts = vec![
        Choice::new(0, scene.say("Month", "月")),
        Choice::new(1, scene.say("Day", "日")),
        Choice::new(2, scene.say("Curve", "曲线")),
    ];
    let pin = use_signal(Pin::default);
    let toast = |id, tone, title: String, text: Option<String>| Toast { id, tone, title, text, action: None };
    let nothing = move |()| {};
    let lines = [
        (Register::Sharp, "122,480.50", "1.2700", "155,550.24"),
        (Register::Peak, "370,112.25", "1.0600", "392,318.99"),
        (Register::Flat, "506,904.00", "0.6400", "324,418.56"),
        (Register::Valley, "462,010.75", "0.3200", "147,843.44"),
    ];
    let columns = [
        Column::text(scene.say("Line", "项目")),
        Column::number(scene.say("Quantity, kWh", "电量（千瓦时）")),
        Column::number(scene.say("Price, ¥", "单价（元）")),
        Column::number(scene.say("Amount, ¥", "金额（元）")),
    ];
    rsx! {
        Shell { nav: rsx! { Places { scene } },
            Page {
                title: scene.say("Parts", "组件"),
                subtitle: scene.say("Everything once", "逐一展示"),
                back: rsx! { a { href: "#", Icon { name: IconName::ChevronLeft, size: 16 } {scene.say("Bills", "账单")} } },
                aside: rsx! {
                    Button { icon: IconName::Print, {scene.say("Print", "打印")} }
                    Button { icon: IconName::Download, {scene.say("Save", "保存")} }
                },
                div { class: "grid",
                    Card { class: "span-6", title: scene.say("Contact", "联系方式"),
                        form { class: "form",
                            Field { label: scene.say("Contact person", "联系人"), value: scene.say("Li Wei", "李伟"), hint: scene.say("Who we call about a bill.", "账单问题的联系人。") }
                            Field { label: scene.say("E-mail", "电子邮箱"), kind: InputKind::Email, value: "li.wei@", error: scene.say("The part after @ is missing.", "缺少 @ 之后的部分。") }
                            Field { label: scene.say("Amount", "金额"), kind: InputKind::Amount, prefix: "¥", value: "20,000.00", suffix: scene.say("of 962,069.12", "共 962,069.12") }
                            Field { label: scene.say("Address", "地址"), value: scene.say("88 Foundry Road, Hangzhou", "杭州市铸造路 88 号"), lines: 2, disabled: true }
                            Select { label: scene.say("Language", "语言"), choices: Language::ALL.map(|language| Choice::new(language, language.own_name())).to_vec(), value: scene.language, onchange: move |_| {} }
                            PinField { label: scene.say("New PIN", "新 PIN"), pin, fresh: true, hint: scene.say("6 to 16 characters.", "6 至 16 位。") }
                            div { class: "form-actions",
                                Button { kind: ButtonKind::Primary, busy: true, {scene.say("Save contact", "保存联系方式")} }
                                Button { disabled: true, {scene.say("Discard", "放弃修改")} }
                                Button { kind: ButtonKind::Quiet, {scene.say("Not now", "暂不")} }
                                Button { kind: ButtonKind::Danger, small: true, {scene.say("Cancel payment", "取消缴费")} }
                            }
                        }
                    }
                    div { class: "span-6 stack",
                        Card { title: scene.say("Behaviour", "行为"),
                            Toggle { label: scene.say("Keep running when closed", "关闭窗口后继续运行"), hint: scene.say("Alarms go on; the key stays unlocked.", "继续接收提醒，USBKEY 保持解锁。"), checked: true, onchange: move |_| {} }
                            Toggle { label: scene.say("Start at login", "开机启动"), checked: false, onchange: move |_| {} }
                            Toggle { label: scene.say("Sounds", "声音"), checked: false, disabled: true, onchange: move |_| {} }
                        }
                        Card { title: scene.say("Choices", "选择"),
                            div { class: "stack",
                                Segmented { label: scene.say("Step", "粒度"), choices: sorts.clone(), value: 0, onchange: move |_| {} }
                                Checkbox { label: scene.say("I checked the amount", "我已核对金额"), hint: scene.say("It cannot be changed after signing.", "签名后不可更改。"), checked: true, onchange: move |_| {} }
                                Checkbox { label: scene.say("Remember", "记住"), checked: false, onchange: move |_| {} }
                                Tabs { label: scene.say("Views", "视图"), choices: sorts, value: 1, onchange: move |_| {},
                                    p { class: "muted", {scene.say("What the tab shows.", "标签页内容。")} }
                                }
                            }
                        }
                        Card { title: scene.say("States", "状态"),
                            div { class: "row",
                                Badge { {scene.say("Draft", "草稿")} }
                                Badge { tone: Tone::Accent, icon: IconName::Clock, {scene.say("At the bank", "银行处理中")} }
                                Badge { tone: Tone::Good, icon: IconName::Check, {scene.say("Paid", "已支付")} }
                                Badge { tone: Tone::Warning, {scene.say("Queued offline", "离线排队")} }
                                Badge { tone: Tone::Danger, {scene.say("Refused", "被拒绝")} }
                            }
                            div { class: "stack-tight card-foot",
                                Status { tone: Tone::Warning, {scene.say("Offline · data as of 08:42", "离线 · 数据截至 08:42")} }
                                Spinner { what: scene.say("Asking the bank", "正在向银行查询") }
                            }
                        }
                    }
                }
                div { class: "grid",
                    Card { class: "span-7", title: scene.say("How it was computed", "计算过程"),
                        Table { caption: scene.say("Energy charges", "电度电费"), columns: columns.to_vec(),
                            for (register , kwh , price , amount) in lines {
                                Row { key: "{kwh}",
                                    Cell { header: true, RegisterName { register } }
                                    Cell { column: columns[1].label.clone(), numeric: true, {kwh} }
                                    Cell { column: columns[2].label.clone(), numeric: true, {price} }
                                    Cell { column: columns[3].label.clone(), numeric: true, {amount} }
                                }
                            }
                            Row { strong: true,
                                Cell { header: true, {scene.say("Energy", "电度电费")} }
                                Cell { column: columns[1].label.clone(), numeric: true, "1,461,507.50" }
                                Cell {}
                                Cell { column: columns[3].label.clone(), numeric: true, "1,020,131.23" }
                            }
                        }
                    }
                    Card { class: "span-5", title: scene.say("Receipt", "收据"),
                        Pairs {
                            Pair { term: scene.say("Amount", "金额"), "¥ 972,239.40" }
                            Pair { term: scene.say("Paid", "支付时间"), {scene.say("12 Oct 2026 14:03", "2026年10月12日 14:03")} }
                            Pair { term: scene.say("Bank reference", "银行流水号"), span { class: "mono", "20261012140312345678" } }
                            Pair { term: scene.say("Signed by", "签署方"), {scene.say("Gridkey Power, verified", "Gridkey 供电公司，已验证")} }
                        }
                    }
                    Card { class: "span-4", Empty { icon: IconName::Receipt, title: scene.say("No payments yet", "暂无缴费记录"), text: scene.say("Your first payment will appear here with its receipt.", "首次缴费及其收据将显示在这里。"), action: rsx! { Button { {scene.say("See your bills", "查看账单")} } } } }
                    Card { class: "span-4", ErrorState { headline: scene.say("The bills could not be loaded", "账单无法加载"), what_to_do: scene.say("Check your network; what was loaded before is still under Bills.", "请检查网络；此前的数据仍可在“账单”查看。"), detail: "no-answer", action: rsx! { Button { icon: IconName::Refresh, {scene.say("Try again", "重试")} } } } }
                    Card { class: "span-4", title: scene.say("Loading", "加载中"),
                        Skeleton { what: scene.say("Loading this month", "正在加载本月"), shape: Shape::Figure }
                        Skeleton { what: scene.say("Loading payments", "正在加载缴费记录"), shape: Shape::Rows }
                    }
                }
                div { class: "stack",
                    Banner { tone: Tone::Good, {scene.say("Everything is paid.", "已全部缴清。")} }
                    Banner { tone: Tone::Danger, title: scene.say("Your key was reported lost.", "您的 USBKEY 已挂失。"), {scene.say("Call 95598.", "请致电 95598。")} }
                    Banner { {scene.say("You look at data from 08:42.", "当前数据截至 08:42。")} }
                    Banner { tone: Tone::Accent, {scene.say("A new tariff is in force.", "新电价已生效。")} }
                }
                Card { title: scene.say("Icons", "图标"),
                    div { class: "row",
                        for name in IconName::ALL {
                            Icon { key: "{name:?}", name }
                        }
                    }
                }
            }
        }
        if !scene.phone {
            Toasts {
                toasts: vec![
                    toast(1, Tone::Good, scene.say("Payment booked", "缴费成功"), Some(scene.say("¥ 972,239.40 for September.", "9 月 ¥ 972,239.40。"))),
                    toast(2, Tone::Danger, scene.say("The key was pulled out", "USBKEY 已拔出"), None),
                ],
                onclose: move |_| nothing(()),
            }
        }
    }
}

#[component]
pub(super) fn Question(scene: Scene) -> Element {
    let pin = use_signal(Pin::default);
    rsx! {
        Shell { nav: rsx! { Places { scene } },
            Page { title: scene.say("Pay", "缴费"),
                Card { title: scene.say("October", "10 月"), p { {scene.say("One bill, nothing queued.", "一张账单，无排队。")} } }
            }
        }
        Dialog {
            title: scene.say("Sign and queue payment", "签名并排队缴费"),
            onclose: move |()| {},
            actions: rsx! {
                Button { {scene.say("Back", "返回")} }
                Button { kind: ButtonKind::Primary, icon: IconName::Key, {scene.say("Sign and queue payment", "签名并排队缴费")} }
            },
            p { {scene.say("You are offline. The order is signed now and carried out once when the network is back, until 25 Nov 08:42.", "当前离线。现在签名，联网后执行一次，11月25日 08:42 前有效。")} }
            Pairs {
                Pair { term: scene.say("Bill", "账单"), {scene.say("October 2026", "2026年10月")} }
                Pair { term: scene.say("Amount", "金额"), "¥ 962,069.12" }
            }
            PinField { label: "PIN", pin }
        }
    }
}
