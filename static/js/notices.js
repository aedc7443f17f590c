// Says through the browser what happens while nobody looks: for whoever allowed it. Every page works without this file.
(() => {
  "use strict";

  const link = document.querySelector("#notices");
  if (!link) return;
  const can = "Notification" in window && window.isSecureContext;
  const told = `notices-told:${link.pathname}`;
  const looked = "notices-looked";

  const newest = async () => {
    const answer = await fetch(`${link.pathname}newest/`);
    return answer.ok && !answer.redirected ? answer.json() : { notices: [] };
  };

  // On the page of notices: how things stand, and the one button that asks.
  const panel = document.querySelector("[data-notices-ask]");
  const show = () => {
    const state = can ? Notification.permission : "missing";
    for (const part of panel.querySelectorAll("[data-when]")) part.hidden = part.dataset.when !== state;
    panel.hidden = false;
  };
  if (panel) {
    show();
    panel.querySelector("button").addEventListener("click", async () => {
      const answer = await Notification.requestPermission();
      if (answer === "granted") {
        // What is there already is on this page; only what comes is said aloud.
        const { notices } = await newest();
        localStorage.setItem(told, Math.max(0, ...notices.map((one) => one.position)));
      }
      show();
    });
  }

  // Each page that somebody looks at says so to those of the same house that nobody does.
  const isLookedAt = () => !document.hidden && document.hasFocus();
  const say = async () => {
    if (isLookedAt() || Date.now() - Number(localStorage.getItem(looked)) < 5000) return;
    const { campaign, notices } = await newest();
    const last = localStorage.getItem(told);
    const fresh = last === null ? notices.slice(0, 1) : notices.filter((one) => one.position > Number(last));
    if (!fresh.length) return;
    localStorage.setItem(told, fresh[0].position);
    const icon = document.querySelector("link[rel=icon]").href;
    for (const one of fresh.reverse()) {
      // Two pages that say the same thing in the same moment show it once: by its tag.
      const shown = new Notification(campaign, { body: one.text, tag: `${told}:${one.position}`, icon });
      shown.addEventListener("click", () => {
        window.focus();
        location.assign(one.path || link.href);
        shown.close();
      });
    }
  };

  let soon;
  document.body.addEventListener("live:any", () => {
    if (!can || Notification.permission !== "granted" || document.querySelector(".seen-through")) return;
    if (isLookedAt()) localStorage.setItem(looked, Date.now());
    clearTimeout(soon);
    soon = setTimeout(say, 1000);
  });
})();
