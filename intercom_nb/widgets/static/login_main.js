// Entry of the login form alone.

import { banner, codeBlock, h, ownKeys } from "./dom.js";
import { LoginPanel } from "./login.js";
import { openWire } from "./wire.js";

function renderLogin({ model, el }) {
  const wire = openWire(model);
  el.classList.add("inb");
  ownKeys(el);
  const waiting = "Waiting for the kernel… If nothing happens, run the cell again.";
  el.append(h("p", { class: "inb-dim" }, waiting));
  const next = h("div", {});
  wire.on("offer", (offer) => {
    if (!el.querySelector("form")) el.replaceChildren(new LoginPanel(wire, offer).node, next);
  });
  wire.on("next", ({ code }) => next.replaceChildren(codeBlock("Next steps", code)));
  wire.on("failure", (content) => el.append(banner("error", "", content.text)));
  wire.send("hello");
  return wire.close;
}

export default { render: renderLogin };
