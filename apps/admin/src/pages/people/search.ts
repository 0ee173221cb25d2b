import { peopleInput } from '@mianmi/contracts/admin-schemas'
import { z } from 'zod'

const { search, status, role, appId, cursor } = peopleInput.shape

/** What the address holds of this page; whatever does not fit is left out. */
export const peopleSearch = z.object({
  search: search.catch(undefined),
  status: status.catch(undefined),
  role: role.catch(undefined),
  appId: appId.catch(undefined),
  cursor: cursor.catch(undefined),
})
