// An order button for any page:
//
//   <script src="https://billing.example/embed/order-button.js" crossorigin="anonymous" defer></script>
//   <a data-order="vps-2" data-cycle="annual" data-currency="EUR" href="https://billing.example/shop/vps-2">Order</a>
//
// The link works without this script. With it, {price} in data-text is replaced by today's price and the link leads to
// the chosen cycle. Nothing about the visitor is sent.
(function () {
  "use strict";
  var base = new URL(document.currentScript.src).origin;
  function fill(link) {
    var slug = link.dataset.order, asked = new URLSearchParams();
    if (link.dataset.cycle) asked.set("cycle", link.dataset.cycle);
    if (link.dataset.currency) asked.set("currency", link.dataset.currency);
    var query = asked.toString() ? "?" + asked : "";
    link.href = base + "/shop/" + encodeURIComponent(slug) + query;
    if (!link.dataset.text) return;
    fetch(base + "/api/public/products/" + encodeURIComponent(slug) + "/price" + query, { credentials: "omit" })
      .then(function (answer) { return answer.ok ? answer.json() : null; })
      .then(function (price) {
        if (!price) return;
        var shown = price.renewal || price.total;
        var words = new Intl.NumberFormat(document.documentElement.lang || undefined,
          { style: "currency", currency: shown.currency }).format(shown.amount);
        link.textContent = link.dataset.text.replace("{price}", words);
      })
      // The link itself is still there.
      .catch(function () {});
  }
  function all() { document.querySelectorAll("a[data-order]").forEach(fill); }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", all); else all();
})();
