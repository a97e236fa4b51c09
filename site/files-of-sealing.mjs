// Tells the page which files the code that seals is made of, so that it can fetch them before it imports
// them (src/letters/load.ts). Their names are known only once everything is built.
const ENTRY = '/letters/errands.ts';
const PLACE = /\bFILES_OF_SEALING\b/;

/** @returns a plugin for the build */
export function filesOfSealing() {
  return {
    name: 'files-of-sealing',
    generateBundle(_options, bundle) {
      const chunks = Object.values(bundle).filter(({ type }) => type === 'chunk');
      const entry = chunks.find(({ facadeModuleId }) => facadeModuleId?.endsWith(ENTRY));
      for (const chunk of chunks) {
        if (!PLACE.test(chunk.code)) continue;
        if (!entry) throw new Error(`No file of the build begins at ${ENTRY}`);
        const needed = reachedFrom(entry.fileName, bundle);
        // What the page itself needs is there already.
        const held = reachedFrom(chunk.fileName, bundle);
        const files = [...needed].filter((file) => !held.has(file)).map((file) => `/${file}`);
        chunk.code = chunk.code.replaceAll(new RegExp(PLACE, 'g'), JSON.stringify(files));
      }
    },
  };
}

/** A file and all that it imports when it is imported. */
function reachedFrom(file, bundle, found = new Set()) {
  if (found.has(file)) return found;
  found.add(file);
  for (const next of bundle[file]?.imports ?? []) reachedFrom(next, bundle, found);
  return found;
}
