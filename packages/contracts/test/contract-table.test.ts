import { describe, expect, it } from 'vitest'
import { adminRouter } from '../src/admin/index.ts'
import { formatError } from '../src/errors.ts'
import { appRouter } from '../src/index.ts'
import * as restSchemas from '../src/schemas/rest-schemas.ts'
import { admin, app, type Row, rest } from './contract-rows.ts'
import { describeSchema } from './describe-schema.ts'

interface Described {
  readonly _def: {
    readonly type: string
    readonly inputs: readonly Parameters<typeof describeSchema>[0][]
    readonly output: Parameters<typeof describeSchema>[0]
  }
}

function tableOf(procedures: object): Row[] {
  return Object.entries(procedures as Record<string, Described>).map(([path, { _def }]) => {
    const { type, inputs, output } = _def
    if (inputs.length > 1) throw new Error(`${path} has several inputs`)
    return [path, type, inputs[0] ? describeSchema(inputs[0]) : null, describeSchema(output)]
  })
}

const byPath = (rows: readonly (readonly unknown[])[]) =>
  Object.fromEntries(rows.map(([path, ...columns]) => [path, columns]))

describe('the contract', () => {
  it.each([
    ['the mini program', appRouter, app],
    ['the admin console', adminRouter, admin],
  ])('of %s has these procedures, inputs and outputs', (_client, router, rows) => {
    expect(byPath(tableOf(router._def.procedures))).toEqual(byPath(rows))
  })

  it.each([
    ['the mini program', appRouter],
    ['the admin console', adminRouter],
  ])('of %s has the error format of the contract', (_client, router) => {
    expect(router._def._config.errorFormatter).toBe(formatError)
  })

  it('of plain HTTP has these bodies and data', () => {
    const schemas = Object.entries(restSchemas).filter(([, each]) => typeof each !== 'function')
    const described = schemas.map(([name, schema]) => [name, describeSchema(schema as never)])
    expect(Object.fromEntries(described)).toEqual(Object.fromEntries(rest))
  })
})
