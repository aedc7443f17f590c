// The map is drawn by hand: the name of a power or a territory, or the dot of a place, is dragged, or moved with the
// arrow keys, and where it is then is kept.
(() => {
  "use strict";
  const form = document.querySelector("[data-map-form]");
  if (!form) return;

  const within = (number) => Math.min(1000, Math.max(0, Math.round(number)));
  const keep = (handle, x, y) => {
    form.elements.thing.value = handle.dataset.thing;
    form.elements.x.value = within(x);
    form.elements.y.value = within(y);
    form.requestSubmit(form.querySelector("[value=place]"));
  };
  const point = (svg, event) => {
    const box = svg.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * 1000, ((event.clientY - box.top) / box.height) * 1000];
  };
  const shift = (handle, x, y) => {
    const { width, height } = handle.ownerSVGElement.viewBox.baseVal;
    const across = ((x - handle.dataset.x) * width) / 1000;
    const down = ((y - handle.dataset.y) * height) / 1000;
    (handle.closest(".map-dot") ?? handle).setAttribute("transform", `translate(${across} ${down})`);
  };

  document.addEventListener("pointerdown", (start) => {
    const handle = start.target.closest(".map-handle");
    if (!handle || start.button) return;
    const svg = handle.ownerSVGElement;
    const [from, down] = point(svg, start);
    const dragging = new AbortController();
    const { signal } = dragging;
    let moved = false;
    let to = [Number(handle.dataset.x), Number(handle.dataset.y)];
    start.preventDefault();
    handle.focus();
    document.addEventListener(
      "pointermove",
      (event) => {
        const [x, y] = point(svg, event);
        moved ||= Math.hypot(x - from, y - down) > 4;
        if (!moved) return;
        to = [Number(handle.dataset.x) + x - from, Number(handle.dataset.y) + y - down];
        handle.classList.add("is-moving");
        shift(handle, ...to);
      },
      { signal },
    );
    for (const end of ["pointerup", "pointercancel"]) {
      document.addEventListener(
        end,
        () => {
          dragging.abort();
          handle.classList.remove("is-moving");
          if (moved && end === "pointerup") keep(handle, ...to);
        },
        { signal },
      );
    }
  });

  // Arrow keys take small steps; the place is kept once they rest, or go on with something else.
  let waiting;
  let last = "";
  let moved = null; // what is not kept yet
  const rest = () => {
    clearTimeout(waiting);
    const { handle, x, y } = moved;
    moved = null;
    keep(handle, x, y);
  };
  document.addEventListener("keydown", (event) => {
    const handle = event.target.closest?.(".map-handle");
    const step = { ArrowLeft: [-8, 0], ArrowRight: [8, 0], ArrowUp: [0, -8], ArrowDown: [0, 8] }[event.key];
    if (!handle || !step) return;
    event.preventDefault();
    const { thing, nextX, nextY } = handle.dataset;
    if (moved && moved.thing !== thing) rest();
    const from = moved ?? { x: nextX ?? handle.dataset.x, y: nextY ?? handle.dataset.y };
    const x = within(Number(from.x) + step[0]);
    const y = within(Number(from.y) + step[1]);
    Object.assign(handle.dataset, { nextX: x, nextY: y });
    shift(handle, x, y);
    moved = { handle, thing, x, y };
    last = thing;
    clearTimeout(waiting);
    waiting = setTimeout(rest, 600);
  });
  document.addEventListener("htmx:after:swap", () => {
    if (last) document.querySelector(`.map-handle[data-thing="${CSS.escape(last)}"]`)?.focus();
    if (!moved) last = "";
  });
})();
