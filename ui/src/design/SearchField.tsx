/** Where a list is searched in: what was typed counts after a pause. */
import { useLingui } from "@lingui/react/macro";
import { Search } from "lucide-react";
import { useEffect, useRef, useState } from "react";

import "@/design/filters.css";

const TYPING_PAUSE_MS = 300;

interface Props {
  value: string;
  placeholder: string;
  change: (q: string | undefined) => void;
}

export function SearchField({ value, placeholder, change }: Props) {
  const { t } = useLingui();
  const [typed, setTyped] = useState(value);
  const [sent, setSent] = useState(value);
  const [known, setKnown] = useState(value);
  if (value !== known) {
    // Somebody else changed it, by going back, say; what was typed meanwhile is kept otherwise.
    setKnown(value);
    if (value !== sent) {
      setSent(value);
      setTyped(value);
    }
  }
  const latest = useRef(change);
  useEffect(() => {
    latest.current = change;
  });
  useEffect(() => {
    if (typed.trim() === sent) return;
    const timer = setTimeout(() => {
      setSent(typed.trim());
      latest.current(typed.trim() || undefined);
    }, TYPING_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed, sent]);
  return (
    <div className="searchField">
      <Search size={16} aria-hidden />
      <input type="search" className="input" aria-label={t`Search`} placeholder={placeholder} value={typed} onChange={(event) => setTyped(event.target.value)} />
    </div>
  );
}
