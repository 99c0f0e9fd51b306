"use strict";

/** The alignment under review: `{ sent, documents, lengths }`; `sent` goes back with every request. */
let work = null;
let beads = [];
/** Beads as they were before each change, and those that were undone. */
let past = [];
let future = [];
/** Where the reviser is. */
let at = { bead: 0, side: 0, sentence: null };
/** Whether something was changed that is nowhere else. */
let unsaved = false;
/** The row of each bead: a bead that did not change keeps its own. */
let rows = new Map();

// -- Opening --------------------------------------------------------------------------------

/** The bytes of a file in Base64. */
async function base64(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let binary = "";
  // In pieces: a call takes only so many arguments.
  for (let from = 0; from < bytes.length; from += 0x8000) {
    binary += String.fromCharCode(...bytes.subarray(from, from + 0x8000));
  }
  return btoa(binary);
}

/** The documents as the form has them, to be sent; those without a text are left out. */
async function documents() {
  const segmented = $("segmented").checked;
  const sent = [...document.querySelectorAll("#open fieldset")].map(async (field) => {
    const lang = field.querySelector(".lang").value.trim();
    const file = field.querySelector(".file").files[0];
    const text = field.querySelector("textarea").value;
    if (file) return { lang, file: { name: file.name, content: await base64(file) }, segmented };
    return text.trim() ? { lang, text, segmented } : null;
  });
  return (await Promise.all(sent)).filter(Boolean);
}

/** A name for the document that is reviewed: that of the first file. */
function title() {
  const files = [...document.querySelectorAll("#open .file"), $("made")].map((input) => input.files[0]?.name);
  return files.filter(Boolean)[0]?.replace(/\.[^.]*$/, "") ?? "";
}

async function open() {
  say(texts.aligning);
  try {
    const sent = await documents();
    const made = $("made").files[0];
    if (made && !made.name.toLowerCase().endsWith(".ladder")) {
      const tsv = await made.text();
      const columns = tsv.split("\n", 1)[0].split("\t").length;
      const langs = [...document.querySelectorAll("#open .lang")].map(({ value }) => value.trim());
      // The last column is the confidence, if there are more than two.
      const told = await ask("api/alignment/open", { tsv, langs: langs.slice(0, Math.max(2, columns - 1)) });
      begin(lined(told.documents), told);
    } else if (made) {
      begin(sent, await ask("api/alignment/open", { ladder: await made.text(), documents: sent }));
    } else {
      begin(sent, await ask("api/align", { documents: sent, memory: $("memory").checked }));
    }
  } catch (error) {
    say(error.message, true);
  }
}

/** Documents whose text is not at hand, a sentence a line. */
function lined(documents) {
  return documents.map(({ lang, sentences }) =>
    ({ lang, text: sentences.map(({ text }) => text).join("\n"), segmented: true }));
}

function begin(sent, told) {
  const lengths = told.documents.map(({ sentences }) => sentences.map(({ text }) => text.length + 1));
  work = { sent, documents: told.documents, lengths };
  [past, future, unsaved] = [[], [], false];
  $("name").value = title();
  $("opening").open = false;
  $("work").hidden = false;
  show(told.beads);
  at = { bead: Math.max(0, beads.findIndex(Beads.doubtful)), side: 0, sentence: null };
  focus();
  say(told.refused.join(" · "), told.refused.length > 0);
}

// -- Showing --------------------------------------------------------------------------------

function cell(bead, side) {
  const [start, end] = bead.sides[side];
  const { lang, sentences } = work.documents[side];
  if (start === end) {
    const none = make("td", "none", make("span", "", texts.nothing));
    none.tabIndex = -1;
    none.dataset.side = side;
    return none;
  }
  const filled = make("td", "");
  filled.lang = lang;
  for (let sentence = start; sentence < end; sentence += 1) {
    const line = make("p", "", make("small", "", String(sentence + 1)), " ", sentences[sentence].text);
    line.tabIndex = -1;
    line.dataset.side = side;
    line.dataset.sentence = sentence;
    filled.append(line);
  }
  return filled;
}

function row(bead) {
  const known = rows.get(bead);
  if (known) return known;
  const head = make("th", "", make("b", ""), make("i", "", bead.fixed ? "✓" : bead.confidence.toFixed(2)));
  head.scope = "row";
  head.lastChild.title = bead.fixed ? texts.accepted : texts.confidence;
  return make("tr", Beads.colour(bead) + (bead.fixed ? " fixed" : ""), head, ...bead.sides.map((_, side) => cell(bead, side)));
}

/** Shows beads; only the rows of those that changed are made anew. */
function show(others) {
  beads = others;
  rows = new Map(beads.map((bead) => [bead, row(bead)]));
  const languages = work.documents.map(({ lang }) => make("th", "", lang));
  const head = make("tr", "", make("th", "", texts.bead), ...languages);
  for (const cell of head.children) cell.scope = "col";
  $("beads").replaceChildren(make("thead", "", head), make("tbody", "", ...rows.values()));
  [...rows.values()].forEach((row, number) => { row.firstChild.firstChild.textContent = String(number + 1); });
  const settled = beads.filter(({ fixed }) => fixed).length;
  $("progress").textContent = texts.progress(settled, beads.length, beads.filter(Beads.doubtful).length);
  $("undo").disabled = !past.length;
  $("redo").disabled = !future.length;
}

/** Puts the cursor where the reviser is. */
function focus() {
  const row = rows.get(beads[Math.min(at.bead, beads.length - 1)]);
  if (!row) return;
  const places = [...row.querySelectorAll(`[data-side="${at.side}"]`)];
  const place = places.find(({ dataset }) => Number(dataset.sentence) === at.sentence) ?? places[0];
  place.focus({ preventScroll: true });
  place.scrollIntoView({ block: "nearest" });
}

