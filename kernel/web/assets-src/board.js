// Cards of the first page are dragged by their heads; the buttons in each card's menu do the same without a pointer.
(function () {
  "use strict";
  var board = document.getElementById("board"), dragged = null;
  if (!board) return;
  function cards() { return Array.from(board.querySelectorAll(".board-card")); }
  function keep() {
    var token = JSON.parse(document.body.getAttribute("hx-headers"));
    var order = cards().map(function (card) { return card.dataset.card; }).join(",");
    fetch("/admin/board/order", {
      method: "POST", redirect: "manual", body: new URLSearchParams({ order: order }),
      headers: Object.assign({ "content-type": "application/x-www-form-urlencoded" }, token)
    });
  }
  cards().forEach(function (card) {
    var head = card.querySelector(".board-head");
    head.draggable = true;
    head.addEventListener("dragstart", function (event) {
      dragged = card;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", card.dataset.card);
      event.dataTransfer.setDragImage(card, 20, 20);
      card.classList.add("is-dragged");
    });
    head.addEventListener("dragend", function () { card.classList.remove("is-dragged"); dragged = null; });
    card.addEventListener("dragover", function (event) { if (dragged && dragged !== card) event.preventDefault(); });
    card.addEventListener("drop", function (event) {
      if (!dragged || dragged === card) return;
      event.preventDefault();
      var all = cards();
      board.insertBefore(dragged, all.indexOf(dragged) < all.indexOf(card) ? card.nextSibling : card);
      keep();
    });
  });
})();
