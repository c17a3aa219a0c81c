// Signing in over HTTP, with tokens that the database signs for PostgREST: what is told, what is not, and what ends when.
import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { isError, isInvalid, ok, request, rpc, secret, sleep, supabase, token } from './lib/api.mjs'
import { makeClinic } from './lib/clinic.mjs'
import { exec, rows, value } from './lib/db.mjs'

const clinic = makeClinic({ name: 'Signing in', specialists: [{ name: 'Ada', time_zone: 'UTC' }], clients: ['Mia Signs', 'Noah Signs', 'Zoe Signs', 'Ida Signs', 'Uma Signs'] })
const [mia, noah, zoe, ida, uma] = clinic.clients
const { admin } = clinic
const service = { token: token({ role: 'service_role' }) }
const mail = (person) => `${person.name.toLowerCase().replace(' ', '.')}@example.org`
const word = (person) => `${person.name} likes long passwords`
const signIn = (person, more = {}) => rpc(null, 'sign_in', { email: mail(person), password: word(person), organization_id: clinic.id, ...more })
const signedIn = async (person, more) => {
  const { status, body, text } = await signIn(person, more)
  assert.equal(status, 200, text)
  return { ...body, token: body.access_token }
}
const wrong = (person) => signIn(person, { password: 'wrong' })
const shown = ({ status, headers, text }) => [status, text, [...headers].filter(([name]) => name !== 'date')]
const reload = async (statement) => {
  exec(`${statement}; SELECT pg_reload_conf() \\g /dev/null`)
  await sleep(300)
}
// link is what the worker mails to somebody.
const link = async (email) => {
  const id = rows(`SELECT id FROM public.account_tokens WHERE email = :'email' AND NOT silent ORDER BY id DESC LIMIT 1`, { email })[0].id
  return (await ok(service, 'issue_token', { token_id: id }, { 'X-Organization-Id': clinic.id })).token
}
const code = (key, steps = 0) => value(`SELECT holdfast.totp_code(:'key', (extract(epoch FROM now()) / 30)::bigint + :steps) AS c`, { key, steps })

before(async () => {
  exec(`COPY (SELECT :'secret') TO PROGRAM 'umask 077; cat > http_sign_in_secret'`, { secret })
  await reload(`ALTER SYSTEM SET holdfast.jwt_secret_file = '${process.env.PG_DATA}/http_sign_in_secret'`)
  for (const person of clinic.clients) {
    exec(`UPDATE public.profiles SET email_verification_status = 'verified' WHERE user_id = :'user';
      SELECT holdfast_private.set_password(:'clinic', :'user', 'password', :'word') \\g /dev/null`,
    { user: person.user_id, clinic: clinic.id, word: word(person) })
  }
})
after(() => reload('ALTER SYSTEM RESET holdfast.jwt_secret_file'))

test('the token that comes back is good at PostgREST, for its owner', async () => {
  const session = await signedIn(mia)
  assert.deepEqual(Object.keys(session).sort(), ['access_token', 'expires_in', 'refresh_token', 'session_expires_at', 'session_id', 'token', 'token_type', 'user'])
  assert.equal((await ok(session, 'whoami', {})).user_id, mia.user_id)
  const { data, error } = await supabase(session).from('session_tokens').select('*')
  assert.equal(error, null)
  assert.ok(data.some(({ id }) => id === session.session_id))
  assert.ok(data.every((row) => !Object.keys(row).some((key) => /hash|secret|token/.test(key))))
  assert.equal((await supabase(admin).from('session_tokens').select('id').eq('user_id', mia.user_id)).data.length, data.length)
  assert.equal((await supabase(noah).from('session_tokens').select('id').eq('user_id', mia.user_id)).data.length, 0)
})

test('whatever is wrong, the answer is one: status, headers and body', async () => {
  const known = await wrong(zoe)
  isError(known, 401, 'not_authenticated')
  for (const more of [{ email: 'nobody.signs@example.org' }, { email: mail(mia), organization_id: '0a000000-0000-4000-8000-000000000001' }]) {
    assert.deepEqual(shown(await rpc(null, 'sign_in', { password: 'wrong', organization_id: clinic.id, ...more })), shown(known))
  }
  const reset = (email) => rpc(null, 'request_password_reset', { email, organization_id: clinic.id })
  assert.deepEqual(shown(await reset('nobody.signs@example.org')), shown(await reset(mail(zoe))))
})

test('five failures lock, with Retry-After, also an address that nobody has', async () => {
  for (const email of [mail(noah), 'locked.nobody@example.org']) {
    for (let i = 0; i < 5; i++) isError(await rpc(null, 'sign_in', { email, password: 'wrong', organization_id: clinic.id }), 401, 'not_authenticated')
    const { retry_after_seconds: seconds } = isError(await rpc(null, 'sign_in', { email, password: word(noah), organization_id: clinic.id }), 423, 'locked', ['retry_after_seconds'])
    assert.ok(seconds > 850 && seconds <= 900)
  }
  const { error } = await supabase(null).rpc('sign_in', { email: mail(noah), password: word(noah), organization_id: clinic.id })
  assert.deepEqual([error.code, error.message], ['PT423', 'locked'])
  await ok(admin, 'unlock_account', { user_id: noah.user_id })
  await signedIn(noah)
})

