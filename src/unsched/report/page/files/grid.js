// Rooms by times: where each card stands. Columns are rooms, and rows the stretches between any two starts or ends.
const WIDE = matchMedia("(min-width: 56rem)");
// An agenda begins as a list, as all does on a narrow screen.
const gridded = () => (state.view ? state.view === "grid" : WIDE.matches && !state.agenda);

// In units of a sixteenth of the reader's letters. A minute is at least so high, and for a short session at most.
const MINUTE = { least: 0.75, most: 3.2 };
const LEAST = 28;
const BREAK = 26;
const CARD = { least: 36, pad: 16, time: 16, line: 18.4, facts: 16.5, letter: 7.7 };
const COLUMN = { time: 64, least: 152 };

// How wide a grid can be without scrolling, and how large the reader's letters are. Asked before there was anything to
// lay out (early.js), and again when the window changes: asked in between, the browser would lay out everything twice.
let width = 0;
let unit = 1;
function measure(wide = root.clientWidth, letters = parseFloat(getComputedStyle(root).fontSize)) {
  unit = letters / 16;
  width = wide - 2 * Math.min(40 * unit, Math.max(16 * unit, wide * 0.03)) - 2;
}
measure(Number(root.dataset.wide), Number(root.dataset.letters));

// Put the cards of a day on its grid, and say at its left which time it is. Done once, and again in another zone.
function layGrid(day) {
  const bounds = [...new Set(day.sessions.flatMap((one) => [one.start, one.end]))].sort((a, b) => a - b);
  const rowOf = new Map(bounds.map((moment, n) => [moment, n + 1]));
  const used = [...new Set(day.sessions.map((one) => one.room))].sort((a, b) => a - b);
  // Two at once in one room are not as they should be, and are seen beside each other.
  const lanes = new Map(used.map((room) => [room, []]));
  for (const one of day.sessions) {
    const ends = lanes.get(one.room);
    const free = ends.findIndex((end) => end <= one.start);
    one.lane = free < 0 ? ends.length : free;
    ends[one.lane] = one.end;
  }
  let column = 2;
  const rooms = used.map((room) => {
    const first = column;
    column += lanes.get(room).length;
    return { room, first, count: column - first };
  });
  const firstOf = new Map(rooms.map((one) => [one.room, one.first]));
  for (const one of day.sessions) {
    one.row.style.gridArea = `${rowOf.get(one.start)} / ${firstOf.get(one.room) + one.lane} / ${rowOf.get(one.end)} / auto`;
  }
  const stretches = bounds.slice(0, -1).map((moment, n) => ({ from: moment, to: bounds[n + 1], minutes: (bounds[n + 1] - moment) / 60 }));
  const ticks = stretches.map((one, n) => {
    const cell = make("td", {}, timeOf(one.from, zone));
    const tick = make("tr", { class: "tick" }, cell);
    tick.style.gridRow = `${n + 1}`;
    return tick;
  });
  for (const one of day.sessions) {
    one.rowFrom = rowOf.get(one.start) - 1;
    one.rowTo = rowOf.get(one.end) - 1;
    one.letters = titleOf(one).length;
    one.belows = (one.track === null ? 0 : 1) + (one.row.querySelector(".access") ? 1 : 0);
  }
  day.grid = { bounds, rooms, stretches, ticks, line: null, byLength: [...day.sessions].sort((a, b) => a.end - a.start - (b.end - b.start)) };
  day.table.querySelectorAll("tbody.ticks").forEach((one) => one.remove());
  day.table.append(make("tbody", { class: "ticks", "aria-hidden": "true", role: "presentation" }, 
    make("tr", { class: "side" }, make("td")), ...ticks));
  layHead(day);
}

function layHead(day) {
  day.head.querySelector(".rooms-row")?.remove();
  const cells = day.grid.rooms.map(({ room, first, count: lanes }) => {
    const { label, building } = data.rooms[room];
    const cell = make("span", { title: label }, label, ...(building ? [make("small", {}, building)] : []));
    cell.style.gridColumn = `${first} / span ${lanes}`;
    return cell;
  });
  const corner = make("span");
  day.grid.cells = cells;
  day.grid.headRow = make("div", {}, corner, ...cells);
  day.grid.head = make("div", { class: "rooms-row", "aria-hidden": "true", tabindex: "-1" }, day.grid.headRow);
  const { head } = day.grid;
  day.head.append(head);
  // Head and sheet go sideways together, whichever of them is moved.
  head.addEventListener("scroll", () => { day.sheet.scrollLeft = head.scrollLeft; }, { passive: true });
  day.sheet.onscroll = () => { head.scrollLeft = day.sheet.scrollLeft; };
}

