// Pairs of RPCs over HTTP: node loop.mjs holdfast|trivial RUN SECONDS [WORKERS]. Prints pairs a second.
// Each worker has one kept connection, a specialist and a client of its own, and takes one half hour after another.
import http from 'node:http'
import { signToken } from '../../examples/postgrest.mjs'

const [variant, run, seconds, workers = '4'] = process.argv.slice(2)
const [first, second] = variant === 'holdfast' ? ['request_hold', 'confirm_booking'] : ['bench_first', 'bench_second']
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
  const token = signToken(process.env.JWT_SECRET, {
    role: 'authenticated',
    sub: id('d', Number(run), worker),
    organization_id: id('a', 0, 0),
    exp: Math.floor(Date.now() / 1000) + 3600
  })
  const day = 86400000
  const start = (Math.floor(Date.now() / day) + 2) * day
  let pairs = 0
  while (Date.now() < until) {
    const time = (n) => new Date(start + n * 1800000).toISOString()
    const hold = await call(token, first, {
      specialist_id: id('b', Number(run), worker),
      client_id: id('c', Number(run), worker),
      start_time: time(pairs),
      end_time: time(pairs + 1)
    })
    await call(token, second, { hold_key: hold.hold_key })
    pairs++
  }
  return pairs
}

const started = Date.now()
const counts = await Promise.all([...Array(Number(workers)).keys()].map((worker) => work(worker, started + Number(seconds) * 1000)))
console.log((counts.reduce((a, b) => a + b) / ((Date.now() - started) / 1000)).toFixed(1))
agent.destroy()
