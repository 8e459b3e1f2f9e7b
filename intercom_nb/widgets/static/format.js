// Numbers and durations as text.

export const number = (n) => n.toLocaleString("en");

export const counted = (n, one, many = `${one}s`) => `${number(n)} ${n === 1 ? one : many}`;

export function duration(seconds) {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
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
