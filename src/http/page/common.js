"use strict";

/** What both pages need: elements, questions to the server, the language of the interface. */
const $ = (id) => document.getElementById(id);
const LANGUAGES = ["fr", "en", "ru"];

let texts = TEXTS.en;

/** An element with a class, and text or elements in it. Text is never read as HTML. */
function make(name, className, ...content) {
  const element = document.createElement(name);
  if (className) element.className = className;
  element.append(...content);
  return element;
}

function say(text, wrong = false) {
  $("state").textContent = text;
  $("state").classList.toggle("wrong", wrong);
}

/** Asks the server; it is given a body where it is to read one. */
async function ask(address, body) {
  const options = body && {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
  };
  const response = await fetch(address, options ?? undefined).catch(() => null);
  if (!response) throw new Error(texts.noServer);
  const told = await response.json();
  if (!response.ok) throw new Error(told.error.message);
  return told;
}

function speak(lang) {
  texts = TEXTS[lang];
  document.documentElement.lang = lang;
  $("interface").value = lang;
  for (const element of document.querySelectorAll("[data-text]")) element.textContent = texts[element.dataset.text];
  for (const element of document.querySelectorAll("[data-title]")) {
    element.title = texts[element.dataset.title];
    element.ariaLabel = element.title;
  }
}

/**
 * The language of the interface: that of the address (`#interface=fr`), else the one chosen before,
 * else the first the browser asks for.
 */
function preferred() {
  const told = new URLSearchParams(location.hash.slice(1)).get("interface");
  const wanted = [told, localStorage.getItem("interface"), ...navigator.languages.map((tag) => tag.slice(0, 2)), "en"];
  return wanted.find((lang) => LANGUAGES.includes(lang));
}

$("interface").addEventListener("change", (event) => localStorage.setItem("interface", event.target.value));
