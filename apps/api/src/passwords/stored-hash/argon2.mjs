import { verifySync } from '@node-rs/argon2'
import { toBase64 } from './bytes.mjs'

/** PHC string: https://github.com/P-H-C/phc-string-format. Versions before 19 (1.3) are not used any more. */
const pattern =
  /^(\$argon2(?:id|i|d)\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$)[A-Za-z0-9+/]{11,86}\$[A-Za-z0-9+/]{16,86}$/
/** 256 MiB, and the passes that take about a second with it. */
const limits = { memoryKib: 262_144, memoryTimesPasses: 1_048_576, lanes: 16 }

/** @type {import('./stored-hash.mjs').Scheme} */
export const argon2Scheme = {
  read(text) {
    const [, kind, memory, passes, lanes] = pattern.exec(text) ?? []
    if (kind === undefined || !isAffordable(Number(memory), Number(passes), Number(lanes)))
      return null
    return {
      kind,
      matches(password) {
        try {
          return verifySync(text, password)
        } catch {
          // The library refuses what the pattern lets through, such as a salt of an impossible length.
          return false
        }
      },
    }
  },
  example: (kind) =>
    kind.startsWith('$argon2')
      ? `${kind}${toBase64(new Uint8Array(16))}$${toBase64(new Uint8Array(32))}`
      : null,
}

/**
 * @param {number} memory KiB
 * @param {number} passes
 * @param {number} lanes
 */
const isAffordable = (memory, passes, lanes) =>
  lanes >= 1 &&
  lanes <= limits.lanes &&
  passes >= 1 &&
  memory >= 8 * lanes &&
  memory <= limits.memoryKib &&
  memory * passes <= limits.memoryTimesPasses
