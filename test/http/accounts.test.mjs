// Accounts over HTTP: links that are looked at, used, used again and guessed at, and what nobody can tell from the answers.
import assert from 'node:assert/strict'
import test from 'node:test'
import { isError, isInvalid, ok, request, rpc, supabase, token } from './lib/api.mjs'
import { makeClinic } from './lib/clinic.mjs'
import { rows, value } from './lib/db.mjs'

const clinic = makeClinic({ name: 'Accounts', specialists: [{ name: 'Ada', time_zone: 'UTC' }], clients: ['Mia Account', 'Noah Account', 'Zoe Account'] })
const other = makeClinic({ name: 'Other accounts', specialists: [{ name: 'Ola', time_zone: 'UTC' }], clients: ['Xena Account'] })
const [mia, noah, zoe] = clinic.clients
const { admin } = clinic
const service = { token: token({ role: 'service_role' }) }
const mail = (person) => `${person.name.toLowerCase().replace(' ', '.')}@example.org`
const inClinic = (email, more = {}) => ({ email, organization_id: clinic.id, ...more })
// link is what the worker mails: it finds what is pending for an address, and has its token made.
const link = async (email) => {
  const pending = await ok(service, 'pending_tokens', { max_count: 1000 })
  const mine = rows(`SELECT id FROM public.account_tokens WHERE email = :'email' AND NOT silent ORDER BY id DESC LIMIT 1`, { email })[0]
  assert.ok(pending.some((one) => one.token_id === mine.id))
  const { token: made } = await ok(service, 'issue_token', { token_id: mine.id }, { 'X-Organization-Id': clinic.id })
  return made
}
const otherSecret = (made) => `${value(`SELECT holdfast.token(split_part(:'made', '_', 1)) AS t`, { made })}.${made.split('.')[1]}`
const otherPlace = (made) => `${made.split('.')[0]}.${'A'.repeat(43)}`

test('who asks cannot tell whether somebody has the address: the same status, headers and body', async () => {
  const answers = []
  for (const email of [mail(mia), 'nobody@example.org', mail(other.clients[0])]) {
    answers.push(await rpc(null, 'request_email_verification', inClinic(email)))
  }
  const shown = ({ status, headers, text }) => [status, text, [...headers].filter(([name]) => name !== 'date')]
  for (const answer of answers) assert.deepEqual(shown(answer), shown(answers[0]))
  assert.equal(answers[0].status, 200)
  isInvalid(await rpc(null, 'request_email_verification', { email: mail(mia) }), 'organization_id')
})

test('a link is looked at as often as one likes, and used once', async () => {
  await ok(null, 'request_email_verification', inClinic(mail(noah)))
  const made = await link(mail(noah))
  for (let i = 0; i < 3; i++) assert.equal((await request(null, 'GET', `/rpc/peek_token?token=${made}`)).body.state, 'valid')
  assert.equal((await request(null, 'GET', `/rpc/verify_email?token=${made}`)).status, 405, 'a link scanner uses nothing up')
  assert.equal((await ok(null, 'peek_token', { token: made })).state, 'valid')
  assert.equal((await ok(null, 'verify_email', { token: made })).email_verification_status, 'verified')
  isError(await rpc(null, 'verify_email', { token: made }), 410, 'token_used')
  assert.equal((await ok(null, 'peek_token', { token: made })).state, 'used')
  const { data, error } = await supabase(null).rpc('verify_email', { token: made })
  assert.equal(data, null)
  assert.deepEqual([error.code, error.message], ['PT410', 'token_used'], 'supabase-js sees an error though the transaction committed')
})

test('of two who use a link at once one does', async () => {
  await ok(zoe, 'request_email_verification', {})
  const made = await link(mail(zoe))
  const answers = await Promise.all(Array.from({ length: 6 }, () => rpc(null, 'verify_email', { token: made })))
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 410, 410, 410, 410, 410])
})

