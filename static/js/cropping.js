// The square of a picture, dragged and resized over it, and its focal point, clicked or dragged. They only fill the
// fields, which do the same by hand.
(() => {
  "use strict";

  const SMALLEST = 50; // thousandths of the shorter side, as the form has it
  const CLICK = 4; // pixels that a pointer may move and still have clicked
  const form = document.querySelector("[data-crop]");
  if (!form) return;
  const whole = form.querySelector("[data-crop-whole]");
  const square = form.querySelector("[data-crop-square]");
  const corner = form.querySelector("[data-crop-corner]");
  const said = form.querySelector("[data-crop-said]");
  const card = form.querySelector("[data-crop-card]");
  const shown = card.querySelector("img");
  const focal = form.querySelector("[data-crop-focal]");
  const shapes = form.querySelectorAll("[data-crop-shape]");
  const fields = Object.fromEntries(
    ["left", "top", "side", "focal_x", "focal_y"].map((name) => [name, form.querySelector(`[name="${name}"]`)]),
  );
  const width = Number(whole.getAttribute("width"));
  const height = Number(whole.getAttribute("height"));
  const shorter = Math.min(width, height);

  // The square in pixels of the picture as it is kept.
  let box = { x: 0, y: 0, side: shorter };
  // The focal point in thousandths of width and height, as the form has it.
  let point = { x: 500, y: 400 };

  const within = (least, number, most) => Math.min(Math.max(number, least), Math.max(least, most));
  const keep = ({ x, y, side }) => {
    const length = within((shorter * SMALLEST) / 1000, side, shorter);
    return { side: length, x: within(0, x, width - length), y: within(0, y, height - length) };
  };
  const read = () => {
    const number = (name) => Number(fields[name].value) || 0;
    box = keep({
      x: (number("left") * width) / 1000,
      y: (number("top") * height) / 1000,
      side: (number("side") * shorter) / 1000,
    });
    point = { x: within(0, number("focal_x"), 1000), y: within(0, number("focal_y"), 1000) };
  };
  const draw = () => {
    const scale = whole.clientWidth / width;
    square.style.left = `${box.x * scale}px`;
    square.style.top = `${box.y * scale}px`;
    square.style.width = square.style.height = `${box.side * scale}px`;
    const zoom = card.clientWidth / box.side;
    shown.style.width = `${width * zoom}px`;
    shown.style.height = `${height * zoom}px`;
    shown.style.transform = `translate(${-box.x * zoom}px, ${-box.y * zoom}px)`;
    focal.style.left = `${point.x / 10}%`;
    focal.style.top = `${point.y / 10}%`;
    for (const shape of shapes) {
      const [across, down] = cut(Number(shape.getAttribute("width")) / Number(shape.getAttribute("height")));
      shape.style.objectPosition = `${across}% ${down}%`;
    }
  };
  // Where the largest part of this shape lies when the focal point is as near its middle as the edges allow, in percent.
  const cut = (shape) => {
    const share = (length, part, at) =>
      length - part < 1 ? 50 : (within(0, (length * at) / 1000 - part / 2, length - part) * 100) / (length - part);
    return [
      share(width, Math.min(width, height * shape), point.x),
      share(height, Math.min(height, width / shape), point.y),
    ];
  };
  const aim = (next) => {
    point = { x: within(0, next.x, 1000), y: within(0, next.y, 1000) };
    fields.focal_x.value = Math.round(point.x);
    fields.focal_y.value = Math.round(point.y);
    draw();
  };
  const under = (event) => {
    const frame = whole.getBoundingClientRect();
    return {
      x: ((event.clientX - frame.left) * 1000) / frame.width,
      y: ((event.clientY - frame.top) * 1000) / frame.height,
    };
  };
  const tellPoint = () => {
    said.textContent = `Focal point from the left ${Math.round(point.x / 10)} %, from the top ${Math.round(point.y / 10)} %.`;
  };
  const write = (next) => {
    box = keep(next);
    // Rounded down, so that the square never reaches over the edge by a rounding.
    fields.left.value = Math.floor((box.x * 1000) / width);
    fields.top.value = Math.floor((box.y * 1000) / height);
    fields.side.value = Math.max(SMALLEST, Math.floor((box.side * 1000) / shorter));
    draw();
  };
  const tell = () => {
    const part = (number, of) => `${Math.round((number * 100) / of)} %`;
    said.textContent = `From the left ${part(box.x, width)}, from the top ${part(box.y, height)}, side ${part(box.side, shorter)}.`;
  };

  square.addEventListener("pointerdown", (start) => {
    if (start.button) return;
    start.preventDefault();
    square.focus({ preventScroll: true });
    const from = { ...box };
    const scale = whole.clientWidth / width;
    const resizing = start.target === corner;
    const dragging = new AbortController();
    const { signal } = dragging;
    square.setPointerCapture(start.pointerId);
    square.addEventListener("pointermove", (event) => {
      const x = (event.clientX - start.clientX) / scale;
      const y = (event.clientY - start.clientY) / scale;
      if (resizing) {
        const room = Math.min(width - from.x, height - from.y);
        write({ ...from, side: Math.min(from.side + Math.max(x, y), room) });
      } else {
        write({ ...from, x: from.x + x, y: from.y + y });
      }
    }, { signal });
    for (const end of ["pointerup", "pointercancel"]) {
      square.addEventListener(end, (event) => {
        dragging.abort();
        const moved = Math.hypot(event.clientX - start.clientX, event.clientY - start.clientY);
        if (end === "pointerup" && moved < CLICK && !resizing) {
          write(from);
          aim(under(event));
          tellPoint();
        } else {
          tell();
        }
      }, { signal });
    }
  });

  whole.addEventListener("click", (event) => { aim(under(event)); tellPoint(); });
  focal.addEventListener("pointerdown", (start) => {
    if (start.button) return;
    start.preventDefault();
    focal.focus({ preventScroll: true });
    focal.setPointerCapture(start.pointerId);
    const dragging = new AbortController();
    const { signal } = dragging;
    focal.addEventListener("pointermove", (event) => aim(under(event)), { signal });
    for (const end of ["pointerup", "pointercancel"]) {
      focal.addEventListener(end, () => { dragging.abort(); tellPoint(); }, { signal });
    }
  });
  focal.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = event.shiftKey ? 50 : 10;
    const by = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[event.key];
    if (!by) return;
    event.preventDefault();
    aim({ x: point.x + by[0], y: point.y + by[1] });
    tellPoint();
  });

  square.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = (shorter * (event.shiftKey ? 50 : 10)) / 1000;
    const { x, y, side } = box;
    const larger = { x: x - step / 2, y: y - step / 2, side: side + step };
    const smaller = { x: x + step / 2, y: y + step / 2, side: side - step };
    const next = {
      ArrowLeft: { x: x - step, y, side },
      ArrowRight: { x: x + step, y, side },
      ArrowUp: { x, y: y - step, side },
      ArrowDown: { x, y: y + step, side },
      "+": larger,
      "=": larger,
      "-": smaller,
      _: smaller,
    }[event.key];
    if (!next) return;
    event.preventDefault();
    write(next);
    tell();
  });

  for (const field of Object.values(fields)) {
    field.addEventListener("input", () => { read(); draw(); });
  }
  const begin = () => {
    read();
    square.hidden = focal.hidden = false;
    form.querySelector("[data-crop-help]").hidden = false;
    shown.src = shown.dataset.whole;
    draw();
  };
  if (whole.complete) begin();
  else whole.addEventListener("load", begin);
  window.addEventListener("resize", draw);
})();
