// The main job told over HTTP with supabase-js. Each line says what was asked and what really came back; a step
// that goes otherwise ends the story with exit code 1. Writes demo.json (its path is the argument).
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { seconds, secret, sleep, supabase, token, url } from '../../test/http/lib/api.mjs'
import { makeClinic } from '../../test/http/lib/clinic.mjs'
import { linkIn, mailbox } from '../../test/http/lib/mailbox.mjs'
import { offsetAt, same, slot, wallClock, workingDay } from '../../test/http/lib/times.mjs'
import { cast } from './cast.mjs'

const { PGPORT, PGUSER, PGPASSWORD, PGDATABASE } = process.env
const databaseUrl = `postgres://${PGUSER}:${PGPASSWORD}@127.0.0.1:${PGPORT}/${PGDATABASE}`

const clinics = cast.map((clinic) => makeClinic({ ...clinic, expires: seconds(24 * 3600) }))
const [aurora, harbour] = clinics
writeFileSync(process.argv[2], JSON.stringify({
  rest_url: url,
  database_url: databaseUrl,
  jwt_secret: secret,
  people: clinics.flatMap((clinic) => clinic.people.map(({ time_zone: _, ...person }) => person))
}, null, 2) + '\n', { mode: 0o600 })

// as returns supabase-js signed in as a person; rpc and select return { status, data, error, retryAfter }.
function as (person) {
  let headers
  const client = supabase(person, async (...request) => {
    const response = await fetch(...request)
    headers = response.headers
    return response
  })
  const finish = ({ status, data, error }) => {
    if (status === 0) throw new Error(`no answer: ${error.message}`)
    return {
      status,
      data,
      word: error?.message,
      details: error?.details ? JSON.parse(error.details) : {},
      retryAfter: headers.get('retry-after')
    }
  }
  return {
    rpc: async (name, args, key) => {
      const request = client.rpc(name, args)
      return finish(await (key ? request.setHeader('Idempotency-Key', key) : request))
    },
    select: async (table) => finish(await client.from(table).select('*'))
  }
}

const say = (text = '') => console.log(text)
let number = 0
// step runs one request and says what came of it; expected tells what it had to be.
async function step (title, ask, outcome, expected) {
  number++
  const answer = await ask()
  say(`${String(number).padStart(2)}. ${title}`)
  let text
  try { text = outcome(answer) } catch { text = '' }
  say(`      ${answer.status} ${[answer.word, text].filter(Boolean).join(', ')}`)
  try {
    expected(answer)
  } catch (failure) {
    say(`      NOT AS IT SHOULD BE: ${failure.message}`)
    say(`      ${JSON.stringify(answer)}`)
    process.exit(1)
  }
  return answer
}

const first = (person) => person.name.split(' ')[0]

const [ada] = aurora.specialists
const [mia, noah, olga, paul] = aurora.clients
const [quinn] = harbour.clients
const zone = ada.time_zone
const clock = (instant, options = { hour: '2-digit', minute: '2-digit' }) =>
  new Intl.DateTimeFormat('en-GB', { timeZone: zone, hourCycle: 'h23', ...options }).format(new Date(instant))
const ten = slot(wallClock(zone, workingDay(zone, 1), '10:00'))
const two = slot(wallClock(zone, workingDay(zone, 1), '14:00'))
const day = clock(ten.start_time, { weekday: 'long', day: 'numeric', month: 'long' })
const wish = (client, when) => ({ specialist_id: ada.specialist_id, client_id: client.client_id, ...when })

for (const clinic of clinics) {
  say(`${clinic.name}`)
  for (const one of clinic.specialists) {
    const offset = offsetAt(one.time_zone, new Date()) / 60
    say(`    ${one.name}, specialist, ${one.time_zone} (UTC${offset < 0 ? '' : '+'}${offset})`)
  }
  say(`    clients ${clinic.clients.map((one) => one.name).join(', ')}; admin ${clinic.admin.name}`)
}
say()
say(`${day}, times of ${zone}. Every request goes to PostgREST at ${url} with supabase-js.`)
say()

const key = randomUUID()
const hold = await step(`${first(mia)} holds ${clock(ten.start_time)} with ${ada.name}, with an Idempotency-Key.`,
  () => as(mia).rpc('request_hold', wish(mia, ten), key),
  ({ data }) => `hold ${data.hold_key} until ${clock(data.expires_at, { timeStyle: 'medium' })}`,
  ({ status, data }) => {
    assert.equal(status, 200)
    assert.equal(data.holds.length, 1)
    assert.ok(same(data.holds[0].start_time, ten.start_time), 'the hold is for another time')
  })

