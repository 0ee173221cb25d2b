import type { World } from '../world/world.ts'

/** As far as the clock may be from what it was when something was written, in ms: five minutes each way, and as long again since it jumped. */
const apart = 20 * 60_000
/** How long a call may take between two looks at a clock. */
const together = 30_000

/** How much later than its time something may still be done, in ms: the clock may have jumped since. */
export const lateness = ({ nodes, clockJumpedAt, timeline }: World): number =>
  nodes.some(({ clockOffset }) => clockOffset !== 0) || timeline.now - clockJumpedAt < 3 * apart
    ? apart
    : together

/** Whether the clock of the service is right, and has been for as long as anything that was written by it may count. */
export const areTogether = (world: World): boolean => lateness(world) === together

/** Whether two nodes go by different clocks: for half a minute after the clock of their database has jumped. */
export const differ = ({ nodes }: World): boolean =>
  nodes.some(({ clockOffset }) => clockOffset !== nodes[0]?.clockOffset)
