// Two panes: what is typed or pressed goes to the server, what is said comes back on one stream.
"use strict";

const token = document.querySelector('meta[name="throughline-token"]').content;
const panes = new Map();
let stream;

class Pane {
  constructor(section) {
    this.key = section.dataset.pane;
    this.section = section;
    this.lines = section.querySelector(".lines");
    this.who = section.querySelector(".head select");
    this.form = section.querySelector("form.ask");  // an open question above it is a form too
    this.input = this.form.elements.text;
    this.list = section.querySelector(".list");
    this.trouble = this.form.querySelector(".trouble");
    this.chosen = -1;
    this.asked = 0;
    this.form.addEventListener("submit", (event) => { event.preventDefault(); this.say(this.input.value); });
    this.lines.addEventListener("click", (event) => this.press(event));
    this.lines.addEventListener("submit", (event) => { event.preventDefault(); this.submit(event.target); });
    this.who.addEventListener("change", () => this.become());
    this.input.addEventListener("input", () => this.suggest());
    this.input.addEventListener("focus", () => this.suggest());
    this.input.addEventListener("blur", () => this.hide());
    this.input.addEventListener("keydown", (event) => this.keys(event));
    this.list.addEventListener("mousedown", (event) => {
      const line = event.target.closest("li");
      event.preventDefault();
      if (line) this.say(line.textContent);
    });
    this.end();
  }

  // Saying and pressing

  async send(path, what) {
    this.trouble.textContent = "";
    const waiting = this.wait();
    try {
      const response = await fetch(path, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-Throughline-Token": token },
        body: JSON.stringify({ pane: this.key, as: this.who.value, key: crypto.randomUUID(), ...what }),
      });
      if (response.ok) return true;
      this.trouble.textContent = response.status < 500 || response.status === 503  // a sentence
        ? await response.text()
        : "Something went wrong here, and nothing was lost. Try again.";
    } catch {
      this.trouble.textContent = "Throughline does not answer. Is it still running?";
    } finally {
      setTimeout(() => waiting.remove(), 1500);
      this.waiting = waiting;
    }
    waiting.remove();
    return false;
  }

  async say(text) {
    this.hide();
    this.input.value = "";
    this.input.dataset.kept = text;
    if (!(await this.send("/sandbox/say", { text })) && !this.input.value) this.input.value = text;
  }

  async press(event) {
    const button = event.target.closest("button[data-button]");
    if (!button) return;
    button.disabled = true;
    await this.send("/sandbox/press", {
      line: button.closest(".line").dataset.id,
      button: button.dataset.button,
    });
    button.disabled = false;
  }

  async submit(form) {
    const button = form.querySelector("button");
    const trouble = form.querySelector(".trouble");
    button.disabled = true;
    const done = await this.send("/sandbox/submit", {
      line: form.closest(".line").dataset.id,
      values: Object.fromEntries(new FormData(form)),
    });
    button.disabled = false;
    trouble.textContent = done ? "" : this.trouble.textContent;
    if (!done) this.trouble.textContent = "";
  }

  wait() {
    const line = document.createElement("div");
    line.className = "waiting";
    line.setAttribute("aria-hidden", "true");
    line.append(...[1, 2, 3].map(() => document.createElement("span")));
    this.lines.append(line);
    this.end();
    return line;
  }

  // What is shown

  show(id, html) {
    const known = this.lines.querySelector(`[data-id="${id}"]`);
    const made = document.createElement("template");
    made.innerHTML = html.trim();
    const line = made.content.firstElementChild;
    if (known) {
      if (Number(known.dataset.revision) < Number(line.dataset.revision)) known.replaceWith(line);
      return;
    }
    this.lines.querySelectorAll(".waiting").forEach((one) => one.remove());
    this.lines.append(line);
    this.end();
  }

  end() {
    const last = this.lines.lastElementChild;
    if (!last) return;
    const tall = last.offsetHeight > this.lines.clientHeight;
    if (tall) last.scrollIntoView({ block: "start" });
    else this.lines.scrollTop = this.lines.scrollHeight;
  }

  async become() {
    const address = new URL(location.href);
    address.searchParams.set(this.key, this.who.value);
    history.replaceState(null, "", address);
    const query = new URLSearchParams({ pane: this.key, as: this.who.value });
    const response = await fetch(`/sandbox/pane?${query}`);
    if (!response.ok) { this.trouble.textContent = await response.text(); return; }
    this.lines.replaceChildren();
    for (const line of (await response.json()).lines) this.show(line.id, line.html);
    listen();
    this.greet();
  }

  greet(isNew = false) { if (isNew || !this.lines.children.length) this.send("/sandbox/say", { text: "" }); }

  // Suggestions

  async suggest() {
    const asked = ++this.asked;
    const query = new URLSearchParams({ pane: this.key, as: this.who.value, text: this.input.value });
    const response = await fetch(`/sandbox/suggest?${query}`).catch(() => null);
    if (!response?.ok || asked !== this.asked || document.activeElement !== this.input) return;
    const { lines } = await response.json();
    this.chosen = -1;
    this.list.replaceChildren(...lines.map((text, place) => {
      const line = document.createElement("li");
      line.id = `${this.list.id}-${place}`;
      line.setAttribute("role", "option");
      line.setAttribute("aria-selected", "false");
      line.textContent = text;
      return line;
    }));
    this.list.hidden = !lines.length;
    this.input.setAttribute("aria-expanded", String(lines.length > 0));
    this.input.removeAttribute("aria-activedescendant");
  }

  hide() {
    this.asked++;
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  keys(event) {
    const count = this.list.children.length;
    if (event.key === "Escape") return this.hide();
    if (event.key === "Tab" && this.chosen >= 0) { this.input.value = this.list.children[this.chosen].textContent; return; }
    if (event.key === "Enter" && this.chosen >= 0 && !this.list.hidden) {
      event.preventDefault();
      return this.say(this.list.children[this.chosen].textContent);
    }
    if (!["ArrowDown", "ArrowUp"].includes(event.key) || !count) return;
    event.preventDefault();
    if (this.list.hidden) return this.suggest();
    const step = event.key === "ArrowDown" ? 1 : -1;
    this.chosen = (this.chosen + step + count + (this.chosen < 0 && step < 0 ? 1 : 0)) % count;
    [...this.list.children].forEach((line, place) =>
      line.setAttribute("aria-selected", String(place === this.chosen)));
    const line = this.list.children[this.chosen];
    line.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", line.id);
  }
}

