// The mail worker of examples/ against a real SMTP server: what a booking tells arrives, once, whatever is killed.
// MAIL_KILLS=200 kills it more often.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import test, { after } from 'node:test'
import { isError, ok, request, rpc, sleep, supabase, token } from './lib/api.mjs'
import { makeClinic } from './lib/clinic.mjs'
import { exec, value } from './lib/db.mjs'
import { mailbox } from './lib/mailbox.mjs'
import { slots } from './lib/times.mjs'

const clinic = makeClinic({ name: 'Post', specialists: [{ name: 'Ada Mail', time_zone: 'UTC' }], clients: ['Mia Mail', 'Gone Mail', 'Busy Mail'] })
const [ada] = clinic.specialists
const [mia, gone, busy] = clinic.clients
const service = { token: token({ role: 'service_role' }) }
const free = slots()
const kills = Number(process.env.MAIL_KILLS ?? 5)
let busyBox = true
const { mails: box, worker: start, close } = await mailbox({
  slow: 30,
  refuse: (address) => address.startsWith('gone.') ? 550 : address.startsWith('busy.') && busyBox ? 451 : undefined
})
after(close)

// drain sends what is due. What a killed worker had, or still gets by the request it died over, is given out again at
// once, as if its lease were over.
async function drain () {
  do {
    exec("UPDATE holdfast_private.outbox SET leased_until = now() - interval '1 second' WHERE leased_until > now()", {})
    const [code] = await once(start('--once'), 'exit')
    assert.equal(code, 0)
  } while (value("SELECT coalesce(sum(due + leased), 0)::int AS n FROM holdfast.outbox_status('holdfast_private.outbox')", {}) > 0)
}
async function book (client) {
  const { hold_key: key } = await ok(client, 'request_hold', { specialist_id: ada.specialist_id, client_id: client.client_id, ...free(60) })
  await ok(client, 'confirm_booking', { hold_key: key })
  return key
}
const received = (to) => box.filter((mail) => mail.to === `${to.name.toLowerCase().replace(' ', '.')}@example.org`)

test('a confirmation reaches both parties, with the session as a file', async () => {
  const key = await book(mia)
  await drain()
  for (const party of [mia, ada]) {
    const mails = received(party)
    assert.equal(mails.length, 1)
    assert.match(mails[0].subject, /confirmed/)
    assert.match(mails[0].raw, /text\/calendar; charset=utf-8; method=REQUEST/)
  }
  const { data } = await supabase(mia).from('communication_logs').select('status,template,recipient').eq('booking_id', key)
  assert.deepEqual(data, [{ status: 'sent', template: 'booking_confirmation', recipient: 'mia.mail@example.org' }])
  await ok(mia, 'cancel_booking', { booking_id: key, reason: 'ill' })
  await drain()
  assert.match(received(mia)[1].subject, /cancelled/)
  assert.match(received(mia)[1].raw, /method=CANCEL/)
})

test('what the mail server refuses for good is given up, what it refuses for now comes later', async () => {
  const lost = await book(gone)
  const late = await book(busy)
  await drain()
  const status = (key, to) => value("SELECT status FROM public.communication_logs WHERE booking_id = :'key' AND recipient = :'to'", { key, to })
  assert.equal(status(lost, 'gone.mail@example.org'), 'failed')
  assert.equal(status(late, 'busy.mail@example.org'), 'queued')
  busyBox = false
  exec("UPDATE holdfast_private.outbox SET due_at = now() WHERE due_at > now()", {})
  await drain()
  assert.equal(status(late, 'busy.mail@example.org'), 'sent')
  assert.equal(received(busy).length, 1)
})

test(`a worker killed ${kills} times loses nothing, and sends twice only under the same Message-ID`, async () => {
  box.length = 0
  const keys = []
  for (let i = 0; i < kills; i++) {
    keys.push(...await Promise.all([book(mia), book(mia)]))
    exec("UPDATE holdfast_private.outbox SET leased_until = now() - interval '1 second' WHERE leased_until > now()", {})
    const worker = start()
    await sleep(300 + Math.random() * 900)
    worker.kill('SIGKILL')
    await once(worker, 'exit')
  }
  await drain()
  const sent = Number(value("SELECT count(*) FROM public.communication_logs WHERE status = 'sent' AND booking_id = ANY (:'keys'::uuid[])", { keys: `{${keys}}` }))
  assert.equal(sent, 2 * keys.length)
  const ids = new Set(box.map((mail) => mail.id))
  assert.equal(ids.size, 2 * keys.length, 'one message for each party of each booking')
  assert.ok(box.length - ids.size <= 10 * kills, 'a message is sent again only where a worker was killed')
})

test('one click takes marketing back, by POST and without signing in', async () => {
  exec("INSERT INTO holdfast_private.message_kinds VALUES ('newsletter', 'marketing', false, '{name}', 'news')")
  await ok(clinic.admin, 'save_email_template', { key: 'newsletter', locale: 'en', subject: 'News', body_text: '{{unsubscribe_link}}', body_html: '{{unsubscribe_link}}' })
  await ok(mia, 'set_notification_preferences', { marketing_emails: true })
  const news = () => exec("SELECT holdfast_private.enqueue_mail(:'id', 'newsletter', jsonb_build_object('user_id', :'user'), gen_random_uuid()::text)", { id: clinic.id, user: mia.user_id })
  news()
  await drain()
  const mail = received(mia).find(({ subject }) => subject === 'News')
  const head = mail.raw.split('\r\n\r\n')[0].replace(/\r\n[ \t]+/g, ' ')
  assert.match(head, /^List-Unsubscribe-Post: List-Unsubscribe=One-Click$/m)
  const [, secret] = head.match(/^List-Unsubscribe: <http:\/\/localhost:3000\/unsubscribe\?token=(hfunsub_[\w.-]+)>$/m)
  assert.equal((await request(undefined, 'GET', `/rpc/unsubscribe?token=${secret}`)).status, 405)
  assert.deepEqual(await ok(undefined, 'unsubscribe', { token: secret }), { unsubscribed: true })
  assert.deepEqual(await ok(undefined, 'unsubscribe', { token: secret }), { unsubscribed: true })
  isError(await rpc(undefined, 'unsubscribe', { token: secret.replace(/.\./, '0.') }), 400, 'token_invalid')
  news()
  await drain()
  assert.equal(received(mia).filter(({ subject }) => subject === 'News').length, 1)
})

test('the outbox is for workers', async () => {
  for (const name of ['lease_messages', 'ack_messages', 'fail_message', 'record_bounce']) {
    const args = { lease_messages: { worker: 'x' }, ack_messages: { worker: 'x', ids: [] }, fail_message: { worker: 'x', message_id: clinic.id, error: '' }, record_bounce: { message_id: clinic.id, kind: 'bounced' } }[name]
    isError(await rpc(clinic.admin, name, args), 403, 'forbidden')
  }
  isError(await rpc(service, 'record_bounce', { message_id: clinic.id, kind: 'bounced' }), 404, 'message_not_found')
})