// Give rooms and stretches the place that what is shown needs: an empty room takes none, a break little.
function fitGrid(day) {
  if (!day.grid) layGrid(day);
  const { bounds, rooms, stretches, ticks, cells, headRow, byLength } = day.grid;
  const shown = byLength.filter((one) => one.shown);
  const busy = new Set(shown.map((one) => one.room));
  const lanes = rooms.reduce((sum, one) => sum + (busy.has(one.room) ? one.count : 0), 0);
  const columns = [`${COLUMN.time * unit}px`, ...rooms.map(({ room, count: own }, n) => {
    cells[n].hidden = !busy.has(room);
    return busy.has(room) ? `repeat(${own}, minmax(${COLUMN.least * unit}px, 1fr))` : `repeat(${own}, 0)`;
  })].join(" ");
  // How many run in each stretch: one more at each start, one less at each end.
  const change = new Map(bounds.map((moment) => [moment, 0]));
  const edges = new Set();
  for (const one of shown) {
    edges.add(one.start).add(one.end);
    change.set(one.start, change.get(one.start) + 1);
    change.set(one.end, change.get(one.end) - 1);
  }
  let running = 0;
  const busyAt = stretches.map((one) => (running += change.get(one.from)) > 0);
  const [first, last] = [busyAt.indexOf(true), busyAt.lastIndexOf(true)];
  const heights = stretches.map((one, n) => {
    const inside = n >= first && n <= last;
    const open = inside && (busyAt[n] || busyAt[n - 1]);
    ticks[n].classList.toggle("gap", inside && !busyAt[n]);
    ticks[n].hidden = !open || !edges.has(one.from);
    if (!open) return 0;
    if (!busyAt[n]) return BREAK;
    return Math.max(edges.has(one.from) ? LEAST : 0, one.minutes * MINUTE.least);
  });
  const letters = (Math.max(COLUMN.least, (width / unit - COLUMN.time) / Math.max(1, lanes)) - 26) / CARD.letter;
  growRows(shown, stretches, heights, letters);
  for (const one of shown) writeLines(one, heights);
  const rows = heights.map((height) => `${Math.round(height * unit)}px`).join(" ");
  day.table.style.gridTemplateColumns = columns;
  day.table.style.gridTemplateRows = rows;
  headRow.style.gridTemplateColumns = columns;
}

// Make the stretches of a session higher until its words have place, the shortest first, but no minute all too high.
function growRows(shown, stretches, heights, letters) {
  for (const one of shown) {
    const minutes = (one.end - one.start) / 60;
    one.lines = Math.ceil((one.letters * 1.12) / letters);
    const needed = CARD.pad + CARD.time + one.lines * CARD.line + one.belows * CARD.facts;
    const wanted = Math.min(needed, Math.max(CARD.least, minutes * MINUTE.most));
    const missing = wanted - heightOf(one, heights);
    if (missing > 0) {
      for (let n = one.rowFrom; n < one.rowTo; n += 1) heights[n] += (missing * stretches[n].minutes) / minutes;
    }
  }
}

function heightOf(one, heights) {
  let height = 0;
  for (let n = one.rowFrom; n < one.rowTo; n += 1) height += heights[n];
  return height;
}

// How many lines of its title a card has place for, and how many of what stands below; its time gives way last.
function writeLines(one, heights) {
  const height = heightOf(one, heights) - CARD.pad + 2;
  const tiny = height < CARD.time + CARD.line;
  const left = tiny ? height : height - CARD.time;
  const below = Math.min(one.belows, Math.max(0, Math.floor((left - one.lines * CARD.line) / CARD.facts)));
  const lines = Math.max(1, Math.floor((left - below * CARD.facts) / CARD.line));
  const look = `${tiny} ${lines} ${below}`;
  if (one.look === look) return;
  one.look = look;
  one.row.classList.toggle("tiny", tiny);
  one.row.style.setProperty("--lines", lines);
  one.row.style.setProperty("--below", below);
}

// Arrow keys go from card to card: up and down in a room, left and right to what runs beside it.
const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
function follow(event) {
  const step = ARROWS[event.key];
  const link = event.target.closest?.("tr.s .title");
  if (!step || !link || !gridded() || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const here = byRow.get(link.closest("tr"));
  const [across, down] = step;
  const others = here.day.sessions.filter((one) => one.shown && one !== here);
  const near = down
    ? others.filter((one) => one.room === here.room && (down > 0 ? one.start >= here.end : one.end <= here.start))
    : others.filter((one) => (one.room - here.room) * across > 0 && one.start < here.end && one.end > here.start);
  const far = (one) => (down ? Math.abs(one.start - here.start) : Math.abs(one.room - here.room) * 1e9 + Math.abs(one.start - here.start));
  const best = near.sort((a, b) => far(a) - far(b))[0];
  if (!best) return;
  event.preventDefault();
  best.row.querySelector(".title").focus();
  best.row.scrollIntoView({ block: "nearest", inline: "nearest" });
}
