// Asks whether the office can be reached before a form is let go, so that while the connection is gone what was typed
// stays in the page. Without this script the form goes at once.
(function () {
  "use strict";
  const told = document.querySelector("[data-keep]");
  const form = told && told.closest("form");
  const LONGEST_WAIT = 15000;
  let asking = false;
  let sure = false;
  if (!form || !form.requestSubmit || !window.AbortController) return;

  async function reached() {
    if (navigator.onLine === false) return false;
    const stop = new AbortController();
    const timer = window.setTimeout(function () { stop.abort(); }, LONGEST_WAIT);
    try {
      return (await fetch("/healthz", { cache: "no-store", signal: stop.signal })).status < 500;
    } catch (error) {
      return false;
    } finally {
      window.clearTimeout(timer);
    }
  }

  form.addEventListener("submit", async function (event) {
    if (sure || event.defaultPrevented) return;
    event.preventDefault();
    if (asking) return;
    asking = true;
    told.hidden = true;
    sure = await reached();
    asking = false;
    if (sure) form.requestSubmit(event.submitter);
    else {
      told.textContent = told.dataset.keep;
      told.hidden = false;
      told.scrollIntoView({ block: "center" });
    }
    sure = false;
  });
})();
