/**
 * Lets the transactions of this process that lock the same name run one after another. Waiting in the database, each of
 * them would hold one of the few connections.
 */
export interface NameQueues {
  run<T>(names: readonly string[], work: () => Promise<T>): Promise<T>
}

export function createNameQueues(): NameQueues {
  /** Resolves when the last transaction ends that has the name or waits for it. */
  const lastOf = new Map<string, Promise<void>>()

  const enter = async (name: string): Promise<() => void> => {
    let leave = (): void => {}
    const before = lastOf.get(name)
    const own = new Promise<void>((resolve) => {
      leave = () => {
        if (lastOf.get(name) === own) lastOf.delete(name)
        resolve()
      }
    })
    lastOf.set(name, own)
    await before
    return leave
  }
  return {
    async run(names, work) {
      const leaves: (() => void)[] = []
      try {
        // In one order, so that two transactions do not wait for each other.
        for (const name of [...new Set(names)].sort()) leaves.push(await enter(name))
        return await work()
      } finally {
        for (const leave of leaves) leave()
      }
    },
  }
}
