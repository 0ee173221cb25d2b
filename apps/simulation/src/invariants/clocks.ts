import type { World } from '../world/world.ts'

/** As far as two clocks of nodes may differ, in ms: five minutes each, and as long again since one jumped. */
const apart = 20 * 60_000
/** How long a call may take between two looks at a clock. */
const together = 30_000

/** How much later than its time something may still be done, in ms: the clocks of the nodes may differ. */
export const lateness = ({ nodes, clockSetBackAt, timeline }: World): number =>
  nodes.some(({ clockOffset }) => clockOffset !== 0) || timeline.now - clockSetBackAt < 3 * apart
    ? apart
    : together
