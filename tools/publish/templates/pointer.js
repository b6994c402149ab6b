// The laser pointer, and what is on screen only while the mouse moves or something has the focus.
const laser = make("div", { class: "laser", popover: "manual", "aria-hidden": "true" });
document.body.append(laser);

function toggleLaser() {
  laser.togglePopover();
  document.documentElement.classList.toggle("points", laser.matches(":popover-open"));
}

let rest;
function wake() {
  document.documentElement.classList.remove("idle");
  clearTimeout(rest);
  rest = setTimeout(() => document.documentElement.classList.add("idle"), 2500);
}
document.documentElement.classList.add("idle");
for (const kind of ["pointermove", "pointerdown", "focusin"]) addEventListener(kind, wake);
addEventListener("pointermove", ({ clientX, clientY }) => {
  laser.style.left = `${clientX}px`;
  laser.style.top = `${clientY}px`;
});
