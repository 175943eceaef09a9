import { useQuery } from '@tanstack/react-query';
import { Page } from '../parts/page.tsx';
import { askMe } from '../server/questions.ts';
import { NoticeList } from './notice-list.tsx';
import { Tasks } from './tasks.tsx';

/** What concerns whoever is signed in: what they have to catch up on, and what they were told. */
export function YoursPage() {
  const me = useQuery(askMe).data;
  return (
    <Page title="For you" lead={me ? `What ${me.name} has to do, and was told` : ' '}>
      {me && <Tasks owner={me.name} />}
      <NoticeList />
    </Page>
  );
}
