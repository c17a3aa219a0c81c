// Exactly once under kills: people book, move and cancel over PostgREST, two mail workers send to a real SMTP server,
// pg_cron and a loop dispatch reminders; meanwhile workers, backends and the whole server are killed with SIGKILL at random.
// Afterwards every party of every booking has had each e-mail, under one Message-ID. KILLS=n; make delivery: 200.
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import test, { after } from 'node:test'
import { rpc, seconds, sleep } from '../http/lib/api.mjs'
import { makeClinic } from '../http/lib/clinic.mjs'
import { exec, rows, value } from '../http/lib/db.mjs'
import { mailbox } from '../http/lib/mailbox.mjs'
import { slots } from '../http/lib/times.mjs'

const kills = Number(process.env.KILLS ?? (process.env.HOLDFAST_FULL ? 200 : 4))
const cluster = fileURLToPath(new URL('../../scripts/cluster', import.meta.url))
const clinic = makeClinic({
  name: 'Delivery',
  specialists: [1, 2, 3].map((n) => ({ name: `Specialist ${n}`, time_zone: 'UTC' })),
  clients: ['Client One', 'Client Two', 'Client Three'],
  expires: seconds(7200)
})
const { mails: box, worker: startWorker, close } = await mailbox({ slow: 40, lease: 20 })
after(() => {
  running = false
  for (const worker of workers) worker.kill('SIGKILL')
  return close()
})

const between = (low, high) => low + Math.random() * (high - low)
const any = (list) => list[Math.floor(Math.random() * list.length)]
let running = true

// answered repeats a request under its key until there is an answer that is not the database being away.
async function answered (person, name, args) {
  const key = randomUUID()
  for (let n = 0; n < 600; n++) {
    try {
      const answer = await rpc(person, name, args, { 'Idempotency-Key': key })
      if (answer.status === 200) return answer.body
      // PostgREST answers 400 and nothing when its connection breaks in the middle of a request.
      const away = answer.status >= 500 || /^(57P|08|PGRST0|$)/.test(answer.body?.code) || answer.body?.message === 'request_in_progress'
      if (!away) throw Object.assign(new Error(`${name} answered ${answer.status} ${answer.text}`), { final: true })
    } catch (error) {
      if (error.final) throw error
    }
    await sleep(between(50, 250))
  }
  throw new Error(`${name} had no answer in two minutes`)
}

// surely runs a statement of the database's administrator until it has run.
async function surely (statement, variables) {
  for (let n = 0; ; n++) {
    try { return exec(statement, variables) } catch (error) { if (n === 200) throw error }
    await sleep(200)
  }
}

// What was done: { id, client, specialist, moved, cancelled }.
const told = []

async function person (client, specialist, free) {
  while (running) {
    const { hold_key: id } = await answered(client, 'request_hold', { specialist_id: specialist.specialist_id, client_id: client.client_id, ...free() })
    await answered(client, 'confirm_booking', { hold_key: id })
    const booking = { id, client, specialist, moved: Math.random() < 1 / 6, cancelled: false }
    if (booking.moved) await answered(client, 'reschedule_booking', { booking_id: id, ...free() })
    else if (Math.random() < 1 / 5) {
      booking.cancelled = true
      await answered(client, 'cancel_booking', { booking_id: id, reason: 'ill' })
    }
    // Nobody waits for a day here: its reminders are due in a moment.
    await surely("UPDATE public.booking_reminders SET scheduled_for = now() + random() * interval '2 seconds' WHERE booking_id = :'id' AND status = 'pending'", { id })
    told.push(booking)
    await sleep(between(50, 400))
  }
}

// What pg_cron does each minute, several times a second.
async function dispatch () {
  while (running) {
    const call = spawn(`${process.env.PG_BIN}/psql`, ['-Xqc', "CALL holdfast_private.perform_job('job_dispatch_reminders')"], { stdio: 'ignore' })
    await once(call, 'exit')
    await sleep(between(50, 300))
  }
}

