import { Checkbox, Group, NativeSelect, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { ActButton } from '../parts/act-button.tsx';
import { Problem } from '../parts/problem.tsx';
import { whyNotManage } from '../people/words.ts';
import { send } from '../server/api.ts';
import { askMe, askNow } from '../server/questions.ts';

const DAYS = ['30', '90', '180', '366'];

/** Registers a host; its key is shown once. */
export function NewBastion() {
  const queries = useQueryClient();
  const me = useQuery(askMe).data;
  const environments = useQuery(askNow).data?.environments.filter(({ operational }) => operational) ?? [];
  const [host, setHost] = useState({ name: '', role: 'bastion', environment: '', days: '90' });
  const [privileged, setPrivileged] = useState(false);
  const change = (part: Partial<typeof host>) => setHost((before) => ({ ...before, ...part }));
  const environment = host.environment === '' ? (environments[0]?.name ?? '') : host.environment;
  const registering = useMutation({
    mutationFn: () =>
      send<{ name: string; key: string }>('POST', '/bastions', {
        ...host,
        environment,
        privileged,
        days: Number(host.days),
      }),
    onSuccess: async () => {
      change({ name: '' });
      await queries.invalidateQueries({ queryKey: ['bastions'] });
    },
  });
  const blocked = whyNotManage(me) ?? (host.name.trim() === '' ? 'Say the name of the host.' : null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (blocked === null && !registering.isPending) registering.mutate();
  };
  return (
    <form onSubmit={submit} data-print="hide">
      <Group gap="sm" align="end" mb="sm">
        <TextInput
          label="Host"
          placeholder="bastion-1"
          value={host.name}
          onChange={({ currentTarget }) => change({ name: currentTarget.value })}
        />
        <NativeSelect
          label="Environment"
          value={environment}
          data={environments.map(({ name }) => name)}
          onChange={({ currentTarget }) => change({ environment: currentTarget.value })}
        />
        <NativeSelect
          label="Role"
          value={host.role}
          data={[
            { value: 'bastion', label: 'bastion: changes' },
            { value: 'deployer', label: 'deployer: deployments only' },
          ]}
          onChange={({ currentTarget }) => change({ role: currentTarget.value })}
        />
        <NativeSelect
          label="Days of its key"
          value={host.days}
          data={DAYS}
          onChange={({ currentTarget }) => change({ days: currentTarget.value })}
        />
      </Group>
      <Checkbox
        mb="sm"
        label="Who executes there may be root or may become it: an exception, said at every start"
        checked={privileged}
        onChange={({ currentTarget }) => setPrivileged(currentTarget.checked)}
      />
      <ActButton type="submit" variant="default" blocked={blocked} loading={registering.isPending}>
        Register it
      </ActButton>
      {registering.isError && <Problem error={registering.error} />}
      {registering.data && (
        <p className="notice" role="status">
          The key of {registering.data.name}, shown this once: <code>{registering.data.key}</code>
        </p>
      )}
    </form>
  );
}
