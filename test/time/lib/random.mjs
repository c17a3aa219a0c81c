// A seeded generator (sfc32), so that a run can be repeated: the same seed, the same rules.
export function random (seed) {
  let a = 0x9e3779b9, b = 0x243f6a88, c = 0xb7e15162 ^ seed, d = 1
  const next = () => {
    const t = (a + b + d) | 0
    d = (d + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + t) | 0
    return t >>> 0
  }
  for (let i = 0; i < 16; i++) next()

  const int = (low, high) => low + (next() % (high - low + 1))
  const chance = (probability) => next() < probability * 4294967296
  const pick = (list) => list[next() % list.length]
  // n different members of a list, in no order
  const some = (list, n) => {
    const rest = [...list]
    const taken = []
    while (taken.length < n && rest.length > 0) taken.push(rest.splice(next() % rest.length, 1)[0])
    return taken
  }
  return { int, chance, pick, some, shuffled: (list) => some(list, list.length) }
}
