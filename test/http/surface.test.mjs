// Every RPC there is, found in what PostgREST publishes: any argument wrong in any way is answered, never a fault and
// never a word of the server's own making. A new RPC is tested as soon as it is exposed.
import assert from 'node:assert/strict'
import test from 'node:test'
import { randomUUID } from 'node:crypto'
import { isError, isInvalid, ok, request, rpc, token } from './lib/api.mjs'
import { makeClinic } from './lib/clinic.mjs'
import { rows, value } from './lib/db.mjs'
import { slots } from './lib/times.mjs'

const small = () => makeClinic({ name: 'Surface', company: 'Employer', specialists: [{ name: 'Ada', time_zone: 'UTC' }], clients: ['Mia'] })
const clinic = small()
const stranger = { token: token({ sub: randomUUID(), organization_id: clinic.id }) }
const { body: api } = await request(clinic.admin, 'GET', '/')
const parameters = (post) => Object.entries(post.parameters.find((one) => one.in === 'body')?.schema?.properties ?? {})
  .map(([name, { format }]) => ({ name, format }))
// Opened by a token in the arguments, whoever asks.
const byToken = ['calendar_feed', 'verify_email', 'unsubscribe', 'peek_token', 'accept_invitation', 'reject_invitation', 'look_at_employee_invitation',
  'accept_employee_invitation', 'reject_employee_invitation', 'complete_password_reset',
  'refresh_session', 'exchange_api_key']
// For who is not signed in yet, and what PostgREST asks before each request.
const open = ['request_email_verification', 'check_login', 'sign_in', 'sign_up', 'request_password_reset']
// The bodies of these are one unnamed JSON argument, of which PostgREST publishes nothing.
const uuid = 'uuid'
const time = 'timestamp with time zone'
const list = (fields) => Object.entries(fields).map(([name, format]) => ({ name, format }))
const offsets = { start_time_offset_minutes: 'integer', end_time_offset_minutes: 'integer', time_zone: 'text', idempotency_key: 'text', occurrences: 'jsonb' }
const bodies = {
  sessions_hold: list({ therapist_id: uuid, client_id: uuid, session_id: uuid, session_type_id: uuid, start_time: time, end_time: time, hold_seconds: 'integer', ...offsets }),
  sessions_confirm: list({ hold_key: uuid, session: 'jsonb', ...offsets }),
  sessions_cancel: list({ hold_key: uuid })
}
const rpcs = Object.entries(api.paths).filter(([path]) => path.startsWith('/rpc/'))
  .map(([path, { post }]) => ({ name: path.slice(5), parameters: bodies[path.slice(5)] ?? parameters(post), post }))

// contents is a fingerprint of everything that belongs to an organization.
const tables = rows(`SELECT attrelid::regclass::text AS name FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
  WHERE attname = 'organization_id' AND relkind = 'r' AND relnamespace::regnamespace::text IN ('public', 'holdfast_private')`)
const contents = (id) => value(tables.map(({ name }) =>
  `SELECT md5(string_agg(t::text, '' ORDER BY t::text)) FROM ${name} AS t WHERE organization_id = :'id'`)
  .reduce((all, one) => `${all} || coalesce((${one}), '')`, `SELECT ''`), { id })

// sensible returns arguments that an RPC could succeed with, so that the one that is wrong is reached.
async function sensible () {
  const { admin, id, specialists: [ada], clients: [mia] } = small()
  const free = slots()
  const wish = () => ({ specialist_id: ada.specialist_id, client_id: mia.client_id, ...free() })
  const booked = await ok(admin, 'request_hold', wish())
  await ok(admin, 'confirm_booking', { hold_key: booked.hold_key })
  const employee = value(`SELECT id FROM public.company_employees WHERE organization_id = :'id' LIMIT 1`, { id })
  const company = value(`SELECT id FROM public.companies WHERE organization_id = :'id'`, { id })
  const known = {
    ...wish(), therapist_id: ada.specialist_id, booking_id: booked.hold_key, hold_key: (await ok(admin, 'request_hold', wish())).hold_key,
    company_id: company, employee_id: employee, user_id: randomUUID(), name: 'x', display_name: 'x', role: 'client', party: 'client', reason: 'x'
  }
  return { admin, known }
}

