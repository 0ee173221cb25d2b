import { pageInput } from '@mianmi/contracts/admin-schemas'
import { z } from 'zod'

/** What the address holds of this page; whatever does not fit is left out. */
export const conflictsSearch = z.object({ cursor: pageInput.shape.cursor.catch(undefined) })