test('a guess is counted though it is refused, and answered like what does not exist', async () => {
  await ok(null, 'request_email_verification', inClinic(mail(mia)))
  const made = await link(mail(mia))
  const shown = ({ status, headers, text }) => [status, text, [...headers].filter(([name]) => name !== 'date')]
  const unknown = await rpc(null, 'verify_email', { token: otherPlace(made) })
  for (let i = 0; i < 5; i++) {
    const answer = await rpc(null, 'verify_email', { token: otherSecret(made) })
    isError(answer, 400, 'token_invalid')
    assert.deepEqual(shown(answer), shown(unknown))
  }
  assert.equal(value(`SELECT attempts FROM public.account_tokens WHERE email = :'email' AND void_at IS NULL`, { email: mail(mia) }), 5)
  isError(await rpc(null, 'verify_email', { token: made }), 400, 'token_invalid')
  isError(await rpc(null, 'peek_token', { token: made }), 400, 'token_invalid')
})

test('too many requests are told when to come again', async () => {
  for (let i = 0; i < 5; i++) await ok(null, 'request_email_verification', inClinic('often@example.org'))
  const { retry_after_seconds: seconds } = isError(await rpc(null, 'request_email_verification', inClinic('often@example.org')), 429, 'rate_limited', ['retry_after_seconds'])
  assert.ok(seconds > 3500 && seconds <= 3600)
})

test('only the worker is told a token', async () => {
  await ok(null, 'request_email_verification', inClinic(mail(mia)))
  const id = value(`SELECT id FROM public.account_tokens WHERE email = :'email' ORDER BY id DESC LIMIT 1`, { email: mail(mia) })
  for (const person of [mia, admin]) isError(await rpc(person, 'issue_token', { token_id: id }), 403, 'forbidden')
  assert.equal((await rpc(null, 'issue_token', { token_id: id })).status, 401)
  isError(await rpc(service, 'issue_token', { token_id: id }, { 'X-Organization-Id': other.id }), 404, 'token_not_found')
  const { data } = await supabase(mia).from('email_verification_tokens').select('*')
  assert.ok(data.length >= 1)
  assert.ok(data.every((row) => !Object.keys(row).some((key) => /hash|secret|token$/.test(key))))
})

test('an invitation is accepted by who it is for, once', async () => {
  const email = 'invited@example.org'
  await ok(admin, 'invite_member', { email, role: 'specialist' })
  const first = await link(email)
  const { invitation } = await ok(admin, 'resend_invitation', { invitation_id: (await supabase(admin).from('invitations').select('id').eq('email', email)).data[0].id })
  const made = await link(email)
  const person = (address) => ({ token: token({ sub: '0a000000-0000-4000-8000-00000000000a', email: address }) })
  isError(await rpc(person(email), 'accept_invitation', { token: first }), 410, 'token_expired')
  isError(await rpc(person('somebody@example.org'), 'accept_invitation', { token: made }), 403, 'forbidden')
  isError(await rpc(null, 'accept_invitation', { token: made }), 401, 'not_authenticated')
  assert.deepEqual((await ok(person(email), 'accept_invitation', { token: made })).roles, ['specialist'])
  isError(await rpc(null, 'reject_invitation', { token: made }), 410, 'token_used')
  const { data } = await supabase(admin).from('invitations').select('*').eq('id', invitation.id)
  assert.ok(data[0].accepted_at)
  isError(await rpc(mia, 'invite_member', { email, role: 'client' }), 403, 'forbidden')
})

test('who is suspended is refused at the next request, where PostgREST asks', async () => {
  await ok(admin, 'suspend_account', { user_id: noah.user_id, reason: 'rude' })
  isError(await rpc(noah, 'check_login'), 403, 'forbidden', ['reason'])
  assert.equal((await rpc(mia, 'check_login')).status, 204)
  await ok(admin, 'reinstate_account', { user_id: noah.user_id })
  assert.equal((await rpc(noah, 'check_login')).status, 204)
})

