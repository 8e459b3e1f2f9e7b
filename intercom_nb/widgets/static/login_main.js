export default {
  render({ model, el }) {
    const wire = channel(model);
    el.classList.add("inb");
    ownKeys(el);
    el.append(h("p", { class: "inb-dim" }, "Waiting for the kernel. If nothing happens, run the cell again."));
    wire.on("offer", (offer) => {
      if (!el.querySelector("form")) el.replaceChildren(loginPanel(wire, offer));
    });
    wire.on("failure", (content) => el.append(banner("error", "", content.text)));
    wire.send("hello");
    return wire.close;
  },
};
