// Starts the emulator's Slack on loopback. What is in it comes as the first line; then each line is
// an address to send events to. Where it is goes out as one line. It ends when nobody writes any more.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath, pathToFileURL } from "node:url";
import { createEmulator } from "emulate";

// Three things that 0.12.2 lacks: it signs and sends events to whoever subscribed, but has no call to
// subscribe with; its messages do not say in what kind of channel they were said; and it reads what a
// call says from its body alone, where Slack, and its SDK, know addresses and GET too.
const folder = dirname(fileURLToPath(import.meta.resolve("emulate")));
const file = readdirSync(folder).find(
  (name) => name.endsWith(".js") && readFileSync(join(folder, name), "utf8").includes("var slackPlugin ="),
);
const { slackPlugin } = await import(pathToFileURL(join(folder, file)));
const register = slackPlugin.register;
let subscriptions;
slackPlugin.register = (app, store, webhooks, ...rest) => {
  subscriptions = webhooks;
  const dispatch = webhooks.dispatch.bind(webhooks);
  webhooks.dispatch = (event, action, payload, ...rest) => {
    const said = payload?.event;
    if (said?.type === "message") said.channel_type ??= said.channel.startsWith("D") ? "im" : "channel";
    return dispatch(event, action, payload, ...rest);
  };
  register.call(slackPlugin, app, store, webhooks, ...rest);
  const fetch = app.fetch;
  app.fetch = (request) => fetch(inItsBody(request));
};

function inItsBody(request) {
  const { origin, pathname, search } = new URL(request.url);
  if (!pathname.startsWith("/api/") || request.headers.get("content-type")?.includes("json")) return request;
  if (request.method !== "GET" && !search) return request;
  const headers = {
    authorization: request.headers.get("authorization") ?? "",
    "content-type": "application/x-www-form-urlencoded",
  };
  return new Request(origin + pathname, { method: "POST", headers, body: search.slice(1) });
}

let emulator;
for await (const line of createInterface({ input: process.stdin })) {
  const told = JSON.parse(line);
  if (told.seed) {
    emulator = await createEmulator({ service: "slack", port: 0, hostname: "127.0.0.1", seed: told.seed });
    console.log(JSON.stringify({ url: emulator.url }));
  } else {
    subscriptions.register({ url: told.listens, events: ["*"], active: true, owner: "slack" });
    console.log(JSON.stringify({ listens: told.listens }));
  }
}
await emulator?.close();
