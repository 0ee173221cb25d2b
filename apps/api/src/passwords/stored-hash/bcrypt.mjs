import bcrypt from 'bcryptjs'
import { powersOfTwo } from './bytes.mjs'

/** Modular crypt format: `$2b$` cost `$`, 22 letters of salt and 31 of hash. `$2y$` is PHP's name for `$2b$`. */
const pattern = /^(\$2[aby]\$(\d\d)\$)[./A-Za-z0-9]{53}$/
/** 4 is the lowest that bcrypt knows; 14 takes a second. */
const costs = { least: 4, most: 14 }
const saltAndHash = '.'.repeat(53)

/**
 * Work is rounds, 2 to the cost.
 *
 * @type {import('./stored-hash.mjs').Scheme}
 */
export const bcryptScheme = {
  name: 'bcrypt',
  msOf: 75 / 2 ** 10,
  read(text) {
    const [, kind, cost] = pattern.exec(text) ?? []
    if (kind === undefined || Number(cost) < costs.least || Number(cost) > costs.most) return null
    return {
      kind,
      work: 2 ** Number(cost),
      matches: (password) => bcrypt.compareSync(password, text),
    }
  },
  spend(work, password) {
    for (const cost of powersOfTwo(work, costs.most))
      if (cost >= costs.least)
        bcrypt.compareSync(password, `$2b$${String(cost).padStart(2, '0')}$${saltAndHash}`)
  },
}
