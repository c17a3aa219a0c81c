// Takes e-mails from holdfast's outbox over PostgREST and sends them by SMTP.
//
//   REST_URL=https://…/rest/v1 SERVICE_TOKEN=… SMTP_URL=smtp://user:password@host node worker.mjs [--once]
//
// SERVICE_TOKEN is a JWT with role service_role, and the only secret that this process needs. Run as many as you like:
// an e-mail is with one of them at a time. Kill it whenever you like: an e-mail whose worker is gone is given out again
// when its lease is over. Only a worker that is killed between the mail server's "250" and the ack_messages() that follows
// has one sent twice, which no protocol can prevent; both copies then have the same Message-ID, so that mail programs show
// one. When it is the database that is away then, the worker goes on telling it.
import os from 'node:os'
import { randomUUID } from 'node:crypto'
import nodemailer from 'nodemailer'

const { REST_URL: rest, SERVICE_TOKEN: token, SMTP_URL: smtp, LEASE_SECONDS: lease = '60', IDLE_SECONDS: idle = '5' } = process.env
if (!rest || !token || !smtp) throw new Error('REST_URL, SERVICE_TOKEN and SMTP_URL have to be set')
const worker = `${os.hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`
const transport = nodemailer.createTransport(smtp, { pool: true, maxConnections: 2, connectionTimeout: 10000, socketTimeout: 20000 })
const once = process.argv.includes('--once')
let stopping = false
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => { stopping = true })

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

async function rpc (name, args) {
  const response = await fetch(`${rest}/rpc/${name}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
    body: JSON.stringify(args),
    signal: AbortSignal.timeout(30000)
  })
  const body = await response.json()
  if (!response.ok) throw Object.assign(new Error(`${name}: ${response.status} ${body.message}`), { refused: [401, 403].includes(response.status) })
  return body
}

// tell is rpc for what must not get lost: it is repeated until the lease is over and the e-mail somebody else's.
async function tell (name, args) {
  const end = Date.now() + Number(lease) * 1000
  for (let wait = 200; ; wait = Math.min(wait * 2, 2000)) {
    try {
      return await rpc(name, args)
    } catch (error) {
      if (error.refused || Date.now() + wait > end) throw error
    }
    await sleep(wait)
  }
}

// send gives one e-mail to the mail server and tells holdfast what became of it.
async function send (mail) {
  try {
    await transport.sendMail({
      from: mail.from,
      to: { address: mail.to },
      replyTo: mail.reply_to ?? undefined,
      subject: mail.subject,
      text: mail.text,
      html: mail.html,
      messageId: mail.message_id,
      headers: mail.headers,
      attachments: mail.attachments.map((file) => ({ filename: file.filename, content: file.content, contentType: file.content_type })),
      disableFileAccess: true,
      disableUrlAccess: true
    })
  } catch (error) {
    // 5xx of RCPT or DATA is the server's last word; everything else may be better in a while.
    const permanent = error.responseCode >= 500 && ['RCPT TO', 'DATA'].includes(error.command)
    await tell('fail_message', { worker, message_id: mail.id, error: `${error.code ?? ''} ${error.responseCode ?? ''} ${error.command ?? ''}`.trim(), permanent })
    return
  }
  await tell('ack_messages', { worker, ids: [mail.id] })
}

let pause = 1
let failures = 0
while (!stopping) {
  try {
    const mails = await rpc('lease_messages', { worker, max_count: 10, lease_seconds: Number(lease) })
    await Promise.all(mails.map(send))
    pause = 1
    if (mails.length > 0) continue
    if (once) break
    await sleep(Number(idle) * 1000)
  } catch (error) {
    // The database or the network is away. What was leased comes back by itself.
    console.error(error.message)
    if (once && ++failures === 5) throw error
    await sleep(pause * 1000 * (0.5 + Math.random() / 2))
    pause = Math.min(pause * 2, 60)
  }
}
transport.close()
