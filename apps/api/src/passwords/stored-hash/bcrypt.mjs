import bcrypt from 'bcryptjs'

/** Modular crypt format: `$2b$` cost `$`, 22 letters of salt and 31 of hash. `$2y$` is PHP's name for `$2b$`. */
const pattern = /^(\$2[aby]\$(\d\d)\$)[./A-Za-z0-9]{53}$/
/** 4 is the lowest that bcrypt knows; 14 takes a second. */
const costs = { least: 4, most: 14 }
const saltAndHash = '.'.repeat(53)

/** @type {import('./stored-hash.mjs').Scheme} */
export const bcryptScheme = {
  read(text) {
    const [, kind, cost] = pattern.exec(text) ?? []
    if (kind === undefined || Number(cost) < costs.least || Number(cost) > costs.most) return null
    return { kind, matches: (password) => bcrypt.compareSync(password, text) }
  },
  example: (kind) => (kind.startsWith('$2') ? `${kind}${saltAndHash}` : null),
}
