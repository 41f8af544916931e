//! The first screen, with figures of a real day.

use dioxus::prelude::*;
use gridkey_domain::{Fen, Quantity};
use gridkey_kit::prelude::*;

use super::Scene;

/// Average kW of the quarter-hours up to 17:45.
const LOAD: [i64; 71] = [
    1654, 1648, 1520, 1511, 1702, 1648, 1530, 1541, 1602, 1283, 1450, 1570, 1531, 1402, 1640, 1510, 1214, 1530, 1580,
    1625, 1611, 1811, 1802, 1852, 1960, 2004, 1840, 1804, 2021, 2004, 1930, 1962, 1945, 1880, 1904, 2110, 1955, 1961,
    2041, 1943, 1988, 2060, 1884, 2011, 2240, 2198, 2012, 2040, 2180, 2055, 2100, 2215, 2180, 1960, 1782, 2001, 2120,
    2150, 2080, 2140, 1990, 1950, 2060, 2045, 1980, 2010, 1962, 1880, 1802, 1825, 2004,
];

/// kWh of valley, flat, peak and sharp by month, thousands.
const MONTHS: [[i64; 4]; 12] = [
    [402, 430, 310, 92],
    [398, 426, 402, 0],
    [441, 478, 455, 0],
    [405, 440, 410, 0],
    [436, 470, 452, 0],
    [430, 468, 446, 0],
    [462, 506, 370, 122],
    [455, 494, 360, 118],
    [430, 470, 447, 0],
    [408, 430, 415, 0],
    [368, 392, 370, 0],
    [346, 372, 268, 94],
];

fn hundredths(whole: i64) -> Quantity {
    Quantity::from_units(whole * 100)
}

pub(super) fn bands() -> Vec<Band> {
    use Register::{Flat, Peak, Sharp, Valley};
    let edges = [(0, Valley), (28, Flat), (32, Peak), (44, Flat), (72, Peak), (76, Sharp), (84, Peak), (92, Valley)];
    let ends = edges.iter().skip(1).map(|(start, _)| *start).chain([96]);
    edges.iter().zip(ends).map(|((start, register), end)| Band { register: *register, start: *start, end }).collect()
}

fn names() -> Vec<String> {
    (0..96).map(|slot| format!("{:02}:{:02}", slot / 4, slot % 4 * 15)).collect()
}

fn values() -> Vec<Option<Quantity>> {
    let known = LOAD.iter().map(|kw| Some(hundredths(*kw)));
    known.chain(std::iter::repeat(None)).take(96).collect()
}