test('guesses at once count one by one', async () => {
  await ok(admin, 'unlock_account', { user_id: zoe.user_id })
  const answers = await Promise.all(Array.from({ length: 20 }, () => wrong(zoe)))
  const made = answers.filter(({ status }) => status === 401).length
  assert.ok(made <= 5, `${made} guesses were looked at`)
  assert.deepEqual([...new Set(answers.map(({ status }) => status))].filter((status) => ![401, 423, 429].includes(status)), [])
  await ok(admin, 'unlock_account', { user_id: zoe.user_id })
})

test('a refresh token is good once: of several at once one wins, and nobody is signed out by it', async () => {
  const session = await signedIn(ida)
  const answers = await Promise.all(Array.from({ length: 5 }, () => rpc(null, 'refresh_session', { refresh_token: session.refresh_token })))
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409, 409, 409, 409])
  const next = answers.find(({ status }) => status === 200).body
  // The thief comes later: the owner and the thief both have to sign in again.
  exec(`UPDATE holdfast_private.token_secrets SET spent_at = spent_at - interval '1 minute' WHERE token_id = :'id' AND spent_at IS NOT NULL`, { id: session.session_id })
  isError(await rpc(null, 'refresh_session', { refresh_token: session.refresh_token }), 410, 'token_used')
  isError(await rpc(null, 'refresh_session', { refresh_token: next.refresh_token }), 400, 'token_invalid')
  isError(await rpc({ token: next.access_token }, 'check_login'), 401, 'not_authenticated')
})

test('a reset ends every session, and its link is good once', async () => {
  const session = await signedIn(ida)
  await ok(null, 'request_password_reset', { email: mail(ida), organization_id: clinic.id })
  const made = await link(mail(ida))
  isInvalid(await rpc(null, 'complete_password_reset', { token: made, new_password: word(ida) }), 'new_password')
  isInvalid(await rpc(null, 'complete_password_reset', { token: made, new_password: 'password123' }), 'new_password')
  const answers = await Promise.all(['another long one 1', 'another long one 2'].map((one) => rpc(null, 'complete_password_reset', { token: made, new_password: `${one} ${mail(mia)}` })))
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 410])
  isError(await rpc(session, 'check_login'), 401, 'not_authenticated')
  isError(await rpc(null, 'refresh_session', { refresh_token: session.refresh_token }), 400, 'token_invalid')
  isError(await signIn(ida), 401, 'not_authenticated')
})

test('a code of the second factor lets one in, not two', async () => {
  const session = await signedIn(uma)
  const { secret: key } = await ok(session, 'enroll_second_factor', {})
  const { backup_codes: backup } = await ok(session, 'confirm_second_factor', { code: code(key, -1) })
  assert.equal(backup.length, 10)
  assert.deepEqual(await ok(null, 'sign_in', { email: mail(uma), password: word(uma), organization_id: clinic.id }), { second_factor_required: true, methods: ['authenticator', 'backup_code'] })
  const now = code(key)
  const answers = await Promise.all([signIn(uma, { code: now }), signIn(uma, { code: now })])
  assert.equal(answers.filter(({ status }) => status === 200).length, 1, answers.map(({ text }) => text).join())
  isError(await signIn(uma, { code: now }), 401, 'not_authenticated')
  await signedIn(uma, { code: backup[0] })
  isError(await signIn(uma, { code: backup[0] }), 401, 'not_authenticated')
  assert.equal((await supabase(session).from('two_factor_auth').select('*')).data.length, 1)
})

test('an API key is exchanged, rotated and revoked', async () => {
  const session = await signedIn(mia)
  const { api_key: made, key } = await ok(session, 'create_api_key', { name: 'reports' })
  const program = { token: (await ok(null, 'exchange_api_key', { key })).access_token }
  assert.equal((await ok(program, 'whoami', {})).user_id, mia.user_id)
  const { key: next } = await ok(session, 'rotate_api_key', { api_key_id: made.id })
  for (const one of [key, next]) assert.ok((await ok(null, 'exchange_api_key', { key: one })).access_token)
  await ok(session, 'revoke_api_key', { api_key_id: made.id })
  for (const one of [key, next]) isError(await rpc(null, 'exchange_api_key', { key: one }), 400, 'token_invalid')
  isError(await rpc(program, 'check_login'), 401, 'not_authenticated')
  const { data } = await supabase(session).from('api_keys').select('*').eq('id', made.id)
  assert.equal(data[0].prefix, next.slice(0, 10))
  const { data: found } = await request(admin, 'GET', `/api_keys?id=eq.${made.id}&select=*`).then(({ body }) => ({ data: body }))
  assert.ok(!JSON.stringify(found).includes(next.slice(12, 40)))
})

test('who is suspended is out, and told why only with the right password', async () => {
  const session = await signedIn(mia)
  await ok(admin, 'suspend_account', { user_id: mia.user_id, reason: 'rude' })
  isError(await rpc(session, 'check_login'), 401, 'not_authenticated')
  assert.deepEqual(isError(await signIn(mia), 403, 'forbidden', ['reason']), { reason: 'suspended' })
  isError(await wrong(mia), 401, 'not_authenticated')
  await ok(admin, 'reinstate_account', { user_id: mia.user_id })
})

