// How a person finds things on a page: by what they are called. Runs before every script of a walk.
const words = (text) => (text || "").replace(/[\u2066-\u2069\u00ad]/g, "").replace(/\s+/g, " ").trim();
const isShown = (element) => element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true }) && element.getClientRects().length > 0;
const textOf = (element) => {
  if (element.nodeType === Node.TEXT_NODE) return element.data;
  if (element.nodeType !== Node.ELEMENT_NODE || element.getAttribute("aria-hidden") === "true") return "";
  if (element.tagName === "IMG") return element.alt;
  if (element.getAttribute("aria-label")) return element.getAttribute("aria-label");
  return [...element.childNodes].map(textOf).join(" ");
};
const nameOf = (element) => {
  const by = element.getAttribute("aria-labelledby");
  if (by) return words(by.split(/\s+/).map((id) => document.getElementById(id)).filter(Boolean).map(textOf).join(" "));
  if (element.getAttribute("aria-label")) return words(element.getAttribute("aria-label"));
  if (element.labels && element.labels.length) return words([...element.labels].map(textOf).join(" "));
  if (element.matches("input[type=submit], input[type=button]")) return words(element.value);
  return words(textOf(element)) || words(element.title) || words(element.placeholder);
};
const CLICKABLE = "a[href], button, summary, [role=button], [role=tab], [role=menuitem], [role=option], input[type=submit], input[type=checkbox], input[type=radio]";
const FIELDS = "input:not([type=hidden]), select, textarea";
// The whole name first, then the beginning of one, so that a hint after a label does not hide it.
const find = (selector, name) => {
  const open = [...document.querySelectorAll("dialog[open], [popover]:popover-open")].pop();
  const shown = [...(open || document).querySelectorAll(selector)].filter(isShown);
  return shown.find((it) => nameOf(it) === name) || shown.find((it) => nameOf(it).startsWith(name)) || null;
};
const names = (selector) => [...document.querySelectorAll(selector)].filter(isShown).map(nameOf);
