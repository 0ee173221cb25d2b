/** One thing that happened. */
export interface StoryLine {
  /** Virtual time. */
  readonly at: number
  readonly text: string
}

/** Takes down what happens, where somebody wants to read it. */
export interface Story {
  readonly lines: readonly StoryLine[]
  note(text: () => string): void
}

/** @param now null where no story is wanted: nothing is written then */
export function createStory(now: (() => number) | null): Story {
  const lines: StoryLine[] = []
  return {
    lines,
    note: now === null ? () => {} : (text) => void lines.push({ at: now(), text: text() }),
  }
}
