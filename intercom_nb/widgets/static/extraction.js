// A whole entity into a folder: what it takes, how far it is, how to go on.

const seconds = (n) => (n < 90 ? `${n} s` : n < 5400 ? `${Math.round(n / 60)} min` : `${(n / 3600).toFixed(1)} h`);

function extractionPart(wire) {
  let entity = null;
  let running = false;
  const to = h("input", { type: "text", value: "workspace/", autocomplete: "off", "aria-label": "Folder", class: "inb-folder" });
  const parts = h("input", { type: "checkbox" });
  const partsField = h("label", { class: "inb-check", hidden: true }, parts, "with all messages");
  const start = h("button", { type: "button", onclick: () => wire.send("extract", { entity, to: to.value, with_parts: parts.checked && !partsField.hidden }) }, "Extract");
  const cancel = h("button", { type: "button", hidden: true, onclick: () => wire.send("extract_cancel") }, "Stop");
  const bar = h("progress", { hidden: true, "aria-label": "Progress of the extraction" });
  const said = h("span", { class: "inb-said", role: "status" });
  const after = h("div", {});
  const name = h("span", {}, "");
  const node = h("details", { class: "inb-extract" }, h("summary", {}, "Extract ", name, " to a folder"),
    h("p", { class: "inb-help" }, "All records as Parquet files. The same folder again brings it up to date, or goes on where it was stopped."),
    h("div", { class: "inb-row" }, h("label", { class: "inb-limit-field" }, "Folder ", to), partsField, start, cancel, bar, said), after);

  wire.on("extraction", (state) => {
    running = state.status === "running";
    node.open = true;
    start.setAttribute("aria-disabled", running);
    const hadFocus = document.activeElement === cancel;
    cancel.hidden = !running;
    bar.hidden = !running;
    if (hadFocus && !running) start.focus();
    const now = state.progress;
    if (running) {
      after.replaceChildren();
      bar.removeAttribute("value");
      if (now?.total) { bar.max = now.total; bar.value = Math.min(now.rows, now.total); }
      said.textContent = now ? progressWords(state.entity, now) : `${state.entity}: beginning…`;
      return;
    }
    said.textContent = "";
    const goOn = codeBlock(state.status === "done" ? "Python: bring it up to date, and work with it" : "Python: go on", state.code);
    if (state.status === "error") after.replaceChildren(banner("error", "The extraction ended", state.text), state.to ? goOn : "");
    else after.replaceChildren(banner("note", state.status === "done" ? `${state.to} is complete` : `${state.to} can be gone on with`, state.text ?? state.tables.map(([t, n]) => `${t}: ${n.toLocaleString("en")} rows`).join("; ")), goOn);
  });

  const progressWords = (what, now) => [
    `${what}, ${now.stage}: ${now.rows.toLocaleString("en")}${now.total === null ? "" : ` of ${now.total.toLocaleString("en")}`} rows`,
    `${now.rows_per_second.toLocaleString("en")} rows/s`,
    `${now.requests_per_second}${now.allowed ? ` of ${now.allowed.toLocaleString("en")}` : ""} requests/s`,
    now.left !== null && `${seconds(now.left)} to go`,
  ].filter(Boolean).join(", ");

  return {
    node,
    offer: (chosen, extracts) => {
      node.hidden = !extracts && !running;
      if (running) return;
      if (chosen !== entity) {
        node.open = false;
        after.replaceChildren();
      }
      entity = chosen;
      name.textContent = chosen.replaceAll("_", " ");
      partsField.hidden = chosen !== "conversations";
    },
  };
}
