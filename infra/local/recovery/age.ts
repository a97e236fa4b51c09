/** Opens age files with the system's own program `age` and nothing of ours. */
import { spawn } from 'node:child_process';
import { PlainError } from '../plain-error.ts';

const MISSING =
  'age というプログラムが見つかりません。apt-get install age（Mac では brew install age）で入れてください。';

/** @throws PlainError when the program is not there */
export async function findAge(): Promise<string> {
  return (await runAge(['--version'], ''))?.toString().trim() ?? '';
}

/**
 * @param identities tried one after the other; they reach the program by a pipe, never by a file
 * @returns the bytes inside; undefined when none of them opens it
 * @throws PlainError when the program is not there
 */
export async function openWithAge(
  file: string,
  identities: readonly string[],
): Promise<Buffer | undefined> {
  return runAge(['-d', '-i', '-', file], `${identities.join('\n')}\n`);
}

/** @param identityFile as `letters-recovery -- key` writes it @returns the text inside */
export async function openWithAgeKey(
  file: string,
  identityFile: string,
): Promise<string | undefined> {
  return (await runAge(['-d', '-i', identityFile, file], ''))?.toString();
}

function runAge(words: readonly string[], input: string): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const child = spawn('age', words, { stdio: ['pipe', 'pipe', 'ignore'] });
    const parts: Buffer[] = [];
    child.stdout.on('data', (part: Buffer) => parts.push(part));
    child.stdin.on('error', () => {}); // It may have gone before it read what it was given.
    child.on('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'ENOENT' ? new PlainError(MISSING) : error),
    );
    child.on('close', (code) => resolve(code === 0 ? Buffer.concat(parts) : undefined));
    child.stdin.end(input);
  });
}
