// What is shown: a state, which stands in the address after "#", so that a view can be shared; rows are hidden, not made.
const SORTS = ["track", "room", "delegation", "group", "person"];
const KEYS = ["day", "q", ...SORTS, "agenda", "picks", "view", "zone", "session", "now", "wall"];
const state = Object.fromEntries(KEYS.map((key) => [key, ""]));

// A plus is a plus: in "10:00+01:00" it is no blank.
const parameters = (text) => new URLSearchParams(text.slice(1).replace(/\+/g, "%2B"));

function readAddress() {
  const given = parameters(location.hash);
  for (const key of KEYS) state[key] = (given.get(key) ?? "").slice(0, 500);
  if (given.has("wall") || parameters(location.search).has("wall")) state.wall = "1";
}

function addressOf(values) {
  return KEYS.filter((key) => values[key]).map((key) => `${key}=${encodeURIComponent(values[key])}`).join("&");
}

function writeAddress() {
  const hash = addressOf(state);
  if (hash === location.hash.slice(1)) return;
  try {
    history.replaceState(null, "", hash ? `#${hash}` : location.pathname + location.search);
  } catch { /* a page that is shown inside another has no address of its own */ }
}

// Letters without accents and case, as people type them: "Genève" is found by "geneve".
const LETTERS = { ß: "ss", æ: "ae", œ: "oe", ø: "o", ł: "l", đ: "d", ð: "d", þ: "th", ı: "i", "’": "'" };
const fold = (text) => text.normalize("NFKD").replace(/\p{M}+/gu, "").toLowerCase().replace(/[ßæœøłđðþı’]/g, (one) => LETTERS[one]);

function textOf(session) {
  session.text ??= fold(
    [...session.row.querySelectorAll(".title, .track, .kind, .told p, .told bdi, .where")].map((one) => one.textContent)
      .concat(session.id).join("\n"),
  );
  return session.text;
}

// Who is at what, by party: made when somebody is first asked for.
let byParty = null;
function sessionsOf(party) {
  if (!byParty) {
    byParty = data.parties.map(() => new Set());
    for (const session of sessions) for (const one of session.who) byParty[one].add(session.n);
  }
  return byParty[party] ?? new Set();
}

// The tests that a session has to pass, by what is chosen.
function tests() {
  const found = [];
  const place = (list, id) => list.findIndex((one) => one.id === id);
  if (state.track) { const n = place(data.tracks, state.track); found.push((one) => one.track === n); }
  if (state.room) { const n = place(data.rooms, state.room); found.push((one) => one.room === n); }
  for (const key of ["delegation", "group", "person", "agenda"]) {
    if (state[key]) { const own = sessionsOf(partyOf(state[key])); found.push((one) => own.has(one.n)); }
  }
  if (state.picks) found.push((one) => picks.ids.has(one.id));
  const asked = fold(state.q).split(/\s+/).filter(Boolean);
  if (asked.length) found.push((one) => asked.every((word) => textOf(one).includes(word)));
  return found;
}

// Show what passes; this is all that a change of a filter does.
function apply() {
  performance.mark("filter-start");
  const passed = tests();
  const grid = gridded();
  let all = 0;
  for (const day of days) {
    const open = !state.day || state.day === day.key;
    day.shown = 0;
    for (const session of day.sessions) {
      const shown = open && passed.every((test) => test(session));
      if (shown !== session.shown) {
        session.shown = shown;
        session.row.hidden = !shown;
      }
      if (shown) day.shown += 1;
    }
    day.section.hidden = !day.shown;
    all += day.shown;
    if (day.shown && grid) fitGrid(day);
  }
  tell(all);
  performance.mark("filter-end");
  performance.measure("filter", "filter-start", "filter-end");
}

const filtered = () => ["day", "q", "agenda", "picks", ...SORTS].some((key) => state[key]);

function tell(all) {
  const whole = all === sessions.length;
  let text = whole ? count("sessions", all) : count("count_of", all, { all: number.format(sessions.length) });
  const party = state.agenda ? data.parties[partyOf(state.agenda)] : null;
  if (state.agenda) text = `${say("agenda_of", { name: party?.label ?? state.agenda })} · ${count("sessions", all)}`;
  $("count").textContent = text;
  $("empty").hidden = all > 0;
  $("empty").textContent = state.picks && !picks.ids.size ? words.picks_none : words.none;
  tellLinks(all);
  tellRoles(party);
}

