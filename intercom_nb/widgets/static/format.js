// Numbers and durations as text.

export const number = (n) => n.toLocaleString("en");

export const counted = (n, one, many = `${one}s`) => `${number(n)} ${n === 1 ? one : many}`;

// What of a total is done: "1,200 of 5,000", or only "1,200" while the total is unknown.
export const numberOf = (n, total) =>
  total === null ? number(n) : `${number(n)} of ${number(total)}`;

export function duration(seconds) {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}

// How long a request took: "340 ms", "2.4 s", "15 s".
export function elapsed(seconds) {
  if (seconds < 0.001) return "< 1 ms";
  if (seconds < 0.9995) return `${Math.round(seconds * 1000)} ms`;
  return seconds < 9.95 ? `${seconds.toFixed(1)} s` : duration(seconds);
}

// A moment in a time zone: "1 Oct 2026" at midnight there, else with the time.
export function moment(text, zone = "UTC") {
  const at = new Date(text);
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text) || Number.isNaN(at.getTime())) return text;
  const part = (options) =>
    new Intl.DateTimeFormat("en-GB", { timeZone: zone, ...options }).format(at);
  const day = part({ day: "numeric", month: "short", year: "numeric" });
  const time = part({ hour: "2-digit", minute: "2-digit" });
  return time === "00:00" ? day : `${day}, ${time}`;
}

// How many labels to skip so that those drawn do not overlap: one label every `n` bars.
export function labelStep(bars, longest, width) {
  const fit = Math.max(1, Math.floor(width / (longest * 7.5 + 14)));
  return Math.ceil(bars / fit);
}

// Whether a text holds all words that are looked for.
export function hasWords(text, wanted) {
  const lower = text.toLowerCase();
  return wanted
    .toLowerCase()
    .split(/\s+/)
    .every((word) => lower.includes(word));
}
