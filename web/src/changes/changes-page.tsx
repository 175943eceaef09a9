import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ChangePage } from '../../../src/contract/change-lists.ts';
import { api } from '../server/api.ts';
import { Answered } from '../parts/answered.tsx';
import { Page } from '../parts/page.tsx';
import { Instant } from '../parts/instant.tsx';

/** The newest requests. */
export function ChangesPage() {
  const page = useQuery({ queryKey: ['changes'], queryFn: () => api<ChangePage>('/changes') });
  return (
    <Page title="Changes">
      <Answered query={page}>{({ changes }) => <List changes={changes} />}</Answered>
    </Page>
  );
}

function List({ changes }: { readonly changes: ChangePage['changes'] }) {
  return (
    <>
      {changes.length === 0 ? (
        <p>
          None yet. File the first from a plan: <code>interlock change open plan.yaml</code>
        </p>
      ) : (
        <div className="panel wide">
          <table>
            <thead>
              <tr>
                {['Change', 'Title', 'State', 'Criticality', 'Environment', 'Slot', 'Author'].map(
                  (heading) => (
                    <th key={heading} scope="col">
                      {heading}
                    </th>
                  ),
                )}
              </tr>
            </thead>
            <tbody>
              {changes.map((change) => (
                <tr key={change.id}>
                  <td>
                    <Link to="/changes/$id" params={{ id: change.id }}>
                      {change.id}
                    </Link>
                  </td>
                  <td>{change.title}</td>
                  <td>{change.state}</td>
                  <td>
                    {change.criticality}, {change.severity}
                  </td>
                  <td>{change.environment}</td>
                  <td>{change.slot ? <Instant at={change.slot.start} /> : '–'}</td>
                  <td>{change.author}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}
