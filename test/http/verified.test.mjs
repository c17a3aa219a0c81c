// With holdfast.jwt_secret_file the extension checks the token that PostgREST passes on by itself, so that a session
// which can set request.jwt.claims is still nobody. Requests with a good token notice nothing.
import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { ok, secret, sleep, supabase } from './lib/api.mjs'
import { makeClinic } from './lib/clinic.mjs'
import { exec } from './lib/db.mjs'
import { slots } from './lib/times.mjs'

const clinic = makeClinic({ name: 'Verified', specialists: [{ name: 'Ada', time_zone: 'UTC' }], clients: ['Mia'] })
const [ada] = clinic.specialists
const [mia] = clinic.clients
const free = slots()
const claims = JSON.stringify({ role: 'authenticated', sub: mia.user_id, organization_id: clinic.id })
// seen counts the bookings that a SQL session sees which claims to be Mia and shows this token.
const seen = (token) => Number(exec(`
  BEGIN; SET LOCAL ROLE authenticated;
  SELECT set_config('request.jwt.claims', :'claims', true), set_config('request.headers', :'headers', true) \\g /dev/null
  SELECT count(*) FROM public.bookings;`, { claims, headers: JSON.stringify(token ? { authorization: `Bearer ${token}` } : {}) }))
const reload = async (statement) => {
  exec(`${statement}; SELECT pg_reload_conf() \\g /dev/null`)
  await sleep(300)
}

before(async () => {
  const { hold_key: key } = await ok(mia, 'request_hold', { specialist_id: ada.specialist_id, client_id: mia.client_id, ...free() })
  await ok(mia, 'confirm_booking', { hold_key: key })
  assert.equal(seen(null), 1, 'without the setting the claims are believed')
  exec(`COPY (SELECT :'secret') TO PROGRAM 'umask 077; cat > http_jwt_secret'`, { secret })
  await reload(`ALTER SYSTEM SET holdfast.jwt_secret_file = '${process.env.PG_DATA}/http_jwt_secret'`)
})
after(() => reload('ALTER SYSTEM RESET holdfast.jwt_secret_file'))

test('requests go on as before', async () => {
  const { data, error } = await supabase(mia).from('bookings').select('id')
  assert.equal(error, null)
  assert.equal(data.length, 1)
  const body = { specialist_id: ada.specialist_id, client_id: mia.client_id, ...free() }
  const held = await ok(mia, 'request_hold', body, { 'Idempotency-Key': 'verified' })
  assert.deepEqual(await ok(mia, 'request_hold', body, { 'Idempotency-Key': 'verified' }), held)
})

test('claims without a token, or with somebody else\'s signature, are nobody\'s', () => {
  assert.equal(seen(mia.token), 1)
  assert.equal(seen(null), 0)
  const forged = `${mia.token.split('.').slice(0, 2).join('.')}.${'A'.repeat(43)}`
  let answer
  try { answer = seen(forged) } catch (error) { answer = error.stderr }
  assert.ok(answer === 0 || /not_authenticated/.test(answer), String(answer))
})
