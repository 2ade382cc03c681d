/** Calendar in the site's time zone. */

/** By zone: each takes as long to make as to judge an invoice. There are as many as zones. */
const calendars = new Map<string, Intl.DateTimeFormat>();

function calendarOf(timeZone: string): Intl.DateTimeFormat {
  const known = calendars.get(timeZone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  calendars.set(timeZone, made);
  return made;
}

/** ISO date that a clock on the wall of `timeZone` shows at `instant` (milliseconds). */
export const dateIn = (timeZone: string, instant: number): string => calendarOf(timeZone).format(instant);

/** UTC instant at which the day of `instant` began in `timeZone`. */
export function startOfDay(timeZone: string, instant: number): string {
  const today = dateIn(timeZone, instant);
  // Where a day begins twice or not at all (a change of summer time at midnight), the first minute that shows the date is its start.
  let low = instant - 36 * 3_600_000;
  let high = instant;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (dateIn(timeZone, middle) < today) low = middle;
    else high = middle;
  }
  return new Date(high).toISOString();
}

export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