/** Learns where the reviser is from what has the focus. */
function focused({ target }) {
  const { side, sentence } = target.dataset;
  if (side === undefined) return;
  const bead = [...rows.values()].indexOf(target.closest("tr"));
  at = { bead, side: Number(side), sentence: sentence === undefined ? null : Number(sentence) };
}

// -- Changing -------------------------------------------------------------------------------

function change(others) {
  past.push(beads);
  [future, unsaved] = [[], true];
  show(others);
}

/** Does to the beads what the reviser wants, and stays at the sentence. */
function edit(name) {
  const others = Beads[name](beads, at, work.lengths);
  if (!others) return say(texts.cannot[name] ?? "", true);
  const { side, sentence } = at;
  change(others);
  if (sentence !== null) {
    at.bead = beads.findIndex(({ sides: { [side]: [start, end] } }) => start <= sentence && sentence < end);
  }
  focus();
  say("");
}

/** Goes back a change, or forth again. */
function travel(from, to) {
  if (!from.length) return;
  to.push(beads);
  unsaved = true;
  show(from.pop());
  at.bead = Math.min(at.bead, beads.length - 1);
  focus();
}

/** Goes to the next doubtful bead after this one, or the one before, round the end. */
function seek(by) {
  for (let step = 1; step <= beads.length; step += 1) {
    const bead = (at.bead + by * step + beads.length * 2) % beads.length;
    if (!Beads.doubtful(beads[bead])) continue;
    at = { bead, side: at.side, sentence: null };
    return focus();
  }
  say(texts.noneDoubtful);
}

function acceptAndGo() {
  if (!beads[at.bead].fixed) edit("accept");
  seek(1);
}

/** Goes to the sentence before or after this one, in this bead or the next. */
function step(by) {
  const places = [...document.querySelectorAll(`#beads [data-side="${at.side}"]`)];
  places[places.indexOf(document.activeElement) + by]?.focus();
}

function turn(by) {
  at.side = Math.min(Math.max(at.side + by, 0), work.documents.length - 1);
  at.sentence = null;
  focus();
}

// -- Asking the server ----------------------------------------------------------------------

/** Aligns the rest anew, around what is accepted. */
async function realign() {
  const fixed = beads.filter((bead) => bead.fixed).map(({ sides }) => sides);
  say(texts.aligning);
  const told = await ask("api/align", { documents: work.sent, fixed, memory: $("memory").checked });
  change(told.beads);
  at = { bead: Math.min(at.bead, beads.length - 1), side: at.side, sentence: null };
  focus();
  say([...told.refused, texts.realigned(fixed.length - told.refused.length)].join(" · "), told.refused.length > 0);
}

const reviewed = () => ({ documents: work.sent, beads, name: $("name").value.trim() });

async function save() {
  say(texts.saving);
  const saved = await ask("api/alignment/save", reviewed());
  unsaved = false;
  say(texts.saved(saved.added + saved.changed + saved.variants, saved.duplicates, saved.superseded));
}

async function write() {
  const format = $("format").value;
  const { text } = await ask("api/alignment/write", { alignment: reviewed(), format });
  const link = make("a", "");
  link.href = URL.createObjectURL(new Blob([text]));
  link.download = `${$("name").value.trim() || "alignment"}.${format}`;
  link.click();
  URL.revokeObjectURL(link.href);
  unsaved = false;
  say(texts.written(link.download));
}

// -- What the person does -------------------------------------------------------------------

const DOES = {
  accept: () => edit("accept"), merge: () => edit("merge"), split: () => edit("split"),
  up: () => edit("up"), down: () => edit("down"), apart: () => edit("apart"),
  undo: () => travel(past, future), redo: () => travel(future, past), realign, save, write,
};

async function act(does) {
  try {
    await does();
  } catch (error) {
    say(error.message, true);
  }
}

function pressed(event) {
  if (!work) return;
  const { altKey, shiftKey } = event;
  const command = event.ctrlKey || event.metaKey;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const writing = event.target.matches("textarea, input, select, summary");
  const does = () => {
    if (command && key === "s") return save;
    if (writing) return key === "Escape" ? focus : null;
    if (command && key === "z") return shiftKey ? DOES.redo : DOES.undo;
    if (command) return null;
    if (altKey) return { ArrowUp: DOES.up, ArrowDown: DOES.down }[key] ?? null;
    if (event.target.matches("button, a")) return null;
    return {
      ArrowUp: () => step(-1), ArrowDown: () => step(1), ArrowLeft: () => turn(-1), ArrowRight: () => turn(1),
      Enter: acceptAndGo, n: () => seek(1), p: () => seek(-1),
      a: DOES.accept, m: DOES.merge, s: DOES.split, x: DOES.apart, u: DOES.undo, y: DOES.redo, r: realign,
    }[key] ?? null;
  };
  const done = does();
  if (!done) return;
  event.preventDefault();
  act(done);
}

$("open").addEventListener("submit", (event) => { event.preventDefault(); open(); });
for (const [id, does] of Object.entries(DOES)) {
  $(id).addEventListener("click", () => act(does));
  // A button does not take the place of the sentence it is about.
  $(id).addEventListener("mousedown", (event) => event.preventDefault());
}
$("beads").addEventListener("focusin", focused);
$("interface").addEventListener("change", (event) => {
  speak(event.target.value);
  if (!work) return;
  rows.clear();
  show(beads);
});
document.addEventListener("keydown", pressed);
addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });

speak(preferred());
