// Reads calendars with ical.js, node-ical and ts-ics: {name: text} as JSON on stdin, what each finds as JSON on stdout.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const require = createRequire(process.argv[2] + "/");
const ICAL = (await import(pathToFileURL(require.resolve("ical.js")))).default;
const nodeIcal = require("node-ical");
const tsIcs = await import(pathToFileURL(require.resolve("ts-ics")));
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
    organizer: event.organizer ?? "",
    attendees: event.attendees ?? [],
  };
}

// jCal, which only ical.js reads.
function isJson(text) {
  return text.startsWith("[");
}

function guest(address, kind, answer) {
  return [address, kind ?? "", answer ?? ""];
}

function withIcalJs(text) {
  const root = new ICAL.Component(isJson(text) ? JSON.parse(text) : ICAL.parse(text));
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
        organizer: item.organizer,
        attendees: item.attendees.map((one) =>
          guest(one.getFirstValue(), one.getParameter("cutype"), one.getParameter("partstat")),
        ),
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
  return { events: found, busy, method: root.getFirstPropertyValue("method") ?? "", jcal: root.toJSON() };
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
      const guests = [item.attendee ?? []].flat().map((one) =>
        guest(one.val, one.params?.CUTYPE, one.params?.PARTSTAT),
      );
      const texts = { ...item, organizer: item.organizer?.val, attendees: guests };
      found.push(seen(event.uid, one.start, one.end, item.sequence, texts));
    }
  }
  const method = Object.values(nodeIcal.sync.parseICS(text)).find((one) => one.method)?.method;
  return { events: found, busy, method: method ?? "" };
}

function withTsIcs(text) {
  const root = tsIcs.convertIcsCalendar(undefined, text);
  const events = root.events ?? [];
  const found = [];
  const add = (event, start) => {
    const length = event.end.date - event.start.date;
    const guests = (event.attendees ?? []).map((one) => guest(one.email, one.cutype, one.partstat));
    const texts = { ...event, title: event.summary, organizer: event.organizer?.email, attendees: guests };
    found.push(seen(event.uid, start, new Date(start.getTime() + length), event.sequence, texts));
  };
  const moved = new Set(events.filter((one) => one.recurrenceId).map((one) => one.recurrenceId.value.date.getTime()));
  for (const event of events) {
    if (!event.recurrenceRule) {
      add(event, event.start.date);
      continue;
    }
    const left = new Set([...(event.exceptionDates ?? []).map((one) => one.date.getTime()), ...moved]);
    const options = { start: event.start.date, end: TO, exceptions: [] };
    for (const start of tsIcs.extendByRecurrenceRule(event.recurrenceRule, options)) {
      if (!left.has(start.getTime())) {
        add(event, start);
      }
    }
  }
  const busy = (root.freeBusy ?? []).flatMap((component) =>
    component.freeBusy.flatMap((one) =>
      one.values.map((period) => ({
        kind: one.type,
        start: period.start.toISOString(),
        end: period.end.toISOString(),
      })),
    ),
  );
  return { events: found, busy, method: root.method ?? "" };
}

let input = "";
for await (const chunk of process.stdin) {
  input += chunk;
}
const output = {};
for (const [name, text] of Object.entries(JSON.parse(input))) {
  output[name] = { "ical.js": withIcalJs(text) };
  if (!isJson(text)) {
    Object.assign(output[name], { "node-ical": withNodeIcal(text), "ts-ics": withTsIcs(text) });
  }
}
process.stdout.write(JSON.stringify(output));
