// Entry of the login form alone.

import { banner, codeBlock, h } from "./dom.js";
import { LoginPanel } from "./login.js";
import { openForm } from "./wire.js";

function drawLogin(wire, el) {
  const next = h("div", { class: "inb-login-next" });
  wire.on("offer", (offer) => {
    if (!el.querySelector("form")) el.replaceChildren(new LoginPanel(wire, offer).node, next);
  });
  wire.on("next", ({ code }) => next.replaceChildren(codeBlock("Next steps", code)));
  wire.on("failure", (content) => el.append(banner("error", "", content.text)));
}

export default { render: (view) => openForm(view, drawLogin) };
