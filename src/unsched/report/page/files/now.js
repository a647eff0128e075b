// What is on, what comes next: in the timetable, above it, and on a wall. Looked at each minute.
const MOST_LISTED = { wide: 6, narrow: 3 };
const SOON = 12 * 3600;

function current(moment) {
  const on = sessions.filter((one) => one.start <= moment && moment < one.end);
  const next = sessions.find((one) => one.start > moment);
  return { on, next: next ? sessions.filter((one) => one.start === next.start) : [], at: next?.start };
}

let running = [];
function tick() {
  const moment = now();
  const { on, next, at } = current(moment);
  for (const session of running) session.row.classList.remove("on");
  running = on;
  for (const session of on) {
    session.row.classList.add("on");
    session.row.firstElementChild.dataset.left = count("minutes_left", Math.ceil((session.end - moment) / 60));
  }
  const near = on.length > 0 || (at !== undefined && at - moment < SOON);
  $("now").hidden = !near || Boolean(state.agenda);
  if (near) {
    const title = at === undefined ? words.next : say("next_at", { time: soon(at, moment) });
    $("now").replaceChildren($("now-title"),
      listed("on", words.now, on, words.none_now), listed("", title, next, words.none_next));
  }
  drawLine(moment);
  if (state.wall) drawWall(moment, on, next, at);
}

// When the next begins: its time today, or its day as well.
function soon(at, moment) {
  const time = timeOf(at, zone);
  return wall(at, zone).day === wall(moment, zone).day ? time : say("on", { day: dateText(at, zone, true), time });
}

function listed(sort, title, some, none) {
  const most = WIDE.matches ? MOST_LISTED.wide : MOST_LISTED.narrow;
  const items = some.slice(0, most).map((one) =>
    make("li", {}, make("a", { href: `#${addressOf({ ...state, session: one.id })}`, dir: "auto" }, titleOf(one)),
      make("span", {}, make("bdi", {}, data.rooms[one.room].label))));
  const rest = some.length - most;
  if (rest > 0) items.push(make("li", {}, make("span", {}, say("and_more", { n: rest }))));
  return make("div", { class: sort }, make("h3", {}, title), some.length ? make("ul", {}, ...items) : make("p", {}, none));
}

// A line across the grid at the present moment.
function drawLine(moment) {
  for (const day of days) {
    if (!day.grid) continue;
    day.grid.line?.remove();
    const n = day.grid.stretches.findIndex((one) => one.from <= moment && moment < one.to);
    if (n < 0) continue;
    const { from, to } = day.grid.stretches[n];
    const line = make("tr", { class: "line" }, make("td"));
    line.style.gridRow = `${n + 1}`;
    line.style.top = `${(100 * (moment - from)) / (to - from)}%`;
    day.grid.line = line;
    day.table.querySelector("tbody.ticks").append(line);
  }
}

// -- the wall

const WALL_SIZES = [[2, 1, 4.2], [4, 1, 3.3], [8, 2, 2.6], [15, 3, 2.1], [24, 4, 1.7], [Infinity, 5, 1.35]];

function wallPart(sort, title, some, none, until) {
  const part = make("section", { class: `wall-part ${sort}` }, make("h2", {}, title));
  if (!some.length) {
    part.append(make("p", {}, none));
    return part;
  }
  const [, across, size] = WALL_SIZES.find(([most]) => some.length <= most);
  const list = make("ul", {}, ...some.map((one) => {
    const item = make("li", { class: one.row.className.replace(/\bs\b|\bon\b/g, "tinted") },
      make("b", { dir: "auto" }, titleOf(one)), make("span", {}, make("bdi", {}, data.rooms[one.room].label)),
      ...(until ? [make("small", {}, say("until", { time: timeOf(one.end, zone) }))] : []));
    return item;
  }));
  list.style.setProperty("--across", `${sort === "on" ? across : Math.max(1, across - 1)}`);
  list.style.setProperty("--size", `${sort === "on" ? size : size * 0.85}`);
  part.append(list);
  return part;
}

function drawWall(moment, on, next, at) {
  const title = at === undefined ? words.next : say("next_at", { time: soon(at, moment) });
  $("wall").replaceChildren(
    make("header", { class: "wall-head" }, make("h1", {}, data.title),
      make("p", {}, dateText(moment, zone)), make("p", { class: "wall-clock" }, wall(Math.floor(moment / 60) * 60, zone).time)),
    make("main", { class: "wall-both" }, wallPart("on", words.now, on, words.none_now, true), wallPart("", title, next, words.none_next, false)));
  for (const list of $("wall").querySelectorAll("ul")) shrink(list);
}

// Make letters smaller until all of a list is on the wall, or they would be too small to be read from anywhere.
function shrink(list) {
  for (let size = Number(list.style.getPropertyValue("--size")); size > 1 && list.scrollHeight > list.clientHeight + 1; size *= 0.93) {
    list.style.setProperty("--size", `${size}`);
  }
}
