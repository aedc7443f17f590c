// Pages that listen. The stream says that something changed, and what it was about; the page asks for itself again, with
// the rights of whoever looks, and takes over the parts that are about it. What somebody is typing is left alone.
// Where nothing can be heard, pages work as ever: they are loaded.
(() => {
  "use strict";
  const at = document.body.dataset.liveAt;
  if (!at || !window.EventSource || !window.htmx) return;

  // The line

  const QUIET_FOR = 40_000; // longer than the stream is ever silent
  const LONGEST_WAIT = 30_000;
  const mark = document.querySelector("#line");
  let source = null;
  let last = "";
  let tries = 0;
  let down = false;
  let over = false; // there is nothing to hear here any more
  let lastHeard = Date.now() - performance.now();
  let awaySince = lastHeard;
  let opening = 0;
  let watching = 0;
  let offset = null;
  let release = null; // lets go of being the one that hears unseen

  const say = (words) => {
    if (mark && mark.textContent !== words) mark.textContent = words;
  };
  const lost = () => {
    if (over) return;
    down = true;
    say("The line is down. Trying again.");
  };
  const found = () => {
    tries = 0;
    if (down) {
      down = false;
      say("");
      send();
    }
  };
  const close = () => {
    clearTimeout(opening);
    clearTimeout(watching);
    source?.close();
    source = null;
  };
  const retry = () => {
    close();
    tries += 1;
    if (tries > 1) lost();
    if (tries === 2) look();
    opening = setTimeout(open, Math.min(LONGEST_WAIT, 500 * 2 ** tries) * (0.5 + Math.random() / 2));
  };
  const heard = (event) => {
    lastHeard = Date.now();
    if (event.lastEventId) last = event.lastEventId;
    if (navigator.onLine) found();
    clearTimeout(watching);
    watching = setTimeout(retry, QUIET_FOR);
  };
  function open() {
    close();
    if (over || document.hidden && !release) return;
    awaySince = lastHeard;
    const where = new URL(at, location.href.split(/[?#]/)[0]);
    if (last) where.searchParams.set("last", last);
    else where.searchParams.set("age", (performance.now() / 1000).toFixed(2));
    source = new EventSource(where);
    source.addEventListener("time", (event) => {
      heard(event);
      // What is on its way arrives late and never early, so the largest difference is the nearest to the truth.
      const seen = Number(event.data) - performance.now();
      if (offset === null || seen > offset) offset = seen;
      document.dispatchEvent(new CustomEvent("live:time", { detail: { offset } }));
    });
    source.addEventListener("changed", (event) => {
      heard(event);
      tell(event.data);
    });
    source.addEventListener("anew", (event) => {
      heard(event);
      tell("*");
    });
    source.addEventListener("none", () => {
      over = true;
      close();
    });
    source.addEventListener("error", retry);
  }
  // A page that nobody sees gives its connection back: a browser has few of them. Where somebody wants to be told
  // things through the browser, one of the pages that nobody sees goes on hearing.
  const rest = () => {
    if (!document.hidden) return;
    close();
    if (window.Notification?.permission !== "granted" || !navigator.locks) return;
    navigator.locks.request(`hears ${at}`, () => new Promise((done) => {
      release = done;
      if (document.hidden) open();
      else wake();
    }));
  };
  const wake = () => {
    release?.();
    release = null;
    if (!source) open();
  };
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) opening = setTimeout(rest, 5_000);
    else wake();
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) open();
  });
  window.addEventListener("pagehide", close);
  window.addEventListener("offline", lost);
  window.addEventListener("online", () => {
    open();
    for (const topic of [...wanted]) tell(topic);
  });

  // Parts of the page

  const wanted = new Set();
  let asked = 0;
  let asking = false;
  let acted = 0; // how often the page itself has asked for something, or got it
  for (const step of ["htmx:before:request", "htmx:after:swap"]) {
    document.addEventListener(step, (event) => {
      const { target, sourceElement } = event.detail?.ctx ?? {};
      const own = [target, sourceElement].some((one) => one instanceof Element && one.matches("[data-live], [hx-morph-skip]"));
      if (!own) acted += 1;
    });
  }
  let pressed = false; // what lies under a finger stays there until it is lifted
  document.addEventListener("pointerdown", () => { pressed = true; }, true);
  for (const end of ["pointerup", "pointercancel", "dragend"]) {
    window.addEventListener(end, () => setTimeout(() => { pressed = false; }, 50), true);
  }
  let failed = 0;

  function tell(topic) {
    wanted.add(topic);
    if (!navigator.onLine) return;
    for (const name of new Set(topic === "*" ? ["known", "table", "any"] : [topic, "any"])) {
      document.body.dispatchEvent(new CustomEvent(`live:${name}`, { detail: { topic } }));
    }
    if (!asked) asked = setTimeout(again, 20 + Math.random() * 60);
  }
  const concerns = (part, topics) => {
    const own = part.dataset.live.split(" ");
    return topics.has("*") || own.some((topic) => topic === "*" || topics.has(topic));
  };

  async function again() {
    asked = 0;
    if (asking || pressed) {
      asked = setTimeout(again, 100);
      return;
    }
    const topics = new Set(wanted);
    wanted.clear();
    const all = [...document.querySelectorAll('[data-live]:not([data-live=""])[id]')];
    const parts = all.filter((part) => concerns(part, topics));
    // A page that answers what was sent has errors on it, or stands where nothing is to be had by asking.
    if (!parts.length || document.querySelector("[data-errors]")) return;
    asking = true;
    let left = 0;
    const before = acted;
    try {
      const answer = await fetch(location.href.split("#")[0], {
        cache: "no-store", redirect: "manual", headers: { "X-Khitomer-Live": "1" },
      });
      if (answer.type === "opaqueredirect" || answer.status === 404) {
        if (all.some((part) => part.id === "main" || part.id === "hall")) ended();
      } else if (answer.ok) {
        failed = 0;
        const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
        while (pressed) await new Promise((done) => setTimeout(done, 50));
        if (acted !== before) left = 150; // what was asked for is older than what somebody has just done
        else for (const part of parts) {
          if (part.isConnected && !await take(part, fresh.getElementById(part.id))) left = 10_000;
        }
      } else if (answer.status >= 500) {
        throw new Error(answer.status);
      }
    } catch {
      // The line, or the server: what was missed is asked for once there is one.
      failed += 1;
      left = Math.min(LONGEST_WAIT, 1_000 * 2 ** failed);
    } finally {
      asking = false;
    }
    if (!left) return;
    for (const topic of topics) wanted.add(topic);
    asked ||= setTimeout(again, left);
  }

  // What this page showed is there no more for whoever looks: signed out, removed, taken back.
  const ended = () => {
    const live = document.querySelector('#main:not([data-live=""]), #hall');
    say("This page is not there for you any more.");
    over = true;
    close();
    if (live && ![...document.forms].some(typed)) location.replace(location.href.split("#")[0]);
  };
  // The stream does not come, and the house does: perhaps it is not for this page any more.
  const look = async () => {
    if (!await reachable()) return;
    const answer = await fetch(at, { cache: "no-store", redirect: "manual", method: "HEAD" }).catch(() => null);
    if (answer && (answer.type === "opaqueredirect" || answer.status === 404)) ended();
  };

  // A form is known by what it does and by how many alike stand before it, so that it is found again in a fresh page.
  const named = (root) => {
    const alike = new Map();
    for (const form of root.querySelectorAll("form:not([id])")) {
      const fields = [...form.elements].filter((field) => field.type !== "hidden").map((field) => field.name);
      const key = `${form.getAttribute("action") ?? ""} ${fields.join(" ")}`;
      const turn = (alike.get(key) ?? 0) + 1;
      alike.set(key, turn);
      form.dataset.key = `${key} ${turn}`;
    }
  };
  const differs = (field) => {
    if (field.type === "hidden" || field.disabled) return false;
    if (field.matches("select")) {
      const options = [...field.options];
      const usual = options.some((option) => option.defaultSelected);
      return options.some((option, at) =>
        option.selected !== (usual ? option.defaultSelected : at === 0 && !field.multiple));
    }
    if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
    if (field.matches("input, textarea")) return field.value !== field.defaultValue;
    return false;
  };
  const writes = "input:not([type=hidden], [type=checkbox], [type=radio], [type=submit], [type=button]), textarea, select";
  const typed = (form) =>
    form.contains(document.activeElement) && document.activeElement.matches(writes) ||
    form.querySelector("[aria-invalid=true], .errorlist") !== null ||
    [...form.elements].some(differs);
  const twin = (form, fresh) =>
    form.id ? fresh.querySelector(`form[id="${CSS.escape(form.id)}"]`)
      : [...fresh.querySelectorAll("form")].find((other) => other.dataset.key === form.dataset.key);

  let turn = 0;
  // Whether the part is as fresh as can be: not while somebody is in something that the fresh one has no place for.
  async function take(part, fresh) {
    if (!fresh) return true;
    if (part.querySelector(".is-dragged")) return false;
    named(part);
    named(fresh);
    const said = part.querySelector("#messages");
    if (said) fresh.querySelector("#messages")?.replaceWith(said.cloneNode(true));
    for (const line of part.querySelectorAll("[id] > .vote-said")) {
      const place = fresh.querySelector(`#${CSS.escape(line.parentElement.id)}`);
      if (place && !place.querySelector(":scope > .vote-said")) place.prepend(line.cloneNode(true));
    }
    if (part.isEqualNode(fresh)) return true;
    const kept = [...part.querySelectorAll("form")].filter(typed);
    if (kept.some((form) => !twin(form, fresh))) return false;
    const held = [...part.querySelectorAll("[data-held]:not([hx-morph-skip])")].filter((one) => isOpen(one, fresh));
    for (const form of kept) {
      const other = twin(form, fresh);
      if (!form.id) form.id = other.id = `kept-${turn += 1}`;
    }
    for (const one of [...kept, ...held]) one.setAttribute("hx-morph-skip", "");
    try {
      await window.htmx.swap({ text: fresh.outerHTML, target: part, swap: "outerMorph", sourceElement: part });
    } finally {
      for (const one of [...kept, ...held]) one.removeAttribute("hx-morph-skip");
      for (const one of held) {
        const again = one.isConnected && one.dataset.again;
        if (again) window.htmx.ajax("GET", again, { source: one.parentElement, target: one, swap: "outerMorph" });
      }
      for (const form of kept) if (form.id.startsWith("kept-")) form.removeAttribute("id");
    }
    return true;
  }
  // What somebody opened on the page by hand stays open: while they are in it, while a fresh page has nothing in its
  // place, and while it holds a form to write in that a fresh page has not. What knows its own address (`data-again`)
  // stays open, too, and is asked for there.
  document.addEventListener("htmx:after:swap", (event) => {
    let target = event.detail?.ctx?.target;
    if (target instanceof Element && !target.isConnected) target = target.id && document.querySelector(`#${CSS.escape(target.id)}[data-again]`);
    if (target instanceof Element && !target.matches("[data-live], [hx-morph-skip]")) target.setAttribute("data-held", "");
  });
  const isOpen = (one, fresh) => {
    if (one.contains(document.activeElement)) return true;
    const place = one.id && fresh.querySelector(`#${CSS.escape(one.id)}`);
    if (!place) return false;
    if (one.dataset.again && !place.dataset.again) return true;
    if (!place.childElementCount && one.childElementCount) return true;
    return [...one.querySelectorAll("form")].some((form) => form.querySelector(writes) && !twin(form, place));
  };

  // Sending while the line is down: it waits, says so, and goes when the line is back.

  const unsent = new Map(); // forms, and the button that was pressed
  const note = (form, words) => {
    let line = form.querySelector(".unsent");
    if (!line && words) {
      line = document.createElement("p");
      line.className = "unsent alert";
      line.setAttribute("role", "status");
      form.append(line);
    }
    if (line) words ? (line.textContent = words) : line.remove();
  };
  async function reachable() {
    try {
      return (await fetch("/healthz/", { cache: "no-store", signal: AbortSignal.timeout(4_000) })).ok;
    } catch {
      return false;
    }
  }
  // The last of them as if its button were pressed now, which may leave the page; those before it without leaving.
  let sending = false;
  async function send() {
    if (sending) return;
    sending = true;
    try {
      for (const [form, button] of unsent) {
        const pressed = button?.isConnected ? button : undefined;
        if (!form.isConnected) {
          unsent.delete(form);
        } else if (unsent.size === 1) {
          unsent.delete(form);
          note(form, "");
          form.dataset.tried = "1";
          form.requestSubmit(pressed);
          delete form.dataset.tried;
        } else {
          const to = pressed?.hasAttribute("formaction") ? pressed.formAction : form.action;
          const answer = await fetch(to, { method: "POST", body: new FormData(form, pressed) });
          const taken = answer.ok && new URL(answer.url).pathname !== "/sign-in/";
          unsent.delete(form);
          note(form, taken ? "Sent." : "It was not taken. Send it again to see why.");
          if (taken) form.reset();
        }
      }
    } catch {
      // Down again: what is left waits on.
    } finally {
      sending = false;
    }
  }
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (form.method !== "post" || !(down || !navigator.onLine) || form.dataset.tried) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    note(form, "Not sent yet: the line is down. It goes as soon as the line is back.");
    unsent.set(form, event.submitter);
    if (await reachable()) send(); // the stream is down, and the house is not
  }, true);
  setInterval(async () => {
    if (unsent.size && await reachable()) send();
  }, 3_000);

  // What was shown to somebody arrives as a card.

  const arrivals = document.querySelector("#arrivals");
  if (arrivals) {
    const known = new Set();
    let due = 0;
    const fetched = async () => {
      due = 0;
      const within = Math.ceil((Date.now() - awaySince) / 1000) + 10;
      const answer = await fetch(`${arrivals.dataset.at}?within=${within}`, { cache: "no-store" });
      if (!answer.ok || answer.redirected) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      const cards = new Map([...fresh.querySelectorAll("[data-arrival]")].map((card) => [card.dataset.arrival, card]));
      // What was taken back in the meantime is gone, and its card with it.
      for (const card of [...arrivals.children]) {
        if (cards.has(card.dataset.arrival)) continue;
        known.delete(card.dataset.arrival);
        card.remove();
      }
      for (const [key, card] of cards) {
        if (known.has(key) || card.querySelector("a")?.pathname === location.pathname) continue;
        known.add(key);
        arrivals.append(document.adoptNode(card));
      }
    };
    document.body.addEventListener("live:known", () => {
      due ||= setTimeout(() => fetched().catch(() => {}), 150);
    });
    arrivals.addEventListener("click", (event) => {
      if (event.target.closest("button")) event.target.closest("[data-arrival]").remove();
    });
  }

  open();
})();
