import { ActionIcon, Menu } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Icon } from '../parts/icons.tsx';
import { send } from '../server/api.ts';
import { askMe } from '../server/questions.ts';
import { askUnread } from '../yours/questions.ts';
import { SchemeItems } from './scheme-items.tsx';
import classes from './account.module.css';

/** Who is signed in, what they are on duty as, and what concerns them alone. */
export function Account({ onHelp }: { readonly onHelp: () => void }) {
  const queries = useQueryClient();
  const { data: me } = useQuery(askMe);
  const signOut = async () => {
    await send('DELETE', '/session');
    await queries.resetQueries();
  };
  return (
    <div className={classes['account']}>
      <span>
        <span className={classes['name']}>{me?.name}</span>
        {me && me.onDuty.length > 0 && (
          <span className={classes['duty']}>{me.onDuty.join(' and ').toUpperCase()} on duty</span>
        )}
      </span>
      <Unread />
      <Menu position="bottom-end" width={220} shadow="md">
        <Menu.Target>
          <ActionIcon variant="default" aria-label="Settings">
            <Icon name="people" />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <SchemeItems />
          <Menu.Divider />
          <Menu.Item component={Link} to="/setup">
            Setting up
          </Menu.Item>
          <Menu.Item onClick={onHelp} rightSection={<kbd>?</kbd>}>
            Keyboard
          </Menu.Item>
          <Menu.Item onClick={() => void signOut()}>Sign out</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}

/** How much they did not read of what they were told, and the way there. */
function Unread() {
  const unread = useQuery(askUnread).data;
  const count = unread?.notices.length ?? 0;
  const many = unread?.next === null ? `${count}` : `${count}+`;
  return (
    <Link
      to="/yours"
      className={classes['unread'] ?? ''}
      aria-label={`For you: ${count === 0 ? 'nothing' : many} new`}
    >
      <Icon name="bell" />
      {count > 0 && <span aria-hidden="true">{many}</span>}
    </Link>
  );
}
