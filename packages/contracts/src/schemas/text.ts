import { z } from 'zod'

export const hasNoNul = (text: string): boolean => !text.includes('\u0000')

/**
 * The schema on which every text of an input is built. It refuses U+0000, at which functions of SQLite and of WeChat's
 * servers may end a text.
 */
export const text = z.string().refine(hasNoNul)
