// Times for tests and the demo, always in the future.

// clockIn returns what clocks in a zone show at an instant, as the time of UTC that looks the same.
function clockIn (zone, instant) {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric'
  }).formatToParts(instant)
  const part = Object.fromEntries(parts.map(({ type, value }) => [type, Number(value)]))
  return new Date(Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute, part.second))
}

// offsetAt returns how many minutes a zone is ahead of UTC at an instant.
export const offsetAt = (zone, instant) => Math.round((clockIn(zone, instant) - instant) / 60000)

// wallClock returns the instant at which clocks in a zone show this date and time.
export function wallClock (zone, date, time) {
  const asUtc = new Date(`${date}T${time}:00Z`)
  const guess = new Date(asUtc.getTime() - offsetAt(zone, asUtc) * 60000)
  return new Date(asUtc.getTime() - offsetAt(zone, guess) * 60000)
}

// workingDay returns a date (YYYY-MM-DD) in a zone: the n-th day from Monday to Friday after today.
export function workingDay (zone, n = 1) {
  const day = clockIn(zone, new Date())
  while (n > 0) {
    day.setUTCDate(day.getUTCDate() + 1)
    if (day.getUTCDay() % 6 !== 0) n--
  }
  return day.toISOString().slice(0, 10)
}

export const plusMinutes = (instant, minutes) => new Date(new Date(instant).getTime() + minutes * 60000)

// slot is { start_time, end_time } as an RPC takes it.
export const slot = (start, minutes = 50) => ({
  start_time: new Date(start).toISOString(), end_time: plusMinutes(start, minutes).toISOString()
})

// slots returns a function that gives another hour each time it is called, so that tests do not meet.
export function slots (daysAhead = 2) {
  const day = 24 * 60
  const first = new Date(Math.ceil(Date.now() / (day * 60000)) * day * 60000)
  let next = daysAhead * day
  return (minutes = 50) => {
    const given = slot(plusMinutes(first, next), minutes)
    next += Math.max(120, Math.ceil((minutes + 120) / 60) * 60)
    return given
  }
}

export const same = (a, b) => new Date(a).getTime() === new Date(b).getTime()
