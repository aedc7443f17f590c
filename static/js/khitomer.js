// What plain links and forms cannot do. Every page works without this file.
(() => {
  "use strict";

  // A form that was sent is not sent again by a second press of the same button.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    if (form.method === "post" && !form.hasAttribute("hx-post")) {
      form.dataset.sent = "1";
    }
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });

  // Copy what a labelled button points at, such as an invitation's link.
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const source = document.querySelector(button.dataset.copy);
    await navigator.clipboard.writeText(source.value ?? source.textContent);
    button.textContent = "Copied";
  });

  // Choosing from a select that filters a page sends its form at once.
  document.addEventListener("change", (event) => {
    if (event.target.closest("[data-submit-on-change]")) event.target.form.requestSubmit();
  });

  // Show only the fields that the chosen kind needs.
  const showKind = (select) => {
    const group = select.closest("[data-kinds]");
    for (const part of group.querySelectorAll("[data-for]")) {
      const wanted = part.dataset.for.split(" ").includes(select.value);
      part.hidden = !wanted;
      for (const field of part.querySelectorAll("input, select, textarea")) field.disabled = !wanted;
    }
  };
  const prepare = (root) => {
    for (const select of root.querySelectorAll("[data-kind-select]")) showKind(select);
  };
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-kind-select]")) showKind(event.target);
  });
  document.addEventListener("htmx:after:swap", () => prepare(document));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      for (const open of document.querySelectorAll(".rail details[open]")) open.open = false;
    }
  });
  prepare(document);

  // After a refusal the reader begins at what is wrong, and not at the top of the page.
  document.querySelector("[data-errors]")?.focus();
})();
