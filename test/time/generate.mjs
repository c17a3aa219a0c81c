// Writes test cases for expand.sql as the text format of COPY: a rule, its arguments, and what rrule.js and Intl make of it.
//
//   generate.mjs RULES SEED > cases
//
// On stderr: the differences between the two, and how often each came up.
import { random } from './lib/random.mjs'
import { Zone } from './lib/zone.mjs'
import { count, differences } from './differences.mjs'
import { asText, drawRule, localTimes, stamp } from './rules.mjs'

const ZONES = [
  'America/New_York', 'Europe/London', 'America/Sao_Paulo', 'Europe/Lisbon', 'Australia/Lord_Howe', 'Asia/Kathmandu',
  'Pacific/Apia', 'Europe/Dublin', 'Europe/Berlin', 'Australia/Adelaide', 'Pacific/Chatham', 'America/St_Johns',
  'Europe/Moscow', 'Pacific/Auckland'
]

// occurrences turns wall-clock times into instants as expand_rrule promises to.
function occurrences (rule, locals) {
  const { zone, duration: [days, seconds] } = rule
  const last = Math.min(rule.horizon, rule.until?.kind === 'utc' ? rule.until.last : Infinity)
  const seen = new Set()
  const found = []
  for (const local of locals) {
    const start = zone.instant(local)
    if (start > last || rule.exdates.includes(local) || seen.has(start)) continue
    if (found.length === rule.maxCount) break
    seen.add(start)
    let end = days ? zone.instant(local + days * 86400) : start
    // a day that the zone left out is moved onto the one where it would end
    if (days && end <= start) end = zone.instant(start + zone.offset(start) + days * 86400)
    found.push([start, end + seconds, local])
  }
  return found
}

// onChange says how many of the clock's two oddities the occurrences meet.
function onChange (zone, found) {
  const readings = found.map(([, , local]) => zone.readings(local).length)
  if (readings.includes(0)) count('a time that the clock skips')
  if (readings.includes(2)) count('a time that comes twice')
  return readings.some((n) => n !== 1)
}

const r = random(Number(process.argv[3]))
const zones = ZONES.map((name) => new Zone(name))
const array = (list) => `{${list.join()}}`

for (let i = 0; i < Number(process.argv[2]); i++) {
  const rule = drawRule(r, zones[i % zones.length])
  const text = asText(r, rule)
  // times that the clock skips may coincide with later ones, and excluded ones do not count: ask for some more
  const locals = localTimes(rule, rule.maxCount + 200)
  rule.exdates = r.chance(0.2) ? r.some(locals.slice(0, rule.maxCount), r.int(1, 3)) : []
  const found = occurrences(rule, locals)
  const [days, seconds] = rule.duration
  const line = [i, text, stamp(rule.starts), rule.zone.name, `${days} days ${seconds} seconds`, rule.maxCount,
    `${stamp(rule.horizon)}Z`, array(rule.exdates.map(stamp)), array(found.map(([start]) => start)),
    array(found.map(([, end]) => end)), onChange(rule.zone, found)]
  process.stdout.write(line.join('\t') + '\n')
}
process.stderr.write(differences.map((d) => `   ${d.n} × ${d.name}: rrule.js ${d.theirs}. ${d.reason}. ${d.dealt}.\n`).join(''))
