/** What an administrator noted about a user. Users never see it. */
export interface PersonNote {
  readonly id: string
  /** In ms since the epoch. */
  readonly at: number
  /** The administrator who wrote it; null after the administrator was deleted. */
  readonly adminId: string | null
  readonly text: string
}

/** The most notes of one user. */
export const maxNotes = 100

/** The most characters of a note. */
export const maxNoteLength = 500

/** Notes on users. They go with their user: deleted with the user, and moved by a merge until its undo. */
export interface PersonNoteStore {
  /** Newest first. */
  list(userId: string): Promise<readonly PersonNote[]>
  /**
   * `full` where the user has `maxNotes`; of concurrent callers none makes it more. `not_found` also for a user who was
   * merged into another one.
   */
  add(note: PersonNote & { readonly userId: string }): Promise<'added' | 'full' | 'not_found'>
  /** Of concurrent callers one removes it. */
  remove(which: { userId: string; noteId: string }): Promise<boolean>
}
