// Reads calendars with ical.js and node-ical: {name: text} as JSON on stdin, and what each finds as JSON on stdout.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const require = createRequire(process.argv[2] + "/");
const ICAL = (await import(pathToFileURL(require.resolve("ical.js")))).default;
const nodeIcal = require("node-ical");
const FROM = new Date("2000-01-01T00:00:00Z");
const TO = new Date("2040-01-01T00:00:00Z");

function seen(uid, start, end, sequence, event) {
  return {
    uid,
    start: start.toISOString(),
    end: end.toISOString(),
    sequence: Number(sequence),
    title: event.summary ?? "",
    location: event.location ?? "",
    description: event.description ?? "",
    status: event.status ?? "",
  };
}

function withIcalJs(text) {
  const root = new ICAL.Component(ICAL.parse(text));
  // Zones are looked up by name: one that an earlier calendar has left would be taken for that of this one.
  ICAL.TimezoneService.reset();
  for (const zone of root.getAllSubcomponents("vtimezone")) {
    ICAL.TimezoneService.register(zone);
  }
  const found = [];
  const components = root.getAllSubcomponents("vevent");
  const exceptions = components.filter((one) => one.hasProperty("recurrence-id"));
  for (const component of components.filter((one) => !one.hasProperty("recurrence-id"))) {
    const uid = component.getFirstPropertyValue("uid");
    const mine = exceptions.filter((one) => one.getFirstPropertyValue("uid") === uid);
    const event = new ICAL.Event(component, { exceptions: mine });
    const add = (item, start, end) => {
      const texts = {
        summary: item.summary,
        location: item.location,
        description: item.description,
        status: item.component.getFirstPropertyValue("status"),
      };
      found.push(seen(uid, start.toJSDate(), end.toJSDate(), item.sequence, texts));
    };
    if (!event.isRecurring()) {
      add(event, event.startDate, event.endDate);
      continue;
    }
    const iterator = event.iterator();
    for (let next = iterator.next(); next; next = iterator.next()) {
      const one = event.getOccurrenceDetails(next);
      add(one.item, one.startDate, one.endDate);
    }
  }
  const busy = root.getAllSubcomponents("vfreebusy").flatMap((component) =>
    component.getAllProperties("freebusy").flatMap((property) =>
      property.getValues().map((period) => ({
        kind: property.getParameter("fbtype"),
        start: period.start.toJSDate().toISOString(),
        end: period.getEnd().toJSDate().toISOString(),
      })),
    ),
  );
  return { events: found, busy, jcal: root.toJSON() };
}

function withNodeIcal(text) {
  const found = [];
  const busy = [];
  for (const event of Object.values(nodeIcal.sync.parseICS(text))) {
    if (event.type === "VFREEBUSY") {
      for (const one of event.freebusy ?? []) {
        busy.push({ kind: one.type, start: one.start.toISOString(), end: one.end.toISOString() });
      }
    }
    if (event.type !== "VEVENT") {
      continue;
    }
    const several = event.rrule ? nodeIcal.expandRecurringEvent(event, { from: FROM, to: TO }) : [{ ...event, event }];
    for (const one of several) {
      const item = one.event ?? event;
      found.push(seen(event.uid, one.start, one.end, item.sequence, item));
    }
  }
  return { events: found, busy };
}

let input = "";
for await (const chunk of process.stdin) {
  input += chunk;
}
const output = {};
for (const [name, text] of Object.entries(JSON.parse(input))) {
  output[name] = { "ical.js": withIcalJs(text), "node-ical": withNodeIcal(text) };
}
process.stdout.write(JSON.stringify(output));
