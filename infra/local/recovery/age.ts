/** Opens age files with the system's own program `age` and nothing of ours. */
import { spawn } from 'node:child_process';
import { PlainError } from '../plain-error.ts';

const MISSING =
  'age というプログラムが見つかりません。apt-get install age（Mac では brew install age）で入れてください。';

/** @throws PlainError when the program is not there */
export async function findAge(): Promise<string> {
  const { text } = await runAge(['--version'], '');
  return text?.trim() ?? '';
}

/**
 * @param identities tried one after the other; they reach the program by a pipe, never by a file
 * @returns the text inside; undefined when none of them opens it
 * @throws PlainError when the program is not there
 */
export async function openWithAge(
  file: string,
  identities: readonly string[],
): Promise<string | undefined> {
  const { text } = await runAge(['-d', '-i', '-', file], `${identities.join('\n')}\n`);
  return text;
}

/** @param identityFile as `letters-recovery -- key` writes it */
export async function openWithAgeKey(
  file: string,
  identityFile: string,
): Promise<string | undefined> {
  const { text } = await runAge(['-d', '-i', identityFile, file], '');
  return text;
}

function runAge(words: readonly string[], input: string): Promise<{ text: string | undefined }> {
  return new Promise((resolve, reject) => {
    const child = spawn('age', words, { stdio: ['pipe', 'pipe', 'ignore'] });
    const parts: Buffer[] = [];
    child.stdout.on('data', (part: Buffer) => parts.push(part));
    child.stdin.on('error', () => {}); // It may have gone before it read what it was given.
    child.on('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'ENOENT' ? new PlainError(MISSING) : error),
    );
    child.on('close', (code) =>
      resolve({ text: code === 0 ? Buffer.concat(parts).toString('utf8') : undefined }),
    );
    child.stdin.end(input);
  });
}
