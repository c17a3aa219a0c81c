// Draws recurrence rules, and writes them for either side.
import rruleJs from 'rrule'
import { count } from './differences.mjs'

const { RRule, Weekday } = rruleJs
const DAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU']
const range = (low, high) => Array.from({ length: high - low + 1 }, (_, i) => low + i)
const utc = (local) => new Date(local * 1000)

// signed draws numbers of 1..limit, some of them from the end.
function signed (r, limit, n) {
  return r.some(range(1, limit), n).map((value) => (r.chance(0.3) ? -value : value))
}

function byDay (r, freq, weeks) {
  const days = r.some(range(0, 6), r.int(1, r.chance(0.2) ? 6 : 3)).map((day) => ({ day, n: 0 }))
  if (freq === 'DAILY' || freq === 'WEEKLY' || weeks || r.chance(0.4)) return days
  const limit = freq === 'MONTHLY' || r.chance(0.7) ? 5 : 53
  const mixed = r.chance(0.15)
  for (const day of days) if (!mixed || r.chance(0.5)) day.n = r.chance(0.4) ? -r.int(1, limit) : r.int(1, limit)
  return days
}

function timesOfDay (r, parts) {
  if (r.chance(0.2)) parts.BYHOUR = r.some(range(0, 23), r.int(1, 4))
  if (r.chance(0.15)) parts.BYMINUTE = r.some(range(0, 59), r.int(1, 4))
  if (r.chance(0.05)) parts.BYSECOND = r.some(range(0, 59), r.int(1, 3))
}

// smallestSet is a lower bound of how many occurrences any period of the rule has.
function smallestSet (parts) {
  const plain = (parts.BYDAY ?? []).filter((day) => day.n === 0).length
  const times = ['BYHOUR', 'BYMINUTE', 'BYSECOND'].reduce((n, part) => n * (parts[part]?.length ?? 1), 1)
  const limiting = ['BYMONTHDAY', 'BYYEARDAY', 'BYWEEKNO', 'BYMONTH', 'BYDAY'].filter((part) => parts[part])
  if (parts.FREQ === 'DAILY' || limiting.length === 0) return times
  if (limiting.length > 1 || (parts.BYDAY && plain < parts.BYDAY.length)) return 1
  if (parts.BYDAY) return times * plain * { WEEKLY: 1, MONTHLY: 4, YEARLY: 52 }[parts.FREQ]
  if (parts.BYMONTHDAY) return times * new Set(parts.BYMONTHDAY.filter((day) => day > 0 && day <= 28)).size
  return times
}

function positions (r, parts) {
  const least = smallestSet(parts)
  const drawn = signed(r, r.chance(0.8) ? 4 : 20, r.int(1, 3))
  const kept = drawn.filter((position) => position > 0 || -position <= least)
  if (kept.length < drawn.length) count('position before the first')
  return kept
}

// weekNumbers leaves out the weeks that rrule.js gets wrong where years meet; expand.sql looks at those.
function weekNumbers (r) {
  const drawn = signed(r, 53, r.int(1, 4))
  const kept = drawn.filter((week) => Math.abs(week) < 52)
  if (kept.length < drawn.length) count('weeks where years meet')
  return kept.length > 0 ? kept : [r.int(1, 51)]
}

