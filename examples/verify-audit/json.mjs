// JSON as bytes. A parser of our own for the values of a row, because JSON.parse rounds numbers, and the digest is of the
// digits that were written.

/** Parses a file: bytes that are no UTF-8 are an error, not a question mark. */
export const strictJson = (bytes) => {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes))
  } catch (error) {
    throw new SyntaxError(`not JSON in UTF-8: ${error.message}`)
  }
}

const TOKEN = /[ \t\n\r]*(?:([{}[\],:])|("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?)|(true|false|null))/y

const tagged = (tag, text) => {
  const bytes = Buffer.from(text, 'utf8')
  const head = Buffer.alloc(5)
  head.write(tag, 0, 'latin1')
  head.writeUInt32LE(bytes.length, 1)
  return Buffer.concat([head, bytes])
}

/** The bytes that stand for a JSON text in what a row's digest is of: docs/audit_format.md. */
export const jsonText = (source) => {
  let at = 0
  const next = () => {
    TOKEN.lastIndex = at
    const token = TOKEN.exec(source)
    if (token === null) throw new SyntaxError('the values of the row are not JSON')
    at = TOKEN.lastIndex
    return token
  }
  const punctuation = (allowed) => {
    const [, mark] = next()
    if (mark === undefined || !allowed.includes(mark)) throw new SyntaxError('the values of the row are not JSON')
    return mark
  }
  const peek = (mark) => {
    const before = at
    if (next()[1] === mark) return true
    at = before
    return false
  }
  const value = () => {
    const [, mark, string, digits, word] = next()
    if (string !== undefined) return tagged('s', JSON.parse(string))
    if (digits !== undefined) return tagged('n', digits)
    if (word !== undefined) return Buffer.from({ true: 't', false: 'f', null: 'z' }[word])
    const parts = []
    if (mark === '[') {
      if (!peek(']')) do parts.push(value()); while (punctuation(',]') === ',')
      return Buffer.concat([Buffer.from('['), ...parts, Buffer.from(']')])
    }
    if (mark !== '{') throw new SyntaxError('the values of the row are not JSON')
    if (!peek('}')) {
      do {
        const [, , key] = next()
        if (key === undefined) throw new SyntaxError('the values of the row are not JSON')
        parts.push(tagged('k', JSON.parse(key)))
        punctuation(':')
        parts.push(value())
      } while (punctuation(',}') === ',')
    }
    return Buffer.concat([Buffer.from('{'), ...parts, Buffer.from('}')])
  }
  const bytes = value()
  if (source.slice(at).trim() !== '') throw new SyntaxError('the values of the row are not JSON')
  return bytes
}
