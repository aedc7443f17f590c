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
  // A morph makes anew what it moves and knows by its id, and makes it as HTML: a drawing would draw nothing. So drawings
  // are known by nothing while it lasts; what they are named by comes with the fresh ones.
  document.addEventListener("htmx:before:swap", (event) => {
    const { swap, target } = event.detail.ctx;
    if (!/morph/i.test(swap ?? "") || !(target instanceof Element)) return;
    for (const drawn of target.querySelectorAll("svg[id], svg [id]")) {
      if (!drawn.closest("[hx-morph-skip]")) drawn.removeAttribute("id");
    }
  });
  // What comes back and is no part of this page, another page or the words of a server that stumbles, takes the place of
  // nothing. It is said beside what was sent, and what was typed stays; what the page asked for by itself, it asks again.
  const isSignIn = (address) => new URL(address).pathname === "/sign-in/";
  const asksByItself = (source) =>
    /\b(every|load|from:)/.test(source.getAttribute("hx-trigger") ?? "") || !source.closest("form, a, button, [hx-get], [hx-post]");
  const isPage = ({ response, sourceElement, text }) =>
    /^\s*<!doctype/i.test(text) &&
    (!sourceElement.hasAttribute("hx-select") || isSignIn(response.raw.url) || (response.status >= 400 && response.status !== 422));
  const say = (source, words) => {
    const place = source.closest("form") ?? source.parentElement;
    let line = place.querySelector(":scope > .not-taken");
    if (!words) return line?.remove();
    if (!line) {
      line = Object.assign(document.createElement("p"), { className: "not-taken alert" });
      line.setAttribute("role", "alert");
      place.append(line);
    }
    line.textContent = words;
  };
  const SIGNED_OUT = "Not taken: you are signed out. Sign in in another tab, then send it again.";
  const STUMBLES = "Not taken: the server did not answer as it should. Send it again in a moment.";
  // Whoever signs in again gets new tokens; the forms of a page that was there before take them over.
  const withFreshTokens = async () => {
    const answer = await fetch(location.href.split("#")[0], { cache: "no-store" });
    if (isSignIn(answer.url)) return SIGNED_OUT;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const who = (of) => of.querySelector(".foot a[href='/account/']")?.textContent;
    if (who(page) !== who(document)) return "Not taken: somebody else has signed in here. Sign in as yourself, then send it again.";
    const fresh = page.querySelector("[name=csrfmiddlewaretoken]");
    for (const old of document.querySelectorAll("[name=csrfmiddlewaretoken]")) old.value = fresh?.value ?? old.value;
    return "Not taken: you have signed in anew since this page was loaded. Send it again.";
  };
  const whyNot = async ({ response, text }) => {
    if (response.status >= 500) return STUMBLES;
    if (isSignIn(response.raw.url)) return SIGNED_OUT;
    if (response.status === 403) return withFreshTokens().catch(() => STUMBLES);
    const page = new DOMParser().parseFromString(text, "text/html");
    return `Not taken. ${page.querySelector("main .prose")?.textContent.trim() ?? ""}`;
  };
  document.addEventListener("htmx:before:swap", (event) => {
    const { ctx } = event.detail;
    const { response, sourceElement: source } = ctx;
    if (!response || !(source instanceof Element)) return;
    const byItself = asksByItself(source);
    if (response.status < 500 && !isPage(ctx) && !(byItself && response.status >= 400)) return;
    event.preventDefault();
    if (source === keeps) whyNot(ctx).then((words) => sayOfSaving(words.replace("Not taken", "Not saved yet")));
    else if (!byItself) whyNot(ctx).then((words) => say(source, words));
  });
  document.addEventListener("htmx:before:request", (event) => {
    const source = event.detail?.ctx?.sourceElement;
    if (source instanceof Element && source !== keeps && !asksByItself(source)) say(source, "");
  });

  // A form that is kept as one types says when it was not, and is kept as soon as it can be.
  const keeps = document.querySelector("form[data-keeps]");
  const sayOfSaving = (words) => {
    const line = keeps.querySelector(".saved");
    if (line.textContent !== words) line.textContent = words;
  };
  if (keeps) {
    let unkept = false;
    let asking = 0;
    document.addEventListener("htmx:before:request", (event) => {
      if (event.detail?.ctx?.sourceElement === keeps) asking += 1;
    });
    document.addEventListener("htmx:finally:request", (event) => {
      const { ctx } = event.detail;
      const { response } = ctx;
      if (ctx.sourceElement !== keeps) return;
      asking -= 1;
      if (/AbortError/.test(ctx.status)) return;
      unkept = !response || response.status >= 500 || response.status === 403 || isSignIn(response.raw.url);
      if (!response) sayOfSaving("Not saved yet: it will be as soon as it can.");
    });
    const keepNow = () => {
      if (unkept && !asking) window.htmx.trigger(keeps, "keep");
    };
    setInterval(keepNow, 5_000);
    window.addEventListener("online", keepNow);
    document.addEventListener("submit", (event) => { if (event.target === keeps) unkept = false; });
    window.addEventListener("beforeunload", (event) => { if (unkept) event.preventDefault(); });
  }
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      for (const open of document.querySelectorAll(".rail details[open]")) open.open = false;
    }
  });
  prepare(document);

  // The search: `/` from anywhere, arrows from hit to hit.
  const dialog = document.querySelector("#search-dialog");
  const typing = (target) => target.closest("input, textarea, select, [contenteditable]");
  const find = (event) => {
    if (!dialog?.showModal) return;
    event.preventDefault();
    dialog.showModal();
    dialog.querySelector("input").select();
  };
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-search]")) find(event);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !event.ctrlKey && !event.metaKey && !typing(event.target)) find(event);
  });
  dialog?.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) {
      if (event.key === "Enter" && event.target.matches("input")) {
        const first = dialog.querySelector(".search-hit a");
        if (first) {
          event.preventDefault();
          first.click();
        }
      }
      return;
    }
    const stops = [dialog.querySelector("input"), ...dialog.querySelectorAll(".search-hit a")];
    event.preventDefault();
    stops.at((stops.indexOf(document.activeElement) + step) % stops.length).focus();
  });

  // Clocks: the page says what is left, and counts on from its own arrival, so that no device's time of day matters.
  // Where the stream has told the server's time, the page knows more closely when they run out.
  let offset = null;
  document.addEventListener("live:time", (event) => {
    offset = event.detail.offset;
  });
  const two = (number) => String(number).padStart(2, "0");
  const face = (left) => {
    const all = Math.max(0, Math.ceil(left));
    const minutes = Math.floor(all / 60) % 60;
    const hours = Math.floor(all / 3600);
    return hours ? `${hours}:${two(minutes)}:${two(all % 60)}` : `${minutes}:${two(all % 60)}`;
  };
  const tick = () => {
    for (const clock of document.querySelectorAll("[data-left][data-runs]")) {
      if (clock.said !== clock.dataset.left) {
        clock.said = clock.dataset.left;
        clock.until = performance.now() + clock.said * 1000;
      }
      const until = offset !== null && clock.dataset.until ? clock.dataset.until - offset : clock.until;
      const left = (until - performance.now()) / 1000;
      const shows = face(left);
      if (clock.textContent !== shows) clock.textContent = shows;
      clock.classList.toggle("is-over", left <= 0);
    }
  };
  tick();
  document.addEventListener("htmx:after:swap", tick);
  setInterval(tick, 250);

  // A list that is put in order: drag by the handle; the buttons beside it do the same without.
  const showHandles = () => {
    for (const handle of document.querySelectorAll("[data-sort] [data-sort-handle]")) handle.hidden = false;
  };
  showHandles();
  document.addEventListener("htmx:after:swap", showHandles);
  document.addEventListener("pointerdown", (start) => {
    const handle = start.target.closest("[data-sort] [data-sort-handle]");
    if (!handle) return;
    const item = handle.closest("li");
    const list = item.parentElement;
    const before = [...list.children].indexOf(item);
    const dragging = new AbortController();
    start.preventDefault();
    item.classList.add("is-dragged");
    const move = (event) => {
      const over = [...list.children].find((other) => {
        const box = other.getBoundingClientRect();
        return other !== item && event.clientY > box.top && event.clientY < box.bottom;
      });
      if (!over) return;
      const box = over.getBoundingClientRect();
      const lower = event.clientY > box.top + box.height / 2;
      list.insertBefore(item, lower ? over.nextSibling : over);
    };
    const drop = ({ type }) => {
      dragging.abort();
      item.classList.remove("is-dragged");
      if (type === "pointercancel") {
        item.remove();
        list.insertBefore(item, list.children[before] ?? null);
      }
      const now = [...list.children].indexOf(item);
      if (now === before) return;
      const to = document.createElement("input");
      Object.assign(to, { type: "hidden", name: "to", value: now + 1 });
      handle.closest("form").append(to);
      handle.closest("form").requestSubmit();
    };
    // On the document: an item that moves in its list loses the pointer.
    const { signal } = dragging;
    document.addEventListener("pointermove", move, { signal });
    for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, drop, { signal });
  });
  // What was moved keeps the focus where the page opens at it.
  const target = /^#(item-\d+|floor)$/.test(location.hash) && document.querySelector(location.hash);
  if (target) target.focus({ preventScroll: true });

  // A line that is wider than the screen opens where the story stands, not where it began.
  for (const line of document.querySelectorAll(".dw-scroll .dw-now-line path")) {
    const box = line.closest(".dw-scroll");
    box.scrollLeft = line.getBBox().x - box.clientWidth * 0.6;
  }

  // What says notices through the browser is fetched for those alone who allowed it; the page of notices has it itself.
  const notices = document.querySelector("#notices");
  if (notices && window.Notification?.permission === "granted" && !document.querySelector("[data-notices-ask]")) {
    document.head.append(Object.assign(document.createElement("script"), { src: notices.dataset.script }));
  }

  // After a refusal the reader begins at what is wrong, and not at the top of the page.
  (document.querySelector("[data-errors]") ?? document.querySelector("main [aria-invalid=true]"))?.focus();
})();