// What can be done with what is shown: its calendar, an agenda, and back to everything.
function tellLinks(all) {
  const links = [];
  for (const key of ["person", "delegation", "group"]) {
    if (state[key]) links.push(make("a", { href: `#${addressOf({ zone: state.zone, agenda: state[key] })}` }, words.agenda));
  }
  const feeds = [
    ...["agenda", "person", "delegation", "group"].map((key) => data.parties[state[key] ? partyOf(state[key]) : -1]),
    data.rooms.find((one) => one.id === state.room && state.room),
    data.tracks.find((one) => one.id === state.track && state.track),
  ];
  for (const one of feeds) {
    if (one?.feed && data.calendars !== null) {
      links.push(make("a", { href: data.calendars + one.feed, class: "feed" }, say("calendar_of", { name: one.label })));
    }
  }
  if (all && filtered() && hasEvents()) links.push(make("button", { type: "button", class: "link", "data-do": "save-shown" }, words.add_shown));
  if (filtered()) links.push(make("button", { type: "button", class: "link", "data-do": "clear" }, words.clear));
  $("result-links").replaceChildren(...links);
}

// In an agenda, what each session asks of whose agenda it is.
let told = [];
function tellRoles(party) {
  for (const element of told) element.remove();
  told = [];
  if (!party) return;
  const n = data.parties.indexOf(party);
  for (const session of sessions) {
    if (!session.shown) continue;
    const facts = session.row.querySelector(".facts");
    const part = session.pieces?.find(([, , who]) => who.includes(n));
    const role = { c: words.chair, r: words.required, i: words.invited }[session.roles[session.who.indexOf(n)]];
    const text = part ? say("part_only", { time: `${timeOf(part[0], zone)}–${timeOf(part[1], zone)}` }) : role;
    const element = make("span", { class: "role" }, text);
    facts.prepend(element);
    told.push(element);
  }
}

// -- the controls

function choose(changes) {
  Object.assign(state, changes);
  show();
}

function showControls() {
  for (const key of SORTS) {
    const select = $(key);
    if (!select) continue;
    select.value = state[key];
    if (select.selectedIndex < 0) select.value = "";
    select.classList.toggle("set", Boolean(select.value));
  }
  $("picks").checked = Boolean(state.picks);
  if ($("q").value !== state.q) $("q").value = state.q;
  for (const radio of document.querySelectorAll("input[name=view]")) radio.checked = radio.value === (gridded() ? "grid" : "list");
  showLegend();
  showDays();
  showZones();
}

// What the colours mean; to press one shows its sessions alone.
const MANY_TRACKS = 12;

function showLegend() {
  const legend = $("legend");
  if (data.tracks.length < 2 || data.tracks.length > MANY_TRACKS) return;
  if (legend.hidden) {
    legend.hidden = false;
    legend.append(...data.tracks.map((track, n) =>
      make("button", { type: "button", class: `tinted t${n}`, "data-track": track.id, dir: "auto" }, track.label)));
  }
  for (const button of legend.children) button.setAttribute("aria-pressed", button.dataset.track === state.track);
}

const MANY_DAYS = 12;

function showDays() {
  const key = days.map((day) => day.key).join();
  if ($("days").dataset.key !== key) {
    $("days").dataset.key = key;
    const today = wall(now(), zone).day;
    const name = (day) => dateText(day.sessions[0].start, zone, true);
    if (days.length > MANY_DAYS) {
      const options = days.map((day) => make("option", { value: day.key }, name(day)));
      const select = make("select", { name: "day", "aria-label": words.day }, make("option", { value: "" }, words.all_days), ...options);
      $("days").replaceChildren(select);
    } else {
      const chip = (value, text, is) =>
        make("label", { class: "chip" }, make("input", { type: "radio", name: "day", value }), make("span", { class: is ? "today" : null }, text));
      const chips = days.map((day) => chip(day.key, name(day), day.key === today));
      $("days").replaceChildren(...(days.length > 1 ? [chip("", words.all_days), ...chips] : []));
    }
  }
  for (const one of document.querySelectorAll("#days input")) {
    one.checked = one.value === state.day;
    if (one.checked && !WIDE.matches) requestAnimationFrame(() => { $("days").scrollLeft = one.parentElement.offsetLeft - $("days").offsetLeft - 40; });
  }
  const select = document.querySelector("#days select");
  if (select) { select.value = state.day; select.classList.toggle("set", Boolean(state.day)); }
}

function showZones() {
  const select = $("zone");
  if (!select.options.length) {
    select.append(
      make("option", { value: "" }, say("venue_time", { zone: data.zone })),
      ...(own ? [make("option", { value: "mine" }, say("my_time", { zone: own }))] : []),
    );
    const all = Intl.supportedValuesOf?.("timeZone") ?? [];
    const names = ["UTC", ...all.filter((name) => name !== "UTC")];
    select.append(make("optgroup", { label: words.zone_all }, ...names.map((name) => make("option", { value: name }, name.replaceAll("_", " ")))));
  }
  select.value = state.zone;
  if (select.selectedIndex < 0 && state.zone) {
    // A zone that the browser knows and does not list: an older name.
    if (zoneKnown(state.zone)) select.lastElementChild.append(make("option", { value: state.zone }, state.zone));
    select.value = zoneKnown(state.zone) ? state.zone : "";
  }
  select.classList.toggle("set", Boolean(select.value));
}

const zoneAsked = () => (state.zone === "mine" ? own : zoneKnown(state.zone) && state.zone) || data.zone;
