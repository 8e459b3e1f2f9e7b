// Messages between a view and the kernel.

import { banner, freshId, h, keepClicks, ownKeys } from "./dom.js";

// What ipywidgets reports of a model: the kernel was restarted, or it closed the widget.
const LOST = ["comm_live_update", "comm:close"];

// `ask` returns a promise of the reply. Replies to other views are ignored. Once the form has lost
// its kernel, `onLost` is called, and again by each `send`, which returns false.
export function openWire(model, onLost = () => {}) {
  const me = freshId("view");
  const handlers = {};
  const waiting = new Map();
  let count = 0;
  const receive = (content, buffers) => {
    if (content.token !== undefined && content.token !== null) {
      const resolve = waiting.get(content.token);
      waiting.delete(content.token);
      resolve?.({ ...content, buffers });
    } else handlers[content.kind]?.(content, buffers);
  };
  const lose = () => {
    onLost();
    handlers.lost?.();
  };
  const events = [["msg:custom", receive], ...LOST.map((name) => [name, lose])];
  for (const [name, handler] of events) model.on(name, handler);
  const send = (kind, content = {}) => {
    try {
      model.send({ kind, ...content });
    } catch {
      onLost(true);
      return false;
    }
    return true;
  };
  return {
    on: (kind, handler) => {
      handlers[kind] = handler;
    },
    send,
    ask: (kind, content = {}) =>
      new Promise((resolve) => {
        const token = `${me}:${++count}`;
        waiting.set(token, resolve);
        send(kind, { token, ...content });
      }),
    close: () => {
      for (const [name, handler] of events) model.off(name, handler);
    },
  };
}

// Opens a form: `draw` adds what its messages show, and the kernel sends all of it.
export function openForm({ model, el }, draw) {
  const lost = banner("error", "", "This form has lost its kernel. Run its cell again.");
  const wire = openWire(model, (isPressed = false) => {
    if (!el.contains(lost)) el.prepend(lost);
    if (isPressed) lost.scrollIntoView({ block: "nearest" });
  });
  el.classList.add("inb");
  ownKeys(el);
  keepClicks(el);
  const waiting = "Waiting for the kernel… If nothing happens, run the cell again.";
  el.append(h("p", { class: "inb-dim" }, waiting));
  draw(wire, el);
  wire.send("hello");
  return wire.close;
}
