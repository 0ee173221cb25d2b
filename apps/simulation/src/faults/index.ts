import { coreFaults } from './core-faults.ts'
import type { Fault } from './fault.ts'
import { furtherFaults } from './further-faults.ts'
import { phoneFaults } from './phone-faults.ts'
import { ruleFaults } from './rule-faults.ts'
import { storeFaults } from './store-faults.ts'

/** Every known fault that the simulation has to find. */
export const faults: readonly Fault[] = [
  ...coreFaults,
  ...storeFaults,
  ...phoneFaults,
  ...ruleFaults,
  ...furtherFaults,
]
