// examples/calendar.mjs, as people will run it: a week, free times over pages, and booking the first one.
import assert from 'node:assert/strict'
import test from 'node:test'
import { execFile } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { bookFirst, freeTimes, week } from '../../examples/calendar.mjs'
import { ok, supabase, url } from './lib/api.mjs'
import { makeClinic } from './lib/clinic.mjs'
import { same } from './lib/times.mjs'

const clinic = makeClinic({ name: 'Calendar', specialists: [{ name: 'Ada', time_zone: 'Europe/Madrid' }], clients: ['Mia', 'Noah'] })
const [ada] = clinic.specialists
const [mia, noah] = clinic.clients
const day = new Date(Date.now() + 21 * 86400000).toISOString().slice(0, 10)
const filter = { from_date: day, to_date: day, time_zone: 'Europe/Madrid' }
const one = async () => ok(clinic.admin, 'set_working_hours', {
  specialist_id: ada.specialist_id,
  hours: [0, 1, 2, 3, 4, 5, 6].map((day_of_week) => ({ day_of_week, start_time: '09:00', end_time: '17:00' }))
})

test('walks all pages, books the first time that is free, and then another', async () => {
  await one()
  const free = []
  for await (const slot of freeTimes(supabase(mia), { ...filter, page_size: 3 })) free.push(slot.local_time)
  assert.deepEqual(free, ['09:00', '10:00', '11:00', '12:00', '13:00', '14:00', '15:00', '16:00'])
  const first = await bookFirst(supabase(mia), mia.client_id, filter)
  const second = await bookFirst(supabase(noah), noah.client_id, filter, ({ start_time }) => Date.parse(start_time) > Date.parse(first.end_time))
  assert.equal(first.status, 'confirmed')
  assert.ok(!same(first.start_time, second.start_time))
  assert.equal(await bookFirst(supabase(mia), mia.client_id, filter, () => false), null)
})

test('prints a week', async () => {
  const lines = await week(supabase(ada), { date: day, time_zone: 'Europe/Madrid' })
  assert.equal(lines.filter((line) => /^\d{4}-/.test(line) && !/ to /.test(line)).length, 7)
  assert.ok(lines.includes('  09:00-10:00  Ada and Mia (confirmed)'), lines.join('\n'))
  const own = await week(supabase(noah), { date: day, time_zone: 'Europe/Madrid' })
  assert.ok(!own.some((line) => /Mia/.test(line)) && own.some((line) => /Ada and Noah \(confirmed\)/.test(line)), own.join('\n'))
})

test('runs on the command line', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'calendar-')), 'demo.json')
  writeFileSync(file, JSON.stringify({ rest_url: url, people: [{ name: 'Mia', role: 'client', ...mia }] }))
  const run = async (...words) => (await promisify(execFile)(process.execPath, ['--no-warnings', '../../examples/calendar.mjs', file, ...words])).stdout
  assert.equal(await run(), 'Mia (client)\n')
  assert.match(await run('Mia', day), /Ada and Mia \(confirmed\)/)
  assert.match(await run('Mia', 'book'), /^booked /)
})
