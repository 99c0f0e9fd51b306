"use strict";

/** How many matches are asked for: filters choose among these. */
const LIMIT = 100;
/** Statuses that are offered before any was met. */
const STATUSES = ["approved", "draft"];

/** The last answer; filters are applied to it without asking again. */
let answer = null;
/** Counts searches: an answer that comes after a later question is dropped. */
let asked = 0;

// -- Making elements ------------------------------------------------------------------------

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

function shown(match, several) {
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
  const about = [several && match.memory, match.document, match.date, match.status, match.author].filter(Boolean);
  if (about.length) notes.append(make("p", "", about.join(" · ")));
  if (notes.hasChildNodes()) pair.append(notes);
  const item = make("li", "", pair);
  item.tabIndex = -1;
  item.dataset.source = match.source;
  item.dataset.target = match.suggestion.target;
  return item;
}

/** A translation of a phrase, with sentences that have it. */
function translated(translation, memory, several) {
  const years = [translation.first, translation.last].filter(Boolean).map((date) => date.slice(0, 4));
  const [document, ...others] = translation.documents;
  const about = [
    texts.uses(translation.count), texts.certain(Math.floor(translation.confidence * 100)), several && memory,
    [...new Set(years)].join("–"), document && (others.length ? `${document} + ${others.length}` : document),
  ].filter(Boolean).join(" · ");
  const text = make("b", "", translation.text);
  text.lang = $("target").value;
  const item = make("li", "", make("p", "group", text, " ", make("span", "faint", about)));
  for (const each of translation.examples) {
    const pair = make("div", "pair", make("p", "score", String(each.exactness)),
      paragraph($("source").value, marked(each.source, [{ place: each.source_span, className: "", title: "" }])),
      paragraph($("target").value, marked(each.target, [{ place: each.target_span, className: "carried", title: "" }])));
    if (each.document && others.length) pair.append(make("div", "notes", make("p", "", each.document)));
    item.append(pair);
  }
  item.tabIndex = -1;
  item.dataset.source = translation.examples[0]?.source ?? "";
  item.dataset.target = translation.text;
  return item;
}

function showPhrases() {
  const memories = answer.memories.filter(({ translations }) => translations.length);
  // Memories that have the whole phrase come before those that lack a word of it.
  memories.sort((a, b) => a.nearest - b.nearest);
  $("results").replaceChildren(...memories.flatMap(({ memory, translations }) =>
    translations.map((each) => translated(each, memory, answer.memories.length > 1))));
  const sum = (field) => memories.reduce((all, each) => all + each[field], 0);
  if (!memories.length) return say(texts.noPhrase);
  say([texts.examined(sum("examined"), counted(memories)), memories[0].nearest && texts.lacking].filter(Boolean).join(" · "));
}

/** A number as the interface writes it. */
const written = (number) => new Intl.NumberFormat(document.documentElement.lang).format(number);

/** How many units have it; no more are counted than the server is asked for. */
function counted(memories) {
  const all = written(memories.reduce((all, { units }) => all + units, 0));
  return memories.every(({ complete }) => complete) ? all : texts.atLeast(all);
}

/** A line of the concordance, with the words marked. */
function concorded(line, memory, several) {
  const spans = line.spans.map((place) => ({ place, className: "", title: "" }));
  const pair = make("div", "pair", make("p", "score", line.count > 1 ? `${line.count} ×` : ""),
    paragraph($("source").value, marked(line.text, spans)), paragraph($("target").value, line.translation));
  const about = [several && memory, line.document].filter(Boolean);
  if (about.length) pair.append(make("div", "notes", make("p", "", about.join(" · "))));
  const item = make("li", "", pair);
  item.tabIndex = -1;
  item.dataset.source = line.text;
  item.dataset.target = line.translation;
  return item;
}

function showLines() {
  const several = answer.memories.length > 1;
  const items = answer.memories.flatMap(({ memory, lines }) => lines.map((line) => concorded(line, memory, several)));
  $("results").replaceChildren(...items);
  if (!items.length) return say(texts.noLines);
  say(texts.lines(items.length, counted(answer.memories)));
}

/** The terms of the question, with what the termbase wants in the other language. */
function showTerms(hits) {
  const target = $("target").value.split("-")[0];
  const of = (names) => names[Object.keys(names).find((tag) => tag.split("-")[0] === target)];
  const items = hits.map(({ term, status, ...named }) => {
    const found = of(named.equivalents) ?? of(named.choices)?.join(" / ");
    const item = make("li", "", make("b", "", term), found ? ` → ${found}` : "");
    if (status && status !== "preferred") item.append(" ", make("span", "faint", status));
    return item;
  });
  $("terms").replaceChildren(...items);
}

/** Whether the filters let a match through. */
function passes(match) {
  const document = $("document").value.trim().toLowerCase();
  const date = match.date ?? "";
  return (!document || (match.document ?? "").toLowerCase().includes(document))
    && (!$("after").value || date >= $("after").value)
    && (!$("before").value || (date && date < $("before").value))
    && (!$("status").value || match.status === $("status").value)
    && (!$("same").checked || match.limit === null);
}

