import { join } from 'node:path'
import { compileMiniProgram } from '../src/compile/index.ts'
import type { CompiledApp } from '../src/compiled-app.ts'
import type { ScreenHost } from '../src/screen-host.ts'
import { createSimulator, type Simulator, type SimulatorOptions } from '../src/simulator.ts'

const fixture = (name: string): string => join(import.meta.dirname, 'fixtures', name)

const compiled = new Map<string, Promise<CompiledApp>>()

/** Compiles a fixture mini program once for each test file. */
export function compileFixture(name = 'small'): Promise<CompiledApp> {
  const found = compiled.get(name) ?? compileMiniProgram(fixture(name))
  compiled.set(name, found)
  return found
}

export interface Started {
  simulator: Simulator
  container: HTMLElement
  /** The element of the page on top with this data-testid. */
  find(testId: string): HTMLElement
  tap(testId: string): void
  /** Data of the page on top. */
  data(): Record<string, unknown>
  /** The lines that the fixture's scripts wrote. */
  log(): string[]
  /** The screen host of the current launch. */
  screen(): ScreenHost
}

/** Launches a fixture in the jsdom of the test; its `wx` is the screen host and `write`. */
export async function start(
  path?: string,
  options: Partial<SimulatorOptions> & { fixture?: string } = {},
): Promise<Started> {
  const container = document.createElement('div')
  document.body.append(container)
  const lines: string[] = []
  const { fixture: name, ...rest } = options
  const app = rest.app ?? (await compileFixture(name))
  let currentScreen: ScreenHost | undefined
  const wx: SimulatorOptions['wx'] = (screen) => {
    currentScreen = screen
    return { ...screen, write: (line: string) => lines.push(line) }
  }
  const simulator = createSimulator({ container, wx, ...rest, app })
  await simulator.launch(path)
  const find = (testId: string): HTMLElement => {
    const found = simulator.currentPage().querySelector<HTMLElement>(`[data-testid="${testId}"]`)
    if (!found) throw new Error(`nothing on this page has the test id ${testId}`)
    return found
  }
  return {
    simulator,
    container,
    find,
    tap: (testId) => find(testId).click(),
    data: () => simulator.pageStack().at(-1)?.data ?? {},
    log: () => lines,
    screen: () => currentScreen as ScreenHost,
  }
}