const workers = [startWorker('--quiet'), startWorker('--quiet')]
const workerKills = new Map() // when, by label
const killWorker = () => {
  const n = Math.floor(Math.random() * workers.length)
  workerKills.set(workers[n].label, Date.now())
  workers[n].kill('SIGKILL')
  workers[n] = startWorker('--quiet')
}

const postmaster = () => Number(readFileSync(`${process.env.PG_DATA}/postmaster.pid`, 'utf8').split('\n')[0])
function children (parent) {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((pid) => {
    try {
      const [, ppid] = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ')
      return Number(ppid) === parent ? [{ pid: Number(pid), title: readFileSync(`/proc/${pid}/cmdline`, 'utf8') }] : []
    } catch { return [] } // gone by now
  })
}
const kill = (pid) => { try { process.kill(pid, 'SIGKILL') } catch { /* gone by now */ } }

function killServer () {
  const parent = postmaster()
  const all = children(parent)
  for (const pid of [parent, ...all.map((child) => child.pid)]) kill(pid)
  const { status, stderr } = spawnSync(cluster, ['revive', process.env.CLUSTER], { encoding: 'utf8' })
  assert.equal(status, 0, stderr)
}

// One of those that do something: PostgREST's, pg_cron's, psql's.
function killBackend () {
  const busy = children(postmaster()).filter(({ title }) => /^postgres: (authenticator|postgres|pg_cron|holdfast_jobs) /.test(title))
  if (busy.length > 0) kill(any(busy).pid)
}

const kinds = { worker: killWorker, server: killServer, backend: killBackend, both: () => { killWorker(); killServer() } }

