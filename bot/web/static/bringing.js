// One file: it is sent, followed while it is worked on, looked at, and then kept or let go.
"use strict";

const token = document.querySelector('meta[name="throughline-token"]').content;
const sheet = document.querySelector("main");
const shown = document.getElementById("shown");
const working = document.getElementById("working");
const trouble = document.getElementById("trouble");
const doing = document.getElementById("doing");
const bar = document.getElementById("bar");
const far = document.getElementById("far");
const LARGEST = Number(sheet.dataset.largest);
const SILENT = "Throughline does not answer. Is it still running? Nothing was half done; choose the file again.";
const EVERY = 250;  // milliseconds
let desk = sheet.dataset.desk;
let sending;

// Sending

function send(file) {
  trouble.textContent = "";
  if (file.size > LARGEST) {
    trouble.textContent = `${file.name} is larger than ${LARGEST / 2 ** 20} MB, more than I read. Save only the sheet with the projects, as .csv, and choose that.`;
    return;
  }
  if (!file.size) {
    trouble.textContent = `${file.name} is empty. Choose the file with your projects.`;
    return;
  }
  wait("Sending the file", 0, file.size, "");
  doing.focus();
  sending = new XMLHttpRequest();  // fetch cannot say how much was sent
  sending.open("POST", `/import/file?name=${encodeURIComponent(file.name)}`);
  sending.setRequestHeader("Content-Type", "application/octet-stream");
  sending.setRequestHeader("X-Throughline-Token", token);
  sending.upload.onprogress = (event) => wait("Sending the file", event.loaded, event.total, "");
  sending.onload = () => {
    if (sending.status !== 200) return fail(sending.responseText);
    const state = JSON.parse(sending.responseText);
    keep(state.id);
    show(state);
  };
  sending.onerror = () => fail("I could not read that file, or Throughline does not answer. Choose it again.");
  sending.send(file);
}

async function ask(path, what) {
  try {
    const response = await fetch(`/import/file/${desk}${path}`, what && {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Throughline-Token": token },
      body: JSON.stringify(what),
    });
    if (response.ok) return await response.json();
    fail(response.status < 500 ? await response.text() : "Something went wrong here. Nothing was changed; choose the file again.");
  } catch {
    fail(SILENT);
  }
  return null;
}

// Following

async function show(state, field = "") {
  while (state && ["reading", "looking", "saving"].includes(state.step)) {
    say(state);
    await new Promise((done) => setTimeout(done, EVERY));
    state = await ask("");
  }
  if (!state) return;
  working.hidden = true;
  shown.hidden = false;
  shown.innerHTML = state.html;
  const done = shown.querySelector("[data-company]");
  if (done) {  // it may be another company now, and what stands in the panes is of the old one
    document.querySelector(".where strong").textContent = done.dataset.company;
    const back = document.querySelector("nav a[href='/']");  // there is none for who is signed in
    if (back) back.href = "/?new=1";
  }
  const again = document.getElementById(field);
  again?.closest("details")?.setAttribute("open", "");
  (again || shown.querySelector("h2")).focus();
}

function say({ step, done, total }) {
  const count = (number) => number.toLocaleString("en");
  if (step === "saving") return wait("Saving", done, total, total ? `${count(done)} of ${count(total)} projects` : "");
  if (step === "looking") return wait("Working out the columns", 0, 0, "");
  return wait("Reading", 0, 0, done ? `${count(done)} rows so far` : "");
}

function wait(what, done, total, said) {
  working.hidden = false;
  shown.hidden = true;
  if (doing.textContent !== what) doing.textContent = what;
  if (total) { bar.max = total; bar.value = done; } else bar.removeAttribute("value");
  far.textContent = said;
}

function fail(said) {
  working.hidden = true;
  shown.hidden = false;
  trouble.textContent = said;
}

function keep(id) {
  desk = id;
  const address = new URL(location.href);
  address.searchParams.set("file", id);
  history.replaceState(null, "", address);
}

// Choosing

function values() {
  return Object.fromEntries(new FormData(document.getElementById("choices")));
}

async function look(field) {
  show(await ask("/look", { values: values() }), field);
}

async function bring() {
  const what = values();
  document.getElementById("sure")?.close();
  wait("Saving", 0, 0, "");
  doing.focus();
  show(await ask("/bring", { values: what }));
}

async function stop() {
  if (sending && sending.readyState !== XMLHttpRequest.DONE) { sending.abort(); location.assign("/import"); return; }
  const state = await ask("/stop", {});
  if (!state) return;
  if (state.step === "ready") location.assign("/import");
  else if (working.hidden) show(state);
}

shown.addEventListener("change", (event) => {
  if (event.target.id === "file" && event.target.files.length) send(event.target.files[0]);
  if (event.target.matches("[data-look]")) look(event.target.id);
});
shown.addEventListener("submit", (event) => {
  event.preventDefault();
  if (values().replace === "yes") document.getElementById("sure").showModal();
  else bring();
});
sheet.addEventListener("click", (event) => {
  const button = event.target.closest("[data-do]");
  if (button?.dataset.do === "stop") stop();
  if (button?.dataset.do === "replace") bring();
  if (button?.dataset.do === "back") document.getElementById("sure").close();
});

// Dropping, anywhere on the page while a file is asked for

for (const name of ["dragenter", "dragover", "dragleave", "drop"]) {
  document.addEventListener(name, (event) => {
    event.preventDefault();
    const place = document.getElementById("drop");
    if (!place || shown.hidden) return;
    place.classList.toggle("over", name === "dragenter" || name === "dragover");
    if (name !== "drop") return;
    const [file, ...more] = event.dataTransfer.files;
    if (more.length) { trouble.textContent = "One file at a time, please."; return; }
    if (file) send(file);
  });
}

if (desk) ask("").then((state) => { if (state && state.step !== "ready") show(state); });
