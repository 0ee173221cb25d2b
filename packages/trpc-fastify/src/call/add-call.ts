import type { Exchange } from '../exchange.ts'
import type { Known } from '../service.ts'
import { readInputs } from './inputs.ts'

/** @param known null where the router has nothing at that path */
export function addCall(exchange: Exchange, path: string, known: Known | null): void {
  const index = exchange.calls.length
  const getRawInput = async () => (await readInputs(exchange))[index]
  exchange.calls.push({ path, known, index, getRawInput })
}
