// A host in another language: it starts `unsched serve`, and speaks to it in JSON, a line each.
//
//     node examples/host.mjs python -m unsched serve
//
// It needs nothing but Node. Its requests and what it is answered are described by schema/*.schema.json.

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** A process that plans: each request is a promise, and may tell how far it has come. */
class Planner {
  #waiting = new Map();
  #last = 0;

  constructor(command, ...options) {
    // What it has to say to people (bugs, what rules print) goes where our own does.
    this.process = spawn(command, options, { stdio: ["pipe", "pipe", "inherit"] });
    this.process.stdin.on("error", () => {}); // it has ended, which 'exit' tells
    this.process.on("exit", (code) => this.#end(new Error(`unsched has ended (${code})`)));
    this.process.on("error", (error) => this.#end(error));
    createInterface({ input: this.process.stdout }).on("line", (line) => this.#hear(JSON.parse(line)));
  }

  /** Ask for something. Returns its id, and a promise of the message that answers it. */
  ask(request, params = {}, onProgress = () => {}) {
    const id = `${request}-${++this.#last}`;
    const answer = new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject, onProgress }));
    this.process.stdin.write(JSON.stringify({ unsched: 1, id, request, params }) + "\n");
    return { id, answer };
  }

  /** Ask for something, and return what comes of it. */
  async get(request, params, onProgress) {
    return (await this.ask(request, params, onProgress).answer).result;
  }

  /** Let it finish what it does, and end. */
  close() {
    return new Promise((resolve) => {
      this.process.on("exit", resolve);
      this.process.stdin.end();
    });
  }

  #hear(message) {
    const request = this.#waiting.get(message.id);
    if (message.type === "progress") {
      request?.onProgress(message.progress);
    } else if (request) {
      this.#waiting.delete(message.id);
      if (message.type === "result") request.resolve(message);
      else request.reject(new Error(`${message.error.code}: ${message.error.message}`));
    } else {
      console.error("of no request:", message); // a line that could not be read: a mistake of ours
    }
  }

  #end(error) {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

const rooms = ["XXVI", "IX"].map((id) => ({ id, seats: { table: 40 } }));
const sessions = Array.from({ length: 8 }, (_, n) => ({
  id: `s${n}`,
  title: `Meeting ${n}`,
  minutes: n % 3 ? 60 : 120,
  required: [n % 2 ? "ch" : "br"],
}));
const problem = {
  schema: "unsched/problem/1",
  id: "from-node",
  window: { zone: "Europe/Zurich", days: ["2026-03-10"], step: 30 },
  venue: { rooms },
  delegations: [{ id: "ch" }, { id: "br" }],
  sessions,
  rules: [{ kind: "end-early", of: "each" }],
};

const planner = new Planner(...process.argv.slice(2));
const { version, protocols } = await planner.get("hello");
if (!protocols.includes(1)) throw new Error(`unsched ${version} speaks another protocol`);

const search = { problem, effort: 20, stamp: "2026-03-01T09:00:00+00:00", progress: 20 };
const { status, schedule } = await planner.get("solve", search, ({ cost, bound }) => {
  console.log(`cost ${cost}, at least ${bound}`);
});
console.log(`${status}: ${schedule.bookings.length} meetings`);

// Two at once, of which one is called off.
const long = planner.ask("solve", { problem, seconds: 600 });
const check = planner.get("check", { problem, schedule });
await planner.get("cancel", { of: long.id });
console.log(`good: ${(await check).good}`);
await long.answer.then(
  (message) => console.log(`called off: ${message.cancelled}, or done already`),
  (error) => console.log(error.message), // before it began
);

const { files } = await planner.get("calendars", { problem, schedule });
console.log(`${Object.keys(files).length} calendars`);
await planner.get("solve", { problem: { ...problem, sessions: [] } }).catch((error) => console.log(error.message));
console.log(`ended with ${await planner.close()}`);
