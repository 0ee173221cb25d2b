export { createGroups } from './groups.ts'
export {
  isolateUsers,
  lockIdentities,
  lockTickets,
  lockUsers,
} from './locks.ts'
export { openPostgres, type Postgres, type PostgresOptions } from './open-postgres.ts'
export { type TextRow, textArray } from './prepared-read.ts'
export { arrayParameter, plannedEachTime, type Queries } from './queries.ts'
export { QueryError, runAgain } from './query-error.ts'
export type { TimeLimits } from './time-limits.ts'
export type { Transaction } from './transactions.ts'
export { PostgresOpenError } from './url.ts'
