"use strict";

const $ = (id) => document.getElementById(id);
const LANGUAGES = ["fr", "en", "ru"];
/** How many matches are asked for: filters choose among these. */
const LIMIT = 100;

let texts = TEXTS.en;
/** The last answer; filters are applied to it without asking again. */
let answer = null;
/** Counts searches: an answer that comes after a later question is dropped. */
let asked = 0;

// -- Making elements ------------------------------------------------------------------------

/** An element with a class, and text or elements in it. Text is never read as HTML. */
function make(name, className, ...content) {
  const element = document.createElement(name);
  if (className) element.className = className;
  element.append(...content);
  return element;
}

/** A text with some of its bytes marked: places are those of UTF-8. */
function marked(text, places) {
  const bytes = new TextEncoder().encode(text);
  const part = (from, to) => new TextDecoder().decode(bytes.subarray(from, to));
  const out = document.createDocumentFragment();
  let at = 0;
  for (const { place: [from, to], className, title } of places.toSorted((a, b) => a.place[0] - b.place[0])) {
    if (from < at || to <= from) continue;
    out.append(part(at, from));
    const mark = make("mark", className, part(from, to));
    mark.title = title;
    out.append(mark);
    at = to;
  }
  out.append(part(at, bytes.length));
  return out;
}

function paragraph(lang, content, className = "") {
  const element = make("p", className, content);
  element.lang = lang;
  return element;
}

// -- Showing what was found -----------------------------------------------------------------

const kind = (name) => texts.kinds[name] ?? name;

/** What stands in the memory, and what in the question instead. */
function changed({ source_text: stored, query_text: asked }) {
  if (stored && asked) return `${stored} → ${asked}`;
  return asked ? `+ ${asked}` : `− ${stored}`;
}

function shown(match, memory, several) {
  const differs = match.differences.map((each) => ({
    place: each.source, className: each.critical ? "critical" : "", title: kind(each.kind),
  }));
  const carried = match.suggestion.changes.map((each) => ({
    place: each.suggested, className: "carried", title: `${kind(each.kind)}${texts.colon}${each.from} → ${each.to}`,
  }));
  const rank = make("p", "score", String(match.rank_score));
  rank.title = `${match.score}`;
  const pair = make("div", "pair", rank,
    paragraph(match.source_lang, marked(match.source, differs)), paragraph(match.target_lang, match.target));
  if (carried.length) {
    pair.append(paragraph(match.target_lang, marked(match.suggestion.target, carried), "suggestion"));
  }
  const notes = make("div", "notes");
  const says = match.differences.map((each) => `${kind(each.kind)}${texts.colon}${changed(each)}`);
  if (match.limit !== null) {
    // Where all that changes the meaning was carried over, the limit is a high one.
    const carriedOver = match.limit >= 95;
    rank.classList.toggle("limited", !carriedOver);
    says.unshift(carriedOver ? texts.carriedOver : texts.otherMeaning);
  }
  if (says.length) notes.append(make("p", "", says.join(" · ")));
  const about = [several && memory, match.document, match.date, match.status, match.author].filter(Boolean);
  if (about.length) notes.append(make("p", "", about.join(" · ")));
  if (notes.hasChildNodes()) pair.append(notes);
  const item = make("li", "", pair);
  item.tabIndex = -1;
  item.dataset.source = match.source;
  item.dataset.target = match.suggestion.target;
  return item;
}

/** Whether the filters let a match through. */
function passes(match) {
  const document = $("document").value.trim().toLowerCase();
  const date = match.date ?? "";
  return (!document || (match.document ?? "").toLowerCase().includes(document))
    && (!$("after").value || date >= $("after").value)
    && (!$("before").value || (date && date <= $("before").value))
    && (!$("status").value || match.status === $("status").value)
    && (!$("same").checked || match.limit === null);
}

function show() {
  if (!answer) return;
  const several = new Set(answer.memories).size > 1;
  const items = answer.matches
    .map((match, nth) => [match, answer.memories[nth]])
    .filter(([match]) => passes(match))
    .map(([match, memory]) => shown(match, memory, several));
  $("results").replaceChildren(...items);
  const hidden = answer.matches.length - items.length;
  const says = [answer.matches.length ? texts.found(items.length) : texts.none];
  if (hidden) says.push(texts.hidden(hidden));
  if (!answer.complete) says.push(texts.partial);
  say(says.join(" · "));
}

function say(text, wrong = false) {
  $("state").textContent = text;
  $("state").classList.toggle("wrong", wrong);
}

// -- Asking ---------------------------------------------------------------------------------

