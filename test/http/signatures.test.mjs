// Signed messages over HTTP: examples/webhook.sql as people will run it, and what the server writes down of secrets.
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import test, { after, before } from 'node:test'
import { isError, reloadSchema, rpc, sleep, token, url } from './lib/api.mjs'
import { exec, value } from './lib/db.mjs'

const key = 'acuity-planted-key-0d5f4ab1'
const example = new URL('../../examples/webhook.sql', import.meta.url).pathname
const body = 'action=appointment.scheduled&id=123&calendarID=7&appointmentTypeID=9'
const sign = (bytes, withKey = key) => createHmac('sha256', withKey).update(bytes).digest('base64')
const octets = { 'Content-Type': 'application/octet-stream', 'Content-Profile': 'http_probe' }

const post = async (bytes, headers = {}) => {
  const response = await fetch(`${url}/rpc/acuity_webhook`, { method: 'POST', headers: { ...octets, ...headers }, body: bytes })
  const text = await response.text()
  return { status: response.status, headers: response.headers, body: JSON.parse(text), text }
}

before(async () => {
  exec(`\\set api http_probe\n\\i ${example}\n
    INSERT INTO webhooks.keys VALUES ('acuity', convert_to(:'key', 'UTF8'));`, { key })
  reloadSchema()
  for (let i = 0; i < 50 && (await post(body, { 'x-acuity-signature': sign(body) })).status === 404; i++) await sleep(100)
  exec('TRUNCATE webhooks.inbox')
})
after(() => {
  exec('DROP FUNCTION http_probe.acuity_webhook; DROP SCHEMA webhooks CASCADE')
  reloadSchema()
})

test('a signed body is received as it came, and once', async () => {
  const logged = () => value(`SELECT count(*)::int AS n FROM public.audit_logs WHERE action = 'webhook' AND entity_type = 'webhooks.inbox'`)
  const before = logged()
  const first = await post(body, { 'x-acuity-signature': sign(body) })
  assert.equal(first.status, 200, first.text)
  assert.deepEqual(first.body, { received: true, new: true })
  const again = await post(body, { 'x-acuity-signature': sign(body) })
  assert.deepEqual(again.body, { received: true, new: false })
  assert.equal(value(`SELECT convert_from(body, 'UTF8') AS body FROM webhooks.inbox`), body)
  assert.equal(logged(), before + 1)
})

test('bytes that are no text are signed and received as well', async () => {
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i))
  const answer = await post(bytes, { 'x-acuity-signature': sign(bytes) })
  assert.equal(answer.status, 200, answer.text)
  assert.equal(value(`SELECT encode(body, 'hex') AS body FROM webhooks.inbox WHERE length(body) = 256`), bytes.toString('hex'))
})

test('any other body, key, form or no signature is forbidden and leaves nothing', async () => {
  const before = value('SELECT count(*) FROM webhooks.inbox')
  const refused = {
    'no signature': {},
    'another body': { 'x-acuity-signature': sign(`${body} `) },
    'another key': { 'x-acuity-signature': sign(body, 'another key') },
    'hex': { 'x-acuity-signature': createHmac('sha256', key).update(body).digest('hex') },
    'base64url': { 'x-acuity-signature': sign(body).replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, '') },
    'empty': { 'x-acuity-signature': '' }
  }
  for (const [what, headers] of Object.entries(refused)) {
    const answer = await post(body, headers)
    assert.equal(answer.status, 403, what)
    assert.equal(answer.body.message, 'forbidden', what)
  }
  exec(`DELETE FROM webhooks.keys`)
  assert.equal((await post(body, { 'x-acuity-signature': sign(body) })).status, 403, 'no key')
  exec(`INSERT INTO webhooks.keys VALUES ('acuity', convert_to(:'key', 'UTF8'))`, { key })
  assert.equal(value('SELECT count(*) FROM webhooks.inbox'), before)
})

test('PostgREST takes a form apart, which is why the proxy names another Content-Type', async () => {
  const answer = await post(body, { 'x-acuity-signature': sign(body), 'Content-Type': 'application/x-www-form-urlencoded' })
  assert.equal(answer.status, 404)
})

test('no secret is in an answer or in the server log, not even when everything is logged', async () => {
  const planted = { password: 'Planted-Passw0rd-77aa', secret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQPLA', key: 'planted-signing-key-planted-signing-key' }
  exec(`
    CREATE FUNCTION http_probe.secrets(what text, password text, secret text, key text) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
      RETURN CASE what
        WHEN 'hash' THEN to_jsonb(holdfast.password_hash(password || repeat('x', 1024)))
        WHEN 'verify' THEN (SELECT to_jsonb(v.matches) FROM holdfast.password_verify(password, '$2b$99$' || password) AS v)
        WHEN 'strength' THEN (SELECT to_jsonb(s.reasons) FROM holdfast.password_strength(password, ARRAY[password]) AS s)
        WHEN 'totp' THEN to_jsonb(holdfast.totp_verify(secret || '1', '123456'))
        WHEN 'uri' THEN to_jsonb(holdfast.totp_uri(secret, password || ':', 'x'))
        WHEN 'sign' THEN to_jsonb(holdfast.jwt_sign(jsonb_build_object('exp', password), convert_to(key, 'UTF8')))
        WHEN 'short' THEN to_jsonb(holdfast.jwt_sign('{}', convert_to(left(key, 31), 'UTF8')))
        WHEN 'jwt' THEN holdfast.jwt_verify(secret || '.' || password || '.' || key, convert_to(key, 'UTF8'))
        WHEN 'hmac' THEN to_jsonb(holdfast.hmac_matches_text(convert_to(password, 'UTF8'), secret, convert_to(key, 'UTF8'), key))
      END;
    END $$;
    ALTER SYSTEM SET log_min_messages = debug2; ALTER SYSTEM SET log_error_verbosity = verbose;
    SELECT pg_reload_conf() \\g /dev/null`)
  reloadSchema()
  const anyone = { token: token({ sub: '00000000-0000-4000-8000-000000000001' }) }
  const call = (what) => rpc(anyone, 'secrets', { what, ...planted }, { 'Content-Profile': 'http_probe' })
  try {
    for (let i = 0; i < 50 && (await call('verify')).status === 404; i++) await sleep(100)
    const answers = {}
    for (const what of ['hash', 'verify', 'strength', 'totp', 'uri', 'sign', 'short', 'jwt', 'hmac']) answers[what] = await call(what)
    assert.deepEqual(Object.fromEntries(Object.entries(answers).map(([what, answer]) => [what, answer.status])),
      { hash: 400, verify: 200, strength: 200, totp: 400, uri: 400, sign: 400, short: 400, jwt: 400, hmac: 400 })
    isError(answers.jwt, 400, 'token_invalid', [])
    const log = readFileSync(process.env.PG_LOG, 'utf8')
    assert.match(log, /token_invalid/, 'the log has these errors')
    const written = log + Object.values(answers).map((answer) => answer.text).join('\n')
    for (const [name, text] of Object.entries({ ...planted, webhook: key })) {
      assert.equal(written.split('\n').find((line) => line.includes(text.slice(0, 24))), undefined, name)
    }
  } finally {
    exec(`DROP FUNCTION http_probe.secrets; ALTER SYSTEM RESET log_min_messages; ALTER SYSTEM RESET log_error_verbosity;
      SELECT pg_reload_conf() \\g /dev/null`)
  }
})
