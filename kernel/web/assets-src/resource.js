// Lists, search and the keyboard. Every page works without it.
(function () {
  "use strict";
  var palette = null, input = null, list = null, waiting = null, asked = 0, gone = false;

  function typing(target) {
    return target.closest("input, textarea, select, [contenteditable]") !== null;
  }

  // The pages of the navigation, each with the first letter of its name that no page before it has.
  function places() {
    var taken = {};
    return Array.from(document.querySelectorAll("nav.sidebar a[href]")).map(function (link) {
      var label = link.textContent.trim();
      var letter = Array.from(label.toLowerCase()).find(function (it) { return /[a-z]/.test(it) && !taken[it]; });
      if (letter) taken[letter] = true;
      return { label: label, href: link.getAttribute("href"), letter: letter || "" };
    });
  }

  function open() {
    if (!palette) {
      palette = document.createElement("dialog");
      palette.className = "palette";
      palette.setAttribute("aria-label", "Search and go to");
      input = document.createElement("input");
      input.type = "search";
      input.placeholder = "Search, or go to a page";
      input.setAttribute("role", "combobox");
      input.setAttribute("aria-expanded", "true");
      input.setAttribute("aria-controls", "palette-list");
      input.setAttribute("aria-label", "Search");
      list = document.createElement("div");
      list.className = "palette-list";
      list.id = "palette-list";
      list.setAttribute("role", "listbox");
      list.setAttribute("aria-label", "Results");
      palette.append(input, list);
      document.body.append(palette);
      input.addEventListener("input", function () { clearTimeout(waiting); waiting = setTimeout(ask, 120); });
      palette.addEventListener("keydown", move);
      palette.addEventListener("click", function (event) { if (event.target === palette) palette.close(); });
    }
    input.value = "";
    show([]);
    palette.showModal();
  }

  // Newest question first: an answer that comes late is not shown.
  function ask() {
    var text = input.value.trim(), mine = ++asked;
    if (text === "") return show([]);
    fetch("/admin/search.json?q=" + encodeURIComponent(text), { headers: { accept: "application/json" } })
      .then(function (response) { return response.ok ? response.json() : { groups: [] }; })
      .then(function (found) { if (mine === asked) show(found.groups); })
      .catch(function () { if (mine === asked) show([]); });
  }

  function show(groups) {
    var text = input.value.trim().toLowerCase();
    var pages = places().filter(function (it) { return it.label.toLowerCase().includes(text); });
    list.replaceChildren();
    if (pages.length) add("Go to", pages.map(function (it) { return { label: it.label, href: it.href, note: it.letter ? "g " + it.letter : "" }; }));
    groups.forEach(function (group) { add(group.label, group.hits); });
    var first = list.querySelector("a");
    if (first) choose(first);
  }

  function add(title, hits) {
    var head = document.createElement("h2");
    head.textContent = title;
    list.append(head);
    hits.forEach(function (hit) {
      var link = document.createElement("a"), note = document.createElement("small");
      link.href = hit.href;
      link.setAttribute("role", "option");
      link.append(hit.label);
      note.textContent = hit.note;
      link.append(note);
      list.append(link);
    });
  }

  function choose(link) {
    list.querySelectorAll("a").forEach(function (it) { it.setAttribute("aria-selected", it === link ? "true" : "false"); });
    link.scrollIntoView({ block: "nearest" });
  }

  function move(event) {
    var links = Array.from(list.querySelectorAll("a"));
    var at = links.findIndex(function (it) { return it.getAttribute("aria-selected") === "true"; });
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      var next = links[at + (event.key === "ArrowDown" ? 1 : -1)];
      if (next) choose(next);
    } else if (event.key === "Enter" && links[at]) {
      event.preventDefault();
      location.assign(links[at].href);
    }
  }

  function help() {
    open();
    var keys = [["/", "Search this list"], ["Ctrl K", "Search everything"], ["?", "These keys"]];
    places().forEach(function (it) { if (it.letter) keys.push(["g " + it.letter, it.label]); });
    list.replaceChildren();
    keys.forEach(function (key) {
      var line = document.createElement("a"), press = document.createElement("kbd");
      press.textContent = key[0];
      line.append(key[1], press);
      list.append(line);
    });
  }

  document.addEventListener("keydown", function (event) {
    if (!document.querySelector("nav.sidebar")) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") { event.preventDefault(); return open(); }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (gone) {
      gone = false;
      var place = places().find(function (it) { return it.letter === event.key.toLowerCase(); });
      if (place) { event.preventDefault(); location.assign(place.href); }
      return;
    }
    if (event.key === "g") { gone = true; setTimeout(function () { gone = false; }, 1500); }
    else if (event.key === "?") { event.preventDefault(); help(); }
    else if (event.key === "/") {
      var field = document.getElementById("list-search");
      if (!field) return open();
      event.preventDefault();
      field.focus();
      field.select();
    }
  });
})();
