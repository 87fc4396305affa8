/** Which way imports may run: app → features → components, hooks → session, live → lib, texts, api. */
module.exports = {
  forbidden: [
    {
      name: "features-are-apart",
      comment: "A feature never imports another one; a route composes them.",
      severity: "error",
      from: { path: "^src/features/([^/]+)/" },
      to: { path: "^src/features/", pathNot: "^src/features/$1/" },
    },
    {
      name: "nothing-imports-the-app",
      comment: "Routes and providers are the top.",
      severity: "error",
      from: { path: "^src/(features|components|hooks|session|live|lib|texts|api)/" },
      to: { path: "^src/app/" },
    },
    {
      name: "shared-parts-know-no-feature",
      severity: "error",
      from: { path: "^src/(components|hooks|session|live|lib|texts|api)/" },
      to: { path: "^src/features/" },
    },
    {
      name: "ground-knows-no-component",
      severity: "error",
      from: { path: "^src/(session|live|lib|texts|api)/" },
      to: { path: "^src/(components|hooks)/" },
    },
    {
      name: "texts-by-the-language-in-use",
      comment: "Only @/texts knows which language is spoken; whoever asks one itself always gets that one.",
      severity: "error",
      from: { pathNot: "(^src/texts/|\\.test\\.tsx?$)" },
      to: { path: "^src/texts/(en|de)(\\.ts$|/)", pathNot: "^src/texts/en/admin" },
    },
    {
      name: "testing-stays-in-tests",
      severity: "error",
      from: { pathNot: "(\\.test\\.tsx?$|^src/testing/)" },
      to: { path: "^src/testing/" },
    },
    {
      name: "no-circles",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "browser", "default"] },
  },
};
