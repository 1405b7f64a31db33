import tseslint from "typescript-eslint";

export default tseslint.config({ ignores: ["node_modules/", "../src/"] }, ...tseslint.configs.strict, {
  files: ["src/**/*.{ts,tsx}"],
  languageOptions: { parserOptions: { projectService: true } },
  rules: {
    "@typescript-eslint/no-floating-promises": "error",
    "@typescript-eslint/consistent-type-imports": "error",
    "no-console": "error",
    // Loops over typed arrays read inside their length, which the compiler cannot know.
    "@typescript-eslint/no-non-null-assertion": "off",
    eqeqeq: "error",
  },
});
