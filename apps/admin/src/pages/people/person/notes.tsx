import { useMutation } from '@tanstack/react-query'
import { Button, Input } from 'antd'
import { type FormEvent, type ReactNode, useId, useState } from 'react'
import { useConfirm } from '../../../feedback/use-confirm.ts'
import { useMutationToasts } from '../../../feedback/use-mutation-toasts.ts'
import { RelativeTime } from '../../../language/relative-time.tsx'
import { useText } from '../../../language/texts.ts'
import { type AdminOutput, useTRPC } from '../../../service/trpc-client.ts'
import { personText } from './text.ts'

interface NotesProps {
  readonly userId: string
  readonly notes: AdminOutput['people']['view']['notes']
}

/** What administrators noted about the person, and a form for another note. */
export function Notes({ userId, notes }: NotesProps): ReactNode {
  const text = useText(personText)
  const id = useId()
  const toasts = useMutationToasts()
  const confirm = useConfirm()
  const { people } = useTRPC()
  const [draft, setDraft] = useState('')
  const remove = useMutation(people.removeNote.mutationOptions(toasts(() => text.noteRemoved)))
  const { onSuccess, onError } = toasts(() => text.noteAdded)
  const add = useMutation(
    people.addNote.mutationOptions({
      onError,
      onSuccess: async (result) => {
        setDraft('')
        await onSuccess(result)
      },
    }),
  )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (draft.trim() !== '') add.mutate({ userId, text: draft.trim() })
  }
  const askRemove = (noteId: string) =>
    confirm({
      title: text.removeNoteTitle,
      content: text.removeNoteWarning,
      okText: text.removeNote,
      onConfirm: () => remove.mutateAsync({ userId, noteId }),
    })
  return (
    <section className="card notes" aria-labelledby={id}>
      <h2 id={id}>{text.notes}</h2>
      {notes.length === 0 && <p className="secondary-text">{text.noNotes}</p>}
      <ul>
        {notes.map((note) => (
          <li key={note.id}>
            <p>{note.text}</p>
            <span className="secondary-text">
              {note.operatorName ?? note.operatorId ?? text.deletedAdministrator} ·{' '}
              <RelativeTime at={note.at} />
              <Button type="link" size="small" danger onClick={() => askRemove(note.id)}>
                {text.removeNote}
              </Button>
            </span>
          </li>
        ))}
      </ul>
      <form onSubmit={submit}>
        <Input.TextArea
          aria-label={text.newNote}
          placeholder={text.newNoteHint}
          value={draft}
          maxLength={500}
          autoSize={{ minRows: 1, maxRows: 6 }}
          onChange={({ target }) => setDraft(target.value)}
        />
        <Button htmlType="submit" loading={add.isPending} disabled={draft.trim() === ''}>
          {text.addNote}
        </Button>
      </form>
    </section>
  )
}
