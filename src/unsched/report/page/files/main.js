// From the address to what is seen, and from what is done back to the address.
function show() {
  const wide = gridded();
  setZone(zoneAsked());
  root.classList.toggle("grid", wide);
  root.classList.toggle("agenda", Boolean(state.agenda));
  root.classList.toggle("walled", Boolean(state.wall));
  $("wall").hidden = !state.wall;
  if (state.day && !days.some((day) => day.key === state.day)) state.day = "";
  showControls();
  apply();
  tick();
  shownSession();
  writeAddress();
}

function start() {
  picks.load();
  if (picks.ids.size) for (const session of sessions) if (picks.ids.has(session.id)) showStar(session);
  readAddress();
  show();

  const bar = document.querySelector(".bar");
  new ResizeObserver(() => root.style.setProperty("--bar", `${bar.offsetHeight}px`)).observe(bar);
  bar.addEventListener("submit", (event) => event.preventDefault());
  document.addEventListener("change", ({ target }) => {
    if (target.name === "day") choose({ day: target.value });
    else if (target.name === "view") choose({ view: target.value });
    else if (target.id === "picks") choose({ picks: target.checked ? "1" : "" });
    else if (target.id === "zone" || SORTS.includes(target.id)) choose({ [target.id]: target.value });
  });
  $("legend").addEventListener("click", ({ target }) => {
    const { track } = target.dataset;
    if (track !== undefined) choose({ track: state.track === track ? "" : track });
  });
  let waits = 0;
  $("q").addEventListener("input", () => {
    cancelAnimationFrame(waits);
    waits = requestAnimationFrame(() => choose({ q: $("q").value }));
  });
  $("more").addEventListener("click", () => {
    $("more").setAttribute("aria-expanded", $("choices").classList.toggle("open"));
  });

  // One listener for all rows.
  $("timetable").addEventListener("click", (event) => {
    const row = event.target.closest("tr.s");
    const session = row && byRow.get(row);
    if (!session || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.target.closest(".star")) star(session);
    else if (event.target.closest(".save")) saveEvents([session], titleOf(session));
    else if (event.target.closest(".title") || (gridded() && !String(getSelection()))) {
      event.preventDefault();
      choose({ session: session.id });
    }
  });
  document.addEventListener("keydown", follow);
  document.addEventListener("click", (event) => {
    const deed = event.target.closest("[data-do]")?.dataset.do;
    if (Object.hasOwn(DEEDS, deed)) DEEDS[deed]();
    else if (event.target === $("session")) $("session").close();
  });
  $("session").addEventListener("close", () => {
    $("session").session = null;
    if (state.session) choose({ session: "" });
  });
  document.querySelector(".skip").addEventListener("click", (event) => {
    event.preventDefault();
    $("timetable").focus();
    $("timetable").scrollIntoView();
  });
  addEventListener("hashchange", () => {
    readAddress();
    show();
  });
  WIDE.addEventListener("change", show);
  let resized = 0;
  addEventListener("resize", () => {
    cancelAnimationFrame(resized);
    resized = requestAnimationFrame(() => {
      measure();
      if (gridded()) apply();
    });
  });
  addEventListener("beforeprint", sizeForPaper);
  addEventListener("storage", (event) => {
    if (event.key !== picks.key) return;
    picks.ids.clear();
    picks.load();
    sessions.forEach(showStar);
    apply();
  });
  // On the minute; a page that was asleep looks at once.
  const next = () => setTimeout(() => { tick(); next(); }, 60_000 - (Date.now() % 60_000) + 20);
  next();
  document.addEventListener("visibilitychange", () => { if (!document.hidden) tick(); });
}

try {
  start();
  root.classList.remove("waiting");
  performance.mark("ready");
} catch (error) {
  // The list is all there without a program.
  root.classList.remove("js", "waiting", "grid", "walled");
  throw error;
}