const refusal = await step(`${first(noah)} asks for the same time.`,
  () => as(noah).rpc('request_hold', wish(noah, ten)),
  ({ retryAfter, details }) => `Retry-After: ${retryAfter} s, free instead: ${details.alternatives.map((one) => clock(one.start_time)).join(', ')}`,
  ({ status, word, retryAfter, details }) => {
    assert.equal(status, 409)
    assert.equal(word, 'slot_conflict')
    assert.ok(Number(retryAfter) > 0, 'no Retry-After')
    assert.ok(details.alternatives.length > 0, 'no alternatives')
  })

await step(`${first(mia)}'s connection dropped, so the request goes out again with the same key.`,
  () => as(mia).rpc('request_hold', wish(mia, ten), key),
  ({ data }) => `hold ${data.hold_key}, the same one`,
  ({ status, data }) => {
    assert.equal(status, 200)
    assert.deepEqual(data, hold.data)
  })

await step(`${first(mia)} confirms.`,
  () => as(mia).rpc('confirm_booking', { hold_key: hold.data.hold_key }, key),
  ({ data }) => `booking ${data.booking.id} is ${data.booking.status}, ${clock(data.booking.start_time)} to ${clock(data.booking.end_time)}`,
  ({ status, data }) => {
    assert.equal(status, 200)
    assert.equal(data.booking.status, 'confirmed')
    assert.ok(same(data.booking.start_time, ten.start_time), 'the booking is for another time')
  })

const [alternative] = refusal.details.alternatives
const other = await step(`${first(noah)} takes the first alternative, ${clock(alternative.start_time)}.`,
  () => as(noah).rpc('request_hold', wish(noah, { start_time: alternative.start_time, end_time: alternative.end_time })),
  ({ data }) => `hold ${data.hold_key}`,
  ({ status }) => assert.equal(status, 200))

await step(`${first(noah)} confirms.`,
  () => as(noah).rpc('confirm_booking', { hold_key: other.data.hold_key }),
  ({ data }) => `booking ${data.booking.id} is ${data.booking.status}`,
  ({ status, data }) => {
    assert.equal(status, 200)
    assert.equal(data.booking.status, 'confirmed')
  })

await step(`${first(olga)} holds ${clock(two.start_time)} for two seconds, and walks away.`,
  () => as(olga).rpc('request_hold', { ...wish(olga, two), hold_seconds: 2 }),
  ({ data }) => `hold ${data.hold_key}`,
  ({ status }) => assert.equal(status, 200))

const early = await step(`${first(paul)} asks for it at once.`,
  () => as(paul).rpc('request_hold', wish(paul, two)),
  ({ retryAfter }) => `Retry-After: ${retryAfter} s`,
  ({ status, retryAfter }) => {
    assert.equal(status, 409)
    assert.ok(Number(retryAfter) > 0, 'no Retry-After')
  })

await sleep(Number(early.retryAfter) * 1000)
await step(`${first(paul)} waited as told and asks again. No job has tidied up: none is scheduled yet.`,
  () => as(paul).rpc('request_hold', wish(paul, two)),
  ({ data }) => `hold ${data.hold_key}; the lapsed one gave way`,
  ({ status }) => assert.equal(status, 200))

await step(`${aurora.admin.name}, admin of ${aurora.name}, lists the bookings.`,
  () => as(aurora.admin).select('bookings'),
  ({ data }) => data.map((one) => `${clock(one.start_time)} ${one.status}`).join(', '),
  ({ status, data }) => {
    assert.equal(status, 200)
    assert.equal(data.length, 2)
  })

await step(`${harbour.admin.name}, admin of ${harbour.name}, lists the bookings.`,
  () => as(harbour.admin).select('bookings'),
  ({ data }) => `${data.length} rows`,
  ({ status, data }) => {
    assert.equal(status, 200)
    assert.deepEqual(data, [])
  })

await step(`${quinn.name}, client of ${harbour.name}, tries ${ada.name}'s next hour.`,
  () => as(quinn).rpc('request_hold', wish(quinn, slot(wallClock(zone, workingDay(zone, 1), '16:00')))),
  () => 'as if nobody of that name existed',
  ({ status, word }) => {
    assert.equal(status, 404)
    assert.equal(word, 'specialist_not_found')
  })

const box = await mailbox()
// deliver lets the worker of examples/mail-worker empty the outbox into a mail server, and resolves with what arrived.
async function deliver () {
  const before = box.mails.length
  await once(box.worker('--once'), 'exit')
  const mails = box.mails.slice(before)
  return { status: `${mails.length} e-mail${mails.length === 1 ? '' : 's'}`, mails, to: (person) => mails.filter((mail) => mail.to.startsWith(person.name.toLowerCase().replace(' ', '.'))) }
}
const letters = (mails) => mails.map((mail) => `to ${mail.to}: "${mail.subject}"`).sort().join('\n        ')

await step('What was booked was told with it: the worker of examples/mail-worker empties the outbox into a mail server.',
  deliver,
  ({ to }) => letters(to(mia)),
  ({ to }) => {
    assert.equal(to(mia).length, 1)
    assert.match(to(mia)[0].subject, /confirmed/)
    assert.match(to(mia)[0].raw, /text\/calendar/)
  })

