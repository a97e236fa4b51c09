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
