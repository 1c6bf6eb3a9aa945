import hooks from "eslint-plugin-react-hooks";
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

export default defineConfig(
  { ignores: ["node_modules", "eslint.config.js", "scripts", "public", "**/*.cjs"] },
  tseslint.configs.strictTypeChecked,
  hooks.configs.flat.recommended,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      complexity: ["error", 12],
      "max-lines": ["error", 500],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: { attributes: false } }],
      // TanStack Router's control flow throws redirect() and notFound().
      "@typescript-eslint/only-throw-error": "off",
      "no-restricted-syntax": [
        "error",
        {
          selector: "JSXElement:not([openingElement.name.name='Trans']) > JSXText[value=/[A-Za-zА-Яа-я]{2}/]:not([value=/^\\s*VIP\\s*$/])",
          message: "Text stands in the catalogues: use <Trans> or t.",
        },
        {
          selector: "JSXAttribute[name.name=/^(aria-label|title|placeholder|alt|label)$/] > Literal",
          message: "Text stands in the catalogues: use t.",
        },
      ],
    },
  },
  {
    // ESLint counts every `??`, `?.` and `&&`, of which a screen has many; a branch of them is no branch of logic.
    files: ["**/*.tsx", "src/phone/alert.ts"],
    rules: { complexity: ["error", 24] },
  },
  {
    // The stage for pictures and journeys is not shipped and speaks no catalogue.
    files: ["dev/**", "*.config.ts"],
    rules: {
      complexity: "off",
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/no-confusing-void-expression": "off",
      "@typescript-eslint/restrict-template-expressions": "off",
      "@typescript-eslint/no-unused-expressions": "off",
    },
  },
);
