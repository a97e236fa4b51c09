/** The demonstration's recovery kit on paper: three sheets in the data folder, to rehearse with. */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeIn } from '../recovery/backup.ts';
import { sheetsOf } from '../recovery/sheets.ts';
import { demoRecovery } from './keys.ts';

export const KIT_FOLDER = 'recovery-kit';
const SET = 'DEM9';

/** Writes the sheets once; split anew they would not fit those that somebody has printed. */
export async function keepRecoveryKit(dataFolder: string): Promise<void> {
  const folder = join(dataFolder, KIT_FOLDER);
  const sheets = await sheetsOf(demoRecovery, SET, '見本（練習用）');
  if (sheets.every((_, index) => existsSync(join(folder, nameOf(index))))) return;
  rmSync(folder, { recursive: true, force: true });
  for (const [index, text] of sheets.entries()) writeIn(folder, nameOf(index), text);
}

const nameOf = (index: number) => `sheet-${index + 1}.txt`;
