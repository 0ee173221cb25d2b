import type { Rule } from 'antd/es/form'
import type { ZodType } from 'zod'

type Schemas = typeof import('@mianmi/contracts/admin-schemas')

/**
 * An antd rule that validates with the server's zod schema and shows our own message. The schemas are loaded when
 * a form is first submitted, because of their size.
 */
export function zodRule(choose: (schemas: Schemas) => ZodType, message: string): Rule {
  return {
    validator: async (_rule, value: unknown) => {
      const schema = choose(await import('@mianmi/contracts/admin-schemas'))
      if (!schema.safeParse(value ?? '').success) throw new Error(message)
    },
  }
}