test(`${kills} kills of workers, backends and the server: each e-mail was sent, under one Message-ID`, { timeout: 3600000 }, async () => {
  exec('CREATE EXTENSION IF NOT EXISTS pg_cron; SELECT count(*) FROM holdfast.schedule_jobs()')
  const started = Date.now()
  let failure
  const people = clinic.clients.map((client, n) => person(client, clinic.specialists[n], slots(3)).catch((error) => { failure = error }))
  const loop = dispatch()
  const did = {}
  // A kill is one more only when something was done since the last.
  for (let n = 0; n < kills; n++) {
    const before = told.length
    for (let waited = 0; told.length < before + 2; waited++) {
      assert.ok(!failure && waited < 2400, failure ?? 'nobody could book for two minutes')
      await sleep(50)
    }
    await sleep(between(0, 1500))
    const kind = n < 4 ? Object.keys(kinds)[n] : any(Object.keys(kinds))
    did[kind] = (did[kind] ?? 0) + 1
    kinds[kind]()
  }
  running = false
  await Promise.all([...people, loop])
  assert.ifError(failure)
  const minutes = ((Date.now() - started) / 60000).toFixed(1)

  // The workers that are there have the rest, also what those had that were killed, when the leases are over.
  const left = () => value(`SELECT (SELECT count(*) FROM public.booking_reminders WHERE status = 'pending')
      + (SELECT count(*) FROM holdfast_private.outbox WHERE done_at IS NULL AND dead_at IS NULL) AS n`)
  for (let n = 0; n < 240 && left() > 0; n++) {
    await surely("CALL holdfast_private.perform_job('job_dispatch_reminders')")
    await surely('UPDATE holdfast_private.outbox SET due_at = now() WHERE due_at > now() AND leased_until IS NULL AND done_at IS NULL')
    await sleep(500)
  }
  assert.equal(left(), 0, 'nothing is left')
  assert.equal(value('SELECT count(*) AS n FROM holdfast_private.outbox WHERE dead_at IS NOT NULL'), 0, 'nothing was given up')

  // Who was told what, by what the mail server got.
  const copies = new Map()
  for (const mail of box) copies.set(mail.id, [...copies.get(mail.id) ?? [], mail])
  const log = rows(`SELECT c.id, c.booking_id, c.template, c.status, o.payload ->> 'party' AS party, split_part(o.payload ->> 'kind', '_', 3) AS reminder
      FROM public.communication_logs AS c JOIN holdfast_private.outbox AS o USING (organization_id, id)`)
  const sent = new Map()
  for (const { id, booking_id: booking, template, status, party } of log) {
    if (status === 'suppressed') continue // not true any more when it was taken
    assert.equal(status, 'sent', `${template} ${id}`)
    assert.ok(copies.has(`<${id}@example.invalid>`), `${template} of ${booking} is logged as sent, and the mail server has it`)
    const key = `${booking} ${template} ${party}`
    sent.set(key, (sent.get(key) ?? 0) + 1)
  }
  const known = new Set(log.map(({ id }) => `<${id}@example.invalid>`))
  assert.deepEqual([...copies.keys()].filter((id) => !known.has(id)), [], 'the mail server got nothing else')

  const count = (booking, template, party) => sent.get(`${booking.id} ${template} ${party}`) ?? 0
  const wrong = []
  const expect = (booking, template, party, low, high) => {
    const n = count(booking, template, party)
    if (n < low || n > high) wrong.push(`${template} for the ${party} of ${JSON.stringify({ ...booking, client: undefined, specialist: undefined })}: ${n}`)
  }
  for (const booking of told) {
    for (const party of ['client', 'specialist']) {
      // One that was cancelled before its confirmation was taken is not confirmed any more.
      expect(booking, 'booking_confirmation', party, booking.cancelled ? 0 : 1, 1)
      expect(booking, 'booking_cancelled', party, booking.cancelled ? 1 : 0, booking.cancelled ? 1 : 0)
      expect(booking, 'booking_rescheduled', party, booking.moved ? 1 : 0, booking.moved ? 1 : 0)
      for (const reminder of ['booking_reminder_24h', 'booking_reminder_1h']) expect(booking, reminder, party, booking.cancelled ? 0 : 1, booking.cancelled ? 0 : 1)
    }
    expect(booking, 'booking_preparation', 'specialist', booking.cancelled ? 0 : 1, booking.cancelled ? 0 : 1)
  }
  assert.deepEqual(wrong, [])
  assert.equal(value('SELECT count(*) AS n FROM public.bookings'), told.length, 'every booking is one that somebody was told of')
  assert.equal(value("SELECT count(*) AS n FROM public.bookings WHERE status = 'confirmed' AND (confirmation_sent_at IS NULL OR reminder_sent_at IS NULL)"), 0, 'and says that its client was told')
  assert.equal(value("SELECT count(*) AS n FROM holdfast.verify_calendar('holdfast_private.calendar')"), 0)

  // A second copy has the same Message-ID, and came only because the worker that had sent the first was killed.
  const twice = [...copies.values()].filter((list) => list.length > 1)
  for (const list of twice) {
    for (let n = 1; n < list.length; n++) {
      assert.equal(list[n].to, list[0].to)
      assert.ok(workerKills.get(list[n - 1].by) >= list[n - 1].begun, `${list[n].id} came twice, and the worker of the first copy was not killed`)
    }
  }
  const interrupted = value("SELECT count(*) AS n FROM holdfast_private.scheduled_jobs WHERE error_message = 'interrupted'")
  const byCron = value("SELECT count(*) AS n FROM cron.job_run_details WHERE command ~ 'job_dispatch_reminders' AND status = 'succeeded'")
  writeFileSync(process.env.DELIVERY_STORY, `-- ${kills} kills (${Object.entries(did).map(([kind, n]) => `${kind} ${n}`).join(', ')}) in ${minutes} minutes: ` +
    `${told.length} bookings, ${copies.size} e-mails, ${box.length - copies.size} second copies; ${interrupted} runs of jobs interrupted, ${byCron} by pg_cron\n`)
})