// drawParts draws the BY parts of a rule that expand_rrule accepts.
function drawParts (r) {
  const freq = r.pick(['DAILY', 'WEEKLY', 'WEEKLY', 'MONTHLY', 'MONTHLY', 'YEARLY'])
  const parts = { FREQ: freq }
  if (r.chance(0.4)) parts.INTERVAL = r.chance(0.9) ? r.int(1, 5) : r.int(6, 40)
  if (r.chance(freq === 'YEARLY' ? 0.4 : 0.15)) parts.BYMONTH = r.some(range(1, 12), r.int(1, 4))
  if (freq !== 'WEEKLY' && r.chance(freq === 'MONTHLY' ? 0.4 : 0.2)) parts.BYMONTHDAY = [...new Set(signed(r, 31, r.int(1, 5)))]
  if (freq === 'YEARLY' && r.chance(0.2)) parts.BYYEARDAY = signed(r, 366, r.int(1, 6))
  if (freq === 'YEARLY' && r.chance(0.2)) parts.BYWEEKNO = weekNumbers(r)
  if (r.chance(freq === 'WEEKLY' ? 0.7 : 0.4)) parts.BYDAY = byDay(r, freq, parts.BYWEEKNO)
  timesOfDay(r, parts)
  if (r.chance(0.4)) parts.WKST = r.int(0, 6)
  if (Object.keys(parts).some((part) => part.startsWith('BY')) && r.chance(0.25)) {
    const drawn = positions(r, parts)
    if (drawn.length > 0) parts.BYSETPOS = drawn
  }
  if (parts.BYSETPOS && new Set(parts.BYDAY?.map((day) => day.n === 0)).size > 1) {
    count('plain and ordinal weekdays')
    delete parts.BYSETPOS
  }
  return parts
}

const YEAR = 366 * 86400
const HORIZON = { DAILY: YEAR, WEEKLY: 4 * YEAR, MONTHLY: 10 * YEAR, YEARLY: 30 * YEAR }
const KEPT_UNTIL = Date.UTC(2085, 0, 1) / 1000

// drawStart draws a wall-clock time; two in five are put on a change of the zone's clock, or a few periods before it.
function drawStart (r, zone, freq) {
  const day = 86400
  if (zone.changes.length > 0 && r.chance(0.4)) {
    const change = r.pick(zone.changes.filter((c) => c.at < Date.UTC(2050, 0, 1) / 1000))
    const odd = Math.max(900, Math.abs(change.after - change.before))
    const local = change.at + Math.min(change.before, change.after) + Math.floor(r.int(-1, 8) * odd / 8)
    const back = { DAILY: r.int(0, 5) * day, WEEKLY: r.int(0, 5) * 7 * day, MONTHLY: r.int(0, 3) * 28 * day, YEARLY: 0 }[freq]
    return Math.round(local / 300) * 300 - back
  }
  const local = r.int(Date.UTC(1996, 0, 1) / 1000, Date.UTC(2040, 0, 1) / 1000)
  return r.chance(0.9) ? Math.round(local / 300) * 300 : local
}

// drawRule draws a whole case: the rule, where it starts, and what ends it.
export function drawRule (r, zone) {
  const parts = drawParts(r)
  const starts = drawStart(r, zone, parts.FREQ)
  const horizon = Math.min(starts + HORIZON[parts.FREQ] * (parts.INTERVAL > 5 ? 2 : 1), KEPT_UNTIL)
  const rule = { parts, starts, zone, horizon, maxCount: r.int(1, 60), duration: r.pick([[0, 3000], [1, 0], [2, 7200]]) }
  if (r.chance(0.25)) parts.COUNT = r.int(1, 40)
  else if (r.chance(0.3)) {
    const last = starts + r.int(0, Math.floor(HORIZON[parts.FREQ] / 2))
    rule.until = { kind: r.pick(['date', 'local', 'utc']), last }
    if (rule.until.kind === 'date') rule.until.last = Math.floor(last / 86400) * 86400 + 86399
  }
  return rule
}

export const stamp = (local) => utc(local).toISOString().replace(/\.000Z$/, '')

// asText writes the rule for expand_rrule, its parts and lists in any order.
export function asText (r, { parts, until }) {
  const value = (part) => {
    if (part === 'BYDAY') return r.shuffled(parts.BYDAY).map(({ day, n }) => `${n > 0 && r.chance(0.2) ? '+' : ''}${n || ''}${DAYS[day]}`).join()
    if (part === 'WKST') return DAYS[parts.WKST]
    return Array.isArray(parts[part]) ? r.shuffled(parts[part]).join() : parts[part]
  }
  const texts = Object.keys(parts).map((part) => `${part}=${value(part)}`)
  if (until) {
    const text = stamp(until.last).replace(/[-:]/g, '')
    texts.push(`UNTIL=${until.kind === 'date' ? text.slice(0, 8) : until.kind === 'utc' ? `${text}Z` : text}`)
  }
  return (r.chance(0.1) ? 'RRULE:' : '') + r.shuffled(texts).join(';')
}

