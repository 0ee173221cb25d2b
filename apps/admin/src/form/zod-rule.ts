import type { Rule } from 'antd/es/form'
import type { ZodType } from 'zod'

type Schemas = typeof import('@mianmi/contracts/admin-schemas')

/** A form's rule out of the service's own schema, in words of ours; fetched when first needed, for its weight. */
export function zodRule(choose: (schemas: Schemas) => ZodType, message: string): Rule {
  return {
    validator: async (_rule, value: unknown) => {
      const schema = choose(await import('@mianmi/contracts/admin-schemas'))
      if (!schema.safeParse(value ?? '').success) throw new Error(message)
    },
  }
}