function show() {
  if (!answer) return;
  if (answer.words) return showLines();
  if (answer.phrase) return showPhrases();
  const several = new Set(answer.matches.map(({ memory }) => memory)).size > 1;
  const items = answer.matches.filter(passes).map((match) => shown(match, several));
  $("results").replaceChildren(...items);
  const hidden = answer.matches.length - items.length;
  const says = [answer.matches.length ? texts.found(items.length) : texts.none];
  if (hidden) says.push(texts.hidden(hidden));
  if (!answer.complete) says.push(texts.partial);
  say(says.join(" · "));
}

// -- Asking ---------------------------------------------------------------------------------

const languages = () => ({ source: $("source").value, target: $("target").value });

async function askSentence(text) {
  const threshold = Number($("threshold").value) || 0;
  return ask("api/lookup", { text, ...languages(), threshold, limit: LIMIT });
}

/** Here the server filters, for it gives no more than some examples. */
function filters() {
  const set = (id) => $(id).value.trim() || undefined;
  return { document: set("document"), from: set("after"), before: set("before"), status: set("status") };
}

async function askPhrase(text) {
  return { phrase: true, ...await ask("api/phrase", { text, ...languages(), ...filters(), limit: 20 }) };
}

async function askWords(query) {
  return { words: true, ...await ask("api/concordance", { query, ...languages(), ...filters(), distinct: true, limit: LIMIT }) };
}

const MODES = { phrase: askPhrase, sentence: askSentence, words: askWords };
const chosen = () => Object.keys(MODES).find((id) => $(id).checked);

/** Offers the documents and statuses that were met. */
function suggest() {
  const matches = answer.matches ?? [];
  const met = answer.phrase || answer.words
    ? answer.memories.flatMap(({ translations = [], lines = [] }) =>
      [...translations.flatMap(({ documents }) => documents), ...lines.map(({ document }) => document)])
    : matches.map(({ document }) => document);
  $("documents").replaceChildren(...names(met).map(([value]) => new Option(value, value)));
  const statuses = names([...matches.map(({ status }) => status), $("status").value, ...STATUSES]);
  fill($("status"), [["", texts.any], ...statuses], $("status").value);
}

async function search() {
  const text = $("query").value.trim();
  if (!text) return;
  const question = ++asked;
  say(texts.searching);
  try {
    const [told, terms] = await Promise.all([
      MODES[chosen()](text),
      ask("api/terms", { text, lang: $("source").value }),
    ]);
    if (question !== asked) return;
    answer = told;
    showTerms(terms.hits);
    suggest();
    show();
  } catch (error) {
    if (question !== asked) return;
    answer = null;
    $("results").replaceChildren();
    $("terms").replaceChildren();
    say(error.message, true);
  }
}

/** What the memories hold: counting takes a while in a large one, and nothing waits for it. */
async function count() {
  try {
    const { memories } = await ask("api/stats");
    $("memories").textContent =
      memories.map(({ name, units }) => `${name}${texts.colon}${texts.units(written(units))}`).join(" · ");
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
 * `#text=…&mode=sentence&source=…&target=…&interface=…`.
 */
function follow() {
  const told = new URLSearchParams(location.hash.slice(1));
  for (const id of ["source", "target"]) {
    const lang = told.get(id);
    if (!lang) continue;
    if (![...$(id).options].some(({ value }) => value === lang)) $(id).append(new Option(lang, lang));
    $(id).value = lang;
  }
  if (LANGUAGES.includes(told.get("interface"))) speakAll(told.get("interface"));
  if (Object.hasOwn(MODES, told.get("mode"))) $(told.get("mode")).checked = true;
  mode();
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

/** Says everything in a language of the interface. */
function speakAll(lang) {
  speak(lang);
  const statuses = [...$("status").options].slice(1).map(({ value }) => [value, value]);
  fill($("status"), [["", texts.any], ...(statuses.length ? statuses : names(STATUSES))], $("status").value);
  show();
}

/** Changes between phrases, sentences and the concordance. */
function mode() {
  for (const id of ["lowest", "meaning"]) $(id).hidden = !$("sentence").checked;
  answer = null;
  $("results").replaceChildren();
  $("terms").replaceChildren();
  say("");
  search();
}

function toggle() {
  const all = Object.keys(MODES);
  $(all[(all.indexOf(chosen()) + 1) % all.length]).checked = true;
  mode();
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
    if (altKey && key.toLowerCase() === "m") return toggle;
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
$("filters").addEventListener("input", () => { if (!answer?.phrase) show(); });
$("filters").addEventListener("change", () => { if (answer?.phrase) search(); });
for (const id of Object.keys(MODES)) $(id).addEventListener("change", mode);
$("swap").addEventListener("click", swap);
$("interface").addEventListener("change", (event) => {
  speakAll(event.target.value);
  count();
});
document.addEventListener("keydown", pressed);
addEventListener("hashchange", follow);

offer(LANGUAGES.map((lang) => [lang, lang]));
speakAll(preferred());
follow();
count();
