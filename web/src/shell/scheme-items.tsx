import { Menu, type MantineColorScheme, useMantineColorScheme } from '@mantine/core';
import { Icon, type IconName } from '../parts/icons.tsx';

const SCHEMES: readonly (readonly [MantineColorScheme, string, IconName])[] = [
  ['auto', 'As the system', 'system'],
  ['light', 'Light', 'sun'],
  ['dark', 'Dark', 'moon'],
];

/** Light, dark, or as the system is; kept in this browser. */
export function SchemeItems() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <>
      <Menu.Label>Colours</Menu.Label>
      {SCHEMES.map(([scheme, name, icon]) => (
        <Menu.Item
          key={scheme}
          role="menuitemradio"
          aria-checked={colorScheme === scheme}
          leftSection={<Icon name={icon} />}
          rightSection={colorScheme === scheme ? '✓' : null}
          onClick={() => setColorScheme(scheme)}
        >
          {name}
        </Menu.Item>
      ))}
    </>
  );
}
