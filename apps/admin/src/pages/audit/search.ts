import { auditInput } from '@mianmi/contracts/admin-schemas'
import { z } from 'zod'

const { from, to, action, outcome, userId, operatorId, cursor } = auditInput.shape

/** What the address holds of this page; whatever does not fit is left out. */
export const auditSearch = z.object({
  from: from.catch(undefined),
  to: to.catch(undefined),
  action: action.catch(undefined),
  outcome: outcome.catch(undefined),
  userId: userId.catch(undefined),
  operatorId: operatorId.catch(undefined),
  cursor: cursor.catch(undefined),
})
