import type { RotaName } from '../../../src/contract/people.ts';

export const ROTAS = ['eoc', 'imoc', 'cmoc'] as const satisfies readonly RotaName[];

export const ROTA_WORDS: Readonly<Record<RotaName, string>> = {
  eoc: 'EOC, engineer on call',
  imoc: 'IMOC, incident manager on call',
  cmoc: 'CMOC, communications manager on call',
};