async function ask(address, body) {
  const options = body && { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  const response = await fetch(address, options ?? undefined).catch(() => null);
  if (!response) throw new Error(texts.noServer);
  const told = await response.json();
  if (!response.ok) throw new Error(told.error.message);
  return told;
}

async function search() {
  const text = $("query").value.trim();
  if (!text) return;
  const question = ++asked;
  say(texts.searching);
  try {
    const told = await ask("api/lookup", {
      text, source: $("source").value, target: $("target").value,
      threshold: Number($("threshold").value) || 0, limit: LIMIT,
    });
    if (question !== asked) return;
    answer = told;
    fill($("status"), [["", texts.any], ...names(answer.matches.map((match) => match.status))], $("status").value);
    show();
  } catch (error) {
    if (question !== asked) return;
    answer = null;
    $("results").replaceChildren();
    say(error.message, true);
  }
}

/** What the memories hold: counting takes a while in a large one, and nothing waits for it. */
async function count() {
  try {
    const { memories } = await ask("api/stats");
    const number = new Intl.NumberFormat(document.documentElement.lang);
    $("memories").textContent =
      memories.map(({ name, units }) => `${name}${texts.colon}${texts.units(number.format(units))}`).join(" · ");
    const held = names(memories.flatMap(({ languages }) => Object.keys(languages)));
    if (held.length) offer(held);
  } catch (error) {
    say(error.message, true);
  }
}

const names = (values) => [...new Set(values.filter(Boolean))].sort().map((value) => [value, value]);

function fill(select, options, chosen) {
  select.replaceChildren(...options.map(([value, text]) => new Option(text, value, false, value === chosen)));
}

/**
 * Does what the address says after its `#`, which no server is told:
 * `#text=…&source=…&target=…&interface=…`.
 */
function follow() {
  const told = new URLSearchParams(location.hash.slice(1));
  for (const id of ["source", "target"]) {
    const lang = told.get(id);
    if (!lang) continue;
    if (![...$(id).options].some(({ value }) => value === lang)) $(id).append(new Option(lang, lang));
    $(id).value = lang;
  }
  if (LANGUAGES.includes(told.get("interface"))) speak(told.get("interface"));
  if (!told.get("text")) return;
  $("query").value = told.get("text");
  search();
}

/** Offers languages, and keeps what was chosen; it may be one that a memory lacks. */
function offer(languages) {
  for (const [id, other] of [["source", "fr"], ["target", "en"]]) {
    const chosen = $(id).value || other;
    const has = languages.some(([value]) => value === chosen);
    fill($(id), has ? languages : [[chosen, chosen], ...languages], chosen);
  }
}

// -- What the person does -------------------------------------------------------------------

function speak(lang) {
  texts = TEXTS[lang];
  document.documentElement.lang = lang;
  $("interface").value = lang;
  for (const element of document.querySelectorAll("[data-text]")) element.textContent = texts[element.dataset.text];
  $("swap").title = texts.swap;
  $("swap").ariaLabel = texts.swap;
  fill($("status"), [["", texts.any], ...[...$("status").options].slice(1).map(({ value }) => [value, value])], $("status").value);
  show();
}

function swap() {
  const source = $("source").value;
  $("source").value = $("target").value;
  $("target").value = source;
  search();
}

function move(by) {
  const items = [...$("results").children];
  if (!items.length) return;
  const at = items.indexOf(document.activeElement.closest("li"));
  const next = at + by;
  if (next < 0) $("query").focus();
  else items[Math.min(next, items.length - 1)].focus();
}

async function copy(what) {
  const item = document.activeElement.closest("#results li");
  if (!item) return;
  await navigator.clipboard.writeText(item.dataset[what]);
  say(texts.copied);
}

function pressed(event) {
  const writing = event.target.matches("textarea, input, select");
  const { key, altKey, ctrlKey, metaKey } = event;
  const does = () => {
    if (altKey && key.toLowerCase() === "x") return swap;
    if (altKey || ctrlKey || metaKey) return null;
    if (event.target === $("query")) {
      if (key === "Enter" && !event.shiftKey) return search;
      const atEnd = event.target.selectionStart === event.target.value.length;
      return key === "ArrowDown" && atEnd ? () => move(1) : null;
    }
    if (writing) return key === "Escape" ? () => $("query").focus() : null;
    return {
      "/": () => $("query").select(), Escape: () => $("query").focus(),
      ArrowDown: () => move(1), ArrowUp: () => move(-1),
      c: () => copy("target"), s: () => copy("source"),
    }[key] ?? null;
  };
  const act = does();
  if (!act) return;
  event.preventDefault();
  act();
}

$("search").addEventListener("submit", (event) => { event.preventDefault(); search(); });
$("filters").addEventListener("input", show);
$("swap").addEventListener("click", swap);
$("interface").addEventListener("change", (event) => {
  localStorage.setItem("interface", event.target.value);
  speak(event.target.value);
  count();
});
document.addEventListener("keydown", pressed);
addEventListener("hashchange", follow);

const preferred = [localStorage.getItem("interface"), ...navigator.languages.map((tag) => tag.slice(0, 2)), "en"];
offer(LANGUAGES.map((lang) => [lang, lang]));
speak(preferred.find((lang) => LANGUAGES.includes(lang)));
follow();
count();
