/** What happens to the text of an answer before it goes out: paragraphs put in, gaps that were left. Pure. */

/** Puts a paragraph in at the cursor, apart from what stands around it. */
export function insertParagraph(
  text: string,
  at: number,
  paragraph: string,
): { readonly text: string; readonly cursor: number } {
  const before = text.slice(0, at).replace(/\n+$/, '');
  const after = text.slice(at).replace(/^\n+/, '');
  const head = before === '' ? paragraph : `${before}\n\n${paragraph}`;
  return { text: after === '' ? head : `${head}\n\n${after}`, cursor: head.length };
}

/** The first place that is still to be filled in, such as 「〔いつ〕」. */
export function openGap(text: string): string | undefined {
  return /〔[^〕]*〕?/.exec(text)?.[0];
}

/** Under which name this tab keeps a sealed draft that could not be sent. */
const keptName = (mailbox: string) => `hidamari.desk.letters.${mailbox}`;

export interface KeptDraft {
  /** Version of the draft that it was written over. */
  readonly seen: number;
  /** Sealed for the desk; never what was typed. */
  readonly sealed: string;
}

export function keepDraft(mailbox: string, kept: KeptDraft): void {
  sessionStorage.setItem(keptName(mailbox), JSON.stringify(kept));
}

export function keptDraft(mailbox: string): KeptDraft | undefined {
  const text = sessionStorage.getItem(keptName(mailbox));
  return text === null ? undefined : (JSON.parse(text) as KeptDraft);
}

export function forgetDraft(mailbox: string): void {
  sessionStorage.removeItem(keptName(mailbox));
}
