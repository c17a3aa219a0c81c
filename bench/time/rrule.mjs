// rrule.js over one rule: microseconds per occurrence. With a zone it converts by itself, through Intl.
//
//   rrule.mjs RULE START ZONE|- OCCURRENCES ROUNDS
import { createRequire } from 'node:module'

const { RRule } = createRequire(new URL('../../test/time/package.json', import.meta.url))('rrule')
const [text, start, zone, occurrences, rounds] = process.argv.slice(2)
const options = { ...RRule.parseString(text), dtstart: new Date(start), tzid: zone === '-' ? null : zone, count: Number(occurrences) }

let sum = new RRule(options, true).all().length
const before = performance.now()
for (let i = 0; i < Number(rounds); i++) sum += new RRule(options, true).all().length
console.log(((performance.now() - before) * 1000 / Number(occurrences) / Number(rounds)).toFixed(4))
if (sum !== Number(occurrences) * (Number(rounds) + 1)) throw new Error('too few occurrences')
