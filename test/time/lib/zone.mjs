// Wall-clock time in IANA zones, from the tables of Intl: nothing here shares code or data with PostgreSQL.
const FIRST = Date.UTC(1990, 0, 1) / 1000
const LAST = Date.UTC(2090, 0, 1) / 1000
const STEP = 5 * 86400

function offsetReader (name) {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: name, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric',
    hour: 'numeric', minute: 'numeric', second: 'numeric',
  })
  return (instant) => {
    const [month, day, year, hour, minute, second] = format.format(instant * 1000).match(/\d+/g).map(Number)
    return Date.UTC(year, month - 1, day, hour, minute, second) / 1000 - instant
  }
}

export class Zone {
  // changes: {at, before, after}, each an instant and the offsets on its two sides, in seconds
  constructor (name) {
    this.name = name
    this.changes = []
    const offset = offsetReader(name)
    this.initial = offset(FIRST)
    let before = this.initial
    for (let t = FIRST + STEP; t <= LAST; t += STEP) {
      const after = offset(t)
      if (after === before) continue
      let low = t - STEP
      let high = t
      while (high - low > 1) {
        const middle = Math.floor((low + high) / 2)
        if (offset(middle) === before) low = middle
        else high = middle
      }
      this.changes.push({ at: high, before, after })
      before = after
    }
  }

  offset (instant) {
    let low = 0
    let high = this.changes.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.changes[middle].at <= instant) low = middle + 1
      else high = middle
    }
    return low === 0 ? this.initial : this.changes[low - 1].after
  }

  // The instants whose wall clock shows this time: none in a gap, two where it is repeated.
  readings (local) {
    const offsets = new Set([this.offset(local - 86400), this.offset(local + 86400)])
    return [...offsets].map((o) => local - o).filter((t) => t + this.offset(t) === local).sort((a, b) => a - b)
  }

  // holdfast's rule: past a gap the time moves forward by the gap, of two it is the first.
  instant (local) {
    const [first] = this.readings(local)
    return first ?? local - this.offset(local - 86400)
  }
}
