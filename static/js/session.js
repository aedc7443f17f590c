// Running an evening: the log is one key away, and stays under the hands of whoever writes it.
(() => {
  "use strict";
  const line = () => document.querySelector("[data-log]");
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key !== "l" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    line()?.focus();
  });
  let wrote = false;
  document.addEventListener("submit", (event) => {
    wrote = event.target.contains(line());
  });
  document.addEventListener("htmx:after:swap", () => {
    if (wrote) line()?.focus();
    wrote = false;
  });
})();