const sorted = (list) => list && [...list].sort((a, b) => a - b)

const weekdayOf = (local) => (Math.floor(local / 86400) + 3) % 7
const weekStart = (parts, local) => local - (weekdayOf(local) - (parts.WKST ?? 0) + 7) % 7 * 86400

// options writes the rule for rrule.js; days are the members of BYDAY that it is to see.
function options ({ parts, starts, until, horizon }, days) {
  const end = until && until.kind !== 'utc' ? Math.min(until.last, horizon + 2 * 86400) : horizon + 2 * 86400
  const written = {
    freq: RRule[parts.FREQ],
    dtstart: utc(parts.FREQ === 'WEEKLY' && parts.BYSETPOS ? weekStart(parts, starts) : starts),
    until: utc(end),
    interval: parts.INTERVAL ?? 1,
    wkst: parts.WKST ?? 0,
    bymonth: parts.BYMONTH,
    bymonthday: parts.BYMONTHDAY,
    byyearday: parts.BYYEARDAY,
    byweekno: parts.BYWEEKNO,
    bysetpos: sorted(parts.BYSETPOS),
    byhour: sorted(parts.BYHOUR),
    byminute: sorted(parts.BYMINUTE),
    bysecond: sorted(parts.BYSECOND),
    byweekday: days?.map(({ day, n }) => (n ? new Weekday(day, n) : new Weekday(day)))
  }
  for (const key of Object.keys(written)) if (written[key] === undefined) delete written[key]
  return written
}

// expand runs one rule of rrule.js. That looks at UNTIL only when it has an occurrence, so a rule without any goes on to
// the year 9999; but it asks for byeaster once a day, and there it is stopped when it is past the horizon.
function expand (written, enough) {
  const rule = new RRule(written, true)
  const found = []
  let days = (written.until - written.dtstart) / 86400000 + 800
  Object.defineProperty(rule.options, 'byeaster', {
    get () {
      if (--days < 0) throw new RangeError('past the horizon')
      return null
    }
  })
  try {
    rule.all((date) => found.push(Math.round(date.getTime() / 1000)) < enough)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
  }
  return found
}

// countRule notes which differences a rule touches.
function countRule ({ parts, until }) {
  const unsorted = ['BYHOUR', 'BYMINUTE', 'BYSECOND'].some((part) => parts[part]?.some((value, i, list) => value < list[i - 1]))
  if (unsorted) count('times of day in no order')
  if (parts.BYSETPOS?.some((position) => position > smallestSet(parts))) count('position behind the last')
  if (until?.kind === 'date') count('UNTIL as a bare date')
  if (until?.kind === 'utc') count('UNTIL in UTC')
}

// localTimes asks rrule.js for the rule's wall-clock times, ascending and once each, COUNT applied.
export function localTimes (rule, enough) {
  const { parts, starts } = rule
  const kinds = [parts.BYDAY]
  countRule(rule)
  if (parts.BYWEEKNO && !parts.BYDAY && !parts.BYMONTHDAY && !parts.BYYEARDAY) {
    count('weeks without a weekday')
    kinds[0] = [{ day: weekdayOf(starts), n: 0 }]
  }
  if (parts.FREQ === 'WEEKLY' && parts.BYSETPOS) {
    count('positions in the first week')
    kinds[0] ??= [{ day: weekdayOf(starts), n: 0 }]
  }
  const ordinal = parts.BYDAY?.filter((day) => day.n !== 0)
  if (ordinal?.length > 0 && ordinal.length < parts.BYDAY.length) {
    count('plain and ordinal weekdays')
    kinds.splice(0, 1, ordinal, parts.BYDAY.filter((day) => day.n === 0))
  }
  const all = kinds.flatMap((days) => expand(options(rule, days), enough)).sort((a, b) => a - b)
  const once = all.filter((local, i) => local >= starts && local !== all[i - 1])
  if (parts.BYSETPOS && once.length < all.length) count('one day at two positions')
  return parts.COUNT ? once.slice(0, parts.COUNT) : once
}
