// Writing: names are offered after `[[`, or in a field that takes one; how a text looks stands beside it.
// Every form works without this file.
(() => {
  "use strict";

  const namesAt = document.body.dataset.namesAt;
  const lookAt = document.body.dataset.lookAt;
  if (!namesAt) return;
  const FIELDS = "[data-writing] textarea, input[data-names]";

  const later = (work, wait) => {
    let timer;
    return (...given) => {
      clearTimeout(timer);
      timer = setTimeout(work, wait, ...given);
    };
  };

  // The names. One list serves all fields: it stands under the one that is being written in.
  const list = document.createElement("ul");
  list.className = "names";
  list.id = "offered-names";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Entries");
  const said = document.createElement("div");
  said.className = "visually-hidden";
  said.setAttribute("role", "status");
  document.body.append(said);

  let field = null; // the one being written in, while names are offered
  let asked = 0;

  const isText = (one) => one.tagName === "TEXTAREA";

  // What is being typed as a name: from where to where, and the words. None outside of brackets.
  const typed = (one) => {
    if (!isText(one)) return { from: 0, to: one.value.length, words: one.value.trim() };
    const to = one.selectionStart;
    if (to !== one.selectionEnd) return null;
    const found = /\[\[([^[\]|\n]{0,80})$/.exec(one.value.slice(0, to));
    return found && { from: to - found[1].length, to, words: found[1].trim() };
  };

  const close = () => {
    asked += 1;
    list.hidden = true;
    if (!field) return;
    if (!isText(field)) field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
    field = null;
  };

  const mark = (option) => {
    for (const each of list.children) each.setAttribute("aria-selected", String(each === option));
    if (option) {
      field.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else field.removeAttribute("aria-activedescendant");
  };

  // Where the caret stands in a text area: measured on a copy of it.
  const caret = (one, at) => {
    const copy = document.createElement("div");
    const look = getComputedStyle(one);
    for (const name of ["font", "letterSpacing", "lineHeight", "padding", "border", "boxSizing"]) copy.style[name] = look[name];
    Object.assign(copy.style, {
      position: "absolute", visibility: "hidden", whiteSpace: "pre-wrap", overflowWrap: "break-word", width: `${one.offsetWidth}px`,
    });
    // From the brackets to the end of the word, so that it wraps as it does in the area.
    const end = document.createElement("span");
    end.textContent = one.value.slice(at - 2).match(/^\S*/)[0];
    copy.append(one.value.slice(0, at - 2), end);
    one.parentElement.append(copy);
    const place = { left: end.offsetLeft, top: end.offsetTop + end.offsetHeight - one.scrollTop };
    copy.remove();
    return place;
  };

  const open = (one, html) => {
    list.innerHTML = html; // our own page's, escaped there
    const options = [...list.children];
    if (!options.length) {
      said.textContent = "No such name";
      close();
      return;
    }
    options.forEach((option, n) => { option.id = `offered-name-${n}`; });
    field = one;
    const holder = one.parentElement;
    holder.classList.add("names-anchor");
    holder.append(list);
    const at = isText(one) ? caret(one, typed(one).from) : { left: 0, top: one.offsetHeight };
    list.hidden = false;
    const room = holder.clientWidth - list.offsetWidth;
    list.style.left = `${one.offsetLeft + Math.max(0, Math.min(at.left, room))}px`;
    list.style.top = `${one.offsetTop + Math.min(at.top, one.offsetHeight) + 4}px`;
    if (!isText(one)) one.setAttribute("aria-expanded", "true");
    mark(isText(one) ? options[0] : null);
    said.textContent = options.length === 1 ? "One name offered" : `${options.length} names offered`;
  };

  const offer = later(async (one) => {
    const now = typed(one);
    if (!now || document.activeElement !== one || (!isText(one) && !now.words)) return close();
    const mine = ++asked;
    let html = "";
    try {
      const answer = await fetch(`${namesAt}?q=${encodeURIComponent(now.words)}`);
      if (answer.ok && !answer.redirected) html = await answer.text();
    } catch {
      return;
    }
    if (mine === asked && document.activeElement === one && typed(one)) open(one, html);
  }, 140);

  const choose = (option) => {
    const one = field;
    const now = one && typed(one);
    close();
    if (!now) return;
    const name = option.dataset.name;
    const closing = isText(one) ? (one.value.startsWith("]]", now.to) ? 2 : 0) : 0;
    one.setRangeText(isText(one) ? `${name}]]` : name, now.from, now.to + closing, "end");
    one.focus();
    one.dispatchEvent(new Event("input", { bubbles: true }));
    said.textContent = `${name} written`;
  };

  document.addEventListener("keydown", (event) => {
    if (!field || event.target !== field || list.hidden || event.isComposing) return;
    const options = [...list.children];
    const at = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps) {
      const next = at < 0 && event.key === "ArrowUp" ? options.length - 1 : at + steps[event.key];
      mark(options[(next + options.length) % options.length]);
    } else if ((event.key === "Enter" || event.key === "Tab") && at >= 0 && !event.shiftKey) choose(options[at]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
  // Pressing an option must not take the focus from the field; a touch chooses when it is lifted.
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) choose(option);
  });

  // How it looks.
  const look = later(async (one) => {
    const side = one.closest("[data-writing]")?.querySelector("[data-look]");
    if (!side) return;
    if (!one.value.trim()) {
      side.hidden = true;
      return;
    }
    const text = one.value;
    const body = new URLSearchParams({ text });
    body.set("csrfmiddlewaretoken", one.form?.elements.csrfmiddlewaretoken?.value ?? "");
    let html;
    try {
      const answer = await fetch(lookAt, { method: "POST", body });
      if (answer.redirected || ![200, 422].includes(answer.status)) return;
      html = await answer.text();
    } catch {
      return;
    }
    if (text !== one.value) return; // a later one is on its way
    side.querySelector("[data-look-text]").innerHTML = html; // made safe where it was rendered
    side.hidden = false;
  }, 350);

  const prepare = () => {
    // Choosing a kind brings its fields by itself.
    if (window.htmx) for (const button of document.querySelectorAll("[data-once-chosen]")) button.hidden = true;
    for (const one of document.querySelectorAll(FIELDS)) {
      if (one.dataset.prepared) continue;
      one.dataset.prepared = "1";
      one.setAttribute("aria-autocomplete", "list");
      one.setAttribute("aria-controls", list.id);
      one.setAttribute("aria-haspopup", "listbox");
      if (!isText(one)) {
        one.setAttribute("role", "combobox");
        one.setAttribute("aria-expanded", "false");
        one.setAttribute("autocomplete", "off");
      }
      if (isText(one)) look(one);
    }
  };
  document.addEventListener("input", (event) => {
    const one = event.target;
    if (!one.matches?.(FIELDS)) return;
    offer(one);
    if (isText(one)) look(one);
  });
  document.addEventListener("click", (event) => {
    if (field && event.target !== field && !list.contains(event.target)) close();
  });
  document.addEventListener("focusout", (event) => {
    if (event.target === field) setTimeout(() => field && document.activeElement !== field && close(), 150);
  });
  document.addEventListener("htmx:after:swap", prepare);
  document.body.append(list);
  prepare();
})();
