// Inside a page: runs axe, measures the width, tells the frame around it.
addEventListener("load", async () => {
  const root = document.documentElement;
  const wide = [...document.querySelectorAll("body *")]
    .filter((e) => e.getBoundingClientRect().right > root.clientWidth + 1 && !e.closest(".visually-hidden, .chart-table, .tablist, svg"))
    .map((e) => `${e.tagName.toLowerCase()}.${e.className}`);
  // What stands over the edge of its card would cover the next one.
  const spill = [...document.querySelectorAll(".card, .dialog, .banner")]
    .filter((e) => e.scrollWidth > e.clientWidth + 1)
    .map((e) => `${e.className}: ${e.textContent.trim().slice(0, 60)}`);
  const message = { name: document.title, width: root.clientWidth, scroll: root.scrollWidth, wide: wide.slice(0, 5), spill, violations: [], fault: "" };
  try {
    const { violations } = !window.axe ? { violations: [] } : await axe.run(document, { resultTypes: ["violations"] });
    message.violations = violations.map((v) => ({ id: v.id, impact: v.impact, where: v.nodes.map((n) => n.html.slice(0, 160) + " " + n.failureSummary) }));
  } catch (fault) {
    message.fault = String(fault);
  }
  parent.postMessage(message, "*");
});
