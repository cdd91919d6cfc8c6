// Offers only the villages of the chosen kecamatan. Without this script all of them are offered.
(function () {
  "use strict";
  const district = document.getElementById("district");
  const list = document.getElementById("villages");
  if (!district || !list) return;
  const all = Array.from(list.options);
  function narrow() {
    const chosen = district.value;
    list.replaceChildren(...all.filter(function (option) {
      return !chosen || option.label === chosen;
    }));
  }
  district.addEventListener("change", narrow);
  narrow();
})();
