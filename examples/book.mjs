// Books an appointment through supabase-js: holds the slot, confirms it, and copes with what can go wrong on the way.
// Copy this file; it needs nothing but the client you pass in (one that is signed in as the person who books).
//
//   import { createClient } from '@supabase/supabase-js'
//   import { book } from './book.mjs'
//
//   const booking = await book(supabase, {
//     specialist_id, client_id,
//     start_time: '2027-03-01T09:00:00Z', end_time: '2027-03-01T09:50:00Z'
//   }, { choose: (alternatives) => alternatives[0] })

// BookingError is an answer of the server that is not a success: its word ('slot_conflict', 'forbidden', ...),
// its HTTP status (0 when no answer came), and the details as an object. docs/errors.md lists the words.
export class BookingError extends Error {
  constructor (status, { message, details, hint, code }) {
    super(hint ? `${message}: ${hint}` : message)
    this.name = 'BookingError'
    this.word = message
    this.status = status
    this.code = code
    this.details = {}
    try { this.details = JSON.parse(details) ?? {} } catch { /* not JSON: not an answer of ours */ }
  }
}

// call runs one RPC. A lost answer, a server fault and a request that is still running are tried again, which is
// safe because every attempt carries the same Idempotency-Key: the work is done once, however often it is asked for.
export async function call (supabase, name, args, { key, attempts = 4, wait = 250 } = {}) {
  for (let attempt = 1; ; attempt++) {
    let request = supabase.rpc(name, args)
    if (key) request = request.setHeader('Idempotency-Key', key)
    const { data, error, status } = await request
    if (!error) return data
    const failure = new BookingError(status, error)
    const again = status === 0 || status >= 500 || failure.word === 'request_in_progress'
    if (!again || !key || attempt >= attempts) throw failure
    const seconds = failure.details.retry_after_seconds
    await new Promise((resolve) => setTimeout(resolve, seconds ? seconds * 1000 : wait * 2 ** attempt))
  }
}

// book returns the confirmed booking. When the slot is taken it asks choose(alternatives, error) for another one,
// { start_time, end_time }, and tries that; without an answer it throws the slot_conflict.
export async function book (supabase, wish, {
  choose = () => null, session = {}, attempts = 5, newKey = () => crypto.randomUUID()
} = {}) {
  let slot = wish
  let failure
  while (slot && attempts-- > 0) {
    const key = newKey() // one per try: another slot, or the same one after its hold lapsed, is another request
    let hold
    try {
      hold = await call(supabase, 'request_hold', { ...wish, ...slot }, { key })
    } catch (error) {
      if (error.word !== 'slot_conflict') throw error
      failure = error
      slot = await choose(error.details.alternatives ?? [], error)
      continue
    }
    try {
      // The same key serves: keys count per operation.
      return (await call(supabase, 'confirm_booking', { hold_key: hold.hold_key, session }, { key })).booking
    } catch (error) {
      failure = error
      if (error.word === 'hold_expired') continue // too slow; hold it again
      await call(supabase, 'cancel_hold', { hold_key: hold.hold_key }).catch(() => {}) // it would lapse by itself
      throw error
    }
  }
  throw failure
}
