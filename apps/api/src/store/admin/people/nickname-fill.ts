/**
 * Makes the nicknames of an earlier version searchable by their parts. Those written since the upgrade are searchable at
 * once: triggers of the database keep them.
 */
export interface NicknameFill {
  /**
   * Fills in the next users, at most `fillSize`, in one transaction. `busy` while another node fills, `done` where nothing
   * is left. A process that ends loses at most the step it was in.
   */
  step(): Promise<'more' | 'busy' | 'done'>
}

/** Users of one step, which bounds how long it holds the writer (SQLite) or the rows (PostgreSQL). */
export const fillSize = 500
