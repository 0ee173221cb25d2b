import { coreFaults } from './core-faults.ts'
import { edgeFaults } from './edge-faults.ts'
import type { Fault } from './fault.ts'
import { furtherFaults } from './further-faults.ts'
import { keeperFaults } from './keeper-faults.ts'
import { phoneFaults } from './phone-faults.ts'
import { rowFaults } from './row-faults.ts'
import { ruleFaults } from './rule-faults.ts'
import { storeFaults } from './store-faults.ts'
import { useCaseFaults } from './use-case-faults.ts'

/** Every known fault that the simulation has to find. */
export const faults: readonly Fault[] = [
  ...coreFaults,
  ...storeFaults,
  ...phoneFaults,
  ...ruleFaults,
  ...furtherFaults,
  ...edgeFaults,
  ...useCaseFaults,
  ...rowFaults,
  ...keeperFaults,
]
