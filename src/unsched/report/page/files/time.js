// Moments as the clocks of a zone show them. A moment is a number of seconds since 1970.
const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
const zones = new Map();

function zoneKnown(name) {
  try {
    return Boolean(new Intl.DateTimeFormat(locale, { timeZone: name }));
  } catch {
    return false;
  }
}

// What a zone needs to write its times; made once.
function clockOf(name) {
  if (!zones.has(name)) {
    const write = (options) => new Intl.DateTimeFormat(locale, { timeZone: name, ...options });
    zones.set(name, {
      seen: new Map(),
      parts: new Intl.DateTimeFormat("en-GB", {
        timeZone: name, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
      }),
      offset: new Intl.DateTimeFormat("en-GB", { timeZone: name, timeZoneName: "longOffset" }),
      day: write({ weekday: "long", day: "numeric", month: "long", year: "numeric" }),
      short: write({ weekday: "short", day: "numeric", month: "short" }),
    });
  }
  return zones.get(name);
}

// The date and the time of day at a moment: { day: "2010-12-17", time: "10:00" }.
function wall(moment, zone) {
  const clock = clockOf(zone);
  let found = clock.seen.get(moment);
  if (!found) {
    const p = {};
    for (const { type, value } of clock.parts.formatToParts(moment * 1000)) p[type] = value;
    found = { day: `${p.year}-${p.month}-${p.day}`, time: `${p.hour}:${p.minute}` };
    clock.seen.set(moment, found);
  }
  return found;
}

// The time of day; with its offset where the clocks show that time twice.
function timeOf(moment, zone) {
  const { day, time } = wall(moment, zone);
  const twice = [-3600, -1800, 1800, 3600].some((step) => {
    const other = wall(moment + step, zone);
    return other.day === day && other.time === time;
  });
  if (!twice) return time;
  const offset = clockOf(zone).offset.formatToParts(moment * 1000).find(({ type }) => type === "timeZoneName").value;
  return time + (offset.replace("GMT", "").replace(":", "") || "+0000");
}

const span = (session, zone) => `${timeOf(session.start, zone)}–${timeOf(session.end, zone)}`;

function dateText(moment, zone, short = false) {
  const format = short ? clockOf(zone).short : clockOf(zone).day;
  const parts = format.formatToParts(moment * 1000);
  // English has no comma after the weekday here, and the first of a month is "1er" in French.
  return parts.map(({ type, value }) => {
    if (type === "day" && value === "1" && data.language === "fr") return "1er";
    return type === "literal" ? value.replace(",", "") : value;
  }).join("");
}

// Seconds since 1970 by the reader's clock, or those of `now` in the address or in the page.
function now() {
  const set = state.now || parameters(location.search).get("now");
  const moment = set ? Date.parse(set) / 1000 : NaN;
  if (!Number.isNaN(moment)) return moment;
  return data.now ?? Date.now() / 1000;
}

// -- days: sessions by the date on which they start in the zone that is chosen

let zone = data.zone;
let days = [...document.querySelectorAll(".day")].map((section) => dayOf(section, section.dataset.day));

function dayOf(section, key) {
  const found = {
    key, section, head: section.querySelector(".day-head"), title: section.querySelector("h2"),
    sheet: section.querySelector(".sheet"), table: section.querySelector("table"), body: section.querySelector("tbody"),
    sessions: [...section.querySelectorAll("tr.s")].map((row) => byRow.get(row)), grid: null, shown: 0,
  };
  for (const session of found.sessions) session.day = found;
  return found;
}

// Write all times anew, and put each session under the day on which it starts there.
function setZone(name) {
  if (name === zone || !sessions.length) return;
  zone = name;
  const groups = new Map();
  for (const session of sessions) {
    session.times[0].textContent = timeOf(session.start, zone);
    session.times[1].textContent = timeOf(session.end, zone);
    const { day } = wall(session.start, zone);
    if (!groups.has(day)) groups.set(day, []);
    groups.get(day).push(session);
  }
  const spare = days;
  days = [...groups].map(([key, some], place) => {
    let day = spare[place];
    if (!day) {
      const section = days[0].section.cloneNode(true);
      section.querySelectorAll("tbody").forEach((one, index) => (index ? one.remove() : one.replaceChildren()));
      section.querySelector(".rooms-row")?.remove();
      spare[place - 1].section.after(section);
      day = dayOf(section, key);
      spare.push(day);
    }
    const id = `d-${key}`;
    day.key = key;
    day.section.dataset.day = key;
    day.section.setAttribute("aria-labelledby", id);
    day.table.setAttribute("aria-labelledby", id);
    day.title.id = id;
    day.title.textContent = dateText(some[0].start, zone);
    day.body.replaceChildren(...some.map((session) => session.row));
    day.sessions = some;
    day.grid = null;
    for (const session of some) session.day = day;
    return day;
  });
  for (const day of spare.slice(days.length)) day.section.remove();
  $("zone-name").textContent = zone;
  $("zone-note").textContent = say("zone_note", { zone });
  for (const one of document.querySelectorAll(".day-zone")) one.textContent = zone;
}
