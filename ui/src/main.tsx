import "@fontsource-variable/inter/wght.css";
import "@/design/tokens.css";
import "@/design/page.css";
import "@/design/parts.css";

import { i18n } from "@lingui/core";
import { I18nProvider as Lingui } from "@lingui/react";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode, useSyncExternalStore } from "react";
import { I18nProvider as Aria } from "react-aria-components/I18nProvider";
import { createRoot } from "react-dom/client";

import { queryClient } from "@/api/queryClient";
import { router } from "@/app/router";
import { wear, wornTheme } from "@/design/theme";
import { firstLanguage, followOtherTabs, speak } from "@/i18n/language";

const onSpeech = (changed: () => void) => i18n.on("change", changed);

function Otklik() {
  const locale = useSyncExternalStore(onSpeech, () => i18n.locale);
  return (
    <Lingui i18n={i18n}>
      <Aria locale={locale === "ru" ? "ru-RU" : "en-GB"}>
        <QueryClientProvider client={queryClient}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </Aria>
    </Lingui>
  );
}

wear(wornTheme());
await speak(firstLanguage());
followOtherTabs();
const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <Otklik />
    </StrictMode>,
  );
}
