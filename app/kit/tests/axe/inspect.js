// Inside a page: runs axe, measures the width, tells the frame around it.
addEventListener("load", async () => {
  const root = document.documentElement;
  const wide = [...document.querySelectorAll("body *")]
    .filter((e) => e.getBoundingClientRect().right > root.clientWidth + 1 && !e.closest(".visually-hidden, .chart-table, .tablist, svg"))
    .map((e) => `${e.tagName.toLowerCase()}.${e.className}`);
  const message = { name: document.title, width: root.clientWidth, scroll: root.scrollWidth, wide: wide.slice(0, 5), violations: [], fault: "" };
  try {
    const { violations } = await axe.run(document, { resultTypes: ["violations"] });
    message.violations = violations.map((v) => ({ id: v.id, impact: v.impact, where: v.nodes.map((n) => n.html.slice(0, 160) + " " + n.failureSummary) }));
  } catch (fault) {
    message.fault = String(fault);
  }
  parent.postMessage(message, "*");
});
