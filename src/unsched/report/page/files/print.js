// The size at which what is shown of each day stays on one page; the same arithmetic as before any filter (paper.py).
function printSize(texts) {
  const { sizes, width, height, gap, point, time, before, letter, line, padding, uneven } = data.paper;
  const lines = (letters, most) => Math.max(1, Math.ceil(letters / most));
  const fits = sizes.findIndex(([points, columns]) => {
    const em = points * point;
    const wide = (width - gap * (columns - 1)) / columns / em - (columns === 1 ? time : 0);
    const letters = Math.max(1, Math.floor(wide / letter));
    const first = columns === 1 ? 0 : before;
    const all = texts.reduce((sum, [title, below]) => sum + lines(first + title, letters) + lines(below, letters), 0);
    const high = (all * line + texts.length * padding) * em;
    return high * (columns > 1 ? uneven : 1) <= height * columns;
  });
  return fits < 0 ? sizes.length - 1 : fits;
}

function sizeForPaper() {
  for (const day of days) {
    const texts = day.sessions.filter((one) => one.shown).map(({ row, room }) => {
      const below = [".track", ".access", ".role"].map((name) => row.querySelector(name)?.textContent.length ?? 0);
      return [titleOf(byRow.get(row)).length, below.reduce((a, b) => a + (b ? b + 3 : 0), data.rooms[room].label.length)];
    });
    day.section.classList.remove(...data.paper.sizes.map((_, n) => `p${n}`));
    day.section.classList.add(`p${printSize(texts)}`);
  }
}
