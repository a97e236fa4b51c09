/**
 * What a draw means to a family, in sentences. Pure and without zod: the page, its script and the
 * command line say the same words.
 */
import type { DrawFile, DrawnPlace, DrawResult } from './model.ts';
import type { Finding } from './rules.ts';

/** The address of a course's draw, and of the file behind it. */
export function drawPath(courseId: string): string {
  return `/courses/${courseId}/draw/`;
}

export function drawFilePath(courseId: string): string {
  return `/courses/${courseId}/draw.json`;
}

/** What is going on, for the page's head. */
export function stateSentence(file: DrawFile): string {
  switch (file.state) {
    case 'open':
      return '申し込みを受け付けています。抽選は、締め切りのあとです。';
    case 'closed':
      return `申し込みを締め切りました。${file.count} 件の申し込みがありました。「${file.publicValueName}」が決まったら、抽選します。`;
    case 'drawn':
      return '抽選をしました。結果は、次のとおりです。';
  }
}

/** 「Aの回」, short enough for a table on a phone. */
export function sessionName(key: string): string {
  return `${key}の回`;
}

/** 「当選（A）」「補欠 3 番目」「落選」; the session's name where there are several. */
export function resultName(
  { result, places }: Pick<DrawResult, 'result' | 'places'>,
  sessionName: (sessionKey: string) => string,
): string {
  const seats = places.filter(({ kind }) => kind === 'seat');
  const shown = seats.length > 0 ? seats : places;
  if (shown.length === 0) return outcomeName[result];
  const named = shown.map((place) => placeName(place, sessionName));
  const childcare = places.find((place) => place.kind === 'childcare' && place.result !== 'won');
  const seatWon = seats.some((place) => place.result === 'won');
  const waits = seatWon && childcare ? [`保育は${positionName(childcare)}`] : [];
  return [...named, ...waits].join('、');
}

const outcomeName = { won: '当選', reserve: '補欠', lost: '落選' } as const;

function positionName({ result, position }: DrawnPlace): string {
  return result === 'reserve' && position !== undefined
    ? `補欠 ${position} 番目`
    : outcomeName[result];
}

function placeName(place: DrawnPlace, sessionName: (sessionKey: string) => string): string {
  const { sessionKey } = place;
  const session =
    sessionKey === undefined || place.result === 'lost' ? '' : `（${sessionName(sessionKey)}）`;
  return `${positionName(place)}${session}`;
}

/** What was looked at, and whether it is as it must be. */
export function findingSentence({ check, holds, number }: Finding): string {
  switch (check) {
    case 'seed':
      return holds
        ? '抽選のたねは、受付を始めたときに封をしたものと同じです。'
        : '抽選のたねが、受付を始めたときに封をしたものと違います。';
    case 'list':
      return holds
        ? '申し込みの一覧は、締め切ったときに封をしたものと同じです。'
        : '申し込みの一覧が、締め切ったときに封をしたものと違います。';
    case 'result':
      return holds
        ? '計算をやり直した結果は、公開された結果と、すべての番号で同じです。'
        : `計算をやり直した結果が、公開された結果と違います（${number ?? ''} 番など）。`;
  }
}

/** All findings in one sentence. */
export function verdictSentence(findings: readonly Finding[]): string {
  return findings.every(({ holds }) => holds)
    ? '確かめました。この抽選は、約束どおりに行われています。'
    : '合わないところがあります。センターにお知らせください。';
}

/** What the search for one's own number answers. */
export function ownResultSentence(number: number, result: string | undefined): string {
  return result === undefined
    ? `${number} 番は、一覧にありません。番号をもう一度お確かめください。取り消していないのに番号がないときは、センターにお知らせください。`
    : `${number} 番は、${result}です。`;
}
