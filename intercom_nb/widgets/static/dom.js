// Small helpers that every part of the forms uses. Text goes into the page as text, never as HTML.

const PROPERTIES = new Set(["value", "checked", "disabled", "hidden", "selected", "textContent"]);

function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "class") node.className = value;
    else if (PROPERTIES.has(name)) node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((c) => c !== null && c !== undefined && c !== false));
  return node;
}

let ids = 0;
const freshId = (name) => `inb-${name}-${Math.random().toString(36).slice(2, 7)}-${++ids}`;

const counted = (n, one, many = `${one}s`) => `${n.toLocaleString("en")} ${n === 1 ? one : many}`;

// The wire to the kernel. `ask` gives a promise; answers to other views are not ours.
function channel(model) {
  const me = freshId("view");
  const handlers = {};
  const waiting = new Map();
  let asked = 0;
  const receive = (content, buffers) => {
    if (content.token !== undefined && content.token !== null) {
      const resolve = waiting.get(content.token);
      waiting.delete(content.token);
      resolve?.({ ...content, buffers });
    } else handlers[content.kind]?.(content, buffers);
  };
  model.on("msg:custom", receive);
  return {
    on: (kind, handler) => (handlers[kind] = handler),
    send: (kind, content = {}) => model.send({ kind, ...content }),
    ask: (kind, content = {}) =>
      new Promise((resolve) => {
        const token = `${me}:${++asked}`;
        waiting.set(token, resolve);
        model.send({ kind, token, ...content });
      }),
    close: () => model.off("msg:custom", receive),
  };
}

// JupyterLab takes single keys on anything that is no text box as its own commands ("a" adds a
// cell). Its own mark on the element that has the focus turns that off; saving still has to work.
function ownKeys(root) {
  const writes = (node) => node.matches?.("input:not([type=checkbox], [type=radio]), textarea");
  root.addEventListener("focusin", ({ target }) => {
    if (!writes(target)) target.dataset.lmSuppressShortcuts = "true";
  });
  root.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "s" && !writes(event.target)) {
      event.preventDefault();
      document.body.dispatchEvent(new KeyboardEvent("keydown", event));
    }
  });
}

// Tabs as the ARIA pattern has them: one stop for Tab, arrows between.
function tabs(label, names, onChange) {
  const panels = {};
  const buttons = {};
  let current = null;
  const list = h("div", { role: "tablist", "aria-label": label, class: "inb-tabs" });
  const show = (name, focus = false) => {
    if (!buttons[name]) return;
    current = name;
    for (const key of Object.keys(buttons)) {
      const on = key === name;
      buttons[key].setAttribute("aria-selected", on);
      buttons[key].tabIndex = on ? 0 : -1;
      panels[key].hidden = !on;
    }
    if (focus) buttons[name].focus();
    onChange(name);
  };
  for (const name of names) {
    const [tab, panel] = [freshId("tab"), freshId("panel")];
    buttons[name] = h("button", { type: "button", role: "tab", id: tab, "aria-controls": panel, onclick: () => show(name) }, name);
    panels[name] = h("div", { role: "tabpanel", id: panel, "aria-labelledby": tab, hidden: true, class: "inb-panel" });
    list.append(buttons[name]);
  }
  list.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    show(names[(names.indexOf(current) + step + names.length) % names.length], true);
  });
  return { list, panels, show, current: () => current };
}

function banner(kind, title, ...lines) {
  const role = kind === "error" ? "alert" : "status";
  return h("div", { class: `inb-banner inb-${kind}`, role }, title && h("strong", {}, title), lines.flat().map((line) => h("div", {}, line)));
}

async function copyText(text, said) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const box = h("textarea", { value: text, class: "inb-unseen" });
    document.body.append(box);
    box.select();
    document.execCommand("copy");
    box.remove();
  }
  said.textContent = "Copied";
  setTimeout(() => (said.textContent = ""), 2000);
}
