/** How many rows past their time a new one takes away with it: a table shrinks faster than it grows. */
export const sweepSize = 20
