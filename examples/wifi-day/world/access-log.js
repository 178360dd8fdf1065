/**
 * What access points wrote down in half a day, as a portal exports it: typed by hand here and there,
 * exported twice, with the same thing written in several ways. The same day gives the same bytes.
 */

const SITES = [
  ["AP-101", "Harbour Terminal", "Kiel"],
  ["AP-102", "Harbour Terminal", "Kiel"],
  ["AP-203", "City Library", "Rostock"],
  ["AP-204", "City Library", "Rostock"],
  ["AP-305", "Central Station", "Schwerin"],
  ["AP-306", "Trade Fair Hall 4", "Schwerin"],
];
const PLANS = ["guest", "day pass", "member"];
const MISSING = ["", "N/A", "-", "unknown"];

/** @returns {string} CSV with a header and about 240 records. */
export function accessLog({ account, day, part }) {
  const next = numbersFrom(`${account}/${day}/${part}`);
  const pick = (list) => list[Math.floor(next() * list.length)];
  const rows = [];
  for (let i = 0; i < 240; i++) {
    const [point, site, town] = pick(SITES);
    const hour = (part === "morning" ? 6 : 10) + Math.floor(next() * 4);
    const minute = Math.floor(next() * 60);
    const row = {
      session: `${account.slice(0, 1).toUpperCase()}${day.slice(2)}${part.slice(0, 1)}${String(i).padStart(4, "0")}`,
      access_point: point,
      site,
      town,
      device: Array.from({ length: 6 }, () => Math.floor(next() * 256))
        .map((byte) => byte.toString(16).padStart(2, "0"))
        .join(":"),
      started_at: `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)} ${two(hour)}:${two(minute)}`,
      minutes: String(1 + Math.floor(next() * 180)),
      megabytes: (next() * 900).toFixed(1),
      plan: pick(PLANS),
    };
    rows.push(soiled(row, next, pick));
    // Exported twice now and then.
    if (next() < 0.02) rows.push({ ...row });
  }
  const names = Object.keys(rows[0]);
  const lines = rows.map((row) => names.map((name) => quoted(row[name])).join(","));
  return `${[names.join(","), ...lines].join("\n")}\n`;
}

/** One record as people and machines leave it. */
function soiled(row, next, pick) {
  const dirty = { ...row };
  if (next() < 0.03) dirty.site = swapped(row.site, next);
  if (next() < 0.02) dirty.town = row.town.toUpperCase();
  if (next() < 0.03) dirty.minutes = pick(MISSING);
  if (next() < 0.02) dirty.megabytes = `${row.megabytes.replace(".", ",")} MB`;
  if (next() < 0.02) dirty.plan = ` ${row.plan}`;
  if (next() < 0.02) dirty.device = row.device.toUpperCase();
  return dirty;
}

/** Two neighbouring letters change places. */
function swapped(text, next) {
  const at = 1 + Math.floor(next() * (text.length - 2));
  return text.slice(0, at) + text[at + 1] + text[at] + text.slice(at + 2);
}

function quoted(cell) {
  return /[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

function two(number) {
  return String(number).padStart(2, "0");
}

/** Numbers in [0, 1) that only depend on the text (mulberry32 over an FNV-1a hash). */
function numbersFrom(text) {
  let state = 2_166_136_261;
  for (const char of text) state = Math.imul(state ^ char.codePointAt(0), 16_777_619);
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
