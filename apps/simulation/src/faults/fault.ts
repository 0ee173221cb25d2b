import type { Patch } from '../product/patch.ts'

/** A known fault, and how to bring it back. */
export interface Fault {
  readonly name: string
  readonly patches: readonly Patch[]
}

/** A fault in one place of one file. */
export const fault = (name: string, file: string, find: string, replace: string): Fault => ({
  name,
  patches: [{ file, find, replace }],
})
