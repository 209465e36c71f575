// A page that takes long: says how far it is, and shows it once it is there.
"use strict";

const bar = document.getElementById("bar");
const far = document.getElementById("far");
const EVERY = 500;  // milliseconds
const TOLD = 10;  // steps of what is said aloud: not every one

async function follow() {
  let told = -1;
  for (;;) {
    await new Promise((done) => setTimeout(done, EVERY));
    let state;
    try {
      const response = await fetch(`/looking/${bar.dataset.look}`);
      if (!response.ok) return location.reload();
      state = await response.json();
    } catch {
      far.textContent = "Throughline does not answer. Load the page again in a moment.";
      continue;
    }
    if (!state.is_busy) return location.reload();
    if (!state.total) continue;
    bar.max = state.total;
    bar.value = state.done;
    const step = Math.floor((TOLD * state.done) / state.total);
    if (step === told) continue;
    told = step;
    far.textContent = `${state.done.toLocaleString("en")} of ${state.total.toLocaleString("en")} entries`;
  }
}

follow();
