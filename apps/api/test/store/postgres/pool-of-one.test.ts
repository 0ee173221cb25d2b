import { describePostgres } from '../../../testing/postgres/test-database.ts'
import { describeConformance } from './describe-conformance.ts'

describePostgres('the PostgreSQL store with one connection', () => {
  describeConformance((url) => `${url}?pool=1`)
})
