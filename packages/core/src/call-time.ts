/**
 * How far in the future a stored time may be, in ms, without the clock having been set back. A call reads the clock before
 * its transaction and may wait there for those of others, and two nodes measure the clock of their database differently.
 */
export const longestCall = 5_000
