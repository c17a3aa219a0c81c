// A real SMTP server with one mailbox, and the mail worker of examples/.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { SMTPServer } from 'smtp-server'
import { sleep, token, url } from './api.mjs'

const script = fileURLToPath(new URL('../../../examples/mail-worker/worker.mjs', import.meta.url))

// mailbox resolves with { mails, worker, close }. mails grows with each message that was accepted: { raw, to, id,
// subject, by: the label of the worker, begun: in milliseconds }. refuse(address) may return an SMTP status, like 550. slow: milliseconds, at most,
// before each answer; lease: seconds for which a worker has what it took.
export async function mailbox ({ refuse = () => undefined, slow = 0, lease = 20 } = {}) {
  const mails = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onRcptTo ({ address }, session, callback) {
      const status = refuse(address)
      callback(status && Object.assign(new Error('refused'), { responseCode: status }))
    },
    onData (stream, session, callback) {
      let raw = ''
      const begun = Date.now()
      stream.setEncoding('utf8').on('data', (part) => { raw += part }).on('end', async () => {
        const header = (name) => raw.match(new RegExp(`^${name}: (.*(?:\r\n[ \t].*)*)`, 'mi'))?.[1].replace(/\r\n[ \t]/g, ' ')
        await sleep(Math.random() * slow)
        mails.push({ raw, to: session.envelope.rcptTo[0].address, id: header('Message-ID'), subject: header('Subject'), by: session.hostNameAppearsAs, begun })
        await sleep(Math.random() * slow)
        callback()
      })
    }
  })
  server.on('error', () => {}) // the connection of a worker that was killed
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  let workers = 0
  const worker = (...options) => Object.assign(spawn(process.execPath, ['--no-warnings', script, ...options], {
    env: {
      ...process.env,
      REST_URL: url,
      SERVICE_TOKEN: token({ role: 'service_role' }),
      SMTP_URL: `smtp://127.0.0.1:${server.server.address().port}/?name=worker-${++workers}`,
      LEASE_SECONDS: String(lease),
      IDLE_SECONDS: '0.05'
    },
    stdio: ['ignore', 'ignore', options.includes('--quiet') ? 'ignore' : 'inherit']
  }), { label: `worker-${workers}` })
  return { mails, worker, close: () => new Promise((resolve) => server.close(resolve)) }
}

// linkIn returns the one-use token of the link in an e-mail. A long line of it was folded, in quoted-printable.
export const linkIn = ({ raw }) => raw.replace(/=\r\n/g, '').replace(/=3D/g, '=').match(/[?]token=([0-9A-Za-z_.-]+)/)[1]
