// One session: its dialog, its star, and its entry for a calendar.
let files = null;
const eventFiles = () => (files ??= JSON.parse($("events").textContent));
const hasEvents = () => $("events").textContent !== "null";

function saveEvents(some, name) {
  const { opening, closing, events } = eventFiles();
  const text = [opening, ...some.map((session) => events[session.n]), closing].join("");
  const address = URL.createObjectURL(new Blob([text], { type: "text/calendar;charset=utf-8" }));
  const link = make("a", { href: address, download: `${name.normalize("NFKD").replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-+|-+$/g, "").slice(0, 60) || "session"}.ics` });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

function showStar(session) {
  const on = picks.ids.has(session.id);
  const star = session.row.querySelector(".star");
  if (star) star.setAttribute("aria-pressed", on);
  return on;
}

function star(session) {
  const on = picks.toggle(session.id);
  showStar(session);
  const button = $("session").querySelector("[data-do=star]");
  if (button) {
    button.setAttribute("aria-pressed", on);
    button.textContent = on ? words.unpick : words.pick;
  }
  if (state.picks) apply();
}

function fact(label, ...children) {
  return [make("dt", {}, label), make("dd", {}, ...children)];
}

// Fill the dialog from the row, which has everything already.
function openSession(session) {
  const { row } = session;
  const dialog = $("session");
  const title = make("h2", { id: "session-title", dir: "auto" }, titleOf(session));
  const room = data.rooms[session.room];
  const when = (name) => {
    const day = dateText(session.start, name);
    const later = wall(session.end, name).day !== wall(session.start, name).day ? ` (${dateText(session.end, name, true)})` : "";
    return `${say("on", { day, time: span(session, name) })}${later}`;
  };
  const at = make("dl", { class: "at" },
    ...fact(words.time, when(zone), ...(zone === data.zone ? [] : [make("br"), `${when(data.zone)} (${data.zone})`])),
    ...fact(words.room, make("bdi", {}, room.label), ...(room.building ? [`, ${room.building}`] : [])));
  const facts = row.querySelector(".facts").cloneNode(true);
  facts.querySelectorAll(".role, .tongues").forEach((one) => one.remove());
  const more = row.querySelector(".told");
  const on = picks.ids.has(session.id);
  const acts = make("div", { class: "acts" },
    make("button", { type: "button", class: "button", "data-do": "star", "aria-pressed": `${on}` }, on ? words.unpick : words.pick),
    ...(hasEvents() ? [make("button", { type: "button", class: "button", "data-do": "save" }, words.add)] : []),
    make("button", { type: "button", class: "button", "data-do": "copy" }, words.copy));
  const told = more ? more.cloneNode(true) : "";
  if (told && zone !== data.zone) {
    for (const one of told.querySelectorAll("time")) one.textContent = timeOf(Date.parse(one.dateTime) / 1000, zone);
  }
  dialog.replaceChildren(make("div", { class: "sheet-in" },
    make("button", { type: "button", class: "shut", "data-do": "close", "aria-label": words.close }, "×"), facts, title, at, told, acts));
  dialog.className = row.className;
  dialog.session = session;
  if (!dialog.open) dialog.showModal();
  dialog.scrollTop = 0;
}

function shownSession() {
  const dialog = $("session");
  const asked = state.session ? byId.get(state.session) : null;
  if (asked && dialog.session !== asked) openSession(asked);
  else if (!asked && dialog.open) dialog.close();
}

async function copyLink() {
  const address = new URL(location.href);
  address.hash = addressOf({ session: state.session, zone: state.zone === "mine" ? "" : state.zone });
  try {
    await navigator.clipboard.writeText(address.href);
    announce(words.copied);
    $("session").querySelector("[data-do=copy]").textContent = words.copied;
  } catch {
    prompt(words.copy, address.href);
  }
}

const DEEDS = {
  star: () => star($("session").session),
  save: () => saveEvents([$("session").session], titleOf($("session").session)),
  copy: copyLink,
  close: () => $("session").close(),
  clear: () => choose({ day: "", q: "", agenda: "", picks: "", ...Object.fromEntries(SORTS.map((key) => [key, ""])) }),
  "save-shown": () => saveEvents(sessions.filter((one) => one.shown), data.title),
};
