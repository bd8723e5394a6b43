// Small comforts. Every page works without them.
(function () {
  "use strict";
  // Follow the system's colours while the page is open.
  var root = document.documentElement;
  if (root.dataset.scheme === "system") {
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", function (event) {
      root.dataset.bsTheme = event.matches ? "dark" : "light";
    });
  }
  // Close open menus with Escape and by a click elsewhere.
  function closeMenus(except) {
    document.querySelectorAll("details.menu[open]").forEach(function (menu) {
      if (menu !== except) menu.open = false;
    });
  }
  document.addEventListener("click", function (event) {
    closeMenus(event.target.closest("details.menu"));
  });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    var open = document.querySelector("details.menu[open]");
    closeMenus(null);
    if (open) open.querySelector("summary").focus();
  });
  // A form is sent once, however often its button is pressed. Disabled a moment later, or its value would be lost.
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.method !== "post" || form.dataset.again !== undefined) return;
    setTimeout(function () {
      form.querySelectorAll("button").forEach(function (button) { button.disabled = true; });
    }, 0);
  });
  addEventListener("pageshow", function (event) {
    if (!event.persisted) return;
    document.querySelectorAll("form button:disabled").forEach(function (button) { button.disabled = false; });
  });
  // The place one is at stands in sight in the column of places, however long that is.
  var here = document.querySelector(".sidebar [aria-current]");
  var column = here && here.closest(".sidebar");
  if (column && here.offsetTop + here.offsetHeight > column.clientHeight) {
    column.scrollTop = here.offsetTop - column.clientHeight / 2;
  }
  // The first field that is wrong is where one wants to be.
  var wrong = document.querySelector("[aria-invalid=true]");
  if (wrong) wrong.focus();
})();