const text = ['', ' ', 'x', 'x'.repeat(100000), '\ud800', 'a\u0000b', '%s%n', "'; DROP TABLE bookings; --", '{"a":', '\u202e\u0007']
const hostile = {
  uuid: ['', 'x', randomUUID(), '00000000-0000-0000-0000-000000000000', 7, {}],
  'timestamp with time zone': ['', 'infinity', '-infinity', '0001-01-01 BC', '294276-12-31T23:59:59Z', '2027-02-30T00:00:00Z', 'now', 7, {}],
  integer: [-1, 0, 1, 2147483647, -2147483648, 2147483648, 1.5, 'x', {}],
  boolean: ['maybe', 2, null],
  interval: ['infinity', '-1 day', '178000000 years', '1 month', 'x', 7],
  date: ['infinity', '-infinity', '0001-01-01', '5874897-12-31', 'x', 7],
  jsonb: [null, 1, 'x', true, [], {}, [[]], [null], [{ hold_key: {} }], Array(2000).fill({}), { notes: {} }, { notes: 'a\u0000b' },
    { start_time: 1e400 }, JSON.parse('['.repeat(3000) + ']'.repeat(3000))]
}
const values = (format) => format.endsWith('[]') ? [[], [null], ['x', null], 'x', {}] : hostile[format] ?? text

// answered checks one answer: no fault, no leak, and one of our errors in our form.
function answered (what, { status, body, text: raw }) {
  assert.ok(status < 500, `${what}: ${status} ${raw}`)
  if (status < 400) return
  assert.doesNotMatch(raw, /PL\/pgSQL|holdfast_private|SQL function|violates|Key \(|row-level security|\.c:\d/, what)
  if (/^PT/.test(body.code)) assert.equal(body.code, `PT${status}`, what)
  else assert.match(body.code, /^(PGRST|22|42883|54)/, `${what}: ${raw}`) // what PostgREST or a cast of its answers
}

test('there are RPCs, each with a description', () => {
  assert.ok(rpcs.length >= 13)
  for (const { name, post } of rpcs) assert.ok(post.summary || post.description, name)
})

// What anybody signed in may call: it reads or changes only what is theirs, which may be nothing.
const ofTheirOwn = new Set(['whoami', 'update_profile', 'calendar_view', 'revoke_calendar_feed', 'check_login', 'sign_out_others', 'mark_notifications_read'])

for (const { name, parameters } of rpcs) {
  test(`${name}: arguments that are null, wrong or hostile`, async () => {
    const { admin, known } = await sensible()
    const args = Object.fromEntries(parameters.filter((one) => one.name in known).map((one) => [one.name, known[one.name]]))
    answered(`${name} all null`, await rpc(admin, name, Object.fromEntries(parameters.map((one) => [one.name, null]))))
    for (const { name: parameter, format } of parameters) {
      for (const value of values(format)) {
        answered(`${name} ${parameter} = ${JSON.stringify(value).slice(0, 60)}`, await rpc(admin, name, { ...args, [parameter]: value }))
      }
    }
  })

  test(`${name}: not for anon, and not without a subject`, async () => {
    const body = Object.fromEntries(parameters.map((one) => [one.name, null]))
    if (byToken.includes(name)) {
      for (const nobody of [null, { token: token({ organization_id: clinic.id }) }]) isError(await rpc(nobody, name, body), 400, 'token_invalid')
      return
    }
    if (open.includes(name)) {
      for (const nobody of [null, { token: token({ organization_id: clinic.id }) }]) {
        const answer = await rpc(nobody, name, body)
        if (answer.status !== 204) isInvalid(answer)
      }
      return
    }
    const { status, body: { code } } = await rpc(null, name, body)
    assert.equal(`${status} ${code}`, '401 42501') // not even run
    const answer = await rpc({ token: token({ organization_id: clinic.id }) }, name, body)
    isError(answer, 401, 'not_authenticated')
  })

  test(`${name}: a GET changes nothing`, async () => {
    const { admin, known } = await sensible()
    const query = parameters.filter((one) => one.name in known).map((one) => `${one.name}=${encodeURIComponent(known[one.name])}`)
    const before = contents(admin.organization_id)
    const answer = await request(admin, 'GET', `/rpc/${name}?${query.join('&')}`)
    assert.ok(answer.status < 500, `${answer.status} ${answer.text}`)
    assert.equal(contents(admin.organization_id), before)
  })

  test(`${name}: nothing for somebody without a role`, async () => {
    if (ofTheirOwn.has(name)) return
    const body = Object.fromEntries(parameters.map((one) => [one.name, one.format === 'uuid' ? randomUUID() : null]))
    const { status, text: raw } = await rpc(stranger, name, body)
    assert.ok([400, 403, 404].includes(status), `${status} ${raw}`)
  })
}
