// What the page knows: its data, its words, and the row of each session.
const $ = (id) => document.getElementById(id);
const root = document.documentElement;
const data = JSON.parse($("data").textContent);
const words = data.words;
const locale = { en: "en-GB", fr: "fr-FR" }[data.language];
const plural = new Intl.PluralRules(data.language);

const say = (key, values = {}) => words[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
const number = new Intl.NumberFormat(locale);
const count = (key, n, values = {}) =>
  say(`${key}_${plural.select(n) === "one" ? "one" : "other"}`, { n: number.format(n), ...values });

const rows = document.querySelectorAll("tr.s");
const sessions = data.sessions.map((session, n) => {
  const row = rows[n];
  const [start, end] = row.firstElementChild.getElementsByTagName("time");
  return { ...session, n, row, times: [start, end], shown: true, text: null };
});
const byRow = new Map(sessions.map((session) => [session.row, session]));
const byId = new Map(sessions.map((session) => [session.id, session]));
const titleOf = (session) => session.row.querySelector(".title").textContent;
const partyOf = (id) => data.parties.findIndex((one) => one.id === id);

// An element with its attributes and children; text is only ever text.
function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(key, "");
    else if (value !== false && value !== null) element.setAttribute(key, value);
  }
  element.append(...children);
  return element;
}

// What is kept between visits. Where the browser keeps nothing, it is kept as long as the page is open.
const picks = {
  key: `unsched ${data.id} picks`,
  ids: new Set(),
  load() {
    try {
      const kept = JSON.parse(localStorage.getItem(this.key) || "[]");
      if (Array.isArray(kept)) this.ids = new Set(kept.filter((id) => typeof id === "string"));
    } catch { /* nothing is kept here, or nothing that can be read */ }
  },
  toggle(id) {
    if (!this.ids.delete(id)) this.ids.add(id);
    try {
      localStorage.setItem(this.key, JSON.stringify([...this.ids]));
    } catch { /* not between visits, then */ }
    return this.ids.has(id);
  },
};

function announce(text) {
  $("said").textContent = "";
  setTimeout(() => { $("said").textContent = text; }, 50);
}
