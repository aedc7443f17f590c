// How a sheet is printed: whatever is chosen is shown at once, without the button that does so where no script runs.
(() => {
  "use strict";
  const form = document.querySelector("[data-press]");
  if (!form) return;
  form.querySelector("button").hidden = true;
  if (matchMedia("(max-width: 46rem)").matches) form.closest("details").open = false;
  form.addEventListener("change", () => form.requestSubmit());
})();
