// A page that answers a sent form asks to send it again when one comes back to it. Once its own form is on the way, the
// way back leads to a fresh page instead. Without this script everything works as before.
"use strict";
document.getElementById("act").addEventListener("submit", () => history.replaceState(null, "", location.href));
