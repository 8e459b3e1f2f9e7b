// Full screen: the browser's own, or the whole window where a front end does not allow that.

import { button } from "./dom.js";

export function fullScreenButton(root) {
  const isNative = () => root.getRootNode().fullscreenElement === root;
  const isOn = () => root.classList.contains("inb-full");
  const toggle = button("Full screen", change, { class: "inb-link" });
  function show(on) {
    root.classList.toggle("inb-full", on);
    toggle.textContent = on ? "Exit full screen" : "Full screen";
  }
  async function change() {
    if (isNative()) await document.exitFullscreen();
    else if (isOn() || !document.fullscreenEnabled) show(!isOn());
    else await root.requestFullscreen().catch(() => show(true));
  }
  root.addEventListener("fullscreenchange", () => show(isNative()));
  root.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented && isOn() && !isNative()) show(false);
  });
  return toggle;
}