fn bars(scene: Scene) -> Vec<Bar> {
    let months = [12, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
    let each = MONTHS.iter().zip(months).enumerate().map(|(index, (parts, month))| {
        let year = if month == 12 { 2025 } else { 2026 };
        let month = gridkey_domain::Month::new(year, month).unwrap();
        Bar {
            short: format::month_short(scene.language, month),
            name: format::month(scene.language, month),
            parts: Register::ALL.into_iter().zip(parts.iter().map(|part| hundredths(*part))).collect(),
            before: (index % 2 == 0).then(|| hundredths(parts.iter().sum::<i64>() + 40)),
            running: index == 11,
        }
    });
    each.collect()
}

#[component]
pub(super) fn Overview(scene: Scene) -> Element {
    let kw = scene.say("kW per quarter-hour", "千瓦，每 15 分钟");
    let width = if scene.phone { 320 } else { 632 };
    let paid = |amount: u64, text: String| (format::money_text(Fen::new(amount).unwrap()), text);
    let payments = [
        (
            paid(97_223_940, scene.say("September · 12 Oct 14:03", "9 月 · 10月12日 14:03")),
            Tone::Good,
            scene.say("Paid", "已支付"),
        ),
        (
            paid(106_213_185, scene.say("August · 11 Sep 09:41", "8 月 · 9月11日 09:41")),
            Tone::Good,
            scene.say("Paid", "已支付"),
        ),
        (
            paid(2_000_000, scene.say("part of July · 2 min ago", "7 月部分 · 2 分钟前")),
            Tone::Warning,
            scene.say("Asking the bank", "向银行查询"),
        ),
        (
            paid(9_600_000, scene.say("part of October · until 25 Nov", "10 月部分 · 11月25日前")),
            Tone::Warning,
            scene.say("Queued offline", "离线排队"),
        ),
    ];
    rsx! {
        Shell {
            nav: rsx! { Places { scene } },
            foot: rsx! {
                div { class: "sidebar-card",
                    Status { tone: Tone::Good, {scene.say("USBKEY present", "已插入 USBKEY")} }
                    p { {scene.say("Huadong Precision Castings", "华东精密铸造")} }
                    p { {scene.say("valid until 14 Aug 2028", "有效期至 2028年8月14日")} }
                }
            },
            Page {
                title: scene.say("Overview", "总览"),
                subtitle: scene.say("Customer 1100000001 · 1 meter · 10 kV", "户号 1100000001 · 1 块电表 · 10 千伏"),
                aside: rsx! {
                    Status { tone: Tone::Good, live: true, {scene.say("Online · synced 4 s ago", "在线 · 4 秒前同步")} }
                },
                Banner {
                    tone: Tone::Warning,
                    action: rsx! { Button { kind: ButtonKind::Primary, {scene.say("Pay now", "立即缴费")} } },
                    {scene.say(
                        "October's bill of ¥ 962,069.12 is due in 3 days. From 16 November a late charge of 2 ‰ a day applies.",
                        "10 月电费 ¥ 962,069.12 将于 3 天后到期。自 11月16日起按每日 2‰ 计收违约金。",
                    )}
                }
                div { class: "grid",
                    Card {
                        title: scene.say("This month so far", "本月至今"),
                        aside: rsx! { {scene.say("22 of 30 days", "第 22 天，共 30 天")} },
                        class: "span-4",
                        MoneyFigure { amount: Fen::new(71_820_436).unwrap() }
                        Progress { label: scene.say("Days of the month", "本月天数"), value: 22, max: 30 }
                        p { class: "figure-note", {scene.say("906,412.75 kWh · 3 % less than October at this point", "906,412.75 千瓦时 · 较上月同期少 3%")} }
                    }
                    Card {
                        title: scene.say("Next due", "下一笔应缴"),
                        aside: rsx! { {scene.say("15 Nov", "11月15日")} },
                        class: "span-5",
                        MoneyFigure { amount: Fen::new(96_206_912).unwrap() }
                        div { class: "row card-foot",
                            Button { kind: ButtonKind::Primary, label: scene.say("Pay October's bill", "缴费：10 月电费"), {scene.say("Pay", "缴费")} }
                            Button { {scene.say("See how it was computed", "计算明细")} }
                        }
                    }
                    Card {
                        title: scene.say("Power factor", "功率因数"),
                        aside: rsx! { {scene.say("standard 0.90", "标准 0.90")} },
                        class: "span-3",
                        Figure { value: "0.92" }
                        Progress { label: scene.say("Power factor", "功率因数"), value: 92, max: 100, text: "0.92" }
                        p { class: "figure-note", {scene.say("−0.30 % on energy and basic charge", "电度与基本电费 −0.30%")} }
                    }
                }
                div { class: "grid",
                    Card { class: "span-8",
                        ChartFrame {
                            title: scene.say("Today", "今日负荷"),
                            unit: kw.clone(),
                            legend: rsx! { Legend { registers: Register::ALL.to_vec() } },
                            table: rsx! { "" },
                            LineChart {
                                label: scene.say("Load today in kW", "今日负荷（千瓦）"),
                                values: values(),
                                names: names(),
                                unit: "kW",
                                ticks: (0..=8).map(|hour| Tick::new(hour * 12, format!("{:02}", hour * 3))).collect::<Vec<_>>(),
                                bands: bands(),
                                height: 190,
                                width,
                            }
                        }
                        div { style: "height:12px" }
                        ChartFrame {
                            title: scene.say("Energy", "电量"),
                            unit: scene.say("MWh a month", "兆瓦时，每月"),
                            table: rsx! { "" },
                            StackedBars {
                                label: scene.say("Energy by month in MWh", "每月电量（兆瓦时）"),
                                bars: bars(scene),
                                unit: "MWh",
                                before_name: scene.say("a year before", "去年同期"),
                                height: 150,
                                width,
                            }
                        }
                    }
                    Card { class: "span-4", title: scene.say("Payments", "缴费记录"),
                        aside: rsx! { a { href: "#", {scene.say("All", "全部")} } },
                        ul { class: "list",
                            for ((amount , text) , tone , state) in payments {
                                li { key: "{amount}",
                                    div { class: "list-main",
                                        p { class: "list-title", {amount} }
                                        p { class: "list-meta", {text} }
                                    }
                                    Badge { tone, {state} }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

#[component]
pub(super) fn Places(scene: Scene) -> Element {
    let places = [
        (IconName::Overview, scene.say("Overview", "总览"), 0, false),
        (IconName::Electricity, scene.say("Electricity", "用电"), 0, false),
        (IconName::Bills, scene.say("Bills", "账单"), 0, false),
        (IconName::Pay, scene.say("Pay", "缴费"), 0, false),
        (IconName::History, scene.say("History", "记录"), 0, true),
        (IconName::Alarms, scene.say("Alarms", "提醒"), 2, false),
        (IconName::Account, scene.say("Account", "账户"), 0, true),
    ];
    rsx! {
        for (index , (icon , label , count , wide)) in places.into_iter().enumerate() {
            a {
                key: "{index}",
                class: "nav-item",
                class: if wide { "nav-wide" },
                href: "#{index}",
                "aria-current": (index == 0).then_some("page"),
                NavFace { icon, label, count, count_label: scene.say("2 new", "2 条新提醒") }
            }
        }
    }
}
