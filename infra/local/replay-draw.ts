/**
 * `npm run replay-draw -- <file or address>`: repeats a published draw on this machine and says in
 * plain words what holds. Whoever noted the seals in time adds them: `--commitment <digits>`,
 * `--list-hash <digits>`. Exit code 0: all holds; 1: something does not; 2: nothing to check.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { DrawFile } from '../../functions/lotteries/model.ts';
import { type Finding, verifyDraw } from '../../functions/lotteries/rules.ts';
import {
  findingSentence,
  stateSentence,
  verdictSentence,
} from '../../functions/lotteries/words.ts';

process.exitCode = await main();

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { commitment: { type: 'string' }, 'list-hash': { type: 'string' } },
  });
  const [source] = positionals;
  if (source === undefined) {
    console.error('使い方: npm run replay-draw -- <draw.json のファイルかアドレス>');
    return 2;
  }
  const file = await read(source);
  if (!file) {
    console.error('抽選のファイル（draw.json）として読めませんでした。');
    return 2;
  }
  console.log(`${file.title}（${file.courseId}）`);
  console.log(stateSentence(file));
  console.log(`  たねの封の印  ${file.commitment}`);
  if (file.state !== 'open') console.log(`  一覧の封の印  ${file.listHash}`);
  const noted = [
    compare('たね', values.commitment, file.commitment),
    compare('一覧', values['list-hash'], file.state === 'open' ? undefined : file.listHash),
  ].filter((line) => line !== undefined);
  const findings = file.state === 'drawn' ? verifyDraw(file) : [];
  if (file.state === 'drawn') {
    console.log(`  抽選のたね    ${file.seed}`);
    console.log(`  ${file.publicValueName}  ${file.publicValue}`);
    console.log(`  申し込み ${file.count} 件`);
  }
  for (const { holds, sentence } of [...noted, ...findings.map(inWords)]) {
    console.log(`${holds ? '✓' : '×'} ${sentence}`);
  }
  if ([...noted, ...findings].some(({ holds }) => !holds)) {
    console.log('合わないところがあります。センターにお知らせください。');
    return 1;
  }
  if (findings.length === 0) {
    console.log('結果はまだ公開されていないので、計算はできません。');
    return 2;
  }
  console.log(verdictSentence(findings));
  return 0;
}

interface Line {
  readonly holds: boolean;
  readonly sentence: string;
}

function inWords(finding: Finding): Line {
  return { holds: finding.holds, sentence: findingSentence(finding) };
}

/** What somebody noted earlier against what the file says now. */
function compare(
  what: string,
  noted: string | undefined,
  said: string | undefined,
): Line | undefined {
  if (noted === undefined) return undefined;
  return noted.trim().toLowerCase() === said
    ? { holds: true, sentence: `${what}の封の印は、控えておいたものと同じです。` }
    : { holds: false, sentence: `${what}の封の印が、控えておいたものと違います。` };
}

/** From a file or from the web, where the page's own address will do. */
async function read(source: string): Promise<DrawFile | undefined> {
  try {
    const text = /^https?:/.test(source)
      ? await (await fetch(source.replace(/\/draw\/?$/, '/draw.json'))).text()
      : readFileSync(source, 'utf8');
    return DrawFile.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
