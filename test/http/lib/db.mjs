// SQL as the database administrator, through the cluster's own psql (environment: see scripts/cluster).
import { execFileSync, spawn } from 'node:child_process'

const psql = `${process.env.PG_BIN}/psql`
const options = ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-v', 'VERBOSITY=terse']

// exec runs a script, with :'name' standing for each of the variables, and returns what it prints.
export function exec (script, variables = {}) {
  const set = Object.entries(variables).flatMap(([name, value]) => ['-v', `${name}=${value}`])
  return execFileSync(psql, [...options, ...set], { input: script, encoding: 'utf8', maxBuffer: 2 ** 28, stdio: ['pipe', 'pipe', 'pipe'] }).trim()
}

// rows returns the rows of one query as objects.
export function rows (query, variables = {}) {
  return JSON.parse(exec(`SELECT coalesce(json_agg(q), '[]') FROM (${query}) AS q`, variables))
}

export const value = (query, variables = {}) => Object.values(rows(query, variables)[0] ?? {})[0]

// session opens a psql that stays, for holding a transaction open; say() resolves with what the statement printed.
export function session () {
  const child = spawn(psql, options, { stdio: ['pipe', 'pipe', 'inherit'] })
  let buffer = ''
  let waiting
  child.stdout.setEncoding('utf8').on('data', (text) => {
    buffer += text
    const end = buffer.indexOf('\u0004\n')
    if (waiting && end >= 0) {
      const answer = buffer.slice(0, end)
      buffer = buffer.slice(end + 2)
      waiting(answer.trim())
      waiting = undefined
    }
  })
  return {
    say: (statement) => new Promise((resolve) => {
      waiting = resolve
      child.stdin.write(`${statement};\n\\echo \u0004\n`)
    }),
    end: () => new Promise((resolve) => { child.on('close', resolve); child.stdin.end() })
  }
}
