import type { Observer } from '../world/observers.ts'

export interface Coverage {
  readonly observer: Observer
  /** The pairs and transitions that were reached, and how often. */
  readonly reached: ReadonlyMap<string, number>
}

/** Counts which procedures ended with which reason, what WeChat answered, and which states followed each other. */
export function createCoverage(): Coverage {
  const reached = new Map<string, number>()
  const count = (kind: string, what: string): void => {
    const key = `${kind}\t${what}`
    reached.set(key, (reached.get(key) ?? 0) + 1)
  }
  return {
    reached,
    observer: {
      served: ({ path }, result) =>
        count('procedure', `${path}\t${'reason' in result ? result.reason : 'ok'}`),
      wechatReplied: ({ path }, errcode) => count('wechat', `${path}\t${errcode}`),
      stateChanged: (_context, { before, state }) =>
        count('state', `${before.status}\t${state.status}`),
      settled: (_call, outcome) =>
        count('phone', outcome.kind === 'link' ? `link ${outcome.link}` : outcome.kind),
      attacked: ({ name, isGranted }) =>
        count('attack', `${name}\t${isGranted ? 'granted' : 'refused'}`),
    },
  }
}

/** The pairs and transitions as a text, by kind. */
export function reportOf(reached: ReadonlyMap<string, number>): string {
  const titles: Record<string, string> = {
    procedure: 'Procedures and how they ended',
    wechat: "WeChat's answers by API and errcode",
    state: 'Transitions of the session’s state',
    phone: 'What apps got',
    attack: 'Attacks',
  }
  return Object.entries(titles)
    .map(([kind, title]) => {
      const rows = [...reached]
        .filter(([key]) => key.startsWith(`${kind}\t`))
        .map(([key, times]) => `  ${key.split('\t').slice(1).join(' → ')}: ${times}`)
        .sort()
      return `\n${title} (${rows.length})\n${rows.join('\n')}`
    })
    .join('\n')
}
