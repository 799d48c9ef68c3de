// SPDX-License-Identifier: Apache-2.0
// Runs the TypeScript compiler over files in memory; its own library definitions are fetched beside it.
async function diagnostics(files) {
  const options = {
    allowJs: true, checkJs: true, strict: true, noEmit: true, noUncheckedIndexedAccess: true, noImplicitReturns: true,
    noUnusedLocals: true, noUnusedParameters: true, noFallthroughCasesInSwitch: true, exactOptionalPropertyTypes: false,
    target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: ['lib.es2022.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'], types: [],
  };
  const sources = new Map(Object.entries(files));
  async function load(name) {
    if (sources.has(name)) return;
    const text = await (await fetch(`/${name}`)).text();
    sources.set(name, text);
    for (const [, lib] of text.matchAll(/<reference lib="([^"]+)"/g)) await load(`lib.${lib}.d.ts`);
  }
  for (const lib of options.lib) await load(lib);
  const plain = (name) => name.replace(/^\//, '');
  const host = {
    getSourceFile: (name, version) =>
      sources.has(plain(name)) ? ts.createSourceFile(name, sources.get(plain(name)), version, true) : undefined,
    getDefaultLibFileName: () => 'lib.es2022.d.ts',
    getDefaultLibLocation: () => '/',
    writeFile: () => {},
    getCurrentDirectory: () => '/',
    getCanonicalFileName: (name) => name,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => '\n',
    fileExists: (name) => sources.has(plain(name)),
    readFile: (name) => sources.get(plain(name)),
  };
  const program = ts.createProgram(Object.keys(files).map((name) => `/${name}`), options, host);
  return ts.getPreEmitDiagnostics(program).map((found) => {
    const where = found.file ? `${found.file.fileName}:${found.file.getLineAndCharacterOfPosition(found.start).line + 1} ` : '';
    return where + ts.flattenDiagnosticMessageText(found.messageText, '\n');
  });
}