function listen() {
  stream?.close();
  const query = new URLSearchParams();
  let last = 0;
  for (const pane of panes.values()) {
    query.set(pane.key, pane.who.value);
    for (const line of pane.lines.querySelectorAll("[data-id]")) last = Math.max(last, Number(line.dataset.revision));
  }
  query.set("last", last);
  stream = new EventSource(`/sandbox/stream?${query}`);
  stream.onmessage = (event) => {
    const said = JSON.parse(event.data);
    const pane = panes.get(said.pane);
    if (pane && pane.who.value === said.as) pane.show(said.id, said.html);
  };
}

function choose(tab) {
  for (const one of document.querySelectorAll('[role="tab"]')) {
    const isChosen = one === tab;
    one.setAttribute("aria-selected", String(isChosen));
    one.tabIndex = isChosen ? 0 : -1;
    document.getElementById(one.getAttribute("aria-controls")).classList.toggle("chosen", isChosen);
  }
  panes.get(tab.id.replace("tab-", "")).end();
}

for (const section of document.querySelectorAll(".pane")) panes.set(section.dataset.pane, new Pane(section));
for (const tab of document.querySelectorAll('[role="tab"]')) {
  tab.addEventListener("click", () => choose(tab));
  tab.addEventListener("keydown", (event) => {
    if (!["ArrowLeft", "ArrowRight"].includes(event.key)) return;
    const other = tab.nextElementSibling ?? tab.previousElementSibling;
    choose(other);
    other.focus();
  });
}
listen();
const address = new URL(location.href);
const typed = address.searchParams.get("type");
const isNew = address.searchParams.has("new");  // the map is another one: greet once more
for (const pane of panes.values()) pane.greet(isNew);
if (typed) {  // another page wrote it down; only a person says it
  const { input } = panes.values().next().value;
  input.value = typed;
  input.focus();
}
for (const name of ["type", "new"]) address.searchParams.delete(name);
if (typed || isNew) history.replaceState(null, "", address);
