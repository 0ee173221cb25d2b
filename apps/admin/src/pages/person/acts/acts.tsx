import { useMutation, useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { type ReactNode, useState } from 'react'
import { useText } from '../../../language/texts.ts'
import { useAsked } from '../../../person/asked.ts'
import { nameOfPerson } from '../../../person/name.ts'
import { useTold } from '../../../person/told.ts'
import { type AdminOutput, useTRPC } from '../../../service/trpc.ts'
import { personText } from '../text.ts'
import { Removal } from './removal.tsx'

/** Keeping somebody out, letting them in again, deleting them. */
export function Acts({ person }: { person: AdminOutput['people']['view']['person'] }): ReactNode {
  const text = useText(personText)
  const trpc = useTRPC()
  const ask = useAsked()
  const told = useTold()
  const [isRemoving, setRemoving] = useState(false)
  const { data: current } = useQuery(trpc.admin.operator.current.queryOptions())
  const { people } = trpc.admin
  const disable = useMutation(people.disable.mutationOptions(told(() => text.disabled)))
  const enable = useMutation(people.enable.mutationOptions(told(() => text.enabled)))
  const isOneself = current?.operator.id === person.id
  const userId = person.id
  const name = nameOfPerson(person)
  const askDisable = () =>
    ask({
      title: text.disableTitle(name),
      warning: text.disableWarning,
      verb: text.disable,
      act: () => disable.mutateAsync({ userId }),
    })
  const askEnable = () =>
    ask({
      title: text.enableTitle(name),
      warning: text.enableWarning,
      verb: text.enable,
      isDanger: false,
      act: () => enable.mutateAsync({ userId }),
    })
  return (
    <>
      <div className="acts" title={isOneself ? text.oneself : undefined}>
        {person.disabledAt === null ? (
          <Button disabled={isOneself} onClick={askDisable}>
            {text.disable}
          </Button>
        ) : (
          <Button type="primary" onClick={askEnable}>
            {text.enable}
          </Button>
        )}
        <Button danger disabled={isOneself} onClick={() => setRemoving(true)}>
          {text.remove}
        </Button>
      </div>
      {isRemoving && <Removal person={person} onClose={() => setRemoving(false)} />}
    </>
  )
}
