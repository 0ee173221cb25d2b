import { LeftOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useRouter } from '@tanstack/react-router'
import { Button, Skeleton } from 'antd'
import type { ReactNode } from 'react'
import { useText } from '../../../language/texts.ts'
import { ErrorAlert } from '../../../layout/error-alert.tsx'
import { Page } from '../../../layout/page.tsx'
import { displayName } from '../../../person/display-name.ts'
import { reasonOf } from '../../../service/error-message.ts'
import { useTRPC } from '../../../service/trpc-client.ts'
import { PersonActions } from './actions/person-actions.tsx'
import { History } from './history.tsx'
import { Identities } from './identities.tsx'
import { Notes } from './notes.tsx'
import { ProfileDetails } from './profile-details.tsx'
import { Sessions } from './sessions.tsx'
import { personText } from './text.ts'
import '../../../theme/row-table.css'
import './person.css'

const route = getRouteApi('/layout/people/$userId')

/** A person's profile, identities, sessions and history, with the actions on them. */
export function PersonPage(): ReactNode {
  const text = useText(personText)
  const { userId } = route.useParams()
  const { history } = useRouter()
  const query = useTRPC().people.view.queryOptions({ userId })
  const { data, error, refetch } = useQuery(query)
  if (error !== null && reasonOf(error) === 'not_found')
    return (
      <Page title={text.notFound}>
        <p>{text.notFoundHint}</p>
        <Link to="/people">{text.toPeople}</Link>
      </Page>
    )
  return (
    <div className="person-page">
      {history.canGoBack() && (
        <Button type="link" icon={<LeftOutlined aria-hidden />} onClick={() => history.back()}>
          {text.back}
        </Button>
      )}
      <Page
        title={data === undefined ? text.title : displayName(data.person)}
        actions={data && <PersonActions person={data.person} />}
      >
        {error !== null && <ErrorAlert error={error} retry={refetch} />}
        {data === undefined
          ? error === null && <Loading />
          : error === null && (
              <>
                <ProfileDetails person={data.person} />
                <Identities userId={userId} identities={data.identities} />
                <Sessions userId={userId} role={data.person.role} sessions={data.sessions} />
                <Notes userId={userId} notes={data.notes} />
                <History userId={userId} entries={data.history} />
              </>
            )}
      </Page>
    </div>
  )
}

function Loading(): ReactNode {
  return [6, 3, 3].map((rows, index) => (
    <div className="card" key={`${index}-${rows}`}>
      <Skeleton active paragraph={{ rows }} />
    </div>
  ))
}
