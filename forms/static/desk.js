// Asks who complained before while NIK, telephone or e-mail is typed, brings the kecamatan of a village along, and holds a form
// back while the server does not answer, and asks before a page is left on which something was typed and not saved, so
// that nothing is lost. It keeps nothing in the browser.
(function () {
  "use strict";
  const form = document.getElementById("desk");
  if (!form) return;
  const same = document.getElementById("same");
  const down = document.getElementById("down");
  const nik = document.getElementById("nik");
  const phone = document.getElementById("phone");
  const email = document.getElementById("email");
  const district = document.getElementById("district");
  const village = document.getElementById("village");
  const villages = Array.from(document.querySelectorAll("#villages option"), function (option) {
    return [option.value.toLowerCase(), option.label];
  });
  let waiting = 0;
  let asked = "";

  function digits(field) {
    return field.value.replace(/\D/g, "").length;
  }

  function show(answer) {
    const told = document.createElement("p");
    told.textContent = answer.sentence;
    const list = document.createElement("ul");
    answer.found.forEach(function (each) {
      const link = document.createElement("a");
      link.href = each.url;
      link.target = "_blank";
      link.rel = "noopener";
      link.textContent = each.ticket;
      const item = document.createElement("li");
      item.append(link, " " + each.text);
      list.append(item);
    });
    same.replaceChildren(...(answer.sentence ? [told] : []), ...(answer.found.length ? [list] : []));
  }

  function ask() {
    const data = new URLSearchParams();
    if (digits(nik) >= 16) data.set("nik", nik.value);
    if (digits(phone) >= 9) data.set("phone", phone.value);
    if (/^[^@\s]+@[^@\s]+\.[^@\s.]{2,}$/.test(email.value.trim())) data.set("email", email.value.trim());
    if (String(data) === asked) return;
    asked = String(data);
    if (!asked) return show({ sentence: "", found: [] });
    const mine = asked;
    fetch(form.dataset.same, { method: "POST", body: data, headers: { Accept: "application/json" } })
      .then(function (response) { return response.ok ? response.json() : null; })
      .then(function (answer) { if (answer && mine === asked) show(answer); })
      .catch(function () { asked = ""; });
  }

  [nik, phone, email].forEach(function (field) {
    field.addEventListener("input", function () {
      clearTimeout(waiting);
      waiting = setTimeout(ask, 250);
    });
  });

  village.addEventListener("change", function () {
    const homes = villages.filter(function (each) { return each[0] === village.value.trim().toLowerCase(); });
    if (homes.length === 1 && !district.value) district.value = homes[0][1];
  });

  let typed = form.dataset.sent === "1"; // what came back with a mistake is not saved either
  form.addEventListener("input", function () { typed = true; });
  window.addEventListener("beforeunload", function (event) {
    if (!typed || sure) return;
    event.preventDefault();
    event.returnValue = true; // older Chrome asks for this one only
  });

  let sure = false;
  let asking = false;
  form.addEventListener("submit", function (event) {
    if (sure) return;
    event.preventDefault();
    if (asking) return;
    asking = true;
    const pressed = event.submitter;
    fetch("/healthz", { cache: "no-store" })
      .then(function (response) {
        if (!response.ok) throw new Error();
        sure = true;
        form.requestSubmit(pressed);
        setTimeout(function () { sure = asking = false; }, 3000);
      })
      .catch(function () {
        asking = false;
        down.textContent = form.dataset.down;
        down.hidden = false;
        down.scrollIntoView({ block: "nearest" });
      });
  });
})();
