// Puts fresh figures in place of the old ones; while the server is away the last ones stay, and the board says so.
"use strict";

const gone = document.getElementById("gone");

async function refresh() {
  try {
    const answer = await fetch(location.href, { cache: "no-store", redirect: "manual" });
    if (answer.type === "opaqueredirect" || answer.status === 403) {
      location.reload(); // no longer let in: the page says why
      return;
    }
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("papan");
    if (answer.ok && fresh) {
      document.getElementById("papan").replaceWith(fresh);
    }
    gone.hidden = answer.ok && fresh !== null;
  } catch {
    gone.hidden = false;
  }
}

setInterval(refresh, 1000 * Number(document.body.dataset.seconds));
