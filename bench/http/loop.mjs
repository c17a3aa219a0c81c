// RPCs over HTTP: node loop.mjs VARIANT RUN SECONDS [WORKERS]. Prints rounds a second. VARIANT:
//   holdfast, trivial      a pair each round: hold and confirm, or two that do nothing (full, trivial_full: the same)
//   slots, trivial_slots   the first page of a clinic's free slots, or one that does nothing
//   page                   one that answers such a page without looking for it
// Each worker has one kept connection, a specialist and a client of its own, and takes one half hour after another.
import http from 'node:http'
import { signToken } from '../../examples/postgrest.mjs'

const [name, run, seconds, workers = '4'] = process.argv.slice(2)
const variant = { full: 'holdfast', trivial_full: 'trivial' }[name] ?? name
const [first, second] = {
  holdfast: ['request_hold', 'confirm_booking'],
  trivial: ['bench_first', 'bench_second'],
  slots: ['available_slots'],
  trivial_slots: ['bench_slots'],
  page: ['bench_page']
}[variant]
const id = (kind, run, worker) =>
  `0${kind}000000-0000-4000-8000-${(run * 256 + worker).toString(16).padStart(12, '0')}`
const base = new URL(process.env.POSTGREST_URL)
const agent = new http.Agent({ keepAlive: true, maxSockets: Number(workers) })

// call sends one RPC and resolves with its answer, or fails: an error would make the figure meaningless.
function call (token, name, body) {
  return new Promise((resolve, reject) => {
    const text = JSON.stringify(body)
    const request = http.request({
      host: base.hostname,
      port: base.port,
      method: 'POST',
      path: `/rpc/${name}`,
      agent,
      headers: { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text), Authorization: `Bearer ${token}` }
    }, (response) => {
      let answer = ''
      response.setEncoding('utf8').on('data', (part) => { answer += part })
      response.on('end', () => response.statusCode === 200
        ? resolve(JSON.parse(answer))
        : reject(new Error(`${name} answered ${response.statusCode} ${answer}`)))
    })
    request.on('error', reject)
    request.end(text)
  })
}

async function work (worker, until) {
  const ofClinic = second === undefined
  const token = signToken(process.env.JWT_SECRET, {
    role: 'authenticated',
    sub: ofClinic ? id('d', 255, 255) : id('d', Number(run), worker),
    organization_id: id('a', ofClinic ? 1 : 0, 0),
    exp: Math.floor(Date.now() / 1000) + 3600
  })
  const day = 86400000
  const start = (Math.floor(Date.now() / day) + 2) * day
  let rounds = 0
  while (Date.now() < until) {
    if (ofClinic) {
      // Tomorrow, so that what is left of today does not matter.
      const page = await call(token, first, { from_date: new Date(start - 86400000).toISOString().slice(0, 10) })
      if (page.slots.length !== 50) throw new Error(`${first} answered ${page.slots.length} slots`)
      rounds++
      continue
    }
    const time = (n) => new Date(start + n * 1800000).toISOString()
    const hold = await call(token, first, {
      specialist_id: id('b', Number(run), worker),
      client_id: id('c', Number(run), worker),
      start_time: time(rounds),
      end_time: time(rounds + 1)
    })
    await call(token, second, { hold_key: hold.hold_key })
    rounds++
  }
  return rounds
}

const started = Date.now()
const counts = await Promise.all([...Array(Number(workers)).keys()].map((worker) => work(worker, started + Number(seconds) * 1000)))
console.log((counts.reduce((a, b) => a + b) / ((Date.now() - started) / 1000)).toFixed(1))
agent.destroy()