say()
say(`${aurora.hr.name} looks after the people of ${cast[0].company}.`)
say()
const { data: [company] } = await as(aurora.hr).select('companies')
const plan = await step(`${aurora.admin.name} gives the company a plan of two sessions a month.`,
  () => as(aurora.admin).rpc('create_subscription_plan', { name: 'Two a month', sessions_per_month: 2, max_employees: 10 }),
  ({ data }) => `plan "${data.plan.name}"`,
  ({ status }) => assert.equal(status, 200))
await step('The company subscribes to it.',
  () => as(aurora.admin).rpc('subscribe_company', { company_id: company.id, plan_id: plan.data.plan.id }),
  ({ data }) => `subscription is ${data.subscription.status}`,
  ({ status, data }) => {
    assert.equal(status, 200)
    assert.equal(data.subscription.status, 'active')
  })

const lenaId = randomUUID()
const lena = { name: 'Lena Brandt', email: 'lena.brandt@example.org' }
lena.token = token({ sub: lenaId, organization_id: aurora.id, email: lena.email })
await step(`${first(aurora.hr)}, HR, invites ${lena.name}.`,
  () => as(aurora.hr).rpc('invite_employee', { company_id: company.id, email: lena.email, display_name: lena.name, department: 'Grid' }),
  ({ data }) => `${data.employee.display_name} is ${data.employee.status}, and has a seat`,
  ({ status, data }) => {
    assert.equal(status, 200)
    assert.equal(data.employee.status, 'invited')
  })
const invitation = await step('The worker mails it; the link in it is nowhere else.',
  deliver,
  ({ to }) => `${letters(to(lena))}\n        …/employee-invitation?token=${linkIn(to(lena)[0]).slice(0, 18)}…`,
  ({ to }) => assert.equal(to(lena).length, 1))
const link = linkIn(invitation.to(lena)[0])
await step('A mail scanner looks at the link first. That uses nothing up.',
  () => as(null).rpc('look_at_employee_invitation', { token: link }),
  ({ data }) => `${data.state}: ${data.company} invites ${data.email}`,
  ({ data }) => assert.equal(data.state, 'valid'))
await step(`${first(noah)} got hold of it.`,
  () => as(noah).rpc('accept_employee_invitation', { token: link }),
  () => 'it is for another address',
  ({ status }) => assert.equal(status, 403))
const joined = await step(`${first(lena)} signs in with her address and accepts.`,
  () => as(lena).rpc('accept_employee_invitation', { token: link }),
  ({ data }) => `${data.employee.status} employee of ${data.company.name}, and client of ${aurora.name}`,
  ({ status, data }) => {
    assert.equal(status, 200)
    assert.equal(data.employee.status, 'active')
  })
lena.client_id = joined.data.client_id

// The next hours of another specialist, all on one day.
const [, kenji] = aurora.specialists
const hours = ['15:00', '16:00', '17:00'].map((time) => slot(wallClock(kenji.time_zone, workingDay(kenji.time_zone, 3), time)))
const ask = (when) => as(lena).rpc('request_hold', { specialist_id: kenji.specialist_id, client_id: lena.client_id, ...when })
for (const [i, when] of hours.slice(0, 2).entries()) {
  const held = await ask(when)
  await step(`She books the ${['first', 'second'][i]} of the company's two sessions, with ${kenji.name}.`,
    () => as(lena).rpc('confirm_booking', { hold_key: held.data.hold_key }),
    ({ data }) => `booking is ${data.booking.status}`,
    ({ status }) => assert.equal(status, 200))
}
await step('And a third.',
  () => ask(hours[2]),
  ({ details }) => `${details.balance} left until ${clock(details.period_ends_at, { day: 'numeric', month: 'long' })}`,
  ({ status, word }) => {
    assert.equal(status, 409)
    assert.equal(word, 'quota_exhausted')
  })
await step(`The worker has mail for ${first(lena)}, and for ${first(aurora.hr)} that the sessions run out.`,
  deliver,
  ({ to }) => letters([...to(lena), ...to(aurora.hr)]),
  ({ to }) => {
    assert.equal(to(lena).length, 2)
    assert.ok(to(lena).every((mail) => /confirmed/.test(mail.subject)))
    assert.deepEqual(to(aurora.hr).map((mail) => Number(mail.subject.match(/(\d+) %/)[1])).sort((x, y) => x - y), [50, 80, 100])
  })
await step(`${first(aurora.hr)} lists the bookings: what her people book is not hers to see.`,
  () => as(aurora.hr).select('bookings'),
  ({ data }) => `${data.length} rows`,
  ({ data }) => assert.deepEqual(data, []))

await step('Somebody without a token lists the bookings.',
  () => as(null).select('bookings'),
  () => '',
  ({ status }) => assert.equal(status, 401))
await box.close()
