import { SearchOutlined } from '@ant-design/icons'
import { useNavigate } from '@tanstack/react-router'
import { Button, Input, type InputRef } from 'antd'
import { type FormEvent, type ReactNode, useRef, useState } from 'react'
import { SelectFilter } from '../../../form/select-filter.tsx'
import { useText } from '../../../language/texts.ts'
import { AppFilter } from './app-filter.tsx'
import { peopleSearch, sortsOf } from './search.ts'
import { peopleText } from './text.ts'
import { useShortcut } from './use-shortcut.ts'

interface CurrentFilters {
  readonly search?: string | undefined
  readonly status?: 'active' | 'disabled' | undefined
  readonly role?: 'user' | 'admin' | undefined
  readonly appId?: string | undefined
  readonly sort?: 'oldest' | 'account' | undefined
}

/**
 * Filters of the list of people. The search runs on submit, not while typing, because each query is an entry of
 * the audit log.
 */
export function PeopleFilters({ current }: { current: CurrentFilters }): ReactNode {
  const text = useText(peopleText)
  const navigate = useNavigate()
  const [typed, setTyped] = useState(current.search ?? '')
  const input = useRef<InputRef>(null)
  useShortcut('/', () => input.current?.focus({ cursor: 'all' }))
  const apply = (change: Partial<CurrentFilters>) =>
    navigate({ to: '/people', search: peopleSearch({ ...current, ...change }) })
  const sorts = sortsOf(current)
  const oldest = { oldest: text.oldest }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void apply({ search: typed.trim() || undefined })
  }
  return (
    <search className="filters">
      <form onSubmit={submit}>
        <Input
          ref={input}
          type="search"
          prefix={<SearchOutlined aria-hidden />}
          aria-label={text.searchLabel}
          placeholder={text.searchHint}
          title={text.searchHint}
          maxLength={128}
          value={typed}
          onChange={({ target }) => setTyped(target.value)}
        />
        <Button type="primary" htmlType="submit">
          {text.search}
        </Button>
      </form>
      <SelectFilter
        label={text.status}
        anyLabel={text.anyStatus}
        value={current.status}
        options={{ active: text.active, disabled: text.disabled }}
        onSelect={(status) => apply({ status })}
      />
      <SelectFilter
        label={text.role}
        anyLabel={text.anyRole}
        value={current.role}
        options={{ user: text.user, admin: text.admin }}
        onSelect={(role) => apply({ role })}
      />
      <AppFilter value={current.appId} onSelect={(appId) => apply({ appId })} />
      {sorts.length > 0 && (
        <SelectFilter<string>
          label={text.sort}
          anyLabel={text.newest}
          value={current.sort}
          options={sorts.includes('account') ? { ...oldest, account: text.byAccount } : oldest}
          onSelect={(chosen) => apply({ sort: sorts.find((sort) => sort === chosen) })}
        />
      )}
      {Object.keys(current).length > 0 && (
        <Button type="link" onClick={() => navigate({ to: '/people' })}>
          {text.clear}
        </Button>
      )}
    </search>
  )
}
