#!/usr/bin/env node
// A small calendar: prints the week of whoever is signed in, looks for free time, holds it and books it.
// Copy this file and book.mjs; they need supabase-js, and the week is plain text on purpose.
//
// After `make demo`, where supabase-js is installed (in this repository: cd test/http):
//
//   node ../../examples/calendar.mjs ../../.demo/demo.json                  who is there
//   node ../../examples/calendar.mjs ../../.demo/demo.json Name             the week of one of them
//   node ../../examples/calendar.mjs ../../.demo/demo.json Name 2027-03-01  the week of that day
//   node ../../examples/calendar.mjs ../../.demo/demo.json Name book        and book the first free time
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { book, call } from './book.mjs'

const hour = (time, zone) => new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: zone }).format(new Date(time))

// week returns the days of the week that a date is in, with their bookings, as lines of text.
export async function week (supabase, { date, time_zone } = {}) {
  const view = await call(supabase, 'calendar_view', { view: 'week', ...(date && { date }), ...(time_zone && { time_zone }) })
  const lines = [`${view.from} to ${view.to}, ${view.time_zone}`]
  for (const day of view.days) {
    const entries = [
      ...day.bookings.map((one) => [one.start_time, one.end_time, [one.specialist_name, one.client_name].filter(Boolean).join(' and '), one.status]),
      ...day.busy.map((one) => [one.start_time, one.end_time, '', one.kind])
    ].sort(([a], [b]) => Date.parse(a) - Date.parse(b))
    lines.push(`${day.date}${entries.length ? '' : '  -'}`)
    for (const [start, end, who, what] of entries) {
      lines.push(`  ${hour(start, view.time_zone)}-${hour(end, view.time_zone)}  ${[who, `(${what})`].filter(Boolean).join(' ')}`)
    }
  }
  return lines
}

// freeTimes goes through the pages of available_slots, as far as they are wanted.
export async function * freeTimes (supabase, filter = {}) {
  let cursor
  do {
    const page = await call(supabase, 'available_slots', { ...filter, ...(cursor && { cursor }) })
    yield * page.slots
    cursor = page.next_cursor
  } while (cursor)
}

// bookFirst holds and books the first free time that suits; when somebody is quicker, the next that the server names.
export async function bookFirst (supabase, client_id, filter = {}, suits = () => true) {
  for await (const { specialist_id, start_time, end_time } of freeTimes(supabase, { client_id, ...filter })) {
    if (suits({ specialist_id, start_time, end_time })) {
      return book(supabase, { specialist_id, client_id, start_time, end_time }, { choose: ([next]) => next })
    }
  }
  return null
}

async function main (file, name, what) {
  const { createClient } = createRequire(`${process.cwd()}/`)('@supabase/supabase-js')
  const { connection } = await import('./postgrest.mjs') // behind Supabase, createClient(url, anonKey) alone
  const { rest_url, people } = JSON.parse(readFileSync(file, 'utf8'))
  const person = people.find((one) => one.name === name)
  if (!person) {
    console.log(people.map((one) => `${one.name} (${one.role})`).join('\n'))
    return
  }
  const supabase = createClient(rest_url, 'no key needed', connection(person.token))
  if (what === 'book') {
    const booking = await bookFirst(supabase, person.client_id)
    console.log(booking ? `booked ${booking.start_time}: ${booking.status}` : 'nothing is free')
  }
  console.log((await week(supabase, { date: what === 'book' ? undefined : what })).join('\n'))
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await main(...process.argv.slice(2))
