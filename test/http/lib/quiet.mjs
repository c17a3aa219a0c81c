// Debian 12 has Node 18, and supabase-js, which works on it, says on every start that it is deprecated.
const warn = console.warn
console.warn = (...words) => { if (!String(words[0]).includes('Node.js 18')) warn(...words) }
