// Entry of the view of a DataFrame or a dataset: a choice of tables above the result.

import { banner, h, option } from "./dom.js";
import { number } from "./format.js";
import { ResultPart } from "./result.js";
import { openForm } from "./wire.js";

function drawViewer(wire, el) {
  const result = new ResultPart(wire, { name: "viewer" });
  const choice = h("select", { onchange: () => wire.send("table", { name: choice.value }) });
  const bar = h("div", { class: "inb-top" }, h("label", {}, "Table ", choice));
  const news = h("div", { role: "alert" });
  wire.on("tables", ({ tables, shown }) => {
    const names = tables.map(([name, rows]) => option(name, `${name} (${number(rows)} rows)`));
    choice.replaceChildren(...names);
    choice.value = shown;
    bar.hidden = !tables.length;
    news.replaceChildren();
    el.replaceChildren(bar, news, ...result.nodes);
  });
  wire.on("failure", ({ text }) => news.replaceChildren(banner("error", "", text)));
}

export default { render: (view) => openForm(view, drawViewer) };
