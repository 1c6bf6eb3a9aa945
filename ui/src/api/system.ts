import type { LiveState } from "./types";

export interface Finding {
  id: string;
  state: "ok" | "warning" | "fault";
  title: string;
  found: string | null;
  advice: string | null;
}

export interface SystemReport {
  findings: Finding[];
  telephony: LiveState["telephony"];
}
